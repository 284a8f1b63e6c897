// Hints: `/*+ NAME(option, …), … */`. The options of one hint are all names, all numbers, all strings or all key = value.
import type { Hint, HintOption } from "../ast.js";
import { TokenType } from "../token.js";
import type { Cursor } from "./cursor.js";
import { isStringToken, parseStringLiteral } from "./literal-parser.js";

export function parseHints(cursor: Cursor): Hint[] {
	if (!cursor.accept("/*+")) return [];
	const hints = cursor.list(() => parseHint(cursor));
	cursor.expect("*/");
	return hints;
}

function parseHint(cursor: Cursor): Hint {
	const name = cursor.name();
	const options: HintOption[] = [];
	if (cursor.accept("(") && !cursor.accept(")")) {
		options.push(parseOption(cursor));
		if (options[0]?.key !== undefined) cursor.lead(3);
		while (cursor.accept(",")) options.push(parseOption(cursor));
		cursor.expect(")");
	}
	return { kind: "Hint", name, options, position: cursor.from(name.position) };
}

function parseOption(cursor: Cursor): HintOption {
	const { token } = cursor;
	if (token.type === TokenType.Integer || token.type === TokenType.Decimal || token.type === TokenType.Approximate) {
		cursor.advance();
		return { kind: "HintOption", value: token.text, form: "number", position: cursor.from(token) };
	}
	const isString = isStringToken(token.type);
	const text = isString ? parseStringLiteral(cursor).value : cursor.name().text;
	if (!cursor.accept("=")) {
		return { kind: "HintOption", value: text, form: isString ? "string" : "name", position: cursor.from(token) };
	}
	cursor.lead(2);
	const { value } = parseStringLiteral(cursor);
	return { kind: "HintOption", key: text, value, form: "string", position: cursor.from(token) };
}
