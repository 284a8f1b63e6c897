// The newest rows of an append-only side, which are in no index yet. While they are rarely asked for, reading those of the segments whose
// keys can match is cheaper than entering every row into a table; once more has been read than entering costs, they are entered.
import type { Column } from "../../arrow/batch.js";
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import { type ColumnSegments, type Piece, SEGMENT_ROWS } from "../state/column-segments.js";
import type { SlotKey, SlotLists } from "./key-lists.js";
import type { Pairs } from "./pairs.js";

/** Reading a row costs about a sixth of entering it. */
const READS_PER_ROW = 6;
/** Rows read before the question arises. */
const FREE_READS = 4 * SEGMENT_ROWS;
/** Pairs that are held at once. */
const MAX_PAIRS = 1 << 16;
const RANGE_BYTES = 16;

export class UnindexedTail {
	readonly #region: Region;
	readonly #owner: MemoryOwner;
	readonly #segments: ColumnSegments;
	readonly #column: number;
	readonly #links: number;
	readonly #key: SlotKey;
	readonly #lists: SlotLists;
	/** The least and greatest key of each segment. */
	#ranges: number;
	#rangeCount = 16;
	/** First row that is not in the index. */
	#from: number;
	#read = 0;

	/** `column`: where segments hold the key; `links`: the place of their links. */
	constructor(
		region: Region,
		owner: MemoryOwner,
		segments: ColumnSegments,
		{ column, links, key }: { readonly column: number; readonly links: number; readonly key: SlotKey },
		lists: SlotLists,
	) {
		this.#region = region;
		this.#owner = owner;
		this.#segments = segments;
		this.#column = column;
		this.#links = links;
		this.#key = key;
		this.#lists = lists;
		this.#from = segments.next;
		this.#ranges = region.heap.allocate(this.#rangeCount * RANGE_BYTES, owner);
	}

	/** No row has been entered into the index. */
	get isAll(): boolean {
		return this.#lists.isEmpty;
	}

	/** Rows were appended. */
	extend(pieces: readonly Piece[]): void {
		for (const { id, count } of pieces) {
			const segment = Math.floor(id / SEGMENT_ROWS);
			if (segment >= this.#rangeCount) this.#growRanges();
			const extend = this.#region.kernels[`rangeExtend${this.#key}`];
			const fresh = id % SEGMENT_ROWS === 0 || id === this.#from;
			extend(this.#segments.address(this.#column, id), count, this.#ranges + segment * RANGE_BYTES, fresh);
		}
	}

	/** Pairs of the batch's keys with rows of the tail, sorted; undefined: the tail had better be indexed, and is. */
	search(key: Column, n: number): Pairs | undefined {
		const { arena, kernels } = this.#region;
		const rows = this.#segments.next - this.#from;
		if (rows === 0) return undefined;
		const range = arena.allocate(RANGE_BYTES);
		kernels[`rangeExtend${this.#key}`](key.data, n, range, true);
		const first = Math.floor(this.#from / SEGMENT_ROWS);
		const last = Math.ceil(this.#segments.next / SEGMENT_ROWS);
		const meeting = arena.allocate((last - first) * 4);
		const count = kernels.rangesMeeting(this.#ranges, first, last, range, meeting);
		if (count === 0) return undefined;
		this.#read += Math.min(count * SEGMENT_ROWS, rows);
		const pairs =
			this.#read > FREE_READS + rows * READS_PER_ROW ? undefined : this.#pairs(key, n, range, meeting, count);
		if (!pairs) this.index();
		return pairs;
	}

	/** Enters all rows into the index. */
	index(): void {
		const { next } = this.#segments;
		for (let id = this.#from; id < next; ) {
			const end = Math.min(next, (Math.floor(id / SEGMENT_ROWS) + 1) * SEGMENT_ROWS);
			const values = this.#segments.address(this.#column, id);
			this.#lists.add(values, end - id, id, this.#segments.address(this.#links, id), next - id);
			id = end;
		}
		this.#from = next;
		this.#read = 0;
	}

	dispose(): void {
		this.#region.heap.free(this.#ranges, this.#rangeCount * RANGE_BYTES, this.#owner);
	}

	#pairs(key: Column, n: number, range: number, meeting: number, count: number): Pairs | undefined {
		const { arena, kernels } = this.#region;
		const log2 = Math.ceil(Math.log2(n)) + 1;
		const shift = 64 - log2;
		const table = arena.allocate(4 << log2);
		kernels.fillBytes(table, 0, 4 << log2);
		const chain = arena.allocate(n * 4);
		const lengths = arena.allocate(n * 4);
		kernels[`tailTable${this.#key}`](key.data, n, table, shift, chain, lengths);
		const room = Math.min(count * SEGMENT_ROWS, this.#segments.next - this.#from);
		const last = arena.allocate(room * 4);
		const hitIds = arena.allocate(room * 4);
		let hits = 0;
		const hitsOf = kernels[`tailHits${this.#key}`];
		for (let i = 0; i < count; i++) {
			const segment = this.#region.u32[(meeting >>> 2) + i]!;
			const id = Math.max(this.#from, segment * SEGMENT_ROWS);
			const rows = Math.min(this.#segments.next, (segment + 1) * SEGMENT_ROWS) - id;
			const kept = this.#segments.address(this.#column, id);
			const at = hits * 4;
			hits += hitsOf(key.data, table, shift, range, kept, rows, id, last + at, hitIds + at);
		}
		const total = kernels.tailTotal(last, hits, lengths);
		if (total > MAX_PAIRS) return undefined;
		const unsorted = { indices: arena.allocate(total * 4), rows: arena.allocate(total * 4), count: total };
		kernels.tailPairs(last, hitIds, hits, chain, unsorted.indices, unsorted.rows);
		return sortPairs(this.#region, unsorted, n);
	}

	#growRanges(): void {
		const bytes = this.#rangeCount * RANGE_BYTES;
		this.#ranges = this.#region.heap.reallocate(this.#ranges, bytes, bytes * 2, this.#owner);
		this.#rangeCount *= 2;
	}
}

/** Pairs in the order of batch rows, of which there are `n`. */
export function sortPairs({ arena, kernels }: Region, pairs: Pairs, n: number): Pairs {
	const { indices, rows, count } = pairs;
	const starts = arena.allocate((n + 1) * 4);
	kernels.fillBytes(starts, 0, (n + 1) * 4);
	const sorted = { indices: arena.allocate(count * 4), rows: arena.allocate(count * 4), count };
	kernels.pairsSort(indices, rows, count, n, starts, sorted.indices, sorted.rows);
	return sorted;
}
