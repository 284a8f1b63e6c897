// All rows of every partition, in order, and which of them are among the first. Layouts in assembly/order/tree.ts.
import { BATCH_ROWS, type Batch, type Column } from "../../arrow/batch.js";
import type { RankSpec } from "../../job/specs.js";
import type { Schema } from "../../types/sql-type.js";
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import { GroupIndex } from "../state/group-index.js";
import { keyLayout } from "../state/key-layout.js";
import { gatherColumn } from "../state/row-columns.js";
import { type PackedFields, packFields, RowLayout } from "../state/row-layout.js";
import { RowStore, type Rows } from "../state/row-store.js";
import { StringHeap } from "../state/string-heap.js";
import { batchRows } from "./batch-rows.js";
import type { OrderWords, Texts } from "./order-words.js";
import type { Ranked } from "./ranked-rows.js";

const HEADER_BYTES = 64;
const WORDS_OFFSET = 32;
const MAX_LIMIT = 2 ** 32 - 1;
const NUMBERING = { ROW_NUMBER: 0, RANK: 1, DENSE_RANK: 2 } as const;

export interface RowTreeOptions {
	readonly input: Schema;
	readonly partition: readonly number[];
	readonly words: OrderWords;
	/** Rows may be taken back: all are kept. */
	readonly updates: boolean;
	/** Columns that tell rows apart; undefined: all together, and equal rows are interchangeable. */
	readonly upsertKey: readonly number[] | undefined;
	/** The first rank shown, 1-based. */
	readonly from: number;
	/** The last rank shown, or the column that holds it. */
	readonly to: number | { readonly column: number };
	readonly numbering: RankSpec["function"];
}

/** Partitions and the rows that they showed, `counts` of them each. */
export interface Touched {
	readonly partitions: number;
	readonly count: number;
	readonly counts: number;
	readonly before: Rows;
}

/** What a batch did, to be settled after its changes were sent. */
export interface Placed extends Touched {
	readonly gone: number;
	readonly partitionOf: number;
	readonly identityOf: number;
	readonly length: number;
}

export class RowTree {
	readonly #region: Region;
	readonly #owner: MemoryOwner;
	readonly #options: RowTreeOptions;
	readonly partitions: GroupIndex;
	/** Offsets in partitions and identities. */
	readonly tree: number;
	readonly #mark: number;
	readonly #identities: GroupIndex | undefined;
	readonly #chain: number;
	readonly #identityMark: number;
	readonly #fields: PackedFields;
	readonly #columnsAt: number;
	readonly #header: number;
	readonly #store: RowStore;
	readonly #strings: StringHeap | undefined;
	readonly #texts: Texts;
	#epoch = 0;

	constructor(region: Region, owner: MemoryOwner, options: RowTreeOptions) {
		const { input, partition, words, updates, upsertKey } = options;
		this.#region = region;
		this.#owner = owner;
		this.#options = options;
		const key = keyLayout(partition.map((column) => input[column]!.type));
		const layout = new RowLayout(key.bytes);
		[this.tree] = [layout.reserve(4), layout.reserve(4), layout.reserve(4)];
		this.#mark = layout.reserve(4);
		this.partitions = new GroupIndex(region, owner, key, layout.stride);
		const identity = keyLayout((upsertKey ?? [...input.keys()]).map((column) => input[column]!.type));
		const chain = new RowLayout(identity.bytes);
		[this.#chain] = [chain.reserve(4), chain.reserve(4)];
		this.#identityMark = chain.reserve(4);
		this.#identities = updates ? new GroupIndex(region, owner, identity, chain.stride) : undefined;
		this.#columnsAt = WORDS_OFFSET + this.#wordCount * 8;
		this.#fields = packFields(
			input.map(({ type }) => type),
			this.#columnsAt,
		);
		this.#header = region.heap.allocateZeroed(HEADER_BYTES, owner);
		this.#store = new RowStore(region, owner, this.#header, this.#columnsEnd);
		this.#strings = this.#fields.views > 0 ? new StringHeap(region, owner) : undefined;
		this.#texts = words.textsIn(region, owner, (column) => this.#fields.fields[column]!.offset);
	}

