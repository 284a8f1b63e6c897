// DECIMAL arithmetic on scaled bigints: Flink's result types (LogicalTypeMerging) and its rounding (half away from zero).
// A result that does not fit its precision is NULL, never an error.
import { decimal, MAX_DECIMAL_PRECISION, type SqlType, type TypeOf } from "./sql-type.js";

export type DecimalType = TypeOf<"DECIMAL">;

const MIN_ADJUSTED_SCALE = 6;

const POWERS: bigint[] = [1n];
for (let i = 1; i <= 90; i++) POWERS.push((POWERS[i - 1] as bigint) * 10n);

export const powerOfTen = (exponent: number): bigint => POWERS[exponent] ?? 10n ** BigInt(exponent);

const absolute = (value: bigint) => (value < 0n ? -value : value);

/** Quotient rounded half away from zero. */
export function divideHalfUp(dividend: bigint, divisor: bigint): bigint {
	const quotient = dividend / divisor;
	const remainder = dividend % divisor;
	if (absolute(remainder) * 2n < absolute(divisor)) return quotient;
	return dividend < 0n === divisor < 0n ? quotient + 1n : quotient - 1n;
}

/** The value at another scale, rounded half away from zero. */
export function rescale(value: bigint, from: number, to: number): bigint {
	if (from === to) return value;
	return from < to ? value * powerOfTen(to - from) : divideHalfUp(value, powerOfTen(from - to));
}

export const digitCount = (value: bigint): number =>
	value < 0n ? (-value).toString().length : value.toString().length;

/** The value if it fits `precision` digits, else NULL. */
export function fitPrecision(value: bigint, precision: number): bigint | null {
	const limit = powerOfTen(precision);
	return value < limit && value > -limit ? value : null;
}

/** The value at another precision and scale, or NULL when it does not fit. */
export function toDecimal(value: bigint, scale: number, to: { precision: number; scale: number }): bigint | null {
	return fitPrecision(rescale(value, scale, to.scale), to.precision);
}

/** Above 38 digits the fraction gives way, but keeps six digits if it had them. */
function adjusted(precision: number, scale: number): DecimalType {
	if (precision <= MAX_DECIMAL_PRECISION) return decimal(precision, scale);
	const integerDigits = precision - scale;
	const kept = Math.max(MAX_DECIMAL_PRECISION - integerDigits, Math.min(scale, MIN_ADJUSTED_SCALE));
	return decimal(MAX_DECIMAL_PRECISION, kept);
}

interface Digits {
	readonly precision: number;
	readonly scale: number;
}

export function sumType(left: Digits, right: Digits): DecimalType {
	const scale = Math.max(left.scale, right.scale);
	return adjusted(Math.max(left.precision - left.scale, right.precision - right.scale) + scale + 1, scale);
}

export function productType(left: Digits, right: Digits): DecimalType {
	return adjusted(left.precision + right.precision + 1, left.scale + right.scale);
}

export function quotientType(left: Digits, right: Digits): DecimalType {
	const scale = Math.max(MIN_ADJUSTED_SCALE, left.scale + right.precision + 1);
	return adjusted(left.precision - left.scale + right.scale + scale, scale);
}

export function remainderType(left: Digits, right: Digits): DecimalType {
	if (left.scale === 0 && right.scale === 0) return decimal(right.precision, 0);
	const scale = Math.max(left.scale, right.scale);
	return adjusted(Math.min(left.precision - left.scale, right.precision - right.scale) + scale, scale);
}

export function roundedType(type: Digits, digits: number): DecimalType {
	if (digits >= type.scale) return decimal(type.precision, type.scale);
	if (digits < 0) return decimal(Math.min(MAX_DECIMAL_PRECISION, 1 + type.precision - type.scale), 0);
	return decimal(1 + type.precision - type.scale + digits, digits);
}

/** The type that holds both without loss where 38 digits allow it (UNION, CASE); else the fraction gives way to all integer digits. */
export function commonDecimal(left: Digits, right: Digits): DecimalType {
	const integerDigits = Math.max(left.precision - left.scale, right.precision - right.scale);
	const scale = Math.min(Math.max(left.scale, right.scale), MAX_DECIMAL_PRECISION - integerDigits);
	return decimal(integerDigits + scale, scale);
}

/** The digits of an exact number's type: INT counts as DECIMAL(10, 0). */
export function exactDigits(type: SqlType): Digits | undefined {
	switch (type.kind) {
		case "TINYINT":
			return { precision: 3, scale: 0 };
		case "SMALLINT":
			return { precision: 5, scale: 0 };
		case "INTEGER":
			return { precision: 10, scale: 0 };
		case "BIGINT":
			return { precision: 19, scale: 0 };
		case "DECIMAL":
			return type;
		default:
			return undefined;
	}
}

