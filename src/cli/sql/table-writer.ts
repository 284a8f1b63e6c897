// Rows as a table drawn with + - |. Widths are found from the first rows, so that results can be printed as they come.
import { textWriter } from "../../types/cast-text.js";
import { isNumeric, type Schema, type SqlType } from "../../types/sql-type.js";
import { timeZoneOf } from "../../types/time-zone.js";
import type { Row, Value } from "../../types/value.js";
import { valueText } from "../../types/value-text.js";
import type { ResultWriter, WriteOut } from "./result-format.js";

/** Rows that are kept back for the widths at most. */
const SAMPLE_ROWS = 1000;

export function tableWriter(schema: Schema, timeZone: string, out: WriteOut): ResultWriter {
	const cells = schema.map(({ type }) => cellWriter(type, timeZone));
	const names = schema.map(({ name }) => name);
	let kept: string[][] | undefined = [];
	let widths: number[] = [];
	let rowCount = 0;

	const ruler = () => `+${widths.map((width) => "-".repeat(width + 2)).join("+")}+\n`;
	const line = (texts: readonly string[]) =>
		`|${texts.map((text, i) => ` ${padded(text, widths[i]!, isNumeric(schema[i]!.type))} `).join("|")}|\n`;
	const rowLines = (texts: readonly string[]) => {
		const parts = texts.map((text) => text.split("\n"));
		const height = Math.max(1, ...parts.map((part) => part.length));
		return Array.from({ length: height }, (_, i) => line(parts.map((part) => part[i] ?? ""))).join("");
	};
	const open = () => {
		if (kept === undefined) return "";
		const sample = kept;
		kept = undefined;
		widths = names.map((name, i) => Math.max(...[name, ...sample.flatMap((row) => row[i]!.split("\n"))].map(width)));
		return `${ruler()}${line(names)}${ruler()}${sample.map(rowLines).join("")}`;
	};
	return {
		write(rows) {
			rowCount += rows.length;
			const texts = rows.map((row: Row) => cells.map((cell, i) => cell(row[i] as Value)));
			if (kept === undefined) return out(texts.map(rowLines).join(""));
			kept.push(...texts);
			return kept.length >= SAMPLE_ROWS ? out(open()) : undefined;
		},
		flush: () => out(open()),
		finish: () => out(`${open()}${ruler()}${rowCount} row${rowCount === 1 ? "" : "s"} in set\n`),
	};
}

/** A whole table, line by line. */
export function tableLines(schema: Schema, timeZone: string, rows: readonly Row[]): string[] {
	let text = "";
	const writer = tableWriter(schema, timeZone, (data) => {
		text += data;
	});
	writer.write(rows);
	writer.flush();
	writer.finish();
	return text.split("\n").slice(0, -2);
}

/** The text of CAST(… AS STRING), as Flink's client shows cells. */
function cellWriter(type: SqlType, timeZone: string): (value: Value) => string {
	const write = textWriter(type, () => timeZoneOf(timeZone)) ?? ((value: Value) => valueText(value, type));
	const isBytes = type.kind === "BINARY" || type.kind === "VARBINARY";
	return (value) => (value === null ? "<NULL>" : isBytes ? valueText(value, type) : write(value));
}

function padded(text: string, columns: number, right: boolean): string {
	const blanks = " ".repeat(Math.max(0, columns - width(text)));
	return right ? blanks + text : text + blanks;
}

const WIDE =
	/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\p{Extended_Pictographic}]/u;

/** Columns on a terminal. */
function width(text: string): number {
	let columns = 0;
	for (const char of text) columns += WIDE.test(char) ? 2 : /\p{Mn}/u.test(char) ? 0 : 1;
	return columns;
}
