// Whether a condition can be TRUE for a row whose columns of one side are all NULL: if not, an outer join need not make such rows.
import { scalarFunction } from "../../functions/registry.js";
import type { Expr } from "../../types/expr.js";

type Side = (column: number) => boolean;

/** Whether the condition is never TRUE when all columns of `side` are NULL. */
export function rejectsNulls(condition: Expr, side: Side): boolean {
	if (condition.kind === "literal") return condition.value !== true;
	if (condition.kind !== "call") return isNullWith(condition, side);
	switch (condition.function) {
		case "AND":
			return condition.args.some((arg) => rejectsNulls(arg, side));
		case "OR":
			return condition.args.every((arg) => rejectsNulls(arg, side));
		case "IS NOT NULL":
		case "IS TRUE":
		case "IS FALSE":
		case "IN":
			return isNullWith(condition.args[0]!, side);
		default:
			return isNullWith(condition, side);
	}
}

/** Whether the expression is NULL when all columns of `side` are. */
function isNullWith(expr: Expr, side: Side): boolean {
	switch (expr.kind) {
		case "column":
			return side(expr.index);
		case "literal":
			return expr.value === null;
		case "field":
		case "cast":
			return isNullWith(expr.input, side);
		case "call":
			if (expr.user !== undefined || scalarFunction(expr.function)?.nulls !== "strict") return false;
			return expr.args.some((arg) => isNullWith(arg, side));
		default:
			return false;
	}
}
