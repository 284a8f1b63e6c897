// Which expressions may be evaluated more or less often, or elsewhere, without changing the result.
import { scalarFunction } from "../functions/registry.js";
import { type Expr, visit } from "../types/expr.js";

/** Whether the expression always gives the same value for the same row. User functions are taken to be deterministic, as in Flink. */
export function isDeterministic(expr: Expr): boolean {
	let deterministic = true;
	visit(expr, (node) => {
		if (node.kind !== "call" || node.user !== undefined) return;
		// UNIX_TIMESTAMP reads the clock only without arguments.
		if (node.function === "UNIX_TIMESTAMP" && node.args.length > 0) return;
		if (scalarFunction(node.function)?.determinism === "row") deterministic = false;
	});
	return deterministic;
}

/** Number of nodes: a measure of the work and size of an expression. */
export function sizeOf(expr: Expr): number {
	let size = 0;
	visit(expr, () => size++);
	return size;
}
