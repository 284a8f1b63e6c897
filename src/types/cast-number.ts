// CAST among BOOLEAN, integers, FLOAT, DOUBLE and DECIMAL. Integers wrap, doubles saturate at INT and BIGINT first,
// decimals round half up and are NULL when too big: Flink's rules.
import { EngineError } from "../errors.js";
import { decimalToNumber, exactToDecimal, parseDecimal, powerOfTen, toDecimal } from "./decimal.js";
import { doubleText } from "./double-text.js";
import { isInteger, type SqlType, type TypeOf } from "./sql-type.js";
import type { Value } from "./value.js";

type Convert = (value: Value) => Value;

const MIN_LONG = -(2n ** 63n);
const MAX_LONG = 2n ** 63n - 1n;

/** A double as a BIGINT: toward zero, saturating; NaN is 0. */
export function doubleToBigint(value: number): bigint {
	if (Number.isNaN(value)) return 0n;
	if (value >= 2 ** 63) return MAX_LONG;
	return value <= -(2 ** 63) ? MIN_LONG : BigInt(Math.trunc(value));
}

/** A double as an INTEGER: toward zero, saturating; NaN is 0. */
export function doubleToInteger(value: number): number {
	if (Number.isNaN(value)) return 0;
	return Math.max(-2_147_483_648, Math.min(2_147_483_647, Math.trunc(value))) + 0;
}

/** Wraps to the bits of an integer type below BIGINT. */
export function wrapInteger(kind: SqlType["kind"]): (value: number) => number {
	if (kind === "TINYINT") return (value) => (value << 24) >> 24;
	return kind === "SMALLINT" ? (value) => (value << 16) >> 16 : (value) => value | 0;
}

export const wrapBigint = (value: bigint): bigint => BigInt.asIntN(64, value);

/** Between numeric types and BOOLEAN; undefined when a type is none of them. */
export function numberCast(from: SqlType, to: SqlType): Convert | undefined {
	if (to.kind === "BOOLEAN") return toBoolean(from);
	if (from.kind === "BOOLEAN") return fromBoolean(to);
	if (isInteger(to)) return toInteger(from, to);
	if (to.kind === "DECIMAL") return toDecimalType(from, to);
	const toNumber = numberOf(from);
	if (toNumber === undefined) return undefined;
	if (to.kind === "FLOAT") return (value) => Math.fround(toNumber(value));
	return to.kind === "DOUBLE" ? toNumber : undefined;
}

function toBoolean(from: SqlType): Convert | undefined {
	if (from.kind === "BOOLEAN") return (value) => value;
	if (from.kind === "BIGINT" || from.kind === "DECIMAL") return (value) => value !== 0n;
	return numberOf(from) && ((value) => value !== 0);
}

function fromBoolean(to: SqlType): Convert | undefined {
	if (to.kind === "BIGINT") return (value) => (value ? 1n : 0n);
	if (to.kind === "DECIMAL") return (value) => (value ? toDecimal(1n, 0, to) : 0n);
	return numberOf(to) && ((value) => (value ? 1 : 0));
}

/** How a numeric value becomes the nearest double. */
export function numberOf(type: SqlType): ((value: Value) => number) | undefined {
	switch (type.kind) {
		case "TINYINT":
		case "SMALLINT":
		case "INTEGER":
		case "FLOAT":
		case "DOUBLE":
			return (value) => value as number;
		case "BIGINT":
			return (value) => Number(value as bigint);
		case "DECIMAL":
			return (value) => decimalToNumber(value as bigint, type.scale);
		default:
			return undefined;
	}
}

function toInteger(from: SqlType, to: SqlType): Convert | undefined {
	const wrap = wrapInteger(to.kind);
	const wide = to.kind === "BIGINT";
	switch (from.kind) {
		case "TINYINT":
		case "SMALLINT":
		case "INTEGER":
			return wide ? (value) => BigInt(value as number) : (value) => wrap(value as number);
		case "BIGINT":
			return wide ? (value) => value : (value) => wrap(Number(BigInt.asIntN(32, value as bigint)));
		case "FLOAT":
		case "DOUBLE":
			return wide ? (value) => doubleToBigint(value as number) : (value) => wrap(doubleToInteger(value as number));
		case "DECIMAL": {
			const unit = powerOfTen(from.scale);
			return wide
				? (value) => wrapBigint((value as bigint) / unit)
				: (value) => wrap(Number(BigInt.asIntN(32, (value as bigint) / unit)));
		}
		default:
			return undefined;
	}
}

function toDecimalType(from: SqlType, to: TypeOf<"DECIMAL">): Convert | undefined {
	switch (from.kind) {
		case "TINYINT":
		case "SMALLINT":
		case "INTEGER":
		case "BIGINT":
			return (value) => toDecimal(BigInt(value as number | bigint), 0, to);
		case "FLOAT":
		case "DOUBLE":
			return (value) => doubleToDecimal(value as number, to);
		case "DECIMAL":
			return (value) => toDecimal(value as bigint, from.scale, to);
		default:
			return undefined;
	}
}

/** Through the shortest text, as BigDecimal.valueOf(double). NaN and infinities are errors even for TRY_CAST. */
export function doubleToDecimal(value: number, to: { precision: number; scale: number }): bigint | null {
	const exact = parseDecimal(doubleText(value));
	if (exact === undefined) {
		throw new EngineError("INVALID_ARGUMENT", `${doubleText(value)} has no DECIMAL value`, {
			remedy: "Filter out NaN and infinite values first",
		});
	}
	return exactToDecimal(exact, to);
}
