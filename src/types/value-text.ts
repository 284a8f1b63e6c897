// A value as Flink prints it in results: the text of the golden files. Differs from CAST to STRING (casts print
// every digit of a timestamp, TRUE for true); NULL is "NULL".
import { bitmapText } from "./bitmap.js";
import { dateText, timestampText } from "./datetime-text.js";
import { decimalText } from "./decimal.js";
import { doubleText, floatText } from "./double-text.js";
import type { SqlType } from "./sql-type.js";
import type { Value } from "./value.js";

/** The text of a value: `(1, a)` for a ROW, `[1, 2]` for an ARRAY, `{k=v}` sorted by the keys' text for a MAP, `x'0aff'` for bytes. */
export function valueText(value: Value, type: SqlType): string {
	if (value === null) return "NULL";
	switch (type.kind) {
		case "FLOAT":
			return floatText(value as number);
		case "DOUBLE":
			return doubleText(value as number);
		case "DECIMAL":
			return decimalText(value as bigint, type.scale);
		case "DATE":
			return dateText(value as number);
		case "TIME":
			return localTimeText(value as number);
		case "TIMESTAMP":
			return yearOfEra(withoutTrailingZeros(timestampText(value, type.precision)));
		case "TIMESTAMP_LTZ":
			return `${yearOfEra(withoutTrailingZeros(timestampText(value, type.precision)))}Z`;
		case "INTERVAL_YEAR_MONTH":
			return value === 0 ? "P0D" : `P${value}M`;
		case "INTERVAL_DAY_TIME":
			return durationText(value as number);
		case "BINARY":
		case "VARBINARY":
			return `x'${hexText(value as Uint8Array)}'`;
		case "BITMAP":
			return bitmapText(value as Uint8Array);
		case "ARRAY":
			return `[${(value as readonly Value[]).map((item) => valueText(item, type.element)).join(", ")}]`;
		case "MULTISET":
			return mapText(value as readonly [Value, Value][], type.element, { kind: "INTEGER", nullable: false });
		case "MAP":
			return mapText(value as readonly [Value, Value][], type.key, type.value);
		case "ROW":
			return `(${(value as readonly Value[]).map((item, i) => valueText(item, fieldType(type.fields, i))).join(", ")})`;
		default:
			return String(value);
	}
}

const fieldType = (fields: readonly { readonly type: SqlType }[], index: number): SqlType =>
	(fields[index] as { type: SqlType }).type;

function mapText(entries: readonly (readonly [Value, Value])[], keyType: SqlType, valueType: SqlType): string {
	const texts = entries.map(([key, value]) => [valueText(key, keyType), valueText(value, valueType)] as const);
	texts.sort(([left], [right]) => (left < right ? -1 : 1));
	return `{${texts.map(([key, value]) => `${key}=${value}`).join(", ")}}`;
}

/** java.time.LocalTime: seconds only if there are any, the fraction in groups of three digits. */
function localTimeText(value: number): string {
	const text = timestampText(value, 3).slice(11);
	if (!text.endsWith(".000")) return text;
	return text.endsWith(":00.000") ? text.slice(0, 5) : text.slice(0, 8);
}

const withoutTrailingZeros = (text: string) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);

/** The year before 0001 is 0001 again, then 0002: eras are not printed. */
const yearOfEra = (text: string) =>
	/^0000-|^-/.test(text) ? text.replace(/^-?\d+/, (year) => String(1 - Number(year)).padStart(4, "0")) : text;

/** java.time.Duration: `PT49H2M3S`, `PT-24H`, `PT0.005S`. */
function durationText(ms: number): string {
	if (ms === 0) return "PT0S";
	const sign = ms < 0 ? "-" : "";
	const magnitude = Math.abs(ms);
	const hours = Math.floor(magnitude / 3_600_000);
	const minutes = Math.floor(magnitude / 60_000) % 60;
	const seconds = (magnitude % 60_000) / 1000;
	const parts = [
		hours === 0 ? "" : `${sign}${hours}H`,
		minutes === 0 ? "" : `${sign}${minutes}M`,
		seconds === 0 ? "" : `${sign}${seconds}S`,
	];
	return `PT${parts.join("")}`;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Lower-case hexadecimal digits. */
export function hexText(bytes: Uint8Array): string {
	let text = "";
	for (const byte of bytes) text += HEX[byte];
	return text;
}
