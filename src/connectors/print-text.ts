// A value as Flink's `print` sink shows it: Java's text of the value, `null` for NULL, nested rows as `+I[1, a]`.
import { timestampText } from "../types/datetime-text.js";
import { decimalText } from "../types/decimal.js";
import type { SqlType } from "../types/sql-type.js";
import type { Value } from "../types/value.js";
import { valueText } from "../types/value-text.js";

export function printText(value: Value, type: SqlType): string {
	if (value === null) return "null";
	switch (type.kind) {
		case "DECIMAL":
			return decimalText(value as bigint, type.scale);
		case "TIMESTAMP":
			return javaTime(timestampText(value, type.precision)).replace(/:00$/, "").replace(" ", "T");
		case "TIMESTAMP_LTZ":
			return `${javaTime(timestampText(value, type.precision)).replace(" ", "T")}Z`;
		case "BINARY":
		case "VARBINARY":
		case "BITMAP":
			return `[${[...(value as Uint8Array)].map((byte) => (byte << 24) >> 24).join(", ")}]`;
		case "ARRAY":
			return `[${(value as readonly Value[]).map((item) => printText(item, type.element)).join(", ")}]`;
		case "MAP":
			return entriesText(value as readonly [Value, Value][], type.key, type.value);
		case "MULTISET":
			return entriesText(value as readonly [Value, Value][], type.element, { kind: "INTEGER", nullable: false });
		case "ROW": {
			const items = (value as readonly Value[]).map((item, i) => printText(item, type.fields[i]!.type));
			return `+I[${items.join(", ")}]`;
		}
		default:
			return valueText(value, type);
	}
}

const entriesText = (entries: readonly (readonly [Value, Value])[], key: SqlType, value: SqlType) =>
	`{${entries.map(([name, item]) => `${printText(name, key)}=${printText(item, value)}`).join(", ")}}`;

/** Fractions have three, six or nine digits, or none. */
function javaTime(text: string): string {
	const [seconds, fraction = ""] = text.split(".");
	const digits = fraction.replace(/0+$/, "");
	return digits === "" ? seconds! : `${seconds}.${digits.padEnd(Math.ceil(digits.length / 3) * 3, "0")}`;
}
