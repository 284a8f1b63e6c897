// Expressions by precedence (Pratt). The levels are those of Calcite's operator table, which Flink uses: IS NULL binds
// weaker than a comparison, || as tight as *, BETWEEN, IN and LIKE tighter than =.
import type { SourcePosition } from "../../errors.js";
import type { BinaryOperator, ComparisonOperator, Expression, IsTest, MultisetOperator } from "../ast.js";
import type { Cursor } from "./cursor.js";
import { parsePrimary } from "./primary-parser.js";
import { parseParenthesisedItems } from "./subquery-parser.js";

/** How tight an operator binds; the printer puts parentheses by the same figures. */
export const Precedence = {
	Lowest: 0,
	MultisetUnion: 14,
	MultisetIntersect: 18,
	Or: 22,
	And: 24,
	Not: 26,
	Is: 28,
	Comparison: 30,
	Like: 32,
	Additive: 40,
	Multiplicative: 60,
	AtTimeZone: 70,
	Sign: 80,
	Postfix: 100,
} as const;

interface Infix {
	readonly operator: BinaryOperator;
	readonly precedence: number;
}

const infixes = new Map<string, Infix>();
for (const operator of ["=", "<>", "<", "<=", ">", ">="] as const) {
	infixes.set(operator, { operator, precedence: Precedence.Comparison });
}
for (const operator of ["OVERLAPS", "CONTAINS", "EQUALS", "PRECEDES", "SUCCEEDS"] as const) {
	infixes.set(operator, { operator, precedence: Precedence.Comparison });
}
for (const operator of ["*", "/", "%", "||"] as const) {
	infixes.set(operator, { operator, precedence: Precedence.Multiplicative });
}
for (const operator of ["+", "-"] as const) infixes.set(operator, { operator, precedence: Precedence.Additive });
infixes.set("!=", { operator: "<>", precedence: Precedence.Comparison });
infixes.set("AND", { operator: "AND", precedence: Precedence.And });
infixes.set("OR", { operator: "OR", precedence: Precedence.Or });

export function parseExpression(cursor: Cursor, minimum: number = Precedence.Lowest): Expression {
	return cursor.nested(() => {
		let left = parsePrefix(cursor);
		for (let next = parseInfix(cursor, left, minimum); next; next = parseInfix(cursor, left, minimum)) {
			cursor.grow();
			left = next;
		}
		return left;
	});
}

function parsePrefix(cursor: Cursor): Expression {
	const start = cursor.token;
	const operator = start.word;
	if (operator !== "NOT" && operator !== "-" && operator !== "+") return parsePrimary(cursor);
	cursor.advance();
	cursor.prolongLead();
	const operand = parseExpression(cursor, operator === "NOT" ? Precedence.Not : Precedence.Sign);
	return { kind: "UnaryOperation", operator, operand, position: cursor.from(start) };
}

/** What follows `left` and binds at least as tight as `minimum`; undefined where the expression ends. */
function parseInfix(cursor: Cursor, left: Expression, minimum: number): Expression | undefined {
	const { word } = cursor.token;
	if (word === "") {
		cursor.expects("an operator");
		return undefined;
	}
	const infix = infixes.get(word);
	if (infix !== undefined) return parseBinary(cursor, left, infix, minimum);
	switch (word) {
		case "IS":
			return minimum <= Precedence.Comparison ? parseIs(cursor, left, minimum) : undefined;
		case "NOT":
			return minimum <= Precedence.Like ? parseNegated(cursor, left) : undefined;
		case "BETWEEN":
		case "IN":
		case "LIKE":
		case "SIMILAR":
			return minimum <= Precedence.Like ? parsePredicate(cursor, left, false, cursor.from(left.position)) : undefined;
		case "AT":
			return minimum <= Precedence.AtTimeZone ? parseAtTimeZone(cursor, left) : undefined;
		case "IMMEDIATELY":
			return minimum <= Precedence.Comparison ? parseImmediately(cursor, left) : undefined;
		case "MULTISET":
			return parseMultisetOperation(cursor, left, minimum);
		case "MEMBER":
		case "SUBMULTISET":
			return minimum <= Precedence.Comparison ? parseMembership(cursor, left, word) : undefined;
		default:
			if (word === "::") cursor.reject("`::` is no operator of Flink SQL", "Write CAST(value AS type).");
			cursor.expects("an operator");
			return undefined;
	}
}

