// CASE, COALESCE and NULLIF as searched CASE expressions of one common type.
import { EngineError, type SourcePosition } from "../../errors.js";
import { coerce } from "../../expr/coerce.js";
import type { Case, FunctionCall } from "../../sql/ast.js";
import { leastCommonType, widestType } from "../../types/coercion.js";
import { type Expr, literal } from "../../types/expr.js";
import { asNullable, NULL, type SqlType, withNullability, withoutAttribute } from "../../types/sql-type.js";
import { typeText } from "../../types/type-text.js";
import { callFunction } from "./call.js";
import { coerceNull } from "./comparison.js";
import { bindExpression, type ExpressionContext, requireBoolean } from "./expression.js";

export function bindCase(ast: Case, context: ExpressionContext): Expr {
	const operand = ast.operand && bindExpression(ast.operand, context);
	const branches = ast.whens.map((when) => {
		const condition = bindExpression(when.condition, context);
		const test = operand
			? callFunction(context, "=", [operand, coerceNull(condition, operand)], when.position)
			: requireBoolean(condition, "CASE WHEN", when.condition.position);
		return { when: test, then: bindExpression(when.result, context) };
	});
	const otherwise = ast.otherwise ? bindExpression(ast.otherwise, context) : literal(null, NULL);
	return caseOf(branches, otherwise, ast.position, "CASE");
}

interface Branch {
	readonly when: Expr;
	readonly then: Expr;
}

function caseOf(branches: readonly Branch[], otherwise: Expr, position: SourcePosition, what: string): Expr {
	const results = [...branches.map((branch) => branch.then), otherwise];
	const type = common(results, position, what);
	return {
		kind: "case",
		branches: branches.map(({ when, then }) => ({ when, then: coerce(then, type) })),
		otherwise: coerce(otherwise, type),
		type,
	};
}

function common(results: readonly Expr[], position: SourcePosition, what: string): SqlType {
	const type = leastCommonType(results.map((result) => withoutAttribute(result.type)));
	if (type?.kind === "NULL") {
		throw new EngineError("TYPE_MISMATCH", `every result of ${what} is NULL`, {
			position,
			remedy: "Give one a type: CAST(NULL AS …)",
		});
	}
	if (type !== undefined) return type;
	const given = results.map((result) => typeText(result.type)).join(", ");
	throw new EngineError("TYPE_MISMATCH", `the results of ${what} have no common type: ${given}`, { position });
}

/** COALESCE(a, b, c): NOT NULL as soon as one argument is. */
export function bindCoalesce(ast: FunctionCall, context: ExpressionContext): Expr {
	const args = ast.args.map((arg) => bindExpression(arg, context)).filter((arg) => arg.type.kind !== "NULL");
	if (ast.args.length === 0 || args.length === 0) {
		throw new EngineError("INVALID_ARGUMENT", "COALESCE needs an argument that is not a bare NULL", {
			position: ast.position,
		});
	}
	const wide = widestType(args.map(({ type }) => withoutAttribute(type))) ?? common(args, ast.position, "COALESCE");
	const type = withNullability(
		wide,
		args.every((arg) => arg.type.nullable),
	);
	const last = args.findIndex((arg) => !arg.type.nullable);
	const used = last < 0 ? args : args.slice(0, last + 1);
	const otherwise = coerce(used[used.length - 1] as Expr, type);
	const branches = used.slice(0, -1).map((arg) => ({
		when: callFunction(context, "IS NOT NULL", [arg], ast.position),
		then: coerce(arg, type),
	}));
	return branches.length === 0 ? otherwise : { kind: "case", branches, otherwise, type };
}

/** NULLIF(a, b): a, but NULL where it equals b. */
export function bindNullIf(ast: FunctionCall, context: ExpressionContext): Expr {
	if (ast.args.length !== 2) {
		throw new EngineError("INVALID_ARGUMENT", "NULLIF needs two arguments", { position: ast.position });
	}
	const [value, other] = ast.args.map((arg) => bindExpression(arg, context)) as [Expr, Expr];
	const type = asNullable(withoutAttribute(value.type));
	const when = callFunction(context, "=", [value, coerceNull(other, value)], ast.position);
	return { kind: "case", branches: [{ when, then: literal(null, type) }], otherwise: value, type };
}
