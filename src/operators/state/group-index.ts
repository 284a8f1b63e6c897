// Keys → state rows: a hash index whose rows begin with the key. Behind it an operator keeps what it likes per key.
import { type Column, isSame } from "../../arrow/batch.js";
import { takeColumn } from "../../arrow/take.js";
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Kernels } from "../../wasm/kernels.js";
import type { Region } from "../../wasm/region.js";
import { IndexHeader } from "./index-header.js";
import { areSame, KeyCodes } from "./key-codes.js";
import { type FixedKernels, fixedKernels, ownedKernel } from "./key-layout.js";
import { NearKeys } from "./near-keys.js";
import { gatherColumn, scatterKeyColumn } from "./row-columns.js";
import type { PackedFields, RowField } from "./row-layout.js";
import { RowStore } from "./row-store.js";
import { scanPlaces } from "./scan-places.js";
import { SlotTable } from "./slot-table.js";
import { StringHeap } from "./string-heap.js";

const SCANNED_ROWS = 4096;

/** u32 row addresses in the arena: one per input row, and the rows created for keys not seen before. */
export interface Found {
	readonly rows: number;
	readonly created: number;
	readonly createdCount: number;
	/** When the rows are known to be few. */
	readonly numbered?: NumberedRows | undefined;
}

/** A u8 number per input row, and the address of the row of each number. A row alone needs no numbers. */
export interface NumberedRows {
	readonly numbers: number;
	readonly groups: number;
	readonly count: number;
	readonly scratch: number;
}

/**
 * NULLs are values; -0 equals 0 and NaN equals NaN. Rows are zero behind the key when created and are never moved. Without keys
 * there is one row.
 */
export class GroupIndex {
	readonly #region: Region;
	readonly #key: PackedFields;
	readonly #header: IndexHeader;
	readonly #slots: SlotTable;
	readonly #fixed: FixedKernels | undefined;
	readonly #findOwned: Kernels["findOwnedI64"] | undefined;
	/** Whether the key is one string. */
	readonly #isText: boolean;
	readonly #codes: KeyCodes | undefined;
	readonly #near: NearKeys | undefined;
	readonly #store: RowStore;
	readonly #strings: StringHeap | undefined;
	/** The last batch had keys not seen before, as then the next has: it is not tried first whether all keys are there. */
	#bringsKeys = true;
	/** Without keys: the row, once it is there. */
	#only = 0;

	/** `key`: from keyLayout or ownedLayout; `stride`: bytes of a row, the key's included. */
	constructor(region: Region, owner: MemoryOwner, key: PackedFields, stride: number) {
		this.#region = region;
		this.#key = key;
		this.#header = new IndexHeader(region, owner);
		this.#slots = new SlotTable(region, owner, this.#header);
		this.#store = new RowStore(region, owner, this.#header.address, stride);
		this.#strings = key.views > 0 ? new StringHeap(region, owner) : undefined;
		const [first, second] = key.fields;
		const { kernels } = region;
		this.#fixed = key.fields.length === 1 && first ? fixedKernels(kernels, first.physical) : undefined;
		this.#findOwned = key.isOwned && second ? ownedKernel(kernels, second.physical) : undefined;
		this.#near = NearKeys.of(region, owner, this.#header, key);
		this.#isText = key.fields.length === 1 && first?.physical === "view";
		const isPacked = !this.#fixed && !this.#findOwned;
		this.#codes = isPacked
			? KeyCodes.of(
					region,
					key.fields.map(({ physical }) => physical),
				)
			: undefined;
	}

	/** Keys in the index. */
	get size(): number {
		return this.#header.get("size");
	}

	get fields(): readonly RowField[] {
		return this.#key.fields;
	}

	/** The least and the greatest key, where keys are integers that lie close together, none of them NULL. */
	get range(): readonly [least: bigint, greatest: bigint] | undefined {
		return this.#near?.range;
	}

