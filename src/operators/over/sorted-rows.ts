// All rows of every partition, in order, with the results last sent for each. Layouts in assembly/order/sorted.ts.
import { BATCH_ROWS, type Batch, type Column } from "../../arrow/batch.js";
import { asNullable, type Schema, type SqlType } from "../../types/sql-type.js";
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import { batchRows } from "../rank/batch-rows.js";
import type { OrderWords } from "../rank/order-words.js";
import { GroupIndex } from "../state/group-index.js";
import { keyLayout } from "../state/key-layout.js";
import { gatherColumn, scatterColumn } from "../state/row-columns.js";
import { type PackedFields, packFields, RowLayout } from "../state/row-layout.js";
import { RowStore, type Rows } from "../state/row-store.js";
import { StringHeap } from "../state/string-heap.js";

const HEADER_BYTES = 64;
const WORDS_OFFSET = 16;
const FIRST_CAPACITY = 8;
/** Rows that may be touched before they are dealt with. */
const TOUCHED_ROOM = 1 << 15;

export interface SortedRowsOptions {
	readonly input: Schema;
	readonly partition: readonly number[];
	readonly words: OrderWords;
	/** How many rows after a row its coming and going touches. */
	readonly reach: number;
	readonly results: readonly SqlType[];
}

export class SortedRows {
	readonly #region: Region;
	readonly #owner: MemoryOwner;
	readonly #options: SortedRowsOptions;
	readonly #partitions: GroupIndex;
	/** Offsets in partitions. */
	readonly #mark: number;
	readonly #list: number;
	readonly #fields: PackedFields;
	/** Where the columns of a row end and its results begin. */
	readonly #columnsEnd: number;
	readonly #results: PackedFields;
	readonly #header: number;
	readonly #store: RowStore;
	readonly #strings: StringHeap | undefined;
	#epoch = 0;

