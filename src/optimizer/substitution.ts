// Putting the expressions that make a node's columns in place of references to them.
import { type Expr, rewrite } from "../types/expr.js";

/** The expression with columns replaced by the expressions that make them; a field of a ROW that is made there is taken directly. */
export function substitute(expr: Expr, exprs: readonly Expr[]): Expr {
	return rewrite(expr, (node) => (node.kind === "column" ? exprs[node.index]! : node));
}
