// Text to syntax tree: scripts, single statements, expressions and types. All errors of a text come in one SqlError.
import type { DataType, Expression, Statement } from "./ast.js";
import { tokenize } from "./lexer.js";
import { Cursor } from "./parser/cursor.js";
import { parseDataType } from "./parser/data-type-parser.js";
import { parseExpression as parseExpressionAt } from "./parser/expression-parser.js";
import { parseStatement as parseStatementAt } from "./parser/statement-parser.js";
import { SqlError } from "./sql-error.js";

/** The statements of a script, between semicolons. */
export function parse(sql: string): Statement[] {
	const cursor = new Cursor(tokenize(sql));
	const statements: Statement[] = [];
	while (!skipSemicolons(cursor)) {
		const statement = cursor.recovering(() => {
			cursor.parameters = 0;
			const parsed = parseStatementAt(cursor);
			expectEnd(cursor, true);
			cursor.settle();
			return parsed;
		}, true);
		if (statement) statements.push(statement);
	}
	if (cursor.errors.length > 0) throw SqlError.of(cursor.errors);
	return statements;
}

/** One statement, with or without a semicolon behind it. */
export function parseStatement(sql: string): Statement {
	return parseWhole(sql, (cursor) => {
		const statement = parseStatementAt(cursor);
		skipSemicolons(cursor);
		return statement;
	});
}

export function parseExpression(text: string): Expression {
	return parseWhole(text, (cursor) => parseExpressionAt(cursor));
}

export function parseType(text: string): DataType {
	return parseWhole(text, (cursor) => parseDataType(cursor));
}

function parseWhole<Result>(text: string, parseAt: (cursor: Cursor) => Result): Result {
	const cursor = new Cursor(tokenize(text));
	const result = cursor.recovering(() => {
		const parsed = parseAt(cursor);
		expectEnd(cursor, false);
		cursor.settle();
		return parsed;
	}, true);
	if (result === undefined || cursor.errors.length > 0) throw SqlError.of(cursor.errors);
	return result;
}

function expectEnd(cursor: Cursor, maySemicolon: boolean): void {
	cursor.expects("end of the statement");
	if (maySemicolon ? !cursor.atEnd : cursor.token.word === ";" || !cursor.atEnd) cursor.fail();
}

/** True at the end of the text. */
function skipSemicolons(cursor: Cursor): boolean {
	while (cursor.token.word === ";") cursor.advance();
	return cursor.atEnd;
}
