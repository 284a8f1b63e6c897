// Reading and writing of Arrow IPC files and streams.
import type * as apache from "apache-arrow";
import type { Batch } from "../../arrow/batch.js";
import { BatchExporter } from "../../arrow/export.js";
import { importBatch } from "../../arrow/import.js";
import { arrowLibrary } from "../../arrow/library.js";
import { readColumn, writeColumn } from "../../arrow/values.js";
import { EngineError } from "../../errors.js";
import type { Schema } from "../../types/sql-type.js";
import type { Value } from "../../types/value.js";
import type { Region } from "../../wasm/region.js";
import {
	type DecodeContext,
	type EncodeContext,
	type Encoder,
	type FileDecoder,
	type FormatCode,
	type RandomAccessFile,
	writtenFields,
} from "../format.js";

export const arrow: FormatCode = {
	fileDecoder: (context, file) => new ArrowDecoder(context, file),
	encoder: arrowEncoder,
};

/** Columns are found by name, so that a file may have more of them or another order. */
class ArrowDecoder implements FileDecoder {
	readonly #context: DecodeContext;
	readonly #file: RandomAccessFile;
	/** Table columns that are read, each once. */
	readonly #columns: Schema;
	#batches: Iterator<apache.RecordBatch> | undefined;
	#current: apache.RecordBatch | undefined;
	#offset = 0;

	constructor(context: DecodeContext, file: RandomAccessFile) {
		const indexes = [...new Set(context.projection.map(([index]) => index))];
		this.#context = context;
		this.#file = file;
		this.#columns = indexes.map((index) => context.schema[index as number] as Schema[number]);
	}

	async load(): Promise<boolean> {
		if (!this.#batches) {
			const bytes = new Uint8Array(await this.#file.slice(0));
			this.#batches = this.#readable(() => arrowLibrary().RecordBatchReader.from(bytes))[Symbol.iterator]();
		}
		const batches = this.#batches;
		const { done, value } = this.#readable(() => batches.next());
		this.#current = done ? undefined : value;
		this.#offset = 0;
		return !done;
	}

	take(region: Region, maxRows: number): Batch | null {
		const batch = this.#current;
		if (!batch || this.#offset >= batch.numRows) return null;
		const part = batch.slice(this.#offset, Math.min(this.#offset + maxRows, batch.numRows));
		this.#offset += part.numRows;
		const indexes = this.#columns.map(({ name }) => this.#indexOf(part, name));
		const imported = importBatch(region, part.selectAt(indexes), this.#columns);
		return { ...imported, length: part.numRows, columns: this.#project(region, imported, part.numRows) };
	}

	#indexOf({ schema }: apache.RecordBatch, name: string): number {
		const index = schema.fields.findIndex((field) => field.name === name);
		if (index >= 0) return index;
		throw new EngineError("INVALID_SCHEMA", `${this.#context.source} has no column '${name}'`, {
			expected: `one of ${schema.fields.map((field) => field.name).join(", ")}`,
		});
	}

	#readable<T>(read: () => T): T {
		try {
			return read();
		} catch (cause) {
			const text = cause instanceof Error ? cause.message : String(cause);
			throw new EngineError("CONNECTOR", `${this.#context.source} is no Arrow file: ${text}`, { cause });
		}
	}

	#project(region: Region, batch: Batch, rows: number): Batch["columns"] {
		const { projection, schema, output } = this.#context;
		return projection.map(([index, ...rest], i) => {
			const { name } = schema[index as number] as Schema[number];
			const column = batch.columns[this.#columns.findIndex((field) => field.name === name)] as Batch["columns"][number];
			if (rest.length === 0) return column;
			const inner = (value: Value) =>
				rest.reduce<Value>((outer, at) => (outer as readonly Value[] | null)?.[at] ?? null, value);
			return writeColumn(region, (output[i] as Schema[number]).type, readColumn(region, column, rows).map(inner));
		});
	}
}

/** A sink for a writer that keeps the bytes, and a function that takes them out. */
function byteSink(): { sink: apache.AsyncByteQueue; take: () => Uint8Array } {
	const sink = new (arrowLibrary().AsyncByteQueue)();
	let chunks: Uint8Array[] = [];
	sink.write = (value) => void chunks.push(Uint8Array.from(value as Uint8Array));
	const take = () => {
		const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
		let at = 0;
		for (const chunk of chunks) {
			bytes.set(chunk, at);
			at += chunk.length;
		}
		chunks = [];
		return bytes;
	};
	return { sink, take };
}

function arrowEncoder(context: EncodeContext): Encoder {
	const exporter = new BatchExporter(writtenFields(context));
	const isStream = context.options.container?.toLowerCase() === "stream";
	const { RecordBatchStreamWriter, RecordBatchFileWriter } = arrowLibrary();
	const writer = isStream ? new RecordBatchStreamWriter() : new RecordBatchFileWriter();
	const { sink, take } = byteSink();
	writer.reset(sink, exporter.schema);
	return {
		encode(region, batch) {
			const columns = context.columns.map((index) => batch.columns[index] as Batch["columns"][number]);
			writer.write(exporter.export(region, { ...batch, columns }));
			return take();
		},
		finish() {
			writer.finish();
			return take();
		},
	};
}
