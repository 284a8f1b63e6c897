// Pairs of a batch row and a kept row of the other side: two parallel arrays of u32 in the arena, ascending by batch row.
import type { Batch } from "../../arrow/batch.js";
import type { Region } from "../../wasm/region.js";
import type { KeptRows } from "./kept-rows.js";

export interface Pairs {
	/** Row numbers in the batch; 0: none needed. */
	readonly indices: number;
	/** Names of kept rows. */
	readonly rows: number;
	readonly count: number;
}

/** Rows `from` … `to` of a batch of input `side`; `matched`: u32 per row of the batch, or 0. */
export interface Span {
	readonly batch: Batch;
	readonly side: 0 | 1;
	readonly from: number;
	readonly to: number;
	readonly matched: number;
}

/** Kept rows whose matches a batch changed, and how many they had before. */
export interface Touched {
	readonly cells: number;
	readonly before: number;
	readonly count: number;
}

/** Each pair as often as its kept row is there. */
export function repeatPairs({ arena, kernels }: Region, pairs: Pairs, { count: offset }: KeptRows): Pairs {
	if (offset === 0) return pairs;
	const count = kernels.matchMultiplicity(pairs.rows, pairs.count, offset);
	if (count === pairs.count) return pairs;
	const indices = arena.allocate(count * 4);
	const rows = arena.allocate(count * 4);
	kernels.matchRepeat(pairs.indices, pairs.rows, pairs.count, offset, indices, rows);
	return { indices, rows, count };
}

/** Adds the rows `from` … `to` that matched nothing, paired with the row of NULLs. */
export function padPairs(
	{ arena, kernels }: Region,
	pairs: Pairs,
	matched: number,
	from: number,
	to: number,
	padding: number,
): Pairs {
	const room = pairs.count + to - from;
	const indices = arena.allocate(room * 4);
	const rows = arena.allocate(room * 4);
	const count = kernels.matchPad(pairs.indices, pairs.rows, pairs.count, matched, from, to, padding, indices, rows);
	return { indices, rows, count };
}

export function slicePairs({ indices, rows, count }: Pairs, from: number, length: number): Pairs {
	return { indices: indices + from * 4, rows: rows + from * 4, count: Math.min(length, count - from) };
}
