// Rows kept with their sort words, named by their addresses: | 8 bytes for the user | words u64 … | columns … |.
import type { Column } from "../../arrow/batch.js";
import { takeColumn } from "../../arrow/take.js";
import type { Schema } from "../../types/sql-type.js";
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import { gatherColumn, scatterColumn } from "../state/row-columns.js";
import { type PackedFields, packFields } from "../state/row-layout.js";
import { RowStore } from "../state/row-store.js";
import { StringHeap } from "../state/string-heap.js";

const HEADER_BYTES = 64;
const WORDS_OFFSET = 8;

export class WordRows {
	readonly #region: Region;
	readonly #owner: MemoryOwner;
	readonly #header: number;
	readonly #fields: PackedFields;
	readonly #strings: StringHeap | undefined;
	readonly store: RowStore;

	constructor(region: Region, owner: MemoryOwner, schema: Schema, wordCount: number) {
		this.#region = region;
		this.#owner = owner;
		const start = this.wordAt(wordCount);
		const types = schema.map(({ type }) => type);
		this.#fields = packFields(types, start);
		this.#header = region.heap.allocateZeroed(HEADER_BYTES, owner);
		this.store = new RowStore(region, owner, this.#header, start + this.#fields.bytes);
		this.#strings = this.#fields.views > 0 ? new StringHeap(region, owner) : undefined;
	}

	offsetOf(column: number): number {
		return this.#fields.fields[column]!.offset;
	}

	/** Offset of the word with this number. */
	wordAt(index: number): number {
		return WORDS_OFFSET + index * 8;
	}

	/** Writes the columns of taken rows. `indices`: the row numbers to take; 0: the first `n`. */
	write(columns: readonly Column[], indices: number, rows: number, n: number): void {
		if (n === 0) return;
		const { arena, kernels } = this.#region;
		const { fields, nullOffset } = this.#fields;
		const { stride } = this.store;
		const nullWord = nullOffset & ~7;
		if (nullOffset < stride) kernels.rowsClear(rows, n, nullWord, stride - nullWord);
		for (const [i, field] of fields.entries()) {
			const mark = arena.mark();
			const column = columns[i] as Column;
			scatterColumn(
				this.#region,
				indices === 0 ? column : takeColumn(this.#region, column, indices, n),
				n,
				rows,
				field,
			);
			if (field.physical === "view") this.#strings?.keep(rows, n, field.offset);
			arena.release(mark);
		}
	}

	gather(rows: number, n: number): Column[] {
		return this.#fields.fields.map((_, index) => this.column(index, rows, n));
	}

	column(index: number, rows: number, n: number): Column {
		return gatherColumn(this.#region, rows, n, this.#fields.fields[index]!);
	}

	/** Frees rows. */
	remove(rows: number, n: number): void {
		for (const { physical, offset } of this.#fields.fields) {
			if (physical === "view") this.#strings?.drop(rows, n, offset);
		}
		this.store.give(rows, n);
	}

	dispose(): void {
		this.store.clear();
		this.#strings?.dispose();
		this.#region.heap.free(this.#header, HEADER_BYTES, this.#owner);
	}
}
