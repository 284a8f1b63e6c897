// Numbers and times as the text formats write them: without trailing zeros, as Java prints what Flink hands it.
import { timestampText } from "../types/datetime-text.js";
import { decimalText } from "../types/decimal.js";
import type { TypeOf } from "../types/sql-type.js";
import type { Value } from "../types/value.js";

/** Of a text with a fraction. */
const withoutTrailingZeros = (text: string) => text.replace(/\.?0+$/, "");

/** `2020-12-30 12:13:14.12`; a TIMESTAMP_LTZ in UTC with Z. */
export function timestampDigits(value: Value, type: TypeOf<"TIMESTAMP" | "TIMESTAMP_LTZ">): string {
	const text = timestampText(value, type.precision);
	return (type.precision === 0 ? text : withoutTrailingZeros(text)) + (type.kind === "TIMESTAMP_LTZ" ? "Z" : "");
}

/** `12:13:14.12`. */
export const clockText = (ms: number) => withoutTrailingZeros(timestampText(ms, 3).slice(11));

/** All digits of the scale if `plain`; else the fewest, in scientific notation when very small or ending in zeros: `1E+3`. */
export function decimalDigits(value: bigint, scale: number, plain: boolean): string {
	if (plain) return decimalText(value, scale);
	if (value === 0n) return "0";
	let digits = (value < 0n ? -value : value).toString();
	const zeros = digits.length - digits.replace(/0+$/, "").length;
	digits = digits.slice(0, digits.length - zeros);
	const rest = scale - zeros;
	const exponent = digits.length - 1 - rest;
	const sign = value < 0n ? "-" : "";
	if (rest >= 0 && exponent >= -6) return sign + decimalText(BigInt(digits), rest);
	const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
	return `${sign}${digits[0]}${fraction}E${exponent < 0 ? "" : "+"}${exponent}`;
}
