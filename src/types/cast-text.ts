// CAST from and to CHAR and VARCHAR. Readers give undefined for text that is no value of the type.

import { floorMod, timestampMs, timestampNanos, timestampOf } from "./datetime.js";
import {
	dateText,
	dayTimeText,
	localTimestampValue,
	parseDate,
	parseTime,
	parseTimestamp,
	timestampText,
	timeText,
	yearMonthText,
} from "./datetime-text.js";
import { decimalText, divideHalfUp, exactToDecimal, parseDecimal, powerOfTen } from "./decimal.js";
import { doubleText, floatText, parseDouble } from "./double-text.js";
import type { SqlType, TypeOf } from "./sql-type.js";
import { localToUtc, type TimeZone, utcToLocal } from "./time-zone.js";
import { codePointLength, decodeUtf8, encodeUtf8, sliceCodePoints } from "./utf8.js";
import type { Value } from "./value.js";

type Read = (text: string) => Value | undefined;

/** How text becomes a value of a type; undefined when CAST knows no such pair. */
export function textReader(to: SqlType, zone: () => TimeZone): Read | undefined {
	switch (to.kind) {
		case "BOOLEAN":
			return readBoolean;
		case "TINYINT":
			return integerReader(-128n, 127n);
		case "SMALLINT":
			return integerReader(-32_768n, 32_767n);
		case "INTEGER":
			return integerReader(-2_147_483_648n, 2_147_483_647n);
		case "BIGINT":
			return (text) => readInteger(text, -(2n ** 63n), 2n ** 63n - 1n);
		case "FLOAT":
			return (text) => {
				const value = parseDouble(text);
				return value === undefined ? undefined : Math.fround(value);
			};
		case "DOUBLE":
			return parseDouble;
		case "DECIMAL":
			return (text) => readDecimal(text, to);
		case "DATE":
			return parseDate;
		case "TIME": {
			const step = 10 ** Math.max(0, 3 - to.precision);
			return (text) => {
				const ms = parseTime(text);
				return ms === undefined ? undefined : ms - floorMod(ms, step);
			};
		}
		case "TIMESTAMP":
			return (text) => {
				const parsed = parseTimestamp(text);
				return parsed && localTimestampValue(parsed, to.precision);
			};
		case "TIMESTAMP_LTZ":
			return (text) => {
				const parsed = parseTimestamp(text);
				return parsed && localTimestampValue({ ...parsed, ms: localToUtc(zone(), parsed.ms) }, to.precision);
			};
		case "BINARY":
		case "VARBINARY":
			return (text) => fitBytes(encodeUtf8(text), to);
		default:
			return undefined;
	}
}

const TRUE_WORDS = new Set(["t", "true", "y", "yes", "1"]);
const FALSE_WORDS = new Set(["f", "false", "n", "no", "0"]);

function readBoolean(text: string): boolean | undefined {
	const word = text.toLowerCase();
	return TRUE_WORDS.has(word) ? true : FALSE_WORDS.has(word) ? false : undefined;
}

function integerReader(min: bigint, max: bigint): Read {
	return (text) => {
		const value = readInteger(text, min, max);
		return value === undefined ? undefined : Number(value);
	};
}

/** Blanks around are fine; a fraction is checked and cut off (`1.5` is 1, `.5` is 0). */
function readInteger(text: string, min: bigint, max: bigint): bigint | undefined {
	const match = /^ *([+-]?\d*)(?:\.\d*)? *$/.exec(text);
	const digits = match?.[1];
	if (match === null || digits === undefined || (match[0].trim() === digits && !/\d/.test(digits))) return undefined;
	const value = /\d/.test(digits) ? BigInt(digits.replace("+", "")) : 0n;
	return value >= min && value <= max ? value : undefined;
}

const SHORT_DECIMAL = /^[ \n\t]*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d*))?[^\d.\u0080-\uffff]?[ \n\t]*$/;

/**
 * Up to 18 digits and bytes Flink scans the bytes itself: it counts leading zeros as digits ('0.3' overflows
 * DECIMAL(3, 3)), ignores one character after the number ('1.5f'), and rounds after the check for overflow.
 */
