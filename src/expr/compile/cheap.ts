// Which expressions are worth evaluating on all rows, though some rows do not need them: a few SIMD operations that cannot fail.
import type { Expr } from "../../types/expr.js";
import { isInterval, isNumeric, type SqlType } from "../../types/sql-type.js";

/** Beyond this many operations, picking the rows that need the value costs less. */
const MAX_CHEAP_OPERATIONS = 12;

const CHEAP_CALLS = new Set([
	...["AND", "OR", "NOT", "IS TRUE", "IS NOT TRUE", "IS FALSE", "IS NOT FALSE"],
	...["=", "<>", "<", "<=", ">", ">=", "+", "-", "*", "NEGATE"],
]);

export const isCheap = (expr: Expr): boolean => operations(expr) <= MAX_CHEAP_OPERATIONS;

function operations(expr: Expr): number {
	switch (expr.kind) {
		case "column":
		case "literal":
			return 0;
		case "call":
			return isCheapCall(expr.function, expr.args) ? 1 + sum(expr.args) : Number.POSITIVE_INFINITY;
		case "case":
			return 2 + sum([...expr.branches.flatMap(({ when, then }) => [when, then]), expr.otherwise]);
		default:
			return Number.POSITIVE_INFINITY;
	}
}

const sum = (exprs: readonly Expr[]) => exprs.reduce((total, expr) => total + operations(expr), 0);

function isCheapCall(name: string, args: readonly Expr[]): boolean {
	if (name === "IS NULL" || name === "IS NOT NULL") return true;
	if (!args.every(({ type }) => isMachineType(type)) || args.some(({ type }) => type.kind !== args[0]?.type.kind)) {
		return false;
	}
	if (name === "/" || name === "%") {
		const divisor = args[1];
		return divisor?.kind === "literal" && divisor.value !== null && Number(divisor.value) !== 0;
	}
	return CHEAP_CALLS.has(name);
}

const isMachineType = (type: SqlType) =>
	(isNumeric(type) && type.kind !== "DECIMAL") ||
	isInterval(type) ||
	["BOOLEAN", "DATE", "TIME", "TIMESTAMP", "TIMESTAMP_LTZ"].includes(type.kind);
