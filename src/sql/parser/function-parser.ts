// The call of a function: its arguments, and the clauses behind them in their fixed order.
import type { Expression, FunctionCall, Identifier, Name, OrderItem, TableArgument } from "../ast.js";
import { isReserved, RESERVED_FUNCTIONS } from "../keywords.js";
import { type Token, TokenType } from "../token.js";
import type { Cursor } from "./cursor.js";
import { parseExpression } from "./expression-parser.js";
import { acceptStar } from "./primary-parser.js";
import { parseIdentifier, parseOrderBy, parseOrderItem } from "./query-parser.js";
import { parseWindowSpecification } from "./window-parser.js";

/** At the parenthesis behind the name. */
export function parseCall(cursor: Cursor, name: Identifier): FunctionCall {
	cursor.expect("(");
	const quantifier = cursor.acceptOneOf("DISTINCT", "ALL");
	if (quantifier && cursor.token.word === "*") cursor.reject(`${quantifier} needs columns, not *`);
	const args = !quantifier && cursor.is(")") ? [] : parseArguments(cursor);
	const nullTreatment = acceptNullTreatment(cursor);
	const orderBy = cursor.is("ORDER") ? parseOrderBy(cursor) : undefined;
	cursor.expect(")");
	return finishCall(cursor, {
		kind: "FunctionCall",
		name,
		args,
		...(quantifier && { quantifier }),
		...(orderBy && { orderBy }),
		...(nullTreatment && { nullTreatment }),
		position: cursor.from(name.position),
	});
}

/** `*`, or arguments between commas. */
function parseArguments(cursor: Cursor): Expression[] {
	const first = parseArgument(cursor);
	if (first.kind === "Star" && first.qualifier === undefined) return [first];
	const args = [first];
	while (cursor.accept(",")) args.push(parseArgument(cursor));
	return args;
}

/** The clauses behind the closing parenthesis. */
export function finishCall(cursor: Cursor, call: FunctionCall): FunctionCall {
	const nullTreatment = acceptNullTreatment(cursor);
	const withinDistinct = cursor.acceptAll("WITHIN", "DISTINCT")
		? cursor.parenthesised(() => parseExpression(cursor))
		: undefined;
	const withinGroup = cursor.accept("WITHIN") ? parseWithinGroup(cursor) : undefined;
	const filter = cursor.accept("FILTER") ? parseFilter(cursor) : undefined;
	const over = cursor.accept("OVER") ? parseOver(cursor) : undefined;
	return {
		...call,
		...(nullTreatment && { nullTreatment }),
		...(withinDistinct && { withinDistinct }),
		...(withinGroup && { withinGroup }),
		...(filter && { filter }),
		...(over && { over }),
		position: cursor.from(call.position),
	};
}

function acceptNullTreatment(cursor: Cursor): FunctionCall["nullTreatment"] {
	if (cursor.acceptAll("IGNORE", "NULLS")) return "IGNORE NULLS";
	return cursor.acceptAll("RESPECT", "NULLS") ? "RESPECT NULLS" : undefined;
}

function parseWithinGroup(cursor: Cursor): OrderItem[] {
	cursor.expect("GROUP", "(");
	const items = parseOrderBy(cursor);
	cursor.expect(")");
	return items;
}

function parseFilter(cursor: Cursor): Expression {
	cursor.expect("(", "WHERE");
	const condition = parseExpression(cursor);
	cursor.expect(")");
	return condition;
}

function parseOver(cursor: Cursor): FunctionCall["over"] {
	return cursor.is("(") ? parseWindowSpecification(cursor) : cursor.name();
}

/** RUNNING or FINAL and the call that follows. */
export function parseEvaluatedCall(cursor: Cursor, evaluation: "FINAL" | "RUNNING"): FunctionCall {
	const start = cursor.advance();
	const { token } = cursor;
	if (!cursor.isName && !RESERVED_FUNCTIONS.has(token.word)) {
		cursor.expects("a function");
		cursor.fail();
	}
	cursor.advance();
	const name: Name = { kind: "Name", text: token.text, position: cursor.from(token) };
	const call = parseCall(cursor, { kind: "Identifier", names: [name], position: name.position });
	return { ...call, evaluation, position: cursor.from(start) };
}

export function parseArgument(cursor: Cursor): Expression {
	const star = acceptStar(cursor);
	if (star) return star;
	if (cursor.peek().word !== "=>" || !cursor.isName) return parseArgumentValue(cursor, false);
	const name = cursor.name();
	cursor.expect("=>");
	const value = parseArgumentValue(cursor, true);
	return { kind: "NamedArgument", name, value, position: cursor.from(name.position) };
}

/** The columns of a DESCRIPTOR, perhaps none. */
function parseDescribed(cursor: Cursor): Name[] {
	return cursor.acceptAll("(", ")") ? [] : cursor.parenthesised(() => cursor.name());
}

function parseArgumentValue(cursor: Cursor, isNamed: boolean): Expression {
	const start = cursor.token;
	const next = cursor.peek();
	switch (start.word) {
		case "TABLE":
			cursor.advance();
			return parseTableArgument(cursor, parseIdentifier(cursor), start, isNamed);
		case "MODEL":
			if (next.type !== TokenType.QuotedName && (next.type !== TokenType.Word || isReserved(next.word))) break;
			cursor.advance();
			return { kind: "ModelArgument", model: parseIdentifier(cursor), position: cursor.from(start) };
		case "DESCRIPTOR":
			if (next.word !== "(") break;
			cursor.advance();
			return { kind: "Descriptor", columns: parseDescribed(cursor), position: cursor.from(start) };
		case "DEFAULT":
			cursor.advance();
			return { kind: "DefaultArgument", position: cursor.from(start) };
	}
	const value = parseExpression(cursor);
	const isTable = value.kind === "ScalarSubquery" && (cursor.is("PARTITION") || cursor.is("ORDER"));
	return isTable ? parseTableArgument(cursor, value.query, start, isNamed) : value;
}

/** Behind the table or query: PARTITION BY and ORDER BY, each with one column or several in parentheses. */
function parseTableArgument(
	cursor: Cursor,
	source: TableArgument["source"],
	start: Token,
	isNamed: boolean,
): TableArgument {
	const partitionBy = cursor.acceptAll("PARTITION", "BY") ? parsePartitionColumns(cursor, isNamed) : [];
	const orderBy = cursor.acceptAll("ORDER", "BY") ? oneOrParenthesised(cursor, () => parseOrderItem(cursor)) : [];
	return { kind: "TableArgument", source, partitionBy, orderBy, position: cursor.from(start) };
}

/**
 * In Flink a comma ends the list, parentheses hold several columns. After a named argument though no positional one may
 * come, so a bare name there can only be a further column.
 */
function parsePartitionColumns(cursor: Cursor, isNamed: boolean): Expression[] {
	const columns = oneOrParenthesised(cursor, () => parseColumn(cursor));
	while (isNamed && cursor.is(",") && isColumnAlone(cursor)) {
		cursor.advance();
		columns.push(parseColumn(cursor));
	}
	return columns;
}

function isColumnAlone(cursor: Cursor): boolean {
	const { type } = cursor.peek();
	const after = cursor.peek(2).word;
	return (type === TokenType.Word || type === TokenType.QuotedName) && (after === "," || after === ")");
}

function oneOrParenthesised<Item>(cursor: Cursor, item: () => Item): Item[] {
	return cursor.is("(") ? cursor.parenthesised(item) : [item()];
}

function parseColumn(cursor: Cursor): Expression {
	const name = cursor.name();
	return { kind: "ColumnReference", names: [name], position: name.position };
}
