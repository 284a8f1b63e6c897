// Functions with a syntax of their own, all read as plain calls (see ast/function-call.ts for the order of arguments).
import type { Expression, FunctionCall, SymbolArgument } from "../ast.js";
import { type Token, TokenType } from "../token.js";
import type { Cursor } from "./cursor.js";
import { Precedence, parseExpression } from "./expression-parser.js";
import { finishCall } from "./function-parser.js";
import { isJsonFunction, parseJsonCall } from "./json-function-parser.js";

type ArgumentsParser = (cursor: Cursor, start: Token) => Expression[];

const argumentParsers = new Map<string, ArgumentsParser>([
	["EXTRACT", parseExtract],
	["CEIL", parseRounding],
	["CEILING", parseRounding],
	["FLOOR", parseRounding],
	["TIMESTAMPADD", parseUnitFirst],
	["TIMESTAMPDIFF", parseUnitFirst],
	["TRIM", parseTrim],
	["SUBSTRING", parseSubstring],
	["POSITION", parsePosition],
	["OVERLAY", parseOverlay],
]);

/** At the name, with a parenthesis behind it; undefined if this function has the ordinary syntax. */
export function parseSpecialCall(cursor: Cursor, word: string): FunctionCall | undefined {
	const parseArguments = argumentParsers.get(word);
	const isJson = isJsonFunction(word);
	if (parseArguments === undefined && !isJson) return undefined;
	const start = cursor.advance();
	const position = cursor.from(start);
	const canonical = word === "CEILING" ? "CEIL" : word;
	const name = { kind: "Identifier", names: [{ kind: "Name", text: canonical, position }], position } as const;
	cursor.expect("(");
	if (isJson) {
		const call = parseJsonCall(cursor, name);
		return word.endsWith("AGG") ? finishCall(cursor, call) : call;
	}
	const args = parseArguments?.(cursor, start) ?? [];
	cursor.expect(")");
	return { kind: "FunctionCall", name, args, position: cursor.from(start) };
}

/** A time unit: a word, reserved or not. */
function parseUnit(cursor: Cursor): SymbolArgument {
	if (cursor.token.type !== TokenType.Word) {
		cursor.expects("a time unit");
		cursor.fail();
	}
	const token = cursor.advance();
	return { kind: "SymbolArgument", value: token.word, position: cursor.from(token) };
}

function parseExtract(cursor: Cursor): Expression[] {
	const unit = parseUnit(cursor);
	cursor.expect("FROM");
	return [unit, parseExpression(cursor)];
}

function parseRounding(cursor: Cursor): Expression[] {
	const value = parseExpression(cursor);
	return cursor.accept("TO") ? [value, parseUnit(cursor)] : [value];
}

function parseUnitFirst(cursor: Cursor): Expression[] {
	const unit = parseUnit(cursor);
	cursor.expect(",");
	const amount = parseExpression(cursor);
	cursor.expect(",");
	return [unit, amount, parseExpression(cursor)];
}

/** [BOTH | LEADING | TRAILING] [characters] [FROM] value. */
function parseTrim(cursor: Cursor, start: Token): Expression[] {
	const { token } = cursor;
	const side = cursor.acceptOneOf("BOTH", "LEADING", "TRAILING");
	const position = side === undefined ? cursor.from(start) : cursor.from(token);
	const symbol: SymbolArgument = { kind: "SymbolArgument", value: side ?? "BOTH", position };
	const blank: Expression = { kind: "StringLiteral", value: " ", position };
	if (side !== undefined && cursor.accept("FROM")) return [symbol, blank, parseExpression(cursor)];
	const first = parseExpression(cursor);
	return cursor.accept("FROM") ? [symbol, first, parseExpression(cursor)] : [symbol, blank, first];
}

function parseSubstring(cursor: Cursor): Expression[] {
	const args = [parseExpression(cursor)];
	const isStandard = cursor.accept("FROM");
	if (!isStandard) cursor.expect(",");
	args.push(parseExpression(cursor));
	if (cursor.accept(isStandard ? "FOR" : ",")) args.push(parseExpression(cursor));
	return args;
}

/** `POSITION(a IN b FROM c)`; IN would be taken for a predicate of `a`, so `a` binds tighter. */
function parsePosition(cursor: Cursor): Expression[] {
	const args = [parseExpression(cursor, Precedence.Like + 1)];
	cursor.expect("IN");
	args.push(parseExpression(cursor));
	if (cursor.accept("FROM")) args.push(parseExpression(cursor));
	return args;
}

function parseOverlay(cursor: Cursor): Expression[] {
	const args = [parseExpression(cursor)];
	for (const word of ["PLACING", "FROM"]) {
		cursor.expect(word);
		args.push(parseExpression(cursor));
	}
	if (cursor.accept("FOR")) args.push(parseExpression(cursor));
	return args;
}
