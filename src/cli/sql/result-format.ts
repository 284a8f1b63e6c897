// How rows are written to standard output: as a table for people, or as CSV, JSON lines or an Arrow stream for programs.
import type { Row } from "../../types/value.js";
import type { Schema } from "../../types/sql-type.js";
import { STRING } from "../../types/sql-type.js";
import { formatFor } from "../../formats/index.js";
import { arrowFormat } from "./arrow-format.js";
import { tableFormat } from "./table-format.js";

export const RESULT_FORMATS = ["table", "csv", "json", "arrow"] as const;
export type ResultFormat = (typeof RESULT_FORMATS)[number];

/** Writes one result. Each call gives what is to be written now. */
export interface ResultWriter {
	write(rows: readonly Row[]): string | Uint8Array;
	/** Writes what was kept back to find the widths of columns. */
	flush(): string | Uint8Array;
	finish(): string | Uint8Array;
}

export function resultWriter(format: ResultFormat, schema: Schema, timeZone: string): ResultWriter {
	switch (format) {
		case "table":
			return tableFormat(schema, timeZone);
		case "arrow":
			return arrowFormat(schema);
		default:
			return encoded(format, schema, timeZone);
	}
}

/** The formats that tables have: the same text for the same value. CSV gets a line of names here. */
function encoded(format: "csv" | "json", schema: Schema, timeZone: string): ResultWriter {
	const encoder = (columns: Schema) =>
		formatFor(format).encoder!({ schema: columns, columns: columns.map((_, index) => index), options: {}, timeZone });
	const rows = encoder(schema);
	const names = schema.map((field) => ({ name: field.name, type: STRING }));
	let header = format === "csv" ? encoder(names).encode([schema.map((field) => field.name)], undefined) : new Uint8Array();
	const withHeader = (body: Uint8Array) => {
		const all = Buffer.concat([header, body]);
		header = new Uint8Array();
		return all;
	};
	return {
		write: (chunk) => withHeader(rows.encode(chunk, undefined)),
		flush: () => "",
		finish: () => withHeader(new Uint8Array()),
	};
}
