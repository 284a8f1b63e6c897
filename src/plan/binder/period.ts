// OVERLAPS and the other predicates on periods (start, end) or (start, duration), as comparisons of their bounds.
import { EngineError } from "../../errors.js";
import type { BinaryOperation, BinaryOperator, Expression } from "../../sql/ast.js";
import type { Expr } from "../../types/expr.js";
import { isInterval } from "../../types/sql-type.js";
import { callFunction } from "./call.js";
import { bindExpression, type ExpressionContext } from "./expression.js";

const COMPARISONS: Readonly<Record<string, readonly (readonly [string, "start" | "end", "start" | "end"])[]>> = {
	OVERLAPS: [
		[">=", "end", "start"],
		["<=", "start", "end"],
	],
	CONTAINS: [
		["<=", "start", "start"],
		[">=", "end", "end"],
	],
	EQUALS: [
		["=", "start", "start"],
		["=", "end", "end"],
	],
	PRECEDES: [["<=", "end", "start"]],
	SUCCEEDS: [[">=", "start", "end"]],
	"IMMEDIATELY PRECEDES": [["=", "end", "start"]],
	"IMMEDIATELY SUCCEEDS": [["=", "start", "end"]],
};

export const isPeriodOperator = (operator: BinaryOperator): boolean => operator in COMPARISONS;

interface Period {
	readonly start: Expr;
	readonly end: Expr;
}

export function bindPeriod(ast: BinaryOperation, context: ExpressionContext): Expr {
	const left = periodOf(ast.left, context);
	const right = periodOf(ast.right, context);
	const tests = (COMPARISONS[ast.operator] ?? []).map(([operator, ofLeft, ofRight]) =>
		callFunction(context, operator, [left[ofLeft], right[ofRight]], ast.position),
	);
	return tests.length === 1 ? (tests[0] as Expr) : callFunction(context, "AND", tests, ast.position);
}

/** The bounds of a pair, whichever way round they are written. */
function periodOf(ast: Expression, context: ExpressionContext): Period {
	if (ast.kind !== "RowConstructor" || ast.items.length !== 2) {
		const end = bindExpression(ast, context);
		return { start: end, end };
	}
	const [first, second] = ast.items.map((item) => bindExpression(item, context)) as [Expr, Expr];
	const other = isInterval(second.type) ? callFunction(context, "+", [first, second], ast.position) : second;
	if (first.type.kind === "NULL" || other.type.kind === "NULL") {
		throw new EngineError("TYPE_MISMATCH", "a period needs typed bounds", { position: ast.position });
	}
	const ordered = callFunction(context, "<=", [first, other], ast.position);
	const pick = (then: Expr, otherwise: Expr): Expr => ({
		kind: "case",
		branches: [{ when: ordered, then }],
		otherwise,
		type: { ...then.type, nullable: then.type.nullable || otherwise.type.nullable },
	});
	return { start: pick(first, other), end: pick(other, first) };
}