function readDecimal(text: string, to: TypeOf<"DECIMAL">): bigint | undefined {
	if (to.precision > 18 || encodeUtf8(text).length > 18) {
		const exact = parseDecimal(text.replace(/^[ \n\t]+|[ \n\t]+$/g, "").replace(/\p{Nd}/gu, latinDigit));
		return exact === undefined ? undefined : (exactToDecimal(exact, to) ?? undefined);
	}
	const match = SHORT_DECIMAL.exec(text);
	if (match === null || /^[ \n\t]*[+-]?$/.test(text)) return undefined;
	const [, sign, integer = "", fraction = "", power = ""] = match;
	const digits = BigInt(`${integer}${fraction}` || "0");
	const exponent = /\d/.test(power) ? Number(power) : 0;
	const change = exponent - fraction.length + to.scale;
	if (integer.length + fraction.length + change > to.precision) return undefined;
	const unscaled = change >= 0 ? digits * powerOfTen(change) : divideHalfUp(digits, powerOfTen(-change));
	return sign === "-" ? -unscaled : unscaled;
}

/** Decimal digits of any script stand in runs of ten in Unicode. */
function latinDigit(digit: string): string {
	const start = digit.codePointAt(0) as number;
	let zero = start;
	while (start - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
	return String(start - zero);
}

/** How a value of a type becomes the text of CAST(… AS STRING); undefined when CAST knows no such pair. */
export function textWriter(from: SqlType, zone: () => TimeZone): ((value: Value) => string) | undefined {
	switch (from.kind) {
		case "CHAR":
		case "VARCHAR":
			return (value) => value as string;
		case "BOOLEAN":
			return (value) => (value ? "TRUE" : "FALSE");
		case "TINYINT":
		case "SMALLINT":
		case "INTEGER":
		case "BIGINT":
			return String;
		case "FLOAT":
			return (value) => floatText(value as number);
		case "DOUBLE":
			return (value) => doubleText(value as number);
		case "DECIMAL":
			return (value) => decimalText(value as bigint, from.scale);
		case "DATE":
			return (value) => dateText(value as number);
		case "TIME":
			return (value) => timeText(value as number, from.precision);
		case "TIMESTAMP":
			return (value) => timestampText(value, from.precision);
		case "TIMESTAMP_LTZ":
			return (value) => {
				const ms = utcToLocal(zone(), timestampMs(value, from.precision));
				return timestampText(timestampOf(ms, timestampNanos(value, from.precision), from.precision), from.precision);
			};
		case "INTERVAL_YEAR_MONTH":
			return (value) => yearMonthText(value as number);
		case "INTERVAL_DAY_TIME":
			return (value) => dayTimeText(value as number);
		case "BINARY":
		case "VARBINARY":
			return (value) => decodeUtf8(value as Uint8Array);
		default:
			return nestedWriter(from, zone);
	}
}

function nestedWriter(from: SqlType, zone: () => TimeZone): ((value: Value) => string) | undefined {
	const writer = (type: SqlType) => {
		const write = textWriter(type, zone);
		return write && ((value: Value) => (value === null ? "NULL" : write(value)));
	};
	switch (from.kind) {
		case "ARRAY": {
			const write = writer(from.element);
			return write && ((value) => `[${(value as readonly Value[]).map(write).join(", ")}]`);
		}
		case "MAP":
			return entriesWriter(writer(from.key), writer(from.value));
		case "MULTISET":
			return entriesWriter(writer(from.element), String);
		case "ROW": {
			const writers = from.fields.map((field) => writer(field.type));
			if (writers.includes(undefined)) return undefined;
			return (value) => `(${(value as readonly Value[]).map((item, i) => writers[i]?.(item)).join(", ")})`;
		}
		default:
			return undefined;
	}
}

function entriesWriter(key: ((value: Value) => string) | undefined, item: ((value: Value) => string) | undefined) {
	if (key === undefined || item === undefined) return undefined;
	return (value: Value) => {
		const entries = value as readonly (readonly [Value, Value])[];
		return `{${entries.map(([k, v]) => `${key(k)}=${item(v)}`).join(", ")}}`;
	};
}

/** Cuts to the length of a CHAR or VARCHAR (in code points); CHAR pads with blanks. */
export function fitText(to: TypeOf<"CHAR" | "VARCHAR">): (text: string) => string {
	const { length } = to;
	const pad = to.kind === "CHAR";
	return (text) => {
		if (!pad && text.length <= length) return text;
		const count = codePointLength(text);
		if (count > length) return sliceCodePoints(text, 0, length);
		return pad && count < length ? text + " ".repeat(length - count) : text;
	};
}

/** Cuts to the length of a BINARY or VARBINARY; BINARY pads with zeros. */
export function fitBytes(bytes: Uint8Array, to: TypeOf<"BINARY" | "VARBINARY">): Uint8Array {
	if (bytes.length > to.length) return bytes.slice(0, to.length);
	if (to.kind === "VARBINARY" || bytes.length === to.length) return bytes;
	const padded = new Uint8Array(to.length);
	padded.set(bytes);
	return padded;
}
