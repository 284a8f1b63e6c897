// Decoded values waiting to become batches, column by column.
import { type Batch, emptyBatch } from "../arrow/batch.js";
import { writeColumn } from "../arrow/values.js";
import type { RowKind } from "../types/row-kind.js";
import type { Schema } from "../types/sql-type.js";
import type { Value } from "../types/value.js";
import type { Region } from "../wasm/region.js";

export class RowBuffer {
	readonly #schema: Schema;
	readonly #hasKinds: boolean;
	#columns: Value[][];
	#kinds: RowKind[] = [];
	/** Rows already taken. */
	#start = 0;
	#length = 0;

	constructor(schema: Schema, hasKinds: boolean) {
		this.#schema = schema;
		this.#hasKinds = hasKinds;
		this.#columns = schema.map(() => []);
	}

	get waiting(): number {
		return this.#length - this.#start;
	}

	/** One value per output column. */
	push(values: readonly Value[], kind: RowKind): void {
		for (let i = 0; i < values.length; i++) (this.#columns[i] as Value[]).push(values[i] as Value);
		if (this.#hasKinds) this.#kinds.push(kind);
		this.#length++;
	}

	take(region: Region, maxRows: number): Batch | null {
		const length = Math.min(maxRows, this.waiting);
		if (length === 0) return null;
		const end = this.#start + length;
		const columns = this.#schema.map(({ type }, i) =>
			writeColumn(region, type, (this.#columns[i] as Value[]).slice(this.#start, end)),
		);
		let kinds = 0;
		if (this.#hasKinds) {
			kinds = region.arena.allocate(length);
			region.u8.set(this.#kinds.slice(this.#start, end), kinds);
		}
		this.#start = end;
		if (this.waiting === 0) this.#clear();
		return { ...emptyBatch([]), length, columns, kinds };
	}

	#clear(): void {
		this.#columns = this.#schema.map(() => []);
		this.#kinds = [];
		this.#start = 0;
		this.#length = 0;
	}
}
