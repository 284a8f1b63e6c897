// Queries: WITH, set operations by precedence, SELECT with its clauses, VALUES, ORDER BY, LIMIT.
import type { SourcePosition } from "../../errors.js";
import type {
	CommonTableExpression,
	Expression,
	GroupBy,
	GroupingElement,
	GroupingSet,
	Identifier,
	OrderItem,
	Query,
	QueryBody,
	Select,
	SelectItem,
} from "../ast.js";
import { TokenType } from "../token.js";
import type { Cursor } from "./cursor.js";
import { parseExpression } from "./expression-parser.js";
import { parseHints } from "./hint-parser.js";
import { isStringToken, parseNumericLiteral } from "./literal-parser.js";
import { acceptStar } from "./primary-parser.js";
import { parseTableReference } from "./table-parser.js";
import { parseNamedWindow } from "./window-parser.js";

export function parseIdentifier(cursor: Cursor): Identifier {
	const first = cursor.name();
	const names = [first];
	while (cursor.acceptLeading(".")) names.push(cursor.name());
	return { kind: "Identifier", names, position: cursor.from(first.position) };
}

/** Whether a query without parentheses begins here (or some tokens on). `TABLE(` begins the call of a function. */
export function isAtQuery(cursor: Cursor, offset = 0): boolean {
	const { word } = cursor.peek(offset);
	if (word === "TABLE") return cursor.peek(offset + 1).word !== "(";
	if (word === "SELECT" || word === "WITH" || word === "VALUES") return true;
	if (offset === 0) for (const start of ["SELECT", "WITH", "VALUES", "TABLE"]) cursor.expects(start);
	return false;
}

/** Whether the query in parentheses just read goes on: it was only the first part of one. */
export function isAtQueryContinuation(cursor: Cursor): boolean {
	return ["UNION", "INTERSECT", "EXCEPT", "ORDER", "LIMIT", "OFFSET", "FETCH"].some((word) => cursor.is(word));
}

export function parseQuery(cursor: Cursor): Query {
	return cursor.nested(() => {
		const start = cursor.token;
		const recursive = cursor.areNext("WITH", "RECURSIVE");
		const expressions = cursor.is("WITH") ? parseWith(cursor) : [];
		const body = parseSetOperation(cursor, parseQueryTerm(cursor), 0);
		return finishQuery(cursor, cursor.from(start), body, expressions, recursive);
	});
}

/** A query of which the first part has been read in parentheses. */
export function continueQuery(cursor: Cursor, first: QueryBody, start: SourcePosition): Query {
	return finishQuery(cursor, start, parseSetOperation(cursor, first, 0), [], false);
}

/** A query as part of another: itself, or its body if there is nothing around it. */
export function bodyOf(query: Query): QueryBody {
	const isBare =
		query.with.length === 0 && query.orderBy.length === 0 && query.offset === undefined && query.fetch === undefined;
	return isBare ? query.body : query;
}

function finishQuery(
	cursor: Cursor,
	start: SourcePosition,
	body: QueryBody,
	expressions: readonly CommonTableExpression[],
	recursive: boolean,
): Query {
	const orderBy = cursor.is("ORDER") ? parseOrderBy(cursor) : [];
	const { offset, fetch } = parseLimit(cursor);
	const isBare = expressions.length === 0 && orderBy.length === 0 && offset === undefined && fetch === undefined;
	if (isBare && body.kind === "Query") return body;
	return {
		kind: "Query",
		with: expressions,
		recursive,
		body,
		orderBy,
		...(offset && { offset }),
		...(fetch && { fetch }),
		position: cursor.from(start),
	};
}

function parseWith(cursor: Cursor): CommonTableExpression[] {
	cursor.expect("WITH");
	cursor.accept("RECURSIVE");
	return cursor.list(() => {
		const name = cursor.name();
		const columns = cursor.is("(") ? cursor.parenthesised(() => cursor.name()) : [];
		cursor.expect("AS", "(");
		const query = parseQuery(cursor);
		cursor.expect(")");
		return { kind: "CommonTableExpression", name, columns, query, position: cursor.from(name.position) };
	});
}

