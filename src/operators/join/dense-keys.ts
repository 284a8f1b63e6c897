// The rows of a side that has been read whole, by one integer key whose values lie close together: an array over their range instead of the
// table of slots, from which it is made anew after a restore. See assembly/join/dense.ts.
import type { Column } from "../../arrow/batch.js";
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import type { Probe } from "./kept-rows.js";
import type { KeyRun } from "./key-bits.js";
import type { SlotKey } from "./key-lists.js";
import type { Pairs } from "./pairs.js";

/** Keys of the rows `id`…; ids rise from run to run. */
export interface KeptRun extends KeyRun {
	readonly id: number;
}

/** The rows of the side. */
export interface KeptKeys {
	runs(): Iterable<KeptRun>;
	/** Lines up the rows, in the order of their keys when a kernel tells the places of those of a run. Undefined: rows stay where they are. */
	readonly lineUp: ((placesOf?: (values: number, count: number) => number) => void) | undefined;
	/** Rows may change their order. */
	readonly areMovable: boolean;
}

const RANGE_BYTES = 16;
const RANK_BYTES = 16;
/** So many values may always have a place, and so many for each row: then the array is no larger than the slots would be. */
const FREE_SPAN = 1024;
const RISING_SPAN_PER_ROW = 64;
const UNIQUE_SPAN_PER_ROW = 8;
const SPAN_PER_ROW = 3;

export class DenseKeys {
	readonly #region: Region;
	readonly #owner: MemoryOwner;
	readonly #key: SlotKey;
	readonly #range: number;
	readonly #span: number;
	readonly #rows: number;
	/** Keys that rise from row to row: the id of the first row, not 0; and, unless each value of the range is a key, a cell per 64 values. */
	#first = 0;
	#ranks = 0;
	/** The row of a key is as far from the first as the key from the least, in one array per column. */
	#isLine = false;
	/** Unique keys whose rows stay where they are: a row id per value. */
	#unique = 0;
	/** Keys that repeat: a cell per value, and the ids of all rows by key. */
	#cells = 0;
	#ids = 0;
	/** Offset of position and length in a cell. */
	readonly head = 0;

