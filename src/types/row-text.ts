// A row as one tab-separated line: the form of result files and digests. NULL is null, the string "NULL" is `\NULL`.
import type { Schema } from "./sql-type.js";
import type { Row } from "./value.js";
import { valueText } from "./value-text.js";

/** Tabs, line ends and backslashes inside strings are escaped, so that a row is one line. */
export function rowText(row: Row, schema: Schema): string {
	return schema
		.map(({ type }, index) => {
			const value = row[index]!;
			if (value === null || (type.kind !== "VARCHAR" && type.kind !== "CHAR")) return valueText(value, type);
			return value === "NULL" ? "\\NULL" : escaped(value as string);
		})
		.join("\t");
}

function escaped(text: string): string {
	if (!/[\\\t\n\r]/.test(text)) return text;
	return text.replaceAll("\\", "\\\\").replaceAll("\t", "\\t").replaceAll("\n", "\\n").replaceAll("\r", "\\r");
}
