// CSV → batches. Only the wanted columns are converted, so errors in others go unseen, as in Flink.
import type { Batch } from "../../arrow/batch.js";
import { RowKind } from "../../types/row-kind.js";
import type { SqlType } from "../../types/sql-type.js";
import type { Value } from "../../types/value.js";
import type { Region } from "../../wasm/region.js";
import { type DecodeContext, malformedRow, type StreamDecoder } from "../format.js";
import { RowBuffer } from "../row-buffer.js";
import type { CsvOptions } from "./options.js";
import { CsvMismatch, csvReader } from "./read-value.js";
import { type CsvRecord, CsvRecordReader, CsvSyntaxError } from "./record-reader.js";

export class CsvDecoder implements StreamDecoder {
	readonly #context: DecodeContext;
	readonly #options: CsvOptions;
	readonly #records: CsvRecordReader;
	readonly #rows: RowBuffer;
	readonly #columns: readonly ((fields: readonly string[]) => Value)[];

	constructor(context: DecodeContext, options: CsvOptions) {
		this.#context = context;
		this.#options = options;
		this.#records = new CsvRecordReader(options);
		this.#rows = new RowBuffer(context.output, false);
		this.#columns = context.projection.map((path) => columnReader(context, path, options));
	}

	push(bytes: Uint8Array): void {
		this.#records.push(bytes);
		this.#decode();
	}

	end(): void {
		this.#records.end();
		this.#decode();
		const { rest, line } = this.#records;
		if (rest !== "" && !this.#options.ignoreErrors) {
			throw malformedRow(this.#context.source, line, "a quoted field has no end", rest);
		}
	}

	take(region: Region, maxRows: number): Batch | null {
		return this.#rows.take(region, maxRows);
	}

	#decode(): void {
		for (;;) {
			const { line } = this.#records;
			let record: CsvRecord | undefined;
			try {
				record = this.#records.next();
				if (!record) return;
				const values = this.#read(record.fields);
				this.#rows.push(values, RowKind.INSERT);
			} catch (error) {
				if (!(error instanceof CsvMismatch || error instanceof CsvSyntaxError)) throw error;
				if (this.#options.ignoreErrors) continue;
				const text = record?.fields.join(this.#options.delimiter) ?? "";
				throw malformedRow(this.#context.source, record?.line ?? line, error.message, text);
			}
		}
	}

	#read(fields: readonly string[]): Value[] {
		const expected = this.#context.schema.length;
		if (fields.length > expected || (fields.length < expected && !this.#options.ignoreErrors)) {
			throw new CsvMismatch(`${fields.length} fields where the table has ${expected} columns`);
		}
		return this.#columns.map((read) => read(fields));
	}
}

function columnReader(
	{ schema }: DecodeContext,
	[index, ...rest]: readonly number[],
	options: CsvOptions,
): (fields: readonly string[]) => Value {
	const type = (schema[index as number] as { type: SqlType }).type;
	const read = csvReader(type, options);
	return (fields) => {
		const field = fields[index as number];
		let value = field === undefined ? null : read(field);
		for (const inner of rest) value = value === null ? null : ((value as readonly Value[])[inner] as Value);
		return value;
	};
}
