// Comparisons of an integer's decimal multiple with a literal, `0.908 * price > 1000000`, solved for the integer: `price > 1101321`.
import { powerOfTen } from "../../types/decimal.js";
import { type CallExpr, call, type Expr, literal } from "../../types/expr.js";
import type { SqlType } from "../../types/sql-type.js";

const MIRRORED: Readonly<Record<string, string>> = { ">": "<", ">=": "<=", "<": ">", "<=": ">=" };

/** 2^63 and 2^31: no integer of the type lies beyond. */
const LIMITS: Readonly<Partial<Record<SqlType["kind"], bigint>>> = { BIGINT: 1n << 63n, INTEGER: 1n << 31n };

/** `factor` · 10^-scale · `integer`, exactly. */
interface Multiple {
	readonly integer: Expr;
	readonly factor: bigint;
	readonly scale: number;
}

/** The same comparison on the integer; the comparison as it is where it has another form. */
export function solvedComparison(expr: Expr): Expr {
	if (expr.kind !== "call" || !(expr.function in MIRRORED)) return expr;
	const [left, right] = expr.args as readonly [Expr, Expr];
	return solve(expr, expr.function, left, right) ?? solve(expr, MIRRORED[expr.function] as string, right, left) ?? expr;
}

function solve({ type }: CallExpr, operator: string, left: Expr, right: Expr): Expr | undefined {
	if (right.kind !== "literal" || right.type.kind !== "DECIMAL" || typeof right.value !== "bigint") return undefined;
	const multiple = multipleOf(left);
	if (multiple === undefined || multiple.factor <= 0n) return undefined;
	const { integer, factor, scale } = multiple;
	const divisor = factor * powerOfTen(right.type.scale);
	const dividend = right.value * powerOfTen(scale);
	const floor = dividend / divisor - (dividend % divisor < 0n ? 1n : 0n);
	const isExact = dividend % divisor === 0n;
	const bound = operator === ">" || operator === "<=" || isExact ? floor : floor + 1n;
	const limit = LIMITS[integer.type.kind] as bigint;
	if (bound >= limit || bound < -limit) return undefined;
	const value = integer.type.kind === "BIGINT" ? bound : Number(bound);
	return call(operator, [integer, literal(value, { ...integer.type, nullable: false })], type);
}

/** Undefined unless the expression is an integer as DECIMAL, or such a one times a literal, whose result always fits its type. */
function multipleOf(expr: Expr): Multiple | undefined {
	if (expr.type.kind !== "DECIMAL") return undefined;
	const { precision, scale } = expr.type;
	const integer = integerOf(expr);
	if (integer !== undefined) return integer;
	if (expr.kind !== "call" || expr.function !== "*" || expr.user !== undefined) return undefined;
	for (const [one, other] of [expr.args, expr.args.toReversed()] as (readonly [Expr, Expr])[]) {
		const inner = integerOf(other);
		if (inner === undefined || one.kind !== "literal" || typeof one.value !== "bigint") continue;
		if (one.type.kind !== "DECIMAL" || one.type.scale !== scale) continue;
		const largest = (LIMITS[inner.integer.type.kind] as bigint) * (one.value < 0n ? -one.value : one.value);
		if (largest < powerOfTen(precision)) return { integer: inner.integer, factor: one.value, scale };
	}
	return undefined;
}

/** CAST(integer AS DECIMAL(p, 0)) where all its values fit. */
function integerOf(expr: Expr): Multiple | undefined {
	if (expr.kind !== "cast" || expr.type.kind !== "DECIMAL" || expr.type.scale !== 0) return undefined;
	const limit = LIMITS[expr.input.type.kind];
	if (limit === undefined || limit >= powerOfTen(expr.type.precision)) return undefined;
	return { integer: expr.input, factor: 1n, scale: 0 };
}
