// Which expressions may be evaluated more or less often, or elsewhere, without changing the result.
import { type Expr, visit } from "../types/expr.js";

/** Functions that yield another value each time they are called. */
const PER_ROW = new Set([
	"RAND",
	"RAND_INTEGER",
	"UUID",
	"PROCTIME",
	"CURRENT_ROW_TIMESTAMP",
	"CURRENT_WATERMARK",
	"UNIX_TIMESTAMP",
	"NOW",
	"CURRENT_TIMESTAMP",
	"LOCALTIMESTAMP",
	"CURRENT_TIME",
	"LOCALTIME",
	"CURRENT_DATE",
]);

/** Whether the expression always gives the same value for the same row. User functions are taken to be deterministic, as in Flink. */
export function isDeterministic(expr: Expr): boolean {
	let deterministic = true;
	visit(expr, (node) => {
		if (node.kind !== "call" || node.user !== undefined || !PER_ROW.has(node.function)) return;
		if (node.function === "UNIX_TIMESTAMP" && node.args.length > 0) return;
		deterministic = false;
	});
	return deterministic;
}

/** Number of nodes: a measure of the work and size of an expression. */
export function sizeOf(expr: Expr): number {
	let size = 0;
	visit(expr, () => size++);
	return size;
}