	/** Undefined when there are no keys, or they are spread too far. */
	static of(region: Region, owner: MemoryOwner, key: SlotKey, kept: KeptKeys): DenseKeys | undefined {
		const range = region.heap.allocate(RANGE_BYTES, owner);
		let rows = 0;
		let first = 0;
		let rises = true;
		for (const { values, count, id } of kept.runs()) {
			if (rows === 0) first = id;
			rises &&= id === first + rows && Boolean(region.kernels[`denseRises${key}`](values, count, range, rows === 0));
			region.kernels[`rangeExtend${key}`](values, count, range, rows === 0);
			rows += count;
		}
		const span = rows === 0 ? 0 : Number(region.i64[range / 8 + 1]! - region.i64[range / 8]!) + 1;
		const dense = new DenseKeys(region, owner, key, range, span, rows);
		dense.#first = first;
		const runs = () => kept.runs();
		const isEntered =
			rows > 0 &&
			(rises
				? dense.#enterRising(kept)
				: dense.#enterSorted(kept) || dense.#enterUnique(runs()) || dense.#enterRepeated(runs));
		if (isEntered) return dense;
		dense.dispose();
		return undefined;
	}

	private constructor(region: Region, owner: MemoryOwner, key: SlotKey, range: number, span: number, rows: number) {
		this.#region = region;
		this.#owner = owner;
		this.#key = key;
		this.#range = range;
		this.#span = span;
		this.#rows = rows;
	}

	probe({ data }: Column, n: number): Probe {
		const { arena, kernels } = this.#region;
		const lists = arena.allocate(n * 4);
		if (this.#cells !== 0) {
			kernels[`denseLookup${this.#key}`](data, n, this.#range, this.#cells, lists);
			return { lists };
		}
		const indices = arena.allocate(n * 4);
		const rows = arena.allocate(n * 4);
		return { lists, all: { indices, rows, count: this.#find(data, n, lists, indices, rows) } };
	}

	/** Whether each of `n` keys has exactly one row, and the rows are lined up in the order of the keys, none of the range missing. */
	coversAll({ data }: Column, n: number): boolean {
		return this.#isLine && Boolean(this.#region.kernels[`denseCovers${this.#key}`](data, n, this.#range));
	}

	/** What all of these keys, which the side covers, have in a column that is lined up at `line`; in the arena. */
	take({ data }: Column, n: number, line: number, width: 4 | 8 | 16): number {
		const { arena, kernels } = this.#region;
		const out = arena.allocate(n * width);
		kernels[`denseTake${width}${this.#key}`](data, n, this.#range, line, out);
		return out;
	}

	#find(data: number, n: number, lists: number, indices: number, rows: number): number {
		const { kernels } = this.#region;
		const range = this.#range;
		if (this.#unique !== 0) {
			return kernels[`denseFind${this.#key}`](data, n, range, this.#unique, lists, indices, rows);
		}
		return this.#ranks === 0
			? kernels[`denseShift${this.#key}`](data, n, range, this.#first, lists, indices, rows)
			: kernels[`denseRank${this.#key}`](data, n, range, this.#ranks, this.#first, lists, indices, rows);
	}

	/** Every batch row `from` … `to` with every row of its cell. */
	pairs(lists: number, from: number, to: number): Pairs {
		const { arena, kernels } = this.#region;
		const total = kernels.listTotal(lists, from, to, this.head);
		const indices = arena.allocate(total * 4);
		const rows = arena.allocate(total * 4);
		return { indices, rows, count: kernels.densePairs(lists, from, to, this.#ids, indices, rows) };
	}

	dispose(): void {
		const { heap } = this.#region;
		heap.free(this.#range, RANGE_BYTES, this.#owner);
		this.#freeRanks();
		if (this.#unique !== 0) heap.free(this.#unique, this.#span * 4, this.#owner);
		if (this.#cells === 0) return;
		heap.free(this.#cells, this.#span * 8, this.#owner);
		heap.free(this.#ids, this.#rows * 4, this.#owner);
	}

	get #rankCells(): number {
		return Math.ceil(this.#span / 64);
	}

	/** The rows are in the order of their keys. */
	#enterRising({ runs, lineUp }: KeptKeys): boolean {
		if (this.#span > FREE_SPAN + this.#rows * RISING_SPAN_PER_ROW) return false;
		if (this.#span > this.#rows) this.#rank(runs());
		lineUp?.();
		this.#isLine = this.#ranks === 0 && lineUp !== undefined;
		return true;
	}

	/** Unique keys, whose rows are brought into their order. */
	#enterSorted({ runs, lineUp, areMovable }: KeptKeys): boolean {
		const { arena, kernels } = this.#region;
		if (!lineUp || !areMovable || this.#span > FREE_SPAN + this.#rows * UNIQUE_SPAN_PER_ROW) return false;
		if (this.#span >= this.#rows && this.#rank(runs()) === this.#rows) {
			lineUp((values, count) => {
				const places = arena.allocate(count * 4);
				kernels[`densePlaces${this.#key}`](values, count, this.#range, this.#ranks, places);
				return places;
			});
			this.#isLine = this.#span === this.#rows;
			if (this.#isLine) this.#freeRanks();
			return true;
		}
		this.#freeRanks();
		return false;
	}

	/** Makes the cells of ranks. Returns how many different keys there are. */
	#rank(runs: Iterable<KeptRun>): number {
		const { heap, kernels } = this.#region;
		this.#ranks = heap.allocateZeroed(this.#rankCells * RANK_BYTES, this.#owner);
		const mark = kernels[`denseMark${this.#key}`];
		for (const { values, count } of runs) mark(values, count, this.#range, this.#ranks);
		return kernels.denseRanks(this.#ranks, this.#rankCells);
	}

	#freeRanks(): void {
		if (this.#ranks !== 0) this.#region.heap.free(this.#ranks, this.#rankCells * RANK_BYTES, this.#owner);
		this.#ranks = 0;
	}

	#enterUnique(runs: Iterable<KeptRun>): boolean {
		const { heap, kernels } = this.#region;
		if (this.#span > FREE_SPAN + this.#rows * UNIQUE_SPAN_PER_ROW) return false;
		this.#unique = heap.allocateZeroed(this.#span * 4, this.#owner);
		for (const { values, count, id } of runs) {
			if (kernels[`denseSet${this.#key}`](values, count, id, this.#range, this.#unique) === 0) continue;
			heap.free(this.#unique, this.#span * 4, this.#owner);
			this.#unique = 0;
			return false;
		}
		return true;
	}

	#enterRepeated(runs: () => Iterable<KeptRun>): boolean {
		const { heap, kernels } = this.#region;
		if (this.#span > FREE_SPAN + this.#rows * SPAN_PER_ROW) return false;
		this.#cells = heap.allocateZeroed(this.#span * 8, this.#owner);
		this.#ids = heap.allocate(this.#rows * 4, this.#owner);
		const [count, place] = [kernels[`denseCount${this.#key}`], kernels[`densePlace${this.#key}`]];
		for (const run of runs()) count(run.values, run.count, this.#range, this.#cells);
		kernels.denseEnds(this.#cells, this.#span);
		for (const run of runs()) place(run.values, run.count, run.id, this.#range, this.#cells, this.#ids);
		return true;
	}
}
