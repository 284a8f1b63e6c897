// Parentheses in an expression: around a query, an expression or the items of a row or list. Where one opens it is not
// yet known which: `((SELECT 1) + 1)` and `((SELECT 1) UNION SELECT 2)` begin alike.
import type { Expression, IntervalUnit, Query } from "../ast.js";
import { TokenType } from "../token.js";
import type { Cursor } from "./cursor.js";
import { parseExpression } from "./expression-parser.js";
import { parseIntervalQualifier } from "./literal-parser.js";
import { bodyOf, continueQuery, isAtQuery, isAtQueryContinuation, parseQuery } from "./query-parser.js";

/** The items of `(a, b)`; a single ScalarSubquery if a query stands there. */
export function parseParenthesisedItems(cursor: Cursor): Expression[] {
	cursor.expect("(");
	const items = isAtQuery(cursor) ? [parseBareSubquery(cursor)] : cursor.list(() => parseExpression(cursor));
	const [only] = items;
	if (items.length === 1 && only?.kind === "ScalarSubquery" && isAtQueryContinuation(cursor)) {
		items[0] = continueSubquery(cursor, only.query);
	}
	cursor.expect(")");
	return items;
}

/** `(query)`. */
export function parseParenthesisedQuery(cursor: Cursor): Query {
	const [item, ...others] = parseParenthesisedItems(cursor);
	if (item?.kind === "ScalarSubquery" && others.length === 0) return item.query;
	return cursor.reject("a query must stand here, not an expression", undefined, item?.position);
}

/** A parenthesis as an operand: a subquery, a row, a grouped expression, or a difference of times. */
export function parseParenthesis(cursor: Cursor): Expression {
	const start = cursor.token;
	const items = parseParenthesisedItems(cursor);
	const [only] = items;
	if (items.length > 1) return { kind: "RowConstructor", items, position: cursor.from(start) };
	if (only?.kind === "BinaryOperation" && only.operator === "-" && isAtIntervalUnit(cursor)) {
		const qualifier = parseIntervalQualifier(cursor);
		const { left, right } = only;
		return { kind: "DateTimeDifference", left, right, qualifier, position: cursor.from(start) };
	}
	return only as Expression;
}

function parseBareSubquery(cursor: Cursor): Expression {
	const start = cursor.token;
	const query = parseQuery(cursor);
	return { kind: "ScalarSubquery", query, position: cursor.from(start) };
}

function continueSubquery(cursor: Cursor, first: Query): Expression {
	const query = continueQuery(cursor, bodyOf(first), first.position);
	return { kind: "ScalarSubquery", query, position: query.position };
}

const UNITS: ReadonlySet<string> = new Set<IntervalUnit>(["YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"]);

function isAtIntervalUnit(cursor: Cursor): boolean {
	return cursor.token.type === TokenType.Word && UNITS.has(cursor.token.word);
}
