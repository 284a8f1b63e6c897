// The format contract: bytes ⇄ rows. A format is one object listed in formats/index.ts; it knows no files and no Node.
import type { Batch, Column } from "../arrow/batch.js";
import { batchKinds } from "../arrow/rows.js";
import { readColumn } from "../arrow/values.js";
import { EngineError } from "../errors.js";
import type { Expr } from "../types/expr.js";
import type { OptionDescriptions } from "../types/option.js";
import type { ChangelogMode, RowKind } from "../types/row-kind.js";
import type { Schema } from "../types/sql-type.js";
import type { Row, Value } from "../types/value.js";
import type { Region } from "../wasm/region.js";

export interface Format extends FormatDescription, FormatCode {
	/** Brings in the code; awaited before any of it is looked at. */
	load(): Promise<unknown>;
}

export interface FormatDescription {
	/** The value of the 'format' option; its options are prefixed with it in the WITH clause. */
	readonly name: string;
	readonly doc: string;
	readonly options: OptionDescriptions;
	/** What decoding gives and encoding takes. */
	readonly changelog: ChangelogMode;
}

export interface FormatCode {
	/** For formats that are read from the first byte to the last. */
	decoder?(context: DecodeContext): StreamDecoder;
	/** For formats that are read here and there. */
	fileDecoder?(context: DecodeContext, file: RandomAccessFile): FileDecoder;
	encoder?(context: EncodeContext): Encoder;
	/** For formats of one text per row: what `encoder` writes, row by row. */
	rowWriter?(context: EncodeContext): RowWriter;
}

/** A format whose code comes with the first job that needs it. */
export function format(description: FormatDescription, code: () => Promise<FormatCode>): Format {
	const made: Format = { ...description, load: async () => Object.assign(made, await code()) };
	return made;
}

/** The text of a row, line end included. `values`: those of the written columns, in order. */
export type RowWriter = (values: Row, kind: RowKind) => string;

export interface DecodeContext {
	/** All physical columns of the data, in order. */
	readonly schema: Schema;
	/** What is wanted, in order: a column index, then ROW field indexes. */
	readonly projection: readonly (readonly number[])[];
	/** Names and types of what is wanted. */
	readonly output: Schema;
	/** Conjuncts over the columns of `output`: rows for which one is not TRUE may be left out. */
	readonly filters: readonly Expr[];
	/** Without the format's prefix. */
	readonly options: Readonly<Record<string, string>>;
	readonly timeZone: string;
	/** What is read, for error messages: a file's path. */
	readonly source: string;
}

/** Turns decoded rows into batches. */
export interface BatchSource {
	/** Up to `maxRows` rows that are decoded and not yet taken, in the arena; null when there are none. */
	take(region: Region, maxRows: number): Batch | null;
}

export interface StreamDecoder extends BatchSource {
	/** The next bytes; they may be overwritten once this returns. */
	push(bytes: Uint8Array): void;
	/** There are no more. */
	end(): void;
}

export interface RandomAccessFile {
	readonly byteLength: number;
	slice(start: number, end?: number): Promise<ArrayBuffer>;
}

export interface FileDecoder extends BatchSource {
	/** Decodes the next piece; false when there is none. */
	load(): Promise<boolean>;
	/** Gives back the memory that it holds in the region of the batches taken; nothing is called afterwards. */
	dispose?(): void;
}

export interface EncodeContext {
	readonly schema: Schema;
	/** Columns that are written, in order (a partitioned table's files hold the others only). */
	readonly columns: readonly number[];
	readonly options: Readonly<Record<string, string>>;
	readonly timeZone: string;
}

/** Encodes one file. */
export interface Encoder {
	/**
	 * The bytes to write for some rows; none yet when the format collects rows. The batch is borrowed until the call returns. Bytes that
	 * are given at once may lie in the region's memory: they are to be copied before anything else is done there.
	 */
	encode(region: Region, batch: Batch): Uint8Array | Promise<Uint8Array>;
	/** What comes after the last row. */
	finish(): Uint8Array | Promise<Uint8Array>;
	/** In place of `finish`: gives back the memory that it holds in the region of the batches. */
	dispose?(): void;
}

/** An encoder that writes each row as a text. */
export function textEncoder({ columns }: EncodeContext, write: RowWriter): Encoder {
	const encoder = new TextEncoder();
	return {
		encode(region, batch) {
			const values = columns.map((index) => readColumn(region, batch.columns[index] as Column, batch.length));
			const kinds = batchKinds(region, batch);
			let text = "";
			for (let row = 0; row < batch.length; row++) {
				text += write(
					values.map((column) => column[row] as Value),
					kinds[row] as RowKind,
				);
			}
			return encoder.encode(text);
		},
		finish: () => new Uint8Array(),
	};
}

/** The columns that are written. */
export const writtenFields = ({ schema, columns }: EncodeContext): Schema =>
	columns.map((index) => schema[index] as Schema[number]);

/** A row that is not what the table's schema says. `line` is 1-based. */
export function malformedRow(source: string, line: number, problem: string, text: string): EngineError {
	const shown = text.length > 200 ? `${text.slice(0, 200)}…` : text;
	return new EngineError("MALFORMED_ROW", `line ${line} of ${source}: ${problem}: ${shown}`, {
		row: line - 1,
		remedy: "Mend the file, or set the format's 'ignore-parse-errors' to true",
	});
}
