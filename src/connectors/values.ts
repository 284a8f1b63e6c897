// In-process data: tables that the session registers from arrays, Arrow batches and async iterables. SQL cannot declare them.
import type { Batch } from "../arrow/batch.js";
import { batchKinds, batchToRows, rowsToBatch } from "../arrow/rows.js";
import { EngineError } from "../errors.js";
import { option, readOptions } from "../types/option.js";
import type { RowKind } from "../types/row-kind.js";
import type { Schema } from "../types/sql-type.js";
import type { Row, Value } from "../types/value.js";
import type { Region } from "../wasm/region.js";
import type { Connector, SourceContext, SourceReader } from "./connector.js";
import { projectedSchema } from "./projection.js";

/** Rows of all physical columns of the table, as internal values; `kinds` one per row, absent: all +I. */
export interface RowChunk {
	readonly rows: readonly Row[];
	readonly kinds?: readonly RowKind[] | undefined;
}

/** Rows that can be laid out as a batch of all physical columns without going through values. */
export interface BatchChunk {
	readonly length: number;
	build(region: Region): Batch;
}

/** What a table's handle stands for. Each scan asks for the data once; a live iterable may refuse the second time. */
export interface TableHandle {
	chunks(): Iterable<RowChunk | BatchChunk> | AsyncIterable<RowChunk | BatchChunk>;
}

const VALUES_OPTIONS = {
	"changelog-mode": option.enum(["insert", "upsert", "retract"], { default: "insert", doc: "Kinds of the rows." }),
	bounded: option.boolean({ default: true, doc: "Whether the data ends by itself." }),
	rows: option.integer({ min: 0, doc: "Number of rows, if known." }),
} as const;

const owner = { subject: "the 'values' connector" };

export const values: Connector = {
	name: "values",
	doc: "Data of this process, registered by the session.",
	options: VALUES_OPTIONS,
	describe(table) {
		const { "changelog-mode": changelog, bounded, rows } = readOptions(table.options, VALUES_OPTIONS, owner);
		return { changelog, bounded, maxParallelism: 1, ...(rows === undefined ? {} : { statistics: { rows } }) };
	},
	source: { open: (context) => new ValuesReader(context) },
	lookup: { kind: "scan" },
};

class ValuesReader implements SourceReader {
	readonly #context: SourceContext;
	readonly #schema: Schema;
	readonly #iterator: Iterator<RowChunk | BatchChunk> | AsyncIterator<RowChunk | BatchChunk> | undefined;
	#chunk: RowChunk | BatchChunk | undefined;
	/** Rows of the chunk already given. */
	#offset = 0;
	#ended = false;
	#taken = 0;
	#toSkip: number;

	constructor(context: SourceContext) {
		this.#context = context;
		this.#schema = projectedSchema(context.table, context.projection);
		this.#toSkip = Math.max(0, ...((context.startPosition ?? []) as readonly number[]));
		if (context.subtask === 0) this.#iterator = iteratorOf(handleOf(context));
		else this.#ended = true;
	}

	next(): Batch | null | Promise<void> {
		const { limit = Number.POSITIVE_INFINITY } = this.#context;
		if (this.#taken >= limit) return null;
		for (;;) {
			const batch = this.#chunk && this.#take(this.#chunk, limit - this.#taken);
			if (batch) return batch;
			if (this.#ended) return null;
			const waiting = this.#advance();
			if (waiting) return waiting;
		}
	}

	position(): number {
		return this.#taken;
	}

	async close(): Promise<void> {
		if (!this.#ended) await this.#iterator?.return?.();
		this.#ended = true;
	}

	#advance(): Promise<void> | undefined {
		const next = this.#iterator?.next();
		if (next instanceof Promise) return next.then((result) => this.#accept(result));
		this.#accept(next as IteratorResult<RowChunk | BatchChunk>);
		return undefined;
	}

	#accept({ done, value }: IteratorResult<RowChunk | BatchChunk>): void {
		this.#offset = 0;
		this.#ended = done === true;
		this.#chunk = done ? undefined : value;
	}

	/** The next rows of the chunk that were not given before; undefined when there are none left. */
	#take(chunk: RowChunk | BatchChunk, limit: number): Batch | undefined {
		const total = "rows" in chunk ? chunk.rows.length : chunk.length;
		const skipped = Math.min(this.#toSkip, total - this.#offset);
		this.#toSkip -= skipped;
		this.#taken += skipped;
		this.#offset += skipped;
		if (this.#offset >= total) return undefined;
		const batch = "rows" in chunk ? this.#takeRows(chunk, limit) : this.#takeBatch(chunk, limit);
		this.#offset += batch.length;
		this.#taken += batch.length;
		return batch;
	}

	#takeRows({ rows, kinds }: RowChunk, limit: number): Batch {
		const { region, projection, batchRows } = this.#context;
		const end = this.#offset + Math.min(batchRows, limit);
		const projected = rows
			.slice(this.#offset, end)
			.map((row) =>
				projection.map(([index, ...rest]) =>
					rest.reduce<Value>(
						(value, inner) => (value as readonly Value[] | null)?.[inner] ?? null,
						row[index!] ?? null,
					),
				),
			);
		return rowsToBatch(region, this.#schema, projected, kinds?.slice(this.#offset, end));
	}

	/** A whole batch is passed on as it is; parts of one and nested paths go through values. */
	#takeBatch(chunk: BatchChunk, limit: number): Batch {
		const { region, projection } = this.#context;
		const batch = chunk.build(region);
		if (this.#offset === 0 && limit >= batch.length && projection.every((path) => path.length === 1)) {
			return { ...batch, columns: projection.map(([index]) => batch.columns[index!]!) };
		}
		const kinds = batch.kinds === 0 ? undefined : batchKinds(region, batch);
		const rows = { rows: batchToRows(region, batch), kinds };
		this.#chunk = rows;
		return this.#takeRows(rows, limit);
	}
}

function handleOf({ table, handles }: SourceContext): TableHandle {
	const handle = table.handle === undefined ? undefined : handles.get(table.handle);
	if (handle) return handle as TableHandle;
	throw new EngineError("CONNECTOR", `the data of table '${table.path.at(-1)}' is not in this process`, {
		remedy: "Tables with connector 'values' are made by session.registerTable",
	});
}

function iteratorOf(handle: TableHandle) {
	const chunks = handle.chunks();
	return Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
}