function binary(cursor: Cursor, operator: BinaryOperator, left: Expression, precedence: number): Expression {
	const right = parseExpression(cursor, precedence + 1);
	return { kind: "BinaryOperation", operator, left, right, position: cursor.from(left.position) };
}

function parseBinary(cursor: Cursor, left: Expression, infix: Infix, minimum: number): Expression | undefined {
	const { operator, precedence } = infix;
	if (precedence === Precedence.Comparison && isComparison(operator) && isAtQuantifier(cursor)) {
		return minimum <= Precedence.Like ? parseQuantified(cursor, left, operator) : undefined;
	}
	if (precedence < minimum) return undefined;
	cursor.advance();
	cursor.lead();
	return binary(cursor, operator, left, precedence);
}

function isComparison(operator: BinaryOperator): operator is ComparisonOperator {
	return /^[<>=]/.test(operator);
}

/** Whether ANY, SOME or ALL and a parenthesis follow the operator. */
function isAtQuantifier(cursor: Cursor): boolean {
	const { word } = cursor.peek();
	return (word === "ANY" || word === "SOME" || word === "ALL") && cursor.peek(2).word === "(";
}

/** `> ALL (SELECT …)`, `= SOME (1, 2)`: binds as IN does, tighter than a comparison. */
function parseQuantified(cursor: Cursor, left: Expression, operator: ComparisonOperator): Expression {
	cursor.advance();
	const quantifier = cursor.advance().word === "ALL" ? "ALL" : "ANY";
	const items = parseParenthesisedItems(cursor);
	const position = cursor.from(left.position);
	const [only] = items;
	return items.length === 1 && only?.kind === "ScalarSubquery"
		? { kind: "QuantifiedComparison", operator, quantifier, left, query: only.query, position }
		: { kind: "QuantifiedComparison", operator, quantifier, left, values: items, position };
}

/** IS [NOT] … : DISTINCT FROM binds as a comparison, the tests of one operand weaker. */
function parseIs(cursor: Cursor, left: Expression, minimum: number): Expression | undefined {
	const negated = cursor.peek().word === "NOT";
	const test = cursor.peek(negated ? 2 : 1).word;
	if (test !== "DISTINCT" && minimum > Precedence.Is) return undefined;
	cursor.advance();
	if (negated) cursor.advance();
	else cursor.lead();
	if (cursor.acceptAll("DISTINCT", "FROM")) {
		return binary(cursor, negated ? "IS NOT DISTINCT FROM" : "IS DISTINCT FROM", left, Precedence.Comparison);
	}
	const found = parseIsTest(cursor);
	return { kind: "IsPredicate", operand: left, test: found, negated, position: cursor.from(left.position) };
}

function parseIsTest(cursor: Cursor): IsTest {
	if (cursor.accept("JSON")) {
		return `JSON ${cursor.acceptOneOf("VALUE", "OBJECT", "ARRAY", "SCALAR") ?? "VALUE"}`;
	}
	if (cursor.acceptAll("A", "SET")) return "A SET";
	return cursor.expectOneOf("NULL", "TRUE", "FALSE", "UNKNOWN", "EMPTY");
}

function parseNegated(cursor: Cursor, left: Expression): Expression {
	cursor.advance();
	cursor.lead();
	return parsePredicate(cursor, left, true, left.position);
}