	/** Takes in the rows of a batch. */
	place(batch: Batch): Placed {
		const { arena, kernels } = this.#region;
		const { length: n } = batch;
		const { partitionOf, identityOf } = this.#find(batch);
		const partitions = arena.allocate(n * 4);
		const count = kernels.changelogTouch(partitionOf, n, this.#mark, ++this.#epoch, partitions, arena.allocate(n));
		const counts = arena.allocate(count * 4);
		const before = this.#shown(partitions, count, counts);
		const gone = this.#placeRows(batch, partitionOf, identityOf);
		return { partitions, count, counts, before, gone, partitionOf, identityOf, length: n };
	}

	/** Takes in the rows of a batch, when nobody wants to know what they change. */
	add(batch: Batch): void {
		const { partitionOf, identityOf } = this.#find(batch);
		const gone = this.#placeRows(batch, partitionOf, identityOf);
		this.settle({ gone, partitionOf, identityOf, length: batch.length });
	}

	/** Rows that are shown no more, and those that are shown now. */
	rowChanges({ partitions, count, counts, before }: Touched): readonly [Rows, Rows] {
		const { arena, kernels } = this.#region;
		const first = this.#options.from - 1;
		const hidden = arena.allocate(before.count * 4);
		const added = arena.allocate(kernels.treeShown(partitions, count, this.tree, first) * 4);
		const sizes = arena.allocate(8);
		// biome-ignore format: the kernel's parameters
		kernels.treeRowChanges(partitions, count, this.tree, first, counts, before.rows, ++this.#epoch, hidden, added, sizes);
		const { u32 } = this.#region;
		return [
			{ rows: hidden, count: u32[sizes >>> 2]! },
			{ rows: added, count: u32[(sizes >>> 2) + 1]! },
		];
	}

	/** Changes of the places shown: rows, and their kinds and ranks. */
	placeChanges({ partitions, count, counts, before }: Touched, updateBefore: boolean) {
		const { arena, kernels } = this.#region;
		const first = this.#options.from - 1;
		const most = before.count + kernels.treeShown(partitions, count, this.tree, first);
		const [rows, kinds, ranks] = [arena.allocate(most * 4), arena.allocate(most), arena.allocate(most * 8)];
		const [from, to, { views }] = [this.#columnsAt, this.#columnsEnd, this.#fields];
		// biome-ignore format: the kernel's parameters
		const changes = kernels.treePlaceChanges(
			partitions, count, this.tree, first, counts, before.rows, updateBefore, from, to, views, rows, kinds, ranks,
		);
		return { rows, kinds, ranks, count: changes };
	}

	/** Frees the rows that are there no more, and partitions without rows. */
	settle({ gone, partitionOf, identityOf, length }: Omit<Placed, keyof Touched>): void {
		this.#free(gone + 4, this.#region.u32[gone >>> 2]!);
		this.#forgetEmpty(this.partitions, partitionOf, length, this.#mark, this.tree);
		if (this.#identities) this.#forgetEmpty(this.#identities, identityOf, length, this.#identityMark, this.#chain);
	}

	gather(rows: number, n: number): Column[] {
		return this.#fields.fields.map((field) => gatherColumn(this.#region, rows, n, field));
	}

	/** All rows, in order within their partition. */
	*scan(): Generator<Rows> {
		const { arena, kernels } = this.#region;
		for (const { rows: partitions, count } of this.partitions.scan(BATCH_ROWS)) {
			const total = kernels.treeTotal(partitions, count, this.tree);
			const rows = arena.allocate(total * 4);
			kernels.treeAll(partitions, count, this.tree, rows);
			for (let from = 0; from < total; from += BATCH_ROWS) {
				yield { rows: rows + from * 4, count: Math.min(BATCH_ROWS, total - from) };
			}
		}
	}

	/** The rows from rank `from` to the last one shown, with their ranks. */
	*ranked(from: number): Generator<Ranked> {
		for (const { rows, count } of this.partitions.scan(BATCH_ROWS)) yield* this.#rankedOf(rows, count, from);
	}

	/** Takes out partitions whose rows were only added: gives their rows as `ranked` does. They are valid until the next. */
	*take({ rows: partitions, count }: Rows, from: number): Generator<Ranked> {
		const { arena, kernels } = this.#region;
		for (let at = 0; at < count; at += BATCH_ROWS) {
			const mark = arena.mark();
			const [some, n] = [partitions + at * 4, Math.min(BATCH_ROWS, count - at)];
			yield* this.#rankedOf(some, n, from);
			const total = kernels.treeTotal(some, n, this.tree);
			const rows = arena.allocate(total * 4);
			kernels.treeAll(some, n, this.tree, rows);
			this.#free(rows, total);
			arena.release(mark);
		}
		this.partitions.remove(partitions, count);
	}

	dispose(): void {
		this.partitions.dispose();
		this.#identities?.dispose();
		this.#store.clear();
		this.#strings?.dispose();
		this.#region.heap.free(this.#header, HEADER_BYTES, this.#owner);
		if (this.#texts.bytes > 0) this.#region.heap.free(this.#texts.address, this.#texts.bytes, this.#owner);
	}

	*#rankedOf(partitions: number, n: number, from: number): Generator<Ranked> {
		const { arena, kernels } = this.#region;
		const { to, numbering } = this.#options;
		const total = kernels.treeTotal(partitions, n, this.tree);
		const [rows, ranks] = [arena.allocate(total * 4), arena.allocate(total * 8)];
		const last = typeof to === "number" ? Math.min(to, MAX_LIMIT) : MAX_LIMIT;
		// biome-ignore format: the kernel's parameters
		const count = kernels.treeRanked(
			partitions, n, this.tree, this.#wordCount, this.#texts.address, NUMBERING[numbering], from, last, rows, ranks,
		);
		for (let at = 0; at < count; at += BATCH_ROWS) {
			yield { rows: rows + at * 4, ranks: ranks + at * 8, count: Math.min(BATCH_ROWS, count - at) };
		}
	}

	#free(rows: number, n: number): void {
		for (const { physical, offset } of this.#fields.fields) {
			if (physical === "view") this.#strings?.drop(rows, n, offset);
		}
		this.#store.give(rows, n);
	}

	/** The arrival is the last of the words. */
	get #wordCount(): number {
		return this.#options.words.count + 1;
	}

	get #columnsEnd(): number {
		return this.#columnsAt + this.#fields.bytes;
	}

	/** The partitions and the identities of the rows of a batch. */
	#find(batch: Batch): { readonly partitionOf: number; readonly identityOf: number } {
		const { partition, upsertKey } = this.#options;
		const { length: n, columns } = batch;
		const { rows: partitionOf } = this.partitions.find(
			partition.map((column) => columns[column]!),
			n,
		);
		const identified = upsertKey?.map((column) => columns[column]!) ?? columns;
		const identityOf = this.#identities?.find(identified, n).rows ?? 0;
		this.#setLimits(partitionOf, batch);
		return { partitionOf, identityOf };
	}

