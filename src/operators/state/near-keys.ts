// Beside an index by one integer key: an array over the range of the keys, while they lie close together and few batches bring new ones.
// See assembly/hash/near.ts.
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";

const HEADER_BYTES = 16;
/** The array may have so many cells, and so many for each key. */
const MAX_SPAN = 1 << 20;
const FREE_SPAN = 1024;
const SPAN_PER_KEY = 8;
/** A batch with fewer new keys, of so many rows one, is what is waited for. */
const ROWS_PER_NEW_KEY = 64;
/** Batches with unknown keys that are put up with; those without make up for them. */
const PATIENCE = 8;
/** Batches after which an attempt that did not pay is repeated; then twice as many. */
const FIRST_WAIT = 64;
const RANGE_BYTES = 16;
/** Rows entered together. */
const ROWS = 4096;

/** The index, whose rows begin with the key. */
interface KeyedRows {
	readonly size: number;
	scan(n: number): Iterable<{ readonly rows: number; readonly count: number }>;
}

export class NearKeys {
	readonly #region: Region;
	readonly #owner: MemoryOwner;
	readonly #key: "I32" | "I64";
	/** The array, 0 for none. */
	#near = 0;
	#bytes = 0;
	/** The least and the greatest key of the index. */
	readonly #range: number;
	#isEmpty = true;
	#patience = PATIENCE;
	#toWait = 0;
	#wait = FIRST_WAIT;

	constructor(region: Region, owner: MemoryOwner, key: "I32" | "I64") {
		this.#region = region;
		this.#owner = owner;
		this.#key = key;
		this.#range = region.heap.allocate(RANGE_BYTES, owner);
	}

	/** Fills in the rows of all `n` keys; false: some are not known here. */
	find(values: number, n: number, rows: number): boolean {
		if (this.#near === 0) return false;
		const isFound = this.#region.kernels[`nearFind${this.#key}`](this.#near, values, n, rows) === 0;
		this.#patience = isFound ? Math.min(this.#patience + 1, PATIENCE) : this.#patience - 1;
		if (this.#patience === 0) this.#giveUp();
		return isFound;
	}

	/** Rows that are about to leave it. */
	leave(rows: number, n: number): void {
		if (this.#near !== 0) this.#region.kernels.nearSet(this.#near, rows, n, false);
	}

	/** After keys were looked up in the index, which created rows for some. */
	learn(values: number, n: number, created: number, createdCount: number, index: KeyedRows): void {
		if (createdCount > 0) {
			this.#region.kernels[`rangeExtend${this.#key}`](values, n, this.#range, this.#isEmpty);
			this.#isEmpty = false;
			this.#enter(created, createdCount);
		}
		if (this.#near !== 0 || createdCount * ROWS_PER_NEW_KEY > n || --this.#toWait > 0) return;
		const { heap, i64 } = this.#region;
		const least = i64[this.#range / 8]!;
		const span = Number(i64[this.#range / 8 + 1]! - least) + 1;
		if (span > MAX_SPAN || span > FREE_SPAN + index.size * SPAN_PER_KEY) {
			this.#giveUp();
			return;
		}
		this.#bytes = HEADER_BYTES + (span + 1) * 4;
		this.#near = heap.allocateZeroed(this.#bytes, this.#owner);
		this.#region.i64[this.#near / 8] = least;
		this.#region.i64[this.#near / 8 + 1] = BigInt(span);
		this.#patience = PATIENCE;
		for (const { rows, count } of index.scan(ROWS)) this.#enter(rows, count);
	}

	/** All rows are gone. */
	clear(): void {
		this.#free();
		this.#isEmpty = true;
		this.#toWait = 0;
		this.#wait = FIRST_WAIT;
	}

	dispose(): void {
		this.#free();
		this.#region.heap.free(this.#range, RANGE_BYTES, this.#owner);
	}

	#enter(rows: number, n: number): void {
		if (this.#near !== 0) this.#region.kernels.nearSet(this.#near, rows, n, true);
	}

	#giveUp(): void {
		this.#free();
		this.#toWait = this.#wait;
		this.#wait *= 2;
	}

	#free(): void {
		if (this.#near !== 0) this.#region.heap.free(this.#near, this.#bytes, this.#owner);
		this.#near = 0;
	}
}