/** `left ± right` at the scale of the result type. */
export function addDecimals(left: bigint, leftScale: number, right: bigint, rightScale: number, to: Digits) {
	const scale = Math.max(leftScale, rightScale);
	return toDecimal(rescale(left, leftScale, scale) + rescale(right, rightScale, scale), scale, to);
}

export function multiplyDecimals(left: bigint, leftScale: number, right: bigint, rightScale: number, to: Digits) {
	return toDecimal(left * right, leftScale + rightScale, to);
}

/** Flink first rounds the quotient to 38 significant digits, then to the result's scale. `right` is not zero. */
export function divideDecimals(left: bigint, leftScale: number, right: bigint, rightScale: number, to: Digits) {
	if (left === 0n) return 0n;
	// At `scale` the truncated quotient has at least 39 digits, so rounding to 38 sees what it needs.
	const scale = Math.max(to.scale, MAX_DECIMAL_PRECISION + 1 + digitCount(right) - digitCount(left) + leftScale);
	const exponent = scale + rightScale - leftScale;
	const numerator = exponent >= 0 ? left * powerOfTen(exponent) : left;
	const denominator = exponent >= 0 ? right : right * powerOfTen(-exponent);
	const surplus = digitCount(numerator / denominator) - MAX_DECIMAL_PRECISION;
	if (surplus <= 0) return toDecimal(divideHalfUp(numerator, denominator), scale, to);
	const rounded = divideHalfUp(numerator, denominator * powerOfTen(surplus));
	return scale >= surplus
		? toDecimal(rounded, scale - surplus, to)
		: toDecimal(rounded * powerOfTen(surplus - scale), 0, to);
}

/** Takes the dividend's sign. `right` is not zero. */
export function remainderDecimals(left: bigint, leftScale: number, right: bigint, rightScale: number, to: Digits) {
	const scale = Math.max(leftScale, rightScale);
	return toDecimal(rescale(left, leftScale, scale) % rescale(right, rightScale, scale), scale, to);
}

export function compareDecimals(left: bigint, leftScale: number, right: bigint, rightScale: number): number {
	const scale = Math.max(leftScale, rightScale);
	const a = rescale(left, leftScale, scale);
	const b = rescale(right, rightScale, scale);
	return a < b ? -1 : a > b ? 1 : 0;
}

/** ROUND: half away from zero at `digits` after (before, if negative) the point; the result has scale `toScale`. */
export function roundDecimal(value: bigint, scale: number, digits: number, toScale: number): bigint {
	if (digits >= scale) return rescale(value, scale, toScale);
	const unit = powerOfTen(scale - digits);
	return rescale(divideHalfUp(value, unit) * unit, scale, toScale);
}

/** TRUNCATE: toward zero. */
export function truncateDecimal(value: bigint, scale: number, digits: number, toScale: number): bigint {
	if (digits >= scale) return rescale(value, scale, toScale);
	const unit = powerOfTen(scale - digits);
	return rescale((value / unit) * unit, scale, toScale);
}

/** Floor to an integer (scale 0). */
export function floorDecimal(value: bigint, scale: number): bigint {
	const unit = powerOfTen(scale);
	const quotient = value / unit;
	return value < 0n && value % unit !== 0n ? quotient - 1n : quotient;
}

export const ceilDecimal = (value: bigint, scale: number): bigint => -floorDecimal(-value, scale);

/** Plain notation with exactly `scale` fraction digits: 1.50, -0.001. */
export function decimalText(value: bigint, scale: number): string {
	if (scale === 0) return value.toString();
	const digits = absolute(value)
		.toString()
		.padStart(scale + 1, "0");
	const point = digits.length - scale;
	return `${value < 0n ? "-" : ""}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** The nearest double. */
export const decimalToNumber = (value: bigint, scale: number): number =>
	scale === 0 ? Number(value) : Number(decimalText(value, scale));

/** `[unscaled, scale]` of a number in plain or scientific notation, exactly; undefined when it is none. */
export function parseDecimal(text: string): [unscaled: bigint, scale: number] | undefined {
	const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?$/.exec(text);
	if (match === null) return undefined;
	const [, sign, integer = "", fraction = "", exponent = "0"] = match;
	if (integer === "" && fraction === "") return undefined;
	const digits = BigInt(integer + fraction);
	return [sign === "-" ? -digits : digits, fraction.length - Number(exponent)];
}

/** An exact `[unscaled, scale]` (any scale, negative too) as a DECIMAL, or NULL when it does not fit. */
export function exactToDecimal([unscaled, scale]: readonly [bigint, number], to: Digits): bigint | null {
	if (unscaled === 0n) return 0n;
	const integerDigits = digitCount(unscaled) - scale;
	if (integerDigits > to.precision - to.scale + 1) return null;
	if (integerDigits < -to.scale - 1) return 0n;
	return toDecimal(unscaled, scale, to);
}
