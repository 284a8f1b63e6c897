// Structural equality of bound expressions (GROUP BY keys, repeated aggregates, common subplans).
import type { Expr } from "../types/expr.js";
import { structureTexts } from "../types/structure-text.js";
import { sameKind } from "../types/type-text.js";

/** A text that two expressions share exactly when they compute the same from the same input; types without nullability. */
export const exprKey: (expr: Expr) => string = structureTexts("nullable", "attribute");

/** Whether two expressions have one key; calls mostly share their arguments. */
export function sameExpr(left: Expr, right: Expr): boolean {
	if (left === right) return true;
	if (left.kind !== "call" || right.kind !== "call")
		return left.kind === right.kind && exprKey(left) === exprKey(right);
	return (
		left.function === right.function &&
		left.user === right.user &&
		left.args.length === right.args.length &&
		sameKind(left.type, right.type) &&
		left.args.every((arg, index) => sameExpr(arg, right.args[index]!))
	);
}