	#setLimits(partitionOf: number, { columns, length }: Batch): void {
		const { to, numbering } = this.#options;
		const { kernels } = this.#region;
		if (typeof to === "number") {
			// Rows of equal rank may be any number: none is left out before the end.
			const limit = numbering === "ROW_NUMBER" ? Math.min(to, MAX_LIMIT) : MAX_LIMIT;
			kernels.treeLimits(partitionOf, length, this.tree, 0, 0, false, limit);
			return;
		}
		const { data, validity, physical } = columns[to.column]!;
		kernels.treeLimits(partitionOf, length, this.tree, data, validity, physical === "i32", 0);
	}

	#shown(partitions: number, n: number, counts: number): Rows {
		const { arena, kernels } = this.#region;
		const first = this.#options.from - 1;
		const count = kernels.treeShown(partitions, n, this.tree, first);
		const rows = arena.allocate(count * 4);
		kernels.treeRows(partitions, n, this.tree, first, counts, rows);
		return { rows, count };
	}

	/** Count, then the rows that are gone. */
	#placeRows(batch: Batch, partitionOf: number, identityOf: number): number {
		const { arena, kernels } = this.#region;
		const { length: n, kinds } = batch;
		const { stride } = this.#store;
		const source = batchRows(this.#region, batch, this.#options.words, WORDS_OFFSET, this.#fields, stride);
		const [rowOf, gone] = [arena.allocate(n * 4), arena.allocate((n + 1) * 4)];
		this.#region.u32[gone >>> 2] = 0;
		const chain = this.#identities ? this.#chain : 0;
		for (let from = 0; ; this.#store.grow()) {
			// biome-ignore format: the kernel's parameters
			from = kernels.treePlace(
				this.#header, partitionOf, identityOf, source, stride, this.#wordCount, this.#texts.address, this.#columnsAt,
				this.#columnsEnd, this.#fields.views, kinds, from, n, this.tree, chain, rowOf, gone,
			);
			if (from === n) break;
		}
		this.#keepStrings(rowOf, n);
		return gone;
	}

	#keepStrings(rowOf: number, n: number): void {
		if (!this.#strings) return;
		const { arena, kernels } = this.#region;
		const rows = arena.allocate((n + 1) * 4);
		const count = kernels.topChosen(rowOf, n, rows, arena.allocate((n + 1) * 4));
		for (const { physical, offset } of this.#fields.fields) {
			if (physical === "view") this.#strings.keep(rows, count, offset);
		}
	}

	#forgetEmpty(index: GroupIndex, rows: number, n: number, mark: number, list: number): void {
		const { arena, kernels } = this.#region;
		const touched = arena.allocate(n * 4);
		const count = kernels.changelogTouch(rows, n, mark, ++this.#epoch, touched, arena.allocate(n));
		const empty = arena.allocate(count * 4);
		index.remove(empty, kernels.sortedEmpty(touched, count, list, empty));
	}
}
