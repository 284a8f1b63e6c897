// Operands: literals, names, calls, parentheses, constructors, CASE, CAST; then what follows them: [index] and .field.
import type { Cast, Expression, MapEntry, Name, Star, WhenClause } from "../ast.js";
import { isReserved, NILADIC_FUNCTIONS, RESERVED_FUNCTIONS } from "../keywords.js";
import { TokenType } from "../token.js";
import type { Cursor } from "./cursor.js";
import { parseDataType } from "./data-type-parser.js";
import { parseExpression } from "./expression-parser.js";
import { parseCall, parseEvaluatedCall } from "./function-parser.js";
import {
	isStringToken,
	parseBinaryLiteral,
	parseDateTimeLiteral,
	parseDecimalLiteral,
	parseInterval,
	parseNumericLiteral,
	parseStringLiteral,
} from "./literal-parser.js";
import { isAtQuery } from "./query-parser.js";
import { parseSpecialCall } from "./special-function-parser.js";
import { parseParenthesis, parseParenthesisedItems, parseParenthesisedQuery } from "./subquery-parser.js";

export function parsePrimary(cursor: Cursor): Expression {
	let operand = parseOperand(cursor);
	for (;;) {
		if (cursor.accept("[")) {
			const index = parseExpression(cursor);
			cursor.expect("]");
			operand = { kind: "ItemAccess", operand, index, position: cursor.from(operand.position) };
		} else if (cursor.acceptLeading(".")) {
			const field = cursor.name();
			operand = { kind: "FieldAccess", operand, field, position: cursor.from(operand.position) };
		} else {
			return operand;
		}
		cursor.grow();
	}
}

function parseOperand(cursor: Cursor): Expression {
	const { type, word } = cursor.token;
	switch (type) {
		case TokenType.Integer:
		case TokenType.Decimal:
		case TokenType.Approximate:
			return parseNumericLiteral(cursor);
		case TokenType.Binary:
			return parseBinaryLiteral(cursor);
		case TokenType.QuotedName:
			return parsePathOrCall(cursor);
		case TokenType.Symbol:
			return parseSymbolOperand(cursor, word);
		case TokenType.Word:
			return isReserved(word) ? parseReservedOperand(cursor, word) : parseWordOperand(cursor, word);
		default:
			if (isStringToken(type)) return parseStringLiteral(cursor);
			return failAtOperand(cursor);
	}
}

function failAtOperand(cursor: Cursor): never {
	cursor.expects("an expression");
	return cursor.fail();
}

function parseSymbolOperand(cursor: Cursor, symbol: string): Expression {
	if (symbol === "(") return parseParenthesis(cursor);
	if (symbol === "{") return parseBraces(cursor);
	if (symbol !== "?") return failAtOperand(cursor);
	const token = cursor.advance();
	return { kind: "DynamicParameter", index: cursor.parameters++, position: cursor.from(token) };
}

/** Words that are not reserved but begin more than a name. */
function parseWordOperand(cursor: Cursor, word: string): Expression {
	const next = cursor.peek();
	if (next.word === "(") {
		const special = parseSpecialCall(cursor, word);
		if (special) return special;
	}
	if (word === "MAP" && (next.word === "[" || next.word === "(")) return parseMap(cursor);
	const isBeforeName = next.type === TokenType.Word || next.type === TokenType.QuotedName;
	if (word === "FINAL" && isBeforeName && cursor.peek(2).word === "(") {
		return parseEvaluatedCall(cursor, word);
	}
	return parsePathOrCall(cursor);
}

