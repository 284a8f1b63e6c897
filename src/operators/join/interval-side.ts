// One side of an IntervalJoin: rows in their keys' lists, found by the other side and taken out by time. See assembly/join/interval.ts.
import { BATCH_ROWS, type Batch, type Column } from "../../arrow/batch.js";
import { asNullable, BIGINT, BOOLEAN, notNull, type Schema, type SqlType } from "../../types/sql-type.js";
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import { GroupIndex } from "../state/group-index.js";
import { gatherColumn, scatterColumn } from "../state/row-columns.js";
import { packFields, type RowField, RowLayout } from "../state/row-layout.js";
import { RowStore, type Rows } from "../state/row-store.js";
import { StringHeap } from "../state/string-heap.js";
import { TimeHeap } from "../state/time-heap.js";
import type { JoinKeys } from "./join-keys.js";
import type { Pairs } from "./pairs.js";

const STORE_HEADER_BYTES = 64;
/** Behind the list of a key: its timer. */
const TIMER = 8;
const KEY_TAIL_BYTES = 24;
/** Behind the link of a row: its time, its key's row, whether it has matched. */
const TIME = 8;
const KEY = 16;
const MATCHED = 20;

/** What a snapshot holds of a row behind its columns. */
const TAIL: Schema = [
	{ name: "time", type: notNull(BIGINT) },
	{ name: "matched", type: notNull(BOOLEAN) },
];

export class IntervalSide {
	readonly #region: Region;
	readonly #owner: MemoryOwner;
	readonly #keyTypes: readonly SqlType[];
	readonly #keys: GroupIndex;
	readonly #head: number;
	readonly #fields: readonly RowField[];
	readonly #link: number;
	readonly #storeHeader: number;
	readonly #rows: RowStore;
	readonly #strings: StringHeap | undefined;
	readonly #timers: TimeHeap;
	/** How long after its time a row is of use. */
	readonly reach: number;
	/** Rows up to this time are of no more use. */
	expired = Number.NEGATIVE_INFINITY;
	/** A row of NULLs, which pads rows of the other side. */
	readonly padding: number;

