// The integer keys of a build side that has been read whole, as bits over their range: which probe rows can match, and for SEMI and ANTI
// joins without a condition which do. See assembly/join/key-bits.ts.
import type { Batch, Column } from "../../arrow/batch.js";
import { takeBatch } from "../../arrow/take.js";
import type { Selection } from "../../expr/compile.js";
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import type { SlotKey } from "./key-lists.js";

/** Keys of one segment. */
export interface KeyRun {
	readonly values: number;
	readonly count: number;
}

const RANGE_BYTES = 16;
/** So many values may always have bits, and so many more for each row: a megabyte, then an eighth of what the slots of a row take. */
const FREE_SPAN = 2 ** 23;
const SPAN_PER_ROW = 64;

export class KeyBits {
	readonly #region: Region;
	readonly #owner: MemoryOwner;
	readonly #key: SlotKey;
	readonly #range: number;
	readonly #bits: number;
	readonly #bytes: number;

	/** Undefined when the keys are spread too far. */
	static of(region: Region, owner: MemoryOwner, key: SlotKey, runs: () => Iterable<KeyRun>): KeyBits | undefined {
		const range = region.heap.allocate(RANGE_BYTES, owner);
		let rows = 0;
		for (const { values, count } of runs()) {
			region.kernels[`rangeExtend${key}`](values, count, range, rows === 0);
			rows += count;
		}
		const span = rows === 0 ? 0 : Number(region.i64[range / 8 + 1]! - region.i64[range / 8]!) + 1;
		if (rows > 0 && span <= FREE_SPAN + rows * SPAN_PER_ROW) {
			return new KeyBits(region, owner, key, range, span, runs());
		}
		region.heap.free(range, RANGE_BYTES, owner);
		return undefined;
	}

	private constructor(
		region: Region,
		owner: MemoryOwner,
		key: SlotKey,
		range: number,
		span: number,
		runs: Iterable<KeyRun>,
	) {
		this.#region = region;
		this.#owner = owner;
		this.#key = key;
		this.#range = range;
		this.#bytes = Math.ceil(span / 8);
		this.#bits = region.heap.allocateZeroed(this.#bytes, owner);
		for (const { values, count } of runs) region.kernels[`keyBitsSet${key}`](values, count, range, this.#bits);
	}

	/** The rows whose key is there (`wanted`) or is not. */
	select(batch: Batch, key: Column, wanted: boolean): Batch {
		const { arena, kernels } = this.#region;
		const n = batch.length;
		const rows = arena.allocate(n * 4);
		const count = kernels[`keyBitsSelect${this.#key}`](key.data, n, this.#range, this.#bits, wanted, rows);
		return count === n ? batch : takeBatch(this.#region, batch, rows, count);
	}

	/** The rows whose key is there. */
	narrow({ data }: Column, selection: Selection): Selection {
		const { arena, kernels } = this.#region;
		const { rowIds, rows } = selection;
		const out = arena.allocate(rows * 4);
		const count =
			rowIds === 0
				? kernels[`keyBitsSelect${this.#key}`](data, rows, this.#range, this.#bits, true, out)
				: kernels[`keyBitsNarrow${this.#key}`](data, rowIds, rows, this.#range, this.#bits, out);
		return count === rows ? selection : { rowIds: out, rows: count };
	}

	dispose(): void {
		this.#region.heap.free(this.#bits, this.#bytes, this.#owner);
		this.#region.heap.free(this.#range, RANGE_BYTES, this.#owner);
	}
}
