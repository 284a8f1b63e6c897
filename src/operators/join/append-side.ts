// One side of a join whose rows are only added: columns as they come, found by key through lists of row ids.
import type { Batch, Column } from "../../arrow/batch.js";
import { asNullable, INTEGER, notNull, type Schema } from "../../types/sql-type.js";
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import { ColumnSegments, NULL_ROW } from "../state/column-segments.js";
import { DenseKeys, type KeptRun } from "./dense-keys.js";
import type { JoinKeys } from "./join-keys.js";
import { COUNTERS, fillCounter, type KeptBatch, type KeptRows, type PartnerReader, type Probe } from "./kept-rows.js";
import { type KeyLists, OneList, RowLists, SlotLists } from "./key-lists.js";
import type { Pairs } from "./pairs.js";
import { sortPairs, UnindexedTail } from "./unindexed-tail.js";

/** Per row whose matches count: | id u32 | matches u32 | mark u32 |. */
const CELL_BYTES = 12;
/** Candidate pairs that are held at once when some of them come from rows without an index. */
const MAX_MIXED_PAIRS = 1 << 17;
/** Larger sides are not lined up, for which they are there twice. */
const MAX_LINE_BYTES = 1 << 28;

export interface SideOptions {
	readonly schema: Schema;
	readonly keys: JoinKeys;
	readonly side: 0 | 1;
	/** Rows of the other side may come out without one of this side. */
	readonly padded: boolean;
	/** The number of matches of each row matters. */
	readonly counted: boolean;
	/** Keys are entered as they come. */
	readonly eager: boolean;
}

export class AppendSide implements KeptRows {
	readonly #region: Region;
	readonly #owner: MemoryOwner;
	readonly #segments: ColumnSegments;
	readonly #lists: KeyLists;
	readonly #tail: UnindexedTail | undefined;
	readonly #links: number;
	readonly #cells: number;
	readonly #keys: JoinKeys;
	readonly #side: 0 | 1;
	/** In place of the lists, once no more rows come. */
	#dense: DenseKeys | undefined;
	readonly count = 0;
	readonly matches: number;
	readonly padding = NULL_ROW;
	readonly counters = COUNTERS;