const SET_PRECEDENCE: Readonly<Record<string, number>> = { UNION: 1, EXCEPT: 1, INTERSECT: 2 };

function parseSetOperation(cursor: Cursor, first: QueryBody, minimum: number): QueryBody {
	let left = first;
	for (;;) {
		const operator = (["UNION", "EXCEPT", "INTERSECT"] as const).find((word) => cursor.is(word));
		if (operator === undefined) break;
		const precedence = SET_PRECEDENCE[operator] as number;
		if (precedence < minimum) break;
		cursor.advance();
		const all = cursor.acceptOneOf("ALL", "DISTINCT") === "ALL";
		const right = parseSetOperation(cursor, parseQueryTerm(cursor), precedence + 1);
		cursor.grow();
		left = { kind: "SetOperation", operator, all, left, right, position: cursor.from(left.position) };
	}
	if (cursor.token.word === "MINUS") cursor.reject("Flink has no MINUS", "Write EXCEPT.");
	return left;
}

/** An operand of a set operation. */
function parseQueryTerm(cursor: Cursor): QueryBody {
	const start = cursor.token;
	if (cursor.is("SELECT")) return parseSelect(cursor);
	if (cursor.accept("(")) {
		const query = parseQuery(cursor);
		cursor.expect(")");
		return bodyOf(query);
	}
	if (cursor.accept("VALUES") || (start.word === "VALUE" && cursor.accept("VALUE"))) {
		const rows = cursor.ledList(() => parseValuesRow(cursor));
		return { kind: "Values", rows, position: cursor.from(start) };
	}
	if (cursor.accept("TABLE")) {
		return { kind: "TableQuery", name: parseIdentifier(cursor), position: cursor.from(start) };
	}
	cursor.expects("a query");
	return cursor.fail();
}

function parseValuesRow(cursor: Cursor): readonly Expression[] {
	const row = parseExpression(cursor);
	return row.kind === "RowConstructor" ? row.items : [row];
}

function parseSelect(cursor: Cursor): Select {
	const start = cursor.token;
	cursor.expect("SELECT");
	const hints = parseHints(cursor);
	const distinct = cursor.acceptOneOf("DISTINCT", "ALL") === "DISTINCT";
	const items = cursor.list(() => parseSelectItem(cursor));
	const from = cursor.accept("FROM") ? parseTableReference(cursor) : undefined;
	if (from === undefined) return { kind: "Select", hints, distinct, items, windows: [], position: cursor.from(start) };
	const where = cursor.accept("WHERE") ? parseExpression(cursor) : undefined;
	const groupBy = cursor.is("GROUP") ? parseGroupBy(cursor) : undefined;
	const having = cursor.accept("HAVING") ? parseExpression(cursor) : undefined;
	const windows = cursor.accept("WINDOW") ? cursor.ledList(() => parseNamedWindow(cursor)) : [];
	const qualify = cursor.accept("QUALIFY") ? parseExpression(cursor) : undefined;
	return {
		kind: "Select",
		hints,
		distinct,
		items,
		from,
		...(where && { where }),
		...(groupBy && { groupBy }),
		...(having && { having }),
		windows,
		...(qualify && { qualify }),
		position: cursor.from(start),
	};
}

function parseSelectItem(cursor: Cursor): SelectItem {
	const start = cursor.token;
	const expression = acceptStar(cursor) ?? parseExpression(cursor);
	const alias = acceptAlias(cursor);
	return { kind: "SelectItem", expression, ...(alias && { alias }), position: cursor.from(start) };
}

export function acceptAlias(cursor: Cursor) {
	const isExplicit = cursor.accept("AS");
	if (isStringToken(cursor.token.type))
		cursor.reject("a string cannot be an alias", "Write the name between back quotes.");
	return isExplicit ? cursor.name() : cursor.acceptName();
}

