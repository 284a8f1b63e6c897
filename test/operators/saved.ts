// A snapshot in memory: what one operator instance writes, another reads, as plain rows in between.
import type { Batch } from "../../src/arrow/batch.js";
import { batchToRows, rowsToBatch } from "../../src/arrow/rows.js";
import type { StateReader, StateWriter } from "../../src/operators/operator.js";
import type { Schema } from "../../src/types/sql-type.js";
import type { Row } from "../../src/types/value.js";
import type { Region } from "../../src/wasm/region.js";

type SavedTable = { readonly schema: Schema; readonly rows: Row[] };

export class Saved implements StateWriter, StateReader {
	readonly #tables = new Map<string, SavedTable>();
	readonly #values = new Map<string, unknown>();
	constructor(
		private readonly from: Region,
		readonly into: Region,
	) {}

	// biome-ignore lint/suspicious/noExplicitAny: one writer and reader for tests
	table(name: string, schema?: Schema, batches?: Iterable<Batch>): any {
		if (schema === undefined) return this.#read(name);
		const rows: Row[] = [];
		for (const batch of batches as Iterable<Batch>) rows.push(...batchToRows(this.from, batch));
		this.#tables.set(name, { schema, rows });
	}

	// biome-ignore lint/suspicious/noExplicitAny: as above
	value(name: string, ...value: unknown[]): any {
		if (value.length === 0) return structuredClone(this.#values.get(name));
		this.#values.set(name, structuredClone(value[0]));
	}

	*#read(name: string): Generator<Batch> {
		const table = this.#tables.get(name);
		if (!table) return;
		for (let from = 0; from < table.rows.length; from += 3) {
			const mark = this.into.arena.mark();
			yield rowsToBatch(this.into, table.schema, table.rows.slice(from, from + 3));
			this.into.arena.release(mark);
		}
	}
}