	constructor(region: Region, owner: MemoryOwner, { schema, keys, side, padded, counted, eager }: SideOptions) {
		this.#region = region;
		this.#owner = owner;
		this.#keys = keys;
		this.#side = side;
		this.matches = counted ? 4 : 0;
		const types = schema.map(({ type }) => (padded ? asNullable(type) : type));
		this.#links = types.length;
		this.#cells = types.length + 1;
		this.#segments = new ColumnSegments(region, owner, types, counted ? [4, CELL_BYTES] : [4], true);
		const key = keys.slotKey;
		if (keys.columns[side].length === 0) this.#lists = new OneList(region, owner);
		else if (key === undefined) this.#lists = new RowLists(region, owner, keys.layout);
		else {
			const lists = new SlotLists(region, owner, key);
			const places = { column: keys.columns[side][0]!, links: this.#links, key };
			this.#lists = lists;
			if (!eager) this.#tail = new UnindexedTail(region, owner, this.#segments, places, lists);
		}
	}

	get head(): number {
		return (this.#dense ?? this.#lists).head;
	}

	probe(keys: readonly Column[], n: number): Probe {
		if (this.#dense) return this.#dense.probe(keys[0]!, n);
		const tail = this.#tail?.search(keys[0]!, n);
		const lists = this.#lists.lookup(keys, n);
		if (tail === undefined || tail.count === 0) return { lists };
		const { kernels } = this.#region;
		if (kernels.listSpan(lists, 0, n, this.head, MAX_MIXED_PAIRS) === n) {
			return { lists, all: this.#merge(this.pairs(lists, 0, n), tail, n) };
		}
		this.#tail!.index();
		return { lists: this.#lists.lookup(keys, n) };
	}

	partners([key]: readonly Column[], n: number): PartnerReader | undefined {
		const dense = this.#dense;
		if (!dense?.coversAll(key!, n)) return undefined;
		let rows = 0;
		return (column) => {
			const values = this.#segments.lined(column);
			if (values) return { ...values, data: dense.take(key!, n, values.data, values.width) };
			rows ||= dense.probe(key!, n).all!.rows;
			return this.#segments.gather(column, rows, n, false);
		};
	}

	pairs(lists: number, from: number, to: number): Pairs {
		if (this.#dense) return this.#dense.pairs(lists, from, to);
		const { arena, kernels } = this.#region;
		const { isUnique } = this.#lists;
		const total = isUnique ? to - from : kernels.listTotal(lists, from, to, this.head);
		const indices = arena.allocate(total * 4);
		const rows = arena.allocate(total * 4);
		const links = this.#segments.table(this.#links);
		const count = isUnique
			? kernels.listPairUnique(lists, from, to, this.head, indices, rows)
			: kernels.listPairIds(lists, from, to, this.head, links, indices, rows);
		return { indices, rows, count };
	}

	keep({ columns, length }: Batch, keys: readonly Column[], matched: number): number {
		const pieces = this.#segments.append(columns, length);
		for (const { id, from, count } of pieces) {
			if (this.matches === 0) break;
			const cells = this.#segments.address(this.#cells, id);
			this.#region.kernels.cellsFill(cells, id, count, matched === 0 ? 0 : matched + from * 4);
		}
		if (this.#tail) {
			this.#tail.extend(pieces);
			return 0;
		}
		const links = pieces.map((piece) => ({ ...piece, links: this.#segments.address(this.#links, piece.id) }));
		this.#lists.insert(keys, links);
		return 0;
	}

	complete(): void {
		if (!this.#tail) return;
		const { columns, slotKey } = this.#keys;
		if (this.#tail.isAll) {
			const key = columns[this.#side][0]!;
			this.#dense = DenseKeys.of(this.#region, this.#owner, slotKey!, {
				runs: () => this.keyRuns(key),
				lineUp: this.#segments.bytes > MAX_LINE_BYTES ? undefined : (placesOf) => this.#lineUp(key, placesOf),
				areMovable: this.matches === 0,
			});
		}
		if (!this.#dense) this.#tail.index();
	}

	/** The values of an integer key, segment by segment. */
	*keyRuns(column: number): Generator<KeptRun> {
		for (const { id, batch } of this.#segments.batches()) {
			yield { id, values: batch.columns[column]!.data, count: batch.length };
		}
	}

	longestList(keys: readonly Column[], n: number): number {
		return this.#region.kernels.listLongest(this.#lists.lookup(keys, n), n, this.head);
	}

	read(column: number, rows: number, n: number, padded: boolean): Column {
		return this.#segments.gather(column, rows, n, padded);
	}

	cellsOf(rows: number, n: number): number {
		const out = this.#region.arena.allocate(n * 4);
		this.#region.kernels.segmentsAddresses(this.#segments.table(this.#cells), rows, n, CELL_BYTES, out);
		return out;
	}

	rowsOf(cells: number, n: number): number {
		const out = this.#region.arena.allocate(n * 4);
		this.#region.kernels.rowsRead4(cells, n, 0, out);
		return out;
	}

	*batches(): Generator<KeptBatch> {
		const { arena, kernels } = this.#region;
		for (const { id, batch } of this.#segments.batches()) {
			const n = batch.length;
			const rows = arena.allocate(n * 4);
			kernels.rowsIota(id, 1, n, rows);
			const matches = fillCounter(this.#region, n, 0);
			if (this.matches > 0) kernels.rowsRead4(this.cellsOf(rows, n), n, this.matches, matches);
			const ones = fillCounter(this.#region, n, 1);
			const counters = [ones, matches].map((data) => ({
				type: notNull(INTEGER),
				physical: "i32" as const,
				data,
				validity: 0,
			}));
			yield { rows, columns: batch.columns, counters, count: n };
		}
	}

	load(columns: readonly Column[], n: number, keys: readonly Column[]): void {
		const { data } = columns[columns.length - 1]!;
		this.keep({ length: n, columns, kinds: 0 }, keys, data);
	}

	dispose(): void {
		this.#tail?.dispose();
		this.#dense?.dispose();
		this.#lists.dispose();
		this.#segments.dispose();
	}

	#lineUp(key: number, placesOf?: (values: number, count: number) => number): void {
		this.#segments.lineUp(placesOf && (({ columns, length }) => placesOf(columns[key]!.data, length)));
	}

	#merge(indexed: Pairs, tail: Pairs, n: number): Pairs {
		if (indexed.count === 0) return tail;
		const { arena, kernels } = this.#region;
		const count = indexed.count + tail.count;
		const both = { indices: arena.allocate(count * 4), rows: arena.allocate(count * 4), count };
		for (const part of ["indices", "rows"] as const) {
			kernels.copyBytes(both[part], tail[part], tail.count * 4);
			kernels.copyBytes(both[part] + tail.count * 4, indexed[part], indexed.count * 4);
		}
		return sortPairs(this.#region, both, n);
	}
}