	constructor(region: Region, owner: MemoryOwner, options: SortedRowsOptions) {
		const { input, partition, words, results } = options;
		this.#region = region;
		this.#owner = owner;
		this.#options = options;
		const key = keyLayout(partition.map((column) => input[column]!.type));
		const layout = new RowLayout(key.bytes);
		this.#mark = layout.reserve(4);
		this.#list = layout.reserve(4);
		layout.reserve(4);
		layout.reserve(4);
		this.#partitions = new GroupIndex(region, owner, key, layout.stride);
		const start = WORDS_OFFSET + words.count * 8;
		this.#fields = packFields(
			input.map(({ type }) => type),
			start,
		);
		this.#columnsEnd = start + this.#fields.bytes;
		this.#results = packFields(results.map(asNullable), this.#columnsEnd);
		this.#header = region.heap.allocateZeroed(HEADER_BYTES, owner);
		this.#store = new RowStore(region, owner, this.#header, this.#columnsEnd + this.#results.bytes);
		this.#strings = this.#fields.views > 0 ? new StringHeap(region, owner) : undefined;
	}

	/** Takes in the rows of a batch. Gives the rows touched so far, each once; they are to be settled before the next step. */
	place(batch: Batch): Generator<Rows> {
		return this.#placeAll(batch, this.#region.arena.allocate(batch.length * 4));
	}

	/** `rowOf` receives the rows of added ones. */
	*#placeAll(batch: Batch, rowOf: number): Generator<Rows> {
		const { arena } = this.#region;
		const { length: n, columns } = batch;
		const { rows: partitions } = this.#partitions.find(
			this.#options.partition.map((column) => columns[column]!),
			n,
		);
		const source = batchRows(this.#region, batch, this.#options.words, WORDS_OFFSET, this.#fields, this.#store.stride);
		let room = TOUCHED_ROOM;
		for (let from = 0; from < n; ) {
			const touched = arena.allocate((room + 1) * 4);
			const to = this.#placeSome(batch, partitions, source, rowOf, from, touched, room);
			this.#keepStrings(rowOf + from * 4, to - from);
			const count = this.#region.u32[touched >>> 2]!;
			if (count > 0) yield { rows: touched + 4, count };
			if (to === from) room *= 2;
			from = to;
		}
		this.#forgetEmpty(partitions, n);
	}

	/** Places rows as they were saved, with their results. */
	restore(columns: readonly Column[], n: number): void {
		const width = this.#fields.fields.length;
		const rows = this.#region.arena.allocate(n * 4);
		const batch = { length: n, columns: columns.slice(0, width), kinds: 0 };
		for (const _ of this.#placeAll(batch, rows));
		this.writeResults({ rows, count: n }, columns.slice(width));
		this.#region.kernels.sortedSent(rows, n);
	}

	/** The frames of the rows that are there: positions among `rows`, and addresses of rows, side by side. */
	frames({ rows, count }: Rows, reach: number): Rows & { readonly positions: number } {
		const { arena, kernels } = this.#region;
		const positions = arena.allocate(count * (reach + 1) * 4);
		const framed = arena.allocate(count * (reach + 1) * 4);
		const wordCount = this.#options.words.count;
		const total = kernels.sortedFrames(rows, count, wordCount, this.#list, reach, positions, framed);
		return { rows: framed, count: total, positions };
	}

	column(index: number, { rows, count }: Rows): Column {
		return gatherColumn(this.#region, rows, count, this.#fields.fields[index]!);
	}

	columns(rows: Rows): Column[] {
		return this.#fields.fields.map((_, index) => this.column(index, rows));
	}

	/** The results last written. */
	results({ rows, count }: Rows): Column[] {
		return this.#results.fields.map((field) => gatherColumn(this.#region, rows, count, field));
	}

	writeResults({ rows, count }: Rows, columns: readonly Column[]): void {
		const { kernels } = this.#region;
		for (const [i, field] of this.#results.fields.entries()) {
			kernels.keepClearBits(rows, count, field.nullOffset, field.nullMask);
			scatterColumn(this.#region, columns[i]!, count, rows, field);
		}
	}

	/** After the results of touched rows were sent: frees the rows that are gone. */
	settle({ rows, count }: Rows, gone: Rows): void {
		this.#region.kernels.sortedSent(rows, count);
		for (const { physical, offset } of this.#fields.fields) {
			if (physical === "view") this.#strings?.drop(gone.rows, gone.count, offset);
		}
		this.#store.give(gone.rows, gone.count);
	}

	/** All rows, in order within their partition. */
	*scan(): Generator<Rows> {
		const { arena, kernels } = this.#region;
		for (const { rows: partitions, count } of this.#partitions.scan(BATCH_ROWS)) {
			for (let i = 0; i < count; i++) {
				const { u32 } = this.#region;
				const list = (u32[(partitions >>> 2) + i]! + this.#list) >>> 2;
				const [array, length] = [u32[list]!, u32[list + 1]!];
				for (let from = 0; from < length; from += BATCH_ROWS) {
					const some = Math.min(BATCH_ROWS, length - from);
					const rows = arena.allocate(some * 4);
					kernels.copyBytes(rows, array + from * 4, some * 4);
					yield { rows, count: some };
				}
			}
		}
	}

	dispose(): void {
		for (const { rows, count } of this.#partitions.scan(BATCH_ROWS)) this.#freeLists(rows, count);
		this.#partitions.dispose();
		this.#store.clear();
		this.#strings?.dispose();
		this.#region.heap.free(this.#header, HEADER_BYTES, this.#owner);
	}

	/** Goes on until all rows are placed or `touched` is full. */
	#placeSome(
		{ length: n, kinds }: Batch,
		partitions: number,
		source: number,
		rowOf: number,
		start: number,
		touched: number,
		room: number,
	): number {
		const { kernels, u32 } = this.#region;
		const { words, reach } = this.#options;
		u32[touched >>> 2] = 0;
		const epoch = ++this.#epoch;
		for (let from = start; ; ) {
			// biome-ignore format: the kernel's parameters
			from = kernels.sortedPlace(
				this.#header, partitions, source, this.#store.stride, this.#columnsEnd, words.count, this.#fields.views, kinds,
				from, n, this.#list, reach, epoch, touched, room, rowOf,
			);
			if (from === n) return n;
			const list = (this.#region.u32[(partitions >>> 2) + from]! + this.#list) >>> 2;
			const [count, capacity] = [this.#region.u32[list + 1]!, this.#region.u32[list + 2]!];
			if (this.#region.u32[touched >>> 2]! + Math.min(reach, count) >= room) return from;
			if (count === capacity) this.#growList(list, capacity);
			else this.#store.grow();
		}
	}

	#growList(list: number, capacity: number): void {
		const { heap } = this.#region;
		const next = capacity === 0 ? FIRST_CAPACITY : capacity * 2;
		const array =
			capacity === 0
				? heap.allocate(next * 4, this.#owner)
				: heap.reallocate(this.#region.u32[list]!, capacity * 4, next * 4, this.#owner);
		this.#region.u32[list] = array;
		this.#region.u32[list + 2] = next;
	}

	#keepStrings(rowOf: number, n: number): void {
		if (!this.#strings) return;
		const { arena, kernels } = this.#region;
		const rows = arena.allocate((n + 1) * 4);
		const indices = arena.allocate((n + 1) * 4);
		const count = kernels.topChosen(rowOf, n, rows, indices);
		for (const { physical, offset } of this.#fields.fields) {
			if (physical === "view") this.#strings.keep(rows, count, offset);
		}
	}

	#forgetEmpty(partitions: number, n: number): void {
		const { arena, kernels } = this.#region;
		const touched = arena.allocate(n * 4);
		const count = kernels.changelogTouch(partitions, n, this.#mark, ++this.#epoch, touched, arena.allocate(n));
		const empty = arena.allocate(count * 4);
		const emptyCount = kernels.sortedEmpty(touched, count, this.#list, empty);
		this.#freeLists(empty, emptyCount);
		this.#partitions.remove(empty, emptyCount);
	}

	#freeLists(partitions: number, n: number): void {
		const { heap, u32 } = this.#region;
		for (let i = 0; i < n; i++) {
			const list = (u32[(partitions >>> 2) + i]! + this.#list) >>> 2;
			const capacity = u32[list + 2]!;
			if (capacity > 0) heap.free(u32[list]!, capacity * 4, this.#owner);
		}
	}
}