function parseGroupBy(cursor: Cursor): GroupBy {
	const start = cursor.token;
	cursor.expect("GROUP", "BY");
	const distinct = cursor.acceptOneOf("DISTINCT", "ALL") === "DISTINCT";
	const elements = cursor.ledList(() => parseGroupingElement(cursor));
	return { kind: "GroupBy", distinct, elements, position: cursor.from(start) };
}

function parseGroupingElement(cursor: Cursor): GroupingElement {
	return cursor.nested(() => {
		const start = cursor.token;
		if (cursor.acceptAll("GROUPING", "SETS")) {
			const elements = cursor.parenthesised(() => parseGroupingElement(cursor));
			return { kind: "GroupingSets", elements, position: cursor.from(start) };
		}
		const kind = cursor.accept("ROLLUP") ? "Rollup" : cursor.accept("CUBE") ? "Cube" : undefined;
		if (kind === undefined) return parseGroupingSet(cursor);
		cursor.expect("(");
		const sets = cursor.ledList(() => parseGroupingSet(cursor));
		cursor.expect(")");
		return { kind, sets, position: cursor.from(start) };
	});
}

/** `a`, `(a, b)`, `()`. */
function parseGroupingSet(cursor: Cursor): GroupingSet {
	const start = cursor.token;
	if (cursor.acceptAll("(", ")")) return { kind: "GroupingSet", expressions: [], position: cursor.from(start) };
	const expression = parseExpression(cursor);
	const expressions = expression.kind === "RowConstructor" ? expression.items : [expression];
	return { kind: "GroupingSet", expressions, position: cursor.from(start) };
}

export function parseOrderBy(cursor: Cursor): OrderItem[] {
	cursor.expect("ORDER", "BY");
	return cursor.ledList(() => parseOrderItem(cursor));
}

export function parseOrderItem(cursor: Cursor): OrderItem {
	const expression = parseExpression(cursor);
	const descending = cursor.acceptOneOf("ASC", "DESC") === "DESC";
	const nulls = cursor.accept("NULLS") ? cursor.expectOneOf("FIRST", "LAST") : undefined;
	const position = cursor.from(expression.position);
	return { kind: "OrderItem", expression, descending, ...(nulls && { nulls }), position };
}

/** LIMIT n [OFFSET m], or [OFFSET m ROWS] [FETCH NEXT n ROWS ONLY]. */
function parseLimit(cursor: Cursor): { offset?: Expression; fetch?: Expression } {
	if (cursor.accept("LIMIT")) {
		const start = cursor.previous ?? cursor.token;
		const fetch = cursor.accept("ALL") ? undefined : parseRowCount(cursor);
		if (cursor.token.word === ",") {
			cursor.reject("Flink has no LIMIT start, count", "Write LIMIT count OFFSET start.", cursor.from(start));
		}
		const offset = cursor.accept("OFFSET") ? parseOffset(cursor) : undefined;
		return { ...(offset && { offset }), ...(fetch && { fetch }) };
	}
	const start = cursor.token;
	const offset = cursor.accept("OFFSET") ? parseOffset(cursor) : undefined;
	if (offset && cursor.token.word === "LIMIT") {
		cursor.reject("LIMIT stands before OFFSET", "Write LIMIT count OFFSET start.", cursor.from(start));
	}
	if (!cursor.accept("FETCH")) return { ...(offset && { offset }) };
	cursor.expectOneOf("FIRST", "NEXT");
	const fetch = parseRowCount(cursor);
	cursor.expectOneOf("ROW", "ROWS");
	cursor.expect("ONLY");
	return { ...(offset && { offset }), fetch };
}

function parseOffset(cursor: Cursor): Expression {
	const offset = parseRowCount(cursor);
	cursor.acceptOneOf("ROW", "ROWS");
	return offset;
}

function parseRowCount(cursor: Cursor): Expression {
	if (cursor.token.word === "?") return parseExpression(cursor, 100);
	cursor.expects("a whole number");
	if (cursor.token.type !== TokenType.Integer) cursor.fail();
	return parseNumericLiteral(cursor);
}
