// The first rows of every partition, in order, and what a batch changed about them. Layouts in assembly/order/top.ts.
import { BATCH_ROWS, type Batch, type Column } from "../../arrow/batch.js";
import type { Schema } from "../../types/sql-type.js";
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import { GroupIndex } from "../state/group-index.js";
import { keyLayout } from "../state/key-layout.js";
import { RowLayout } from "../state/row-layout.js";
import type { Rows } from "../state/row-store.js";
import type { OrderWords } from "./order-words.js";
import { WordRows } from "./word-rows.js";

export interface RankedRowsOptions {
	readonly input: Schema;
	readonly partition: readonly number[];
	readonly words: OrderWords;
	/** Rows kept per partition. */
	readonly capacity: number;
	/** With capacity 1: a row replaces an equal one. */
	readonly latest: boolean;
}

/** Rows in order with their 1-based ranks (i64). */
export interface Ranked extends Rows {
	readonly ranks: number;
}

/** What a batch did. Addresses are in the arena. */
export interface Placed {
	/** Partitions touched, and their lists as they were. */
	readonly partitions: number;
	readonly count: number;
	readonly before: number;
	/** Rows that came. */
	readonly rows: number;
	readonly rowCount: number;
	/** Count, then the rows that are there no more. */
	readonly pushedOut: number;
}

export class RankedRows {
	readonly #region: Region;
	readonly #options: RankedRowsOptions;
	readonly partitions: GroupIndex;
	readonly #rows: WordRows;
	readonly #mark: number;
	#epoch = 0;
	/** Offset of the list in partitions. */
	readonly list: number;

	constructor(region: Region, owner: MemoryOwner, options: RankedRowsOptions) {
		const { input, partition, words, capacity } = options;
		this.#region = region;
		this.#options = options;
		const key = keyLayout(partition.map((column) => input[column]!.type));
		const layout = new RowLayout(key.bytes);
		this.#mark = layout.reserve(4);
		this.list = layout.reserve(4);
		for (let i = 0; i < capacity; i++) layout.reserve(4);
		this.partitions = new GroupIndex(region, owner, key, layout.stride);
		this.#rows = new WordRows(region, owner, input, words.count);
	}

	/** Takes in the added rows of a batch; `settle` ends the work on it. */
	place(batch: Batch): Placed {
		const { arena, kernels } = this.#region;
		const { partition, words, capacity, latest } = this.#options;
		const { length: n, columns, kinds } = batch;
		const keys = partition.map((column) => columns[column] as Column);
		const { rows: keyRows } = this.partitions.find(keys, n);
		const partitions = arena.allocate(n * 4);
		const fresh = arena.allocate(n);
		const count = kernels.changelogTouch(keyRows, n, this.#mark, ++this.#epoch, partitions, fresh);
		const before = arena.allocate(count * (capacity + 1) * 4);
		kernels.topLists(partitions, count, capacity, this.list, before);
		const rowOf = arena.allocate(n * 4);
		const pushedOut = arena.allocate((n + 1) * 4);
		this.#region.u32[pushedOut >>> 2] = 0;
		const own = words.compute(this.#region, batch);
		const { store } = this.#rows;
		const { list } = this;
		for (let from = 0; ; store.grow()) {
			// biome-ignore format: the kernel's parameters
			from = kernels.topPlace(
				store.header, keyRows, own, words.count, latest, kinds, from, n, capacity, list, rowOf, pushedOut,
			);
			if (from === n) break;
		}
		const rows = arena.allocate((n + 1) * 4);
		const indices = arena.allocate((n + 1) * 4);
		const rowCount = kernels.topChosen(rowOf, n, rows, indices);
		this.#rows.write(columns, indices, rows, rowCount);
		return { partitions, count, before, rows, rowCount, pushedOut };
	}

	/** Takes in the rows of a batch, when nobody wants to know what they change. */
	add(batch: Batch): void {
		this.settle(this.place(batch));
	}

	/** Frees the rows that are there no more. */
	settle({ rows, rowCount, pushedOut }: Placed): void {
		this.#region.kernels.rowsClear(rows, rowCount, 0, 8);
		const count = this.#region.u32[pushedOut >>> 2] as number;
		this.#rows.remove(pushedOut + 4, count);
	}

	/** The columns of rows. */
	gather(rows: number, n: number): Column[] {
		return this.#rows.gather(rows, n);
	}

	/** All rows from rank `from` on with their ranks, each partition's together and in order, about a batch at a time. */
	*scan(from: number): Generator<Ranked> {
		for (const { rows, count } of this.partitions.scan(this.#partitionsPerBatch)) {
			const ranked = this.#ranked(rows, count, from);
			if (ranked.count > 0) yield ranked;
		}
	}

	/** Takes out the partitions of `rows`: gives their rows as `scan` does. They are valid until the next. */
	*take({ rows, count }: Rows, from: number): Generator<Ranked> {
		const { arena } = this.#region;
		for (let at = 0; at < count; at += this.#partitionsPerBatch) {
			const mark = arena.mark();
			const some = Math.min(this.#partitionsPerBatch, count - at);
			const all = this.#ranked(rows + at * 4, some, 1);
			yield from === 1 ? all : this.#ranked(rows + at * 4, some, from);
			this.#rows.remove(all.rows, all.count);
			arena.release(mark);
		}
		this.partitions.remove(rows, count);
	}

	#ranked(partitions: number, n: number, from: number): Ranked {
		const { arena, kernels } = this.#region;
		const { capacity } = this.#options;
		const rows = arena.allocate(n * capacity * 4);
		const ranks = arena.allocate(n * capacity * 8);
		return { rows, ranks, count: kernels.topRows(partitions, n, this.list, from - 1, rows, ranks) };
	}

	get #partitionsPerBatch(): number {
		return Math.max(1, Math.floor(BATCH_ROWS / this.#options.capacity));
	}

	dispose(): void {
		this.partitions.dispose();
		this.#rows.dispose();
	}
}
