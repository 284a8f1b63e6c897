// Predicates that are lowered to comparisons: IS, BETWEEN, LIKE, IN (values), ANY and ALL over values.
import { EngineError } from "../../errors.js";
import { coerce } from "../../expr/coerce.js";
import { widerType } from "../../expr/common-type.js";
import { constantOf } from "../../expr/fold.js";
import type { Between, InList, IsPredicate, Like, QuantifiedComparison } from "../../sql/ast.js";
import { call, type Expr } from "../../types/expr.js";
import { isCharacter, isNumeric, withNullability } from "../../types/sql-type.js";
import { callFunction } from "./call.js";
import { bindExpression, type ExpressionContext, unsupported } from "./expression.js";

export function bindIs(ast: IsPredicate, context: ExpressionContext): Expr {
	const operand = bindExpression(ast.operand, context);
	if (ast.test === "A SET" || ast.test === "EMPTY") throw unsupported(`IS ${ast.test}`, ast.position);
	if (ast.test.startsWith("JSON")) {
		const test = callFunction(context, `IS ${ast.test}`, [operand], ast.position);
		return ast.negated ? callFunction(context, "NOT", [test], ast.position) : test;
	}
	const test = ast.test === "UNKNOWN" ? "NULL" : ast.test;
	return callFunction(context, ast.negated ? `IS NOT ${test}` : `IS ${test}`, [operand], ast.position);
}

export function bindBetween(ast: Between, context: ExpressionContext): Expr {
	const operand = bindExpression(ast.operand, context);
	const low = bindExpression(ast.low, context);
	const high = bindExpression(ast.high, context);
	const within = (from: Expr, to: Expr) =>
		callFunction(
			context,
			"AND",
			[
				callFunction(context, ">=", [operand, from], ast.position),
				callFunction(context, "<=", [operand, to], ast.position),
			],
			ast.position,
		);
	const straight = within(low, high);
	const both = ast.symmetric ? callFunction(context, "OR", [straight, within(high, low)], ast.position) : straight;
	return ast.negated ? callFunction(context, "NOT", [both], ast.position) : both;
}

export function bindLike(ast: Like, context: ExpressionContext): Expr {
	const operands = [ast.operand, ast.pattern, ...(ast.escape ? [ast.escape] : [])];
	const args = operands.map((operand) => bindExpression(operand, context));
	const test = callFunction(context, ast.operator, args, ast.position);
	return ast.negated ? callFunction(context, "NOT", [test], ast.position) : test;
}

/** `x IN (1, 2)` is one call when the values are constants, else a disjunction. */
export function bindInList(ast: InList, context: ExpressionContext): Expr {
	const operand = bindExpression(ast.operand, context);
	const values = ast.values.map((value) => bindExpression(value, context));
	if (values.some(({ type }) => isNumeric(type)) && values.some(({ type }) => isCharacter(type)))
		throw incomparable(ast);
	const test = inValues(operand, values, ast, context);
	return ast.negated ? callFunction(context, "NOT", [test], ast.position) : test;
}

function inValues(operand: Expr, written: readonly Expr[], ast: InList, context: ExpressionContext): Expr {
	const values = isNumeric(operand.type) ? written.map((value) => asNumber(value, operand)) : written;
	const type = widerType([operand, ...values].map((expr) => expr.type));
	if (type === undefined) throw incomparable(ast);
	const constants = values.map((value) => constantOf(coerce(value, type), context.environment.options.context));
	if (constants.every((constant) => constant !== undefined) && isSimple(operand)) {
		const args = [coerce(operand, type), ...constants];
		return call("IN", args, { kind: "BOOLEAN", nullable: args.some((arg) => arg.type.nullable) });
	}
	const tests = values.map((value) => callFunction(context, "=", [operand, coerceNull(value, operand)], ast.position));
	return tests.length === 1 ? (tests[0] as Expr) : callFunction(context, "OR", tests, ast.position);
}

const incomparable = (ast: InList) =>
	new EngineError("TYPE_MISMATCH", "the values of IN cannot be compared with each other", { position: ast.position });

/** Texts for a number are read as numbers of its type: a text that is none is an error. */
const asNumber = (value: Expr, operand: Expr): Expr =>
	isCharacter(value.type) ? coerce(value, withNullability(operand.type, value.type.nullable)) : value;

const isSimple = ({ type }: Expr) =>
	type.kind !== "ROW" && type.kind !== "ARRAY" && type.kind !== "MAP" && type.kind !== "MULTISET";

/** A bare NULL takes the type of what it is compared with. */
export const coerceNull = (value: Expr, other: Expr): Expr =>
	value.type.kind === "NULL" ? coerce(value, other.type) : value;

/** `a > ALL (1, 2)`. */
export function bindQuantifiedList(ast: QuantifiedComparison, context: ExpressionContext): Expr {
	const left = bindExpression(ast.left, context);
	const tests = (ast.values ?? []).map((value) =>
		callFunction(context, ast.operator, [left, coerceNull(bindExpression(value, context), left)], ast.position),
	);
	if (tests.length === 1) return tests[0] as Expr;
	return callFunction(context, ast.quantifier === "ANY" ? "OR" : "AND", tests, ast.position);
}
