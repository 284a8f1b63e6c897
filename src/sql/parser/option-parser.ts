// The small lists of many statements: ('key' = 'value', …), ('key', …), PARTITION (…), COMMENT '…', IF [NOT] EXISTS.
import type { PartitionColumn, StringLiteral, TableOption } from "../ast.js";
import type { Cursor } from "./cursor.js";
import { Precedence, parseExpression } from "./expression-parser.js";
import { isStringToken, parseStringLiteral } from "./literal-parser.js";

export function parseOptions(cursor: Cursor): TableOption[] {
	cursor.expect("(");
	const options = cursor.is(")") ? [] : cursor.list(() => parseTableOption(cursor));
	cursor.expect(")");
	return options;
}

function parseTableOption(cursor: Cursor): TableOption {
	const key = parseOptionText(cursor, "key");
	cursor.expect("=");
	const value = parseOptionText(cursor, "value");
	return { kind: "TableOption", key, value, position: cursor.from(key.position) };
}

function parseOptionText(cursor: Cursor, role: "key" | "value"): StringLiteral {
	const { type, text } = cursor.token;
	if (!isStringToken(type) && cursor.isName) {
		cursor.reject(`the ${role} of an option is a string, not the name \`${text}\``, `Write '${text}'.`);
	}
	return parseStringLiteral(cursor);
}

/** Options behind a keyword, if it stands here. */
export function parseOptionalOptions(cursor: Cursor, keyword: string): TableOption[] {
	return cursor.accept(keyword) ? parseOptions(cursor) : [];
}

export function parseOptionKeys(cursor: Cursor): StringLiteral[] {
	cursor.expect("(");
	const keys = cursor.is(")") ? [] : cursor.list(() => parseStringLiteral(cursor));
	cursor.expect(")");
	return keys;
}

/** At PARTITION. */
export function parsePartition(cursor: Cursor, mayLackValue: boolean): PartitionColumn[] {
	cursor.expect("PARTITION");
	return cursor.parenthesised(() => {
		const column = cursor.name();
		if (mayLackValue && !cursor.is("=")) return { kind: "PartitionColumn", column, position: column.position };
		cursor.expect("=");
		const value = parseExpression(cursor, Precedence.Sign);
		return { kind: "PartitionColumn", column, value, position: cursor.from(column.position) };
	});
}

export function acceptComment(cursor: Cursor): StringLiteral | undefined {
	return cursor.accept("COMMENT") ? parseStringLiteral(cursor) : undefined;
}

export function acceptIfNotExists(cursor: Cursor): boolean {
	return cursor.acceptAll("IF", "NOT", "EXISTS");
}

export function acceptIfExists(cursor: Cursor): boolean {
	return cursor.acceptAll("IF", "EXISTS");
}
