// How rows are written to standard output: as a table for people, or as CSV, JSON lines or an Arrow stream for programs.
import { formatFor } from "../../formats/index.js";
import { RowKind } from "../../types/row-kind.js";
import type { Schema } from "../../types/sql-type.js";
import { STRING } from "../../types/sql-type.js";
import type { Row } from "../../types/value.js";
import { arrowWriter } from "./arrow-writer.js";
import { tableWriter } from "./table-writer.js";

export const RESULT_FORMATS = ["table", "csv", "json", "arrow"] as const;
export type ResultFormat = (typeof RESULT_FORMATS)[number];

/** Where results go. A promise is backpressure. */
export type WriteOut = (data: string | Uint8Array) => void | Promise<void>;

/** Writes one result. */
export interface ResultWriter {
	write(rows: readonly Row[]): void | Promise<void>;
	/** Shows what was kept back to find the widths of columns: nothing more may come for a while. */
	flush(): void | Promise<void>;
	finish(): void | Promise<void>;
}

export async function resultWriter(
	format: ResultFormat,
	schema: Schema,
	timeZone: string,
	out: WriteOut,
): Promise<ResultWriter> {
	switch (format) {
		case "table":
			return tableWriter(schema, timeZone, out);
		case "arrow":
			return arrowWriter(schema, out);
		default:
			return encodedWriter(format, schema, timeZone, out);
	}
}

/** The formats that tables have: the same text for the same value. CSV gets a line of names here. */
async function encodedWriter(
	format: "csv" | "json",
	schema: Schema,
	timeZone: string,
	out: WriteOut,
): Promise<ResultWriter> {
	await formatFor(format).load();
	const writerOf = (columns: Schema) =>
		formatFor(format).rowWriter!({ schema: columns, columns: columns.map((_, index) => index), options: {}, timeZone });
	const write = writerOf(schema);
	if (format === "csv") {
		const names = schema.map(({ name }) => ({ name, type: STRING }));
		await out(
			writerOf(names)(
				schema.map(({ name }) => name),
				RowKind.INSERT,
			),
		);
	}
	return {
		write: (rows) => out(rows.map((row) => write(row, RowKind.INSERT)).join("")),
		flush: () => {},
		finish: () => {},
	};
}
