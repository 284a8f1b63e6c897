// Which expressions are worth evaluating on all rows, though some rows do not need them: a few SIMD operations that cannot fail.
import type { Expr } from "../../types/expr.js";
import { isCharacter, isInteger, isInterval, isNumeric, type SqlType } from "../../types/sql-type.js";
import { sameKind } from "../../types/type-text.js";

/** Beyond this many operations, picking the rows that need the value costs less. */
const MAX_CHEAP_OPERATIONS = 12;

const CHEAP_CALLS = new Set([
	...["AND", "OR", "NOT", "IS TRUE", "IS NOT TRUE", "IS FALSE", "IS NOT FALSE"],
	...["+", "-", "*", "NEGATE"],
]);
/** Of a TIMESTAMP: a few multiplications. */
const CLOCK_FIELDS = new Set(["HOUR", "MINUTE", "SECOND"]);
const EQUALITY = new Set(["=", "<>"]);
const COMPARISONS = new Set(["=", "<>", "<", "<=", ">", ">="]);

export const isCheap = (expr: Expr): boolean => operations(expr) <= MAX_CHEAP_OPERATIONS;

function operations(expr: Expr): number {
	switch (expr.kind) {
		case "column":
		case "literal":
			return 0;
		case "call":
			return callCost(expr.function, expr.args) + sum(expr.args);
		case "cast":
			return castCost(expr.input.type, expr.type) + operations(expr.input);
		case "case":
			return 2 + sum([...expr.branches.flatMap(({ when, then }) => [when, then]), expr.otherwise]);
		default:
			return DEAR;
	}
}

const DEAR = Number.POSITIVE_INFINITY;

const sum = (exprs: readonly Expr[]) => exprs.reduce((total, expr) => total + operations(expr), 0);

function callCost(name: string, args: readonly Expr[]): number {
	if (name === "IS NULL" || name === "IS NOT NULL") return 1;
	const types = args.map((arg) => arg.type);
	if (CLOCK_FIELDS.has(name)) return types[0]?.kind === "TIMESTAMP" ? 4 : DEAR;
	if (types.every(isCharacter)) return EQUALITY.has(name) ? 3 : COMPARISONS.has(name) ? 5 : DEAR;
	if (types.every(({ kind }) => kind === "DECIMAL")) return COMPARISONS.has(name) || "+-*".includes(name) ? 3 : DEAR;
	if (!types.every(isMachineType) || types.some(({ kind }) => kind !== types[0]?.kind)) return DEAR;
	if (name === "/" || name === "%") return isNonZero(args[1]) ? 3 : DEAR;
	return CHEAP_CALLS.has(name) || COMPARISONS.has(name) ? 1 : DEAR;
}

const isNonZero = (divisor: Expr | undefined) =>
	divisor?.kind === "literal" && divisor.value !== null && Number(divisor.value) !== 0;

/** Exact numbers among each other, and to DOUBLE: never an error. */
function castCost(from: SqlType, to: SqlType): number {
	if (sameKind(from, to)) return 0;
	const isExact = (type: SqlType) => isInteger(type) || type.kind === "DECIMAL";
	return isExact(from) && (isExact(to) || to.kind === "DOUBLE") ? 3 : DEAR;
}

const isMachineType = (type: SqlType) =>
	(isNumeric(type) && type.kind !== "DECIMAL") ||
	isInterval(type) ||
	["BOOLEAN", "DATE", "TIME", "TIMESTAMP", "TIMESTAMP_LTZ"].includes(type.kind);
