// The format contract: bytes ⇄ rows. A format is one object listed in formats/index.ts; it knows no files and no Node.
import type { Batch } from "../arrow/batch.js";
import { EngineError } from "../errors.js";
import type { OptionDescriptions } from "../types/option.js";
import type { ChangelogMode, RowKind } from "../types/row-kind.js";
import type { Schema } from "../types/sql-type.js";
import type { Row } from "../types/value.js";
import type { Region } from "../wasm/region.js";

export interface Format {
	/** The value of the 'format' option; its options are prefixed with it in the WITH clause. */
	readonly name: string;
	readonly doc: string;
	readonly options: OptionDescriptions;
	/** What decoding gives and encoding takes. */
	readonly changelog: ChangelogMode;
	/** For formats that are read from the first byte to the last. */
	decoder?(context: DecodeContext): StreamDecoder;
	/** For formats that are read here and there. */
	fileDecoder?(context: DecodeContext, file: RandomAccessFile): FileDecoder;
	encoder?(context: EncodeContext): Encoder;
}

export interface DecodeContext {
	/** All physical columns of the data, in order. */
	readonly schema: Schema;
	/** What is wanted, in order: a column index, then ROW field indexes. */
	readonly projection: readonly (readonly number[])[];
	/** Names and types of what is wanted. */
	readonly output: Schema;
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
	/** The bytes of some rows, to be written at once; may be empty when the format collects rows. */
	encode(rows: readonly Row[], kinds: readonly RowKind[] | undefined): Uint8Array;
	/** What comes after the last row. */
	finish(): Uint8Array | Promise<Uint8Array>;
}

/** A row that is not what the table's schema says. `line` is 1-based. */
export function malformedRow(source: string, line: number, problem: string, text: string): EngineError {
	const shown = text.length > 200 ? `${text.slice(0, 200)}…` : text;
	return new EngineError("MALFORMED_ROW", `line ${line} of ${source}: ${problem}: ${shown}`, {
		row: line - 1,
		remedy: "Mend the file, or set the format's 'ignore-parse-errors' to true",
	});
}