/** BETWEEN, IN, LIKE and SIMILAR TO, behind NOT if there is one. */
function parsePredicate(cursor: Cursor, operand: Expression, negated: boolean, start: SourcePosition): Expression {
	if (cursor.accept("BETWEEN")) {
		if (!negated) cursor.lead();
		const symmetric = cursor.acceptOneOf("SYMMETRIC", "ASYMMETRIC") === "SYMMETRIC";
		const low = parseLowerBound(cursor);
		if (!cursor.is("AND")) rejectLowerBound(cursor);
		cursor.advance();
		const high = parseExpression(cursor, Precedence.Like + 1);
		return { kind: "Between", operand, low, high, symmetric, negated, position: cursor.from(start) };
	}
	if (cursor.accept("IN")) {
		if (!negated) cursor.lead();
		const values = parseParenthesisedItems(cursor);
		const position = cursor.from(start);
		const [only] = values;
		return values.length === 1 && only?.kind === "ScalarSubquery"
			? { kind: "InSubquery", operand, query: only.query, negated, position }
			: { kind: "InList", operand, values, negated, position };
	}
	const operator = cursor.accept("LIKE") ? "LIKE" : "SIMILAR TO";
	if (operator === "SIMILAR TO") cursor.expect("SIMILAR", "TO");
	if (!negated) cursor.lead(operator === "LIKE" ? 1 : 2);
	const pattern = parseExpression(cursor, Precedence.Like);
	const escapeWith = cursor.acceptLeading("ESCAPE") ? parseExpression(cursor, Precedence.Like) : undefined;
	const like = { kind: "Like", operator, operand, pattern, negated } as const;
	return { ...like, ...(escapeWith && { escape: escapeWith }), position: cursor.from(start) };
}

function rejectLowerBound(cursor: Cursor): never {
	const { line, column, start, end } = cursor.previous ?? cursor.token;
	const position = { line, column: column + end - start, start: end, end };
	return cursor.reject("BETWEEN has one bound alone", "Write BETWEEN low AND high.", position);
}

/** Up to the AND of BETWEEN: anything but AND. */
function parseLowerBound(cursor: Cursor): Expression {
	let left = parseExpression(cursor, Precedence.And + 1);
	while (cursor.accept("OR")) {
		left = binary(cursor, "OR", left, Precedence.And);
		cursor.grow();
	}
	return left;
}

function parseAtTimeZone(cursor: Cursor, operand: Expression): Expression {
	cursor.advance();
	if (cursor.accept("LOCAL")) return { kind: "AtTimeZone", operand, position: cursor.from(operand.position) };
	cursor.expect("TIME", "ZONE");
	const zone = parseExpression(cursor, Precedence.AtTimeZone + 1);
	return { kind: "AtTimeZone", operand, zone, position: cursor.from(operand.position) };
}

function parseImmediately(cursor: Cursor, left: Expression): Expression | undefined {
	if (cursor.peek().word !== "PRECEDES" && cursor.peek().word !== "SUCCEEDS") return undefined;
	cursor.advance();
	const relation = cursor.expectOneOf("PRECEDES", "SUCCEEDS");
	return binary(cursor, `IMMEDIATELY ${relation}`, left, Precedence.Comparison);
}

function parseMultisetOperation(cursor: Cursor, left: Expression, minimum: number): Expression | undefined {
	const name = cursor.peek().word;
	if (name !== "UNION" && name !== "INTERSECT" && name !== "EXCEPT") return undefined;
	const precedence = name === "INTERSECT" ? Precedence.MultisetIntersect : Precedence.MultisetUnion;
	if (precedence < minimum) return undefined;
	cursor.advance();
	cursor.advance();
	const quantifier = cursor.acceptOneOf("ALL", "DISTINCT") ?? "ALL";
	return binary(cursor, `MULTISET ${name} ${quantifier}` satisfies MultisetOperator, left, precedence);
}

function parseMembership(cursor: Cursor, left: Expression, word: "MEMBER" | "SUBMULTISET"): Expression {
	cursor.advance();
	cursor.accept("OF");
	return binary(cursor, `${word} OF`, left, Precedence.Comparison);
}
