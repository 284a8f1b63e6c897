// One side of a join whose rows are only added.
import type { Batch, Column } from "../../arrow/batch.js";
import { asNullable, type Schema } from "../../types/sql-type.js";
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import { scatterColumn } from "../state/row-columns.js";
import { type PackedFields, packFields, roundUp } from "../state/row-layout.js";
import { RowStore } from "../state/row-store.js";
import { StringHeap } from "../state/string-heap.js";
import { COUNTERS, type KeptColumn, type KeptRows, readCounters, writePadding } from "./kept-rows.js";

const HEADER_BYTES = 64;

export interface SideOptions {
	readonly schema: Schema;
	/** Offset of the list in key rows. */
	readonly head: number;
	/** Rows of the other side may come out without one of this side. */
	readonly padded: boolean;
	/** The number of matches of each row matters. */
	readonly counted: boolean;
}

export class AppendSide implements KeptRows {
	readonly #region: Region;
	readonly #owner: MemoryOwner;
	readonly #header: number;
	readonly #store: RowStore;
	readonly #fields: PackedFields;
	readonly #strings: StringHeap | undefined;
	readonly head: number;
	readonly link = 0;
	readonly count = 0;
	readonly matches: number;
	readonly padding: number;
	readonly columns: readonly KeptColumn[];
	readonly counters = COUNTERS;

	constructor(region: Region, owner: MemoryOwner, { schema, head, padded, counted }: SideOptions) {
		this.#region = region;
		this.#owner = owner;
		this.head = head;
		this.matches = counted ? 8 : 0;
		const types = schema.map(({ type }) => (padded ? asNullable(type) : type));
		this.#fields = packFields(types, counted ? 16 : 8);
		this.columns = this.#fields.fields.map((field) => ({ ...field, isKey: false }));
		const stride = (counted ? 16 : 8) + this.#fields.bytes;
		this.#header = region.heap.allocateZeroed(HEADER_BYTES, owner);
		this.#store = new RowStore(region, owner, this.#header, stride);
		this.#strings = this.#fields.views > 0 ? new StringHeap(region, owner) : undefined;
		this.padding = 0;
		if (padded) {
			this.#store.grow();
			const mark = region.arena.mark();
			const rows = this.#store.take(1);
			this.padding = region.u32[rows >>> 2] as number;
			region.arena.release(mark);
			writePadding(region, this.padding, stride, this.columns);
		}
	}

	keep(batch: Batch, keyRows: number, matched: number): void {
		this.#add(batch.columns, batch.length, keyRows, matched);
	}

	saveCounters(rows: number, n: number): Column[] {
		return readCounters(this.#region, this, rows, n);
	}

	load(columns: readonly Column[], n: number, keyRows: number): void {
		this.#add(columns, n, keyRows, columns[this.columns.length + 1]?.data as number);
	}

	dispose(): void {
		this.#store.clear();
		this.#strings?.dispose();
		this.#region.heap.free(this.#header, HEADER_BYTES, this.#owner);
	}

	#add(columns: readonly Column[], n: number, keyRows: number, matched: number): void {
		const { kernels } = this.#region;
		const rows = this.#store.take(n);
		const { nullOffset } = this.#fields;
		const nullWord = nullOffset & ~7;
		const end = roundUp(this.#store.stride, 8);
		if (nullOffset < end) kernels.rowsClear(rows, n, nullWord, end - nullWord);
		for (const [i, field] of this.columns.entries()) {
			scatterColumn(this.#region, columns[i] as Column, n, rows, field);
			if (field.physical === "view") this.#strings?.keep(rows, n, field.offset);
		}
		if (this.matches > 0) {
			kernels.rowsClear(rows, n, this.matches, 8);
			if (matched !== 0) kernels.rowsWrite4(matched, 0, n, rows, this.matches, 0, 0);
		}
		kernels.listPush(keyRows, rows, n, this.head, this.link);
	}
}