function parseReservedOperand(cursor: Cursor, word: string): Expression {
	const start = cursor.token;
	switch (word) {
		case "NULL":
			cursor.advance();
			return { kind: "NullLiteral", position: cursor.from(start) };
		case "TRUE":
		case "FALSE":
			cursor.advance();
			return { kind: "BooleanLiteral", value: word === "TRUE", position: cursor.from(start) };
		case "UNKNOWN":
			return parseUnknown(cursor);
		case "INTERVAL":
			return parseInterval(cursor);
		case "CASE":
			return parseCase(cursor);
		case "CAST":
		case "TRY_CAST":
			return parseCast(cursor);
		case "CONVERT":
			return parseConvert(cursor);
		case "DECIMAL":
			return cursor.peek().type === TokenType.String ? parseDecimalLiteral(cursor) : failAtOperand(cursor);
		case "EXISTS":
		case "UNIQUE": {
			cursor.advance();
			const query = parseParenthesisedQuery(cursor);
			return { kind: word === "EXISTS" ? "Exists" : "Unique", query, position: cursor.from(start) };
		}
		case "ROW":
		case "PERIOD":
			cursor.advance();
			if (word === "PERIOD") cursor.lead();
			else cursor.prolongLead();
			return { kind: "RowConstructor", items: parseParenthesisedItems(cursor), position: cursor.from(start) };
		case "ARRAY":
		case "MULTISET":
			return parseCollection(cursor, word);
		case "RUNNING":
			return parseEvaluatedCall(cursor, word);
		default:
			return parseReservedCall(cursor, word);
	}
}

function parseReservedCall(cursor: Cursor, word: string): Expression {
	const isCall = cursor.peek().word === "(";
	if (isCall) {
		const special = parseSpecialCall(cursor, word);
		if (special) return special;
		if (RESERVED_FUNCTIONS.has(word)) {
			const name = takeName(cursor);
			return parseCall(cursor, { kind: "Identifier", names: [name], position: name.position });
		}
	}
	const literal = parseDateTimeLiteral(cursor);
	if (literal) return literal;
	if (!NILADIC_FUNCTIONS.has(word)) return failAtOperand(cursor);
	const name = takeName(cursor);
	const { position } = name;
	return {
		kind: "FunctionCall",
		name: { kind: "Identifier", names: [name], position },
		args: [],
		niladic: true,
		position,
	};
}

/** A reserved word as the name of a function. */
function takeName(cursor: Cursor): Name {
	const token = cursor.advance();
	return { kind: "Name", text: token.text, position: cursor.from(token) };
}

/** `a.b.c`, or the call of a function of that name. */
function parsePathOrCall(cursor: Cursor): Expression {
	const start = cursor.token;
	const names = [cursor.name()];
	while (cursor.acceptLeading(".")) names.push(cursor.name());
	const position = cursor.from(start);
	if (cursor.is("(")) return parseCall(cursor, { kind: "Identifier", names, position });
	return { kind: "ColumnReference", names, position };
}

/** `*`, `t.*`; undefined if something else stands here. */
export function acceptStar(cursor: Cursor): Star | undefined {
	const start = cursor.token;
	if (cursor.accept("*")) return { kind: "Star", position: cursor.from(start) };
	let offset = 0;
	while (isNameToken(cursor, offset) && cursor.peek(offset + 1).word === ".") offset += 2;
	if (offset === 0 || cursor.peek(offset).word !== "*") return undefined;
	const names: Name[] = [];
	for (; offset > 0; offset -= 2) {
		names.push(cursor.name());
		if (offset > 2) cursor.expect(".");
	}
	const position = cursor.from(start);
	cursor.expect(".", "*");
	return { kind: "Star", qualifier: { kind: "Identifier", names, position }, position: cursor.from(start) };
}

function isNameToken(cursor: Cursor, offset: number): boolean {
	const { type, word } = cursor.peek(offset);
	return type === TokenType.QuotedName || (type === TokenType.Word && !isReserved(word));
}

/** UNKNOWN is the NULL of BOOLEAN. */
function parseUnknown(cursor: Cursor): Cast {
	const token = cursor.advance();
	const position = cursor.from(token);
	return {
		kind: "Cast",
		operand: { kind: "NullLiteral", position },
		type: { kind: "SimpleType", name: "BOOLEAN", nullable: true, position },
		safe: false,
		position,
	};
}

function parseCast(cursor: Cursor): Expression {
	const start = cursor.advance();
	cursor.lead();
	cursor.expect("(");
	const operand = parseExpression(cursor);
	cursor.expect("AS");
	const type = parseDataType(cursor, false);
	cursor.expect(")");
	return { kind: "Cast", operand, type, safe: start.word === "TRY_CAST", position: cursor.from(start) };
}

