// PRINTF and HASH_CODE, which follow Java's String.

import { timestampText } from "../../types/datetime-text.js";
import { decimalText } from "../../types/decimal.js";
import { doubleText, floatText } from "../../types/double-text.js";
import { INTEGER, type SqlType, STRING } from "../../types/sql-type.js";
import type { Value } from "../../types/value.js";
import { ANY, family, TEXT } from "../define.js";
import { type FormatArgument, javaFormat } from "../java-format.js";

/** What Flink hands to Java's formatter: dates are their days, decimals only have a text. */
function argumentOf(type: SqlType): (value: Value) => FormatArgument {
	switch (type.kind) {
		case "BIGINT":
			return (value) => ({ kind: "integer", value: value as bigint, bits: 64 });
		case "TINYINT":
		case "SMALLINT":
		case "INTEGER":
		case "DATE":
		case "TIME": {
			const bits = type.kind === "TINYINT" ? 8 : type.kind === "SMALLINT" ? 16 : 32;
			return (value) => ({ kind: "integer", value: BigInt(value as number), bits });
		}
		case "FLOAT":
			return (value) => ({ kind: "double", value: value as number, text: floatText(value as number) });
		case "DOUBLE":
			return (value) => ({ kind: "double", value: value as number, text: doubleText(value as number) });
		case "BOOLEAN":
			return (value) => ({ kind: "boolean", value: value as boolean });
		case "DECIMAL":
			return (value) => ({ kind: "other", text: decimalText(value as bigint, type.scale) });
		case "TIMESTAMP":
		case "TIMESTAMP_LTZ":
			return (value) => ({ kind: "other", text: localDateTimeText(timestampText(value, type.precision)) });
		default:
			return (value) => ({ kind: "other", text: String(value) });
	}
}

/** java.time.LocalDateTime: no seconds if there are none, the fraction in groups of three digits. */
function localDateTimeText(text: string): string {
	const [head = "", fraction = ""] = text.replace(" ", "T").split(".");
	const digits = fraction.replace(/0+$/, "");
	if (digits === "") return head.replace(/:00$/, "");
	return `${head}.${digits.padEnd(Math.ceil(digits.length / 3) * 3, "0")}`;
}

const NULL_ARGUMENT: FormatArgument = { kind: "null" };

export const printfFunctions = family("string", [
	{
		name: "PRINTF",
		signatures: "PRINTF(format, any, ...) -> STRING",
		doc: "The values in a text by the format of Java's String.format; NULL where that fails.",
		example: "PRINTF('%d items, %s', 3, 'ok') = '3 items, ok'",
		nulls: "custom",
		parameters: [TEXT],
		rest: ANY,
		result: STRING,
		nullable: true,
		implement: ({ args }) => {
			const converts = args.slice(1).map((arg) => argumentOf(arg.type));
			return (format, ...values) => {
				if (format === null) return null;
				const given = values.map((value, i) =>
					value === null ? NULL_ARGUMENT : (converts[i] as (value: Value) => FormatArgument)(value),
				);
				return javaFormat(format as string, given) ?? null;
			};
		},
	},
	{
		name: "HASH_CODE",
		signatures: "HASH_CODE(string) -> INT",
		doc: "The magnitude of Java's hash code of a text.",
		example: "HASH_CODE('a') = 97",
		parameters: [TEXT],
		result: INTEGER,
		run: (text) => {
			let hash = 0;
			for (let i = 0; i < (text as string).length; i++)
				hash = (Math.imul(31, hash) + (text as string).charCodeAt(i)) | 0;
			return Math.abs(hash) | 0;
		},
	},
]);