	constructor(region: Region, owner: MemoryOwner, schema: Schema, keys: JoinKeys, reach: number) {
		this.#region = region;
		this.#owner = owner;
		this.reach = reach;
		this.#keyTypes = keys.layout.fields.map(({ type }) => type);
		const keyRow = new RowLayout(keys.layout.bytes);
		this.#head = keyRow.reserve(8);
		keyRow.reserve(KEY_TAIL_BYTES - 8);
		this.#keys = new GroupIndex(region, owner, keys.layout, keyRow.stride);
		const fields = packFields(schema.map(({ type }) => asNullable(type)));
		this.#fields = fields.fields;
		const row = new RowLayout(fields.bytes);
		this.#link = row.reserve(8);
		for (let bytes = 0; bytes < KEY; bytes += 8) row.reserve(8);
		this.#storeHeader = region.heap.allocateZeroed(STORE_HEADER_BYTES, owner);
		this.#rows = new RowStore(region, owner, this.#storeHeader, row.stride);
		this.#strings = fields.views > 0 ? new StringHeap(region, owner) : undefined;
		this.#timers = new TimeHeap(region, owner);
		this.padding = region.heap.allocateZeroed(row.stride, owner);
		for (const { nullOffset, nullMask } of this.#fields) (region.u8[this.padding + nullOffset] as number) |= nullMask;
	}

	lookup(keys: readonly Column[], n: number): number {
		return this.#keys.lookup(keys, n);
	}

	/** How far rows can go so that they have at most `limit` candidates. */
	span(lists: number, from: number, n: number, limit: number): number {
		return this.#region.kernels.listSpan(lists, from, n, this.#head, limit);
	}

	/** Pairs of batch rows `from` … `to` with rows within `ahead` of their times; expired rows that they met leave the lists after that. */
	meet(lists: number, times: number, from: number, to: number, ahead: number): { pairs: Pairs; dropped: Rows } {
		const { arena, kernels } = this.#region;
		const total = kernels.listTotal(lists, from, to, this.#head);
		const [indices, rows, dropped] = [total, total, total + 1].map((n) => arena.allocate(n * 4)) as [
			number,
			number,
			number,
		];
		const found = dropped + total * 4;
		const count = kernels.intervalPairs(
			lists,
			times,
			from,
			to,
			this.#head,
			this.#link,
			this.reach,
			ahead,
			this.expired,
			indices,
			rows,
			dropped,
			found,
		);
		return { pairs: { indices, rows, count }, dropped: { rows: dropped, count: this.#region.u32[found >>> 2]! } };
	}

	/** Marks rows as matched; gives those that were not before. */
	mark(rows: number, n: number): Rows {
		const out = this.#region.arena.allocate(n * 4);
		return { rows: out, count: this.#region.kernels.intervalMark(rows, n, this.#link, out) };
	}

	unmatched({ rows, count }: Rows): Rows {
		const out = this.#region.arena.allocate(count * 4);
		return { rows: out, count: this.#region.kernels.intervalUnmatched(rows, count, this.#link, out) };
	}

	/** `matched`: u32 matches of each row, or 0. */
	keep({ columns, length: n }: Batch, keys: readonly Column[], times: number, matched: number): void {
		if (n === 0) return;
		const { kernels } = this.#region;
		const { rows: keyRows } = this.#keys.find(keys, n);
		const rows = this.#rows.take(n);
		kernels.rowsClear(rows, n, 0, this.#rows.stride);
		for (const [i, field] of this.#fields.entries()) {
			scatterColumn(this.#region, columns[i]!, n, rows, field);
			if (field.physical === "view") this.#strings!.keep(rows, n, field.offset);
		}
		this.#timers.reserve(n);
		const heap = this.#timers.header;
		kernels.intervalKeep(keyRows, rows, times, matched, n, this.#head, this.#link, this.reach, heap);
		kernels.listPush(keyRows, rows, n, this.#head, this.#link);
	}

	/** Rows that expire by timers due at `time`, which are to be freed; in portions. */
	*expire(time: number, expired: number): Generator<Rows> {
		const { arena, kernels } = this.#region;
		for (;;) {
			const mark = arena.mark();
			const keys = arena.allocate(BATCH_ROWS * 4);
			const heap = this.#timers.header;
			const n = kernels.intervalDue(heap, time, BATCH_ROWS, keys);
			if (n === 0) return;
			this.expired = expired;
			this.#timers.reserve(n);
			const rows = arena.allocate(kernels.listTotal(keys, 0, n, this.#head) * 4);
			const [empty, found] = [arena.allocate(n * 4), arena.allocate(4)];
			const { reach } = this;
			const emptied = kernels.intervalExpire(keys, n, this.#head, this.#link, time, reach, heap, rows, found, empty);
			yield { rows, count: this.#region.u32[found >>> 2]! };
			this.#keys.remove(empty, emptied);
			arena.release(mark);
		}
	}

	free({ rows, count }: Rows): void {
		for (const { physical, offset } of this.#fields) {
			if (physical === "view") this.#strings!.drop(rows, count, offset);
		}
		this.#rows.give(rows, count);
	}

	read(column: number, rows: number, n: number): Column {
		return gatherColumn(this.#region, rows, n, this.#fields[column]!);
	}

	/** Keys with their timers. */
	get keySchema(): Schema {
		return [...this.#keyTypes, notNull(BIGINT)].map((type, i) => ({ name: `f${i}`, type }));
	}

	*savedKeys(): Generator<Batch> {
		for (const { rows, count } of this.#keys.scan(BATCH_ROWS)) {
			yield {
				length: count,
				kinds: 0,
				columns: [...this.#keys.gatherKeys(rows, count), this.#long(rows, count, this.#head + TIMER)],
			};
		}
	}

	loadKeys({ columns, length: n }: Batch): void {
		const { rows } = this.#keys.find(columns.slice(0, -1), n);
		this.#timers.reserve(n);
		this.#region.kernels.intervalArm(rows, columns.at(-1)!.data, n, this.#head, this.#timers.header);
	}

	/** What a snapshot holds of rows: the side's columns, then these. */
	get tail(): Schema {
		return TAIL;
	}

	*savedRows(): Generator<Batch> {
		const { arena, kernels } = this.#region;
		for (const { rows: keyRows, count: keys } of this.#keys.scan(BATCH_ROWS)) {
			const total = kernels.listTotal(keyRows, 0, keys, this.#head);
			const all = arena.allocate(total * 4);
			kernels.listRows(keyRows, keys, this.#head, this.#link, all);
			for (let from = 0; from < total; from += BATCH_ROWS) {
				const n = Math.min(BATCH_ROWS, total - from);
				const rows = all + from * 4;
				const matched = arena.allocate(n);
				kernels.rowsRead1(rows, n, this.#link + MATCHED, matched);
				const columns = [
					...this.#fields.map((_, column) => this.read(column, rows, n)),
					this.#long(rows, n, this.#link + TIME),
					{ type: notNull(BOOLEAN), physical: "bool" as const, data: matched, validity: 0 },
				];
				yield { length: n, columns, kinds: 0 };
			}
		}
	}

	loadRows({ columns, length: n }: Batch, keys: readonly Column[]): void {
		const [times, flags] = columns.slice(-TAIL.length) as [Column, Column];
		const matched = this.#region.arena.allocate(n * 4);
		this.#region.kernels.intervalWiden(flags.data, n, matched);
		this.keep({ columns: columns.slice(0, -TAIL.length), length: n, kinds: 0 }, keys, times.data, matched);
	}

	dispose(): void {
		this.#keys.dispose();
		this.#rows.clear();
		this.#strings?.dispose();
		this.#timers.dispose();
		this.#region.heap.free(this.#storeHeader, STORE_HEADER_BYTES, this.#owner);
		this.#region.heap.free(this.padding, this.#rows.stride, this.#owner);
	}

	#long(rows: number, n: number, offset: number): Column {
		const data = this.#region.arena.allocate(n * 8);
		this.#region.kernels.rowsRead8(rows, n, offset, data);
		return { type: notNull(BIGINT), physical: "i64", data, validity: 0 };
	}
}