	/** The rows of `n` keys, which are created where missing. */
	find(keys: readonly Column[], n: number): Found {
		const { arena } = this.#region;
		const rows = arena.allocate(n * 4);
		const created = arena.allocate(n * 4);
		this.#header.set("created", 0);
		const numbered =
			keys.length === 0 && n > 0
				? this.#findOnly(n, rows, created)
				: (this.#findSame(keys, n, rows, created) ?? this.#findFew(keys, n, rows, created));
		if (n > 0 && !numbered) {
			if (this.#fixed) this.#findFixed(keys[0] as Column, this.#fixed, n, rows, created);
			else if (this.#findOwned)
				this.#findPairs(keys[0] as Column, keys[1] as Column, this.#findOwned, n, rows, created);
			else this.#findHashed(keys, n, rows, created);
		}
		const createdCount = this.#header.get("created");
		this.#bringsKeys = createdCount > 0;
		if (this.#strings && createdCount > 0) {
			for (const field of this.#key.fields) {
				if (field.physical === "view") this.#strings.keep(created, createdCount, field.offset);
			}
		}
		return { rows, created, createdCount, numbered };
	}

	/** The rows of `n` keys, 0 where there is none. Not for owned keys. */
	lookup(keys: readonly Column[], n: number): number {
		const { kernels, arena } = this.#region;
		const rows = arena.allocate(n * 4);
		const { bytes, views } = this.#key;
		if (this.#fixed) {
			const { data, validity } = keys[0] as Column;
			this.#fixed.lookup(this.#header.address, bytes, data, validity, n, rows);
		} else if (this.#isText) {
			const { data, validity } = keys[0] as Column;
			kernels.lookupText(this.#header.address, bytes, data, validity, n, rows);
		} else {
			kernels.lookupPacked(this.#header.address, bytes, views, this.#pack(keys, n), n, rows);
		}
		return rows;
	}

	/** Removes and frees rows. */
	remove(rows: number, n: number): void {
		if (n === 0) return;
		this.#only = 0;
		const { kernels } = this.#region;
		const { bytes, views, fields } = this.#key;
		if (this.#fixed || this.#findOwned) kernels.forgetFixed(this.#header.address, bytes, rows, n);
		else if (this.#isText) kernels.forgetText(this.#header.address, bytes, rows, n);
		else kernels.forgetPacked(this.#header.address, bytes, views, rows, n);
		for (const { physical, offset } of fields) if (physical === "view") this.#strings?.drop(rows, n, offset);
		this.#store.give(rows, n);
	}

	/** The key columns of rows. */
	gatherKeys(rows: number, n: number): Column[] {
		return this.#key.fields.map((field) => gatherColumn(this.#region, rows, n, field, true));
	}

	/** All rows, up to `n` at a time. Addresses are in the arena until the next step. */
	scan(n: number): Generator<{ readonly rows: number; readonly count: number }> {
		return this.#store.isDense ? this.#scanRuns(n) : scanPlaces(this.#region, this.#header, n);
	}

	/** In the order of creation, which is the order in memory. Small chunks share a batch. */
	*#scanRuns(n: number): Generator<{ readonly rows: number; readonly count: number }> {
		const { arena, kernels } = this.#region;
		const mark = arena.mark();
		const { stride } = this.#store;
		let rows = 0;
		let count = 0;
		for (const { first, count: total } of this.#store.runs()) {
			for (let from = 0; from < total; ) {
				if (count === 0) rows = arena.allocate(n * 4);
				const more = Math.min(n - count, total - from);
				kernels.rowsIota(first + from * stride, stride, more, rows + count * 4);
				from += more;
				count += more;
				if (count < n) continue;
				yield { rows, count };
				arena.release(mark);
				count = 0;
			}
		}
		if (count > 0) yield { rows, count };
		arena.release(mark);
	}

	/** Forgets all keys and gives their memory back. */
	clear(): void {
		this.#only = 0;
		this.#near?.clear();
		this.#store.clear();
		this.#strings?.clear();
		this.#slots.clear();
	}

	dispose(): void {
		this.#near?.dispose();
		this.#store.clear();
		this.#strings?.dispose();
		this.#slots.dispose();
		this.#header.dispose();
	}

	/** Without keys all rows are of one group. */
	#findOnly(n: number, rows: number, created: number): NumberedRows {
		if (this.#only === 0) {
			this.#findHashed([], 1, rows, created);
			this.#only = this.#region.u32[rows >>> 2] as number;
		}
		this.#region.kernels.rowsIota(this.#only, 0, n, rows);
		return { numbers: 0, groups: rows, count: 1, scratch: 0 };
	}

	/** Looks up one row, when all have the same key: those of a window, which come together. Keys of a column are told apart as fast as compared. */
	#findSame(keys: readonly Column[], n: number, rows: number, created: number): NumberedRows | undefined {
		if (this.#fixed || this.#findOwned || !areSame(this.#region, keys, n)) return undefined;
		this.#findHashed(keys, 1, rows, created);
		this.#region.kernels.rowsIota(this.#region.u32[rows >>> 2] as number, 0, n, rows);
		return { numbers: 0, groups: rows, count: 1, scratch: 0 };
	}

	/** Looks up one row of each key, when these are few. */
	#findFew(keys: readonly Column[], n: number, rows: number, created: number): NumberedRows | undefined {
		const few = this.#codes?.number(keys, n);
		if (!few) return undefined;
		const { numbers, firsts, count, scratch } = few;
		const groups = this.#region.arena.allocate(count * 4);
		const distinct = keys.map((key) => takeColumn(this.#region, key, firsts, count));
		this.#findHashed(distinct, count, groups, created);
		this.#region.kernels.codesRows(numbers, n, groups, rows);
		return { numbers, groups, count, scratch };
	}

	#findFixed({ data, validity }: Column, kernels: FixedKernels, n: number, rows: number, created: number): void {
		const { address } = this.#header;
		const { bytes } = this.#key;
		for (let from = 0; from < n; ) {
			const { near } = kernels;
			if (near && this.#hasNear) {
				if (!this.#bringsKeys && near.find(address, data, validity, n, rows) === 0) return;
				from = this.#addNear((at) => near.add(address, bytes, data, validity, at, n, rows, created), n);
			} else {
				from = kernels.find(address, bytes, data, validity, from, n, rows, created);
				if (from < n) this.#grow();
			}
		}
	}

	/** Lets `add` go on where it stopped, as long as there is an array of near keys. */
	#addNear(add: (from: number) => number, n: number): number {
		for (let from = 0; ; ) {
			from = add(from);
			if (from === n) return n;
			this.#grow();
			if (!this.#hasNear) return 0;
		}
	}

	#findPairs(
		owner: Column,
		value: Column,
		find: Kernels["findOwnedI64"],
		n: number,
		rows: number,
		created: number,
	): void {
		for (let from = 0; ; this.#grow()) {
			from = find(this.#header.address, value.data, owner.data, from, n, rows, created);
			if (from === n) return;
		}
	}

	#findHashed(keys: readonly Column[], n: number, rows: number, created: number): void {
		if (this.#isText) this.#findText(keys[0] as Column, n, rows, created);
		else this.#findPacked(keys, n, rows, created);
	}

	#findText({ data, validity }: Column, n: number, rows: number, created: number): void {
		const { arena, kernels } = this.#region;
		const { address } = this.#header;
		const tags = arena.allocate(n * 4);
		for (let from = 0; from < n; ) {
			from = kernels.findText(address, this.#key.bytes, data, validity, from, n, tags, rows, created);
			if (from < n) this.#grow();
		}
	}

	#findPacked(columns: readonly Column[], n: number, rows: number, created: number): void {
		const { arena, kernels } = this.#region;
		const { address } = this.#header;
		const { bytes, views } = this.#key;
		if (this.#hasNear && this.#addWords(columns, n, rows, created)) return;
		const keys = this.#pack(columns, n);
		let tags = 0;
		for (let from = 0; from < n; ) {
			if (this.#hasNear) {
				from = this.#addNear((at) => kernels.nearAddPacked(address, bytes, views, keys, at, n, rows, created), n);
			} else {
				if (tags === 0) {
					tags = arena.allocate(n * 4);
					kernels.tagsPacked(keys, bytes, views, n, tags);
				}
				from = kernels.findPacked(address, bytes, views, keys, tags, from, n, rows, created);
				if (from < n) this.#grow();
			}
		}
	}

	/** Keys that differ in one column of 64 bits need not be packed, each of them; false: they don't, or there is no array of near keys any more. */
	#addWords(columns: readonly Column[], n: number, rows: number, created: number): boolean {
		const { kernels } = this.#region;
		const { address } = this.#header;
		const { bytes, views, fields } = this.#key;
		const varying = this.#onlyVarying(columns, n);
		if (varying < 0) return false;
		const { data } = columns[varying]!;
		const { offset } = fields[varying]!;
		const key = this.#pack(columns, 1);
		const add = (at: number) => kernels.nearAddWords(address, bytes, views, key, offset, data, at, n, rows, created);
		return this.#addNear(add, n) === n;
	}

	/** The column in which alone the keys differ, if it has 64-bit integers; or -1. */
	#onlyVarying(columns: readonly Column[], n: number): number {
		let index = -1;
		for (const [i, column] of columns.entries()) {
			if (isSame(this.#region, column, n)) continue;
			if (index >= 0 || column.physical !== "i64" || column.validity !== 0) return -1;
			index = i;
		}
		return index;
	}

	/** The keys side by side in the arena, as they begin a row. */
	#pack(columns: readonly Column[], n: number): number {
		const { arena, kernels } = this.#region;
		const { bytes, fields, nullOffset } = this.#key;
		const keys = arena.allocate(n * bytes);
		const targets = arena.allocate(n * 4);
		kernels.rowsIota(keys, bytes, n, targets);
		if (nullOffset < bytes) {
			const word = nullOffset & ~7;
			kernels.rowsClear(targets, n, word, bytes - word);
		}
		for (const [i, field] of fields.entries()) {
			scatterKeyColumn(this.#region, columns[i] as Column, n, targets, field);
		}
		return keys;
	}

	get #hasNear(): boolean {
		return this.#header.get("near") !== 0;
	}

	/** After a kernel stopped: a larger array of near keys, more slots or more rows, whatever lacked. */
	#grow(): void {
		if (this.#header.get("wantsRange") !== 0) {
			this.#header.set("wantsRange", 0);
			this.#near!.extend();
			if (this.#header.get("count") > 0) this.#moveFromSlots(this.#near!);
		} else if (this.#header.get("count") < this.#header.get("limit")) this.#store.grow();
		else if (!this.#arrange()) this.#slots.grow();
	}

	/** Keys in slots that the array has grown over get their cells: a single one that stays has every new key looked up in slots, too. */
	#moveFromSlots(near: NearKeys): void {
		const { arena, kernels } = this.#region;
		const mark = arena.mark();
		const count = this.#header.get("count");
		const rows = arena.allocate(count * 4);
		kernels.slotsRows(this.#header.address, this.#header.get("slots"), count, rows, arena.allocate(4));
		const left = near.enter(rows, count);
		if (left < count) {
			this.#slots.replace(left, (header) => this.#enterSlots(header, rows, count), this.#header.get("near"));
		}
		arena.release(mark);
	}

	/** Those of the rows that have no cell. */
	#enterSlots({ address }: IndexHeader, rows: number, count: number): void {
		const { kernels } = this.#region;
		if (this.#fixed) kernels.slotsEnterFixed(address, this.#key.bytes, rows, count);
		else kernels.slotsEnterPacked(address, this.#key.bytes, this.#key.views, rows, count);
	}

	/** Moves keys from slots to an array, or all to slots where those in an array have become few. False: nothing changed. */
	#arrange(): boolean {
		const size = this.#header.get("size");
		const count = this.#header.get("count");
		const plan = this.#near?.plan((n) => this.scan(n));
		if (!plan && (!this.#hasNear || size - count >= count)) return false;
		const { array, bytes, left } = plan ?? { array: 0, bytes: 0, left: size };
		const enter = (header: IndexHeader) => {
			for (const { rows, count } of this.scan(SCANNED_ROWS)) this.#enterSlots(header, rows, count);
		};
		this.#slots.replace(left, enter, array);
		this.#near?.place(array, bytes);
		return true;
	}
}