/** `CONVERT(type, value)` is a cast; the number of a style that may follow means nothing. */
function parseConvert(cursor: Cursor): Expression {
	const start = cursor.advance();
	cursor.expect("(");
	const type = parseDataType(cursor, false);
	cursor.expect(",");
	const operand = parseExpression(cursor);
	if (cursor.accept(",")) parseNumericLiteral(cursor);
	cursor.expect(")");
	return { kind: "Cast", operand, type, safe: false, position: cursor.from(start) };
}

function parseCase(cursor: Cursor): Expression {
	const start = cursor.advance();
	const operand = cursor.is("WHEN") ? undefined : parseExpression(cursor);
	const whens: WhenClause[] = [];
	do whens.push(...parseWhen(cursor, operand !== undefined));
	while (cursor.is("WHEN"));
	const otherwise = cursor.accept("ELSE") ? parseExpression(cursor) : undefined;
	cursor.expect("END");
	const position = cursor.from(start);
	return { kind: "Case", ...(operand && { operand }), whens, ...(otherwise && { otherwise }), position };
}

/** One WHEN; a list of values gives a clause for each. */
function parseWhen(cursor: Cursor, isSimple: boolean): WhenClause[] {
	const start = cursor.token;
	cursor.expect("WHEN");
	const conditions = isSimple ? cursor.list(() => parseExpression(cursor)) : [parseExpression(cursor)];
	cursor.expect("THEN");
	const result = parseExpression(cursor);
	const position = cursor.from(start);
	return conditions.map((condition) => ({ kind: "WhenClause", condition, result, position }));
}

/** `ARRAY[…]`, `ARRAY(SELECT …)`, and the function of that name. */
function parseCollection(cursor: Cursor, type: "ARRAY" | "MULTISET"): Expression {
	const start = cursor.advance();
	cursor.lead();
	if (cursor.is("(")) return parseCollectionCall(cursor, type);
	const elements = parseBracketed(cursor);
	const kind = type === "ARRAY" ? "ArrayConstructor" : "MultisetConstructor";
	return { kind, elements, position: cursor.from(start) };
}

/** Behind ARRAY, MULTISET or MAP, at the parenthesis. */
function parseCollectionCall(cursor: Cursor, type: "ARRAY" | "MULTISET" | "MAP"): Expression {
	const start = cursor.previous ?? cursor.token;
	if (isAtQuery(cursor, 1)) {
		const query = parseParenthesisedQuery(cursor);
		return { kind: "CollectionSubquery", type, query, position: cursor.from(start) };
	}
	const position = cursor.from(start);
	const name: Name = { kind: "Name", text: start.text, position };
	return parseCall(cursor, { kind: "Identifier", names: [name], position });
}

function parseMap(cursor: Cursor): Expression {
	const start = cursor.advance();
	if (cursor.is("(")) return parseCollectionCall(cursor, "MAP");
	const items = parseBracketed(cursor);
	const position = cursor.from(start);
	if (items.length % 2 === 1) {
		cursor.reject("MAP[…] needs an even number of elements: a key and a value in turn", undefined, position);
	}
	const entries: MapEntry[] = [];
	for (let index = 0; index < items.length; index += 2) {
		const key = items[index] as Expression;
		const value = items[index + 1] as Expression;
		entries.push({ kind: "MapEntry", key, value, position: { ...key.position, end: value.position.end } });
	}
	return { kind: "MapConstructor", entries, position };
}

function parseBracketed(cursor: Cursor): Expression[] {
	cursor.expect("[");
	const items = cursor.is("]") ? [] : cursor.ledList(() => parseExpression(cursor));
	cursor.expect("]");
	return items;
}

/** JDBC's escapes: `{d '2020-01-01'}`, `{t '…'}`, `{ts '…'}`. */
function parseBraces(cursor: Cursor): Expression {
	const start = cursor.advance();
	const word = cursor.expectOneOf("D", "T", "TS");
	const type = word === "D" ? "DATE" : word === "T" ? "TIME" : "TIMESTAMP";
	const { value } = parseStringLiteral(cursor);
	cursor.expect("}");
	return { kind: "DateTimeLiteral", type, value, position: cursor.from(start) };
}
