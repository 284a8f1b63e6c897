// Keys → state rows: a hash index whose rows begin with the key. Behind it an operator keeps what it likes per key.
import type { Column } from "../../arrow/batch.js";
import { takeColumn } from "../../arrow/take.js";
import type { SqlType } from "../../types/sql-type.js";
import type { PhysicalType } from "../../types/value.js";
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import { KeyCodes } from "./key-codes.js";
import { NearKeys } from "./near-keys.js";
import { gatherColumn, scatterKeyColumn } from "./row-columns.js";
import { type PackedFields, packFields, type RowField } from "./row-layout.js";
import { RowStore } from "./row-store.js";
import { StringHeap } from "./string-heap.js";

/** The header of assembly/hash/slots.ts, in u32 words. */
const HEADER_BYTES = 64;
const SLOTS = 6;
const SLOTS_END = 7;
const SHIFT = 8;
const COUNT = 9;
const LIMIT = 10;
const CREATED = 11;

const SLOT_BYTES = 8;
const FIRST_SLOTS_LOG2 = 6;
/** Of the slots that may be taken. What a small table wastes stays in the cache, and keys found at once are branches predicted. */
const LOAD = 0.6;
const SMALL_LOAD = 0.3;
const SMALL_SLOTS_LOG2 = 14;

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

type FixedSuffix = "I8" | "I16" | "I32" | "I64" | "F32" | "F64";

const FIXED_SUFFIX: Partial<Record<PhysicalType, FixedSuffix>> = {
	bool: "I8",
	i8: "I8",
	i16: "I16",
	i32: "I32",
	i64: "I64",
	f32: "F32",
	f64: "F64",
};

/** The layout of a key: a single narrow one is widened to 8 bytes, with a whole word that says whether it is NULL. */
export function keyLayout(types: readonly SqlType[]): PackedFields {
	const packed = packFields(types);
	const [only] = packed.fields;
	if (packed.fields.length !== 1 || only === undefined || FIXED_SUFFIX[only.physical] === undefined) return packed;
	const { nullable } = only.type;
	const field = { ...only, nullOffset: nullable ? 8 : 0, nullMask: nullable ? 1 : 0 };
	return { fields: [field], bytes: nullable ? 16 : 8, nullOffset: 8, views: 0 };
}

/** The layout of a u32 owner and values that are never NULL: the owner's field comes first. A single narrow value is widened to 8 bytes. */
export function ownedLayout(owner: SqlType, types: readonly SqlType[]): PackedFields {
	const packed = packFields([owner, ...types]);
	const [first, only] = packed.fields;
	if (packed.fields.length !== 2 || !first || !only || FIXED_SUFFIX[only.physical] === undefined) return packed;
	return {
		fields: [
			{ ...first, offset: 8 },
			{ ...only, offset: 0 },
		],
		bytes: 16,
		nullOffset: 16,
		views: 0,
		isOwned: true,
	};
}

/**
 * NULLs are values; -0 equals 0 and NaN equals NaN. Rows are zero behind the key when created and are never moved. Without keys
 * there is one row.
 */
export class GroupIndex {
	readonly #region: Region;
	readonly #owner: MemoryOwner;
	readonly #key: PackedFields;
	readonly #header: number;
	readonly #fixed: FixedSuffix | undefined;
	readonly #owned: FixedSuffix | undefined;
	readonly #codes: KeyCodes | undefined;
	readonly #near: NearKeys | undefined;
	readonly #store: RowStore;
	readonly #strings: StringHeap | undefined;
	#slotsLog2 = FIRST_SLOTS_LOG2;
	/** Without keys: the row, once it is there. */
	#only = 0;

	/** `key`: from keyLayout or ownedLayout; `stride`: bytes of a row, the key's included. */
	constructor(region: Region, owner: MemoryOwner, key: PackedFields, stride: number) {
		this.#region = region;
		this.#owner = owner;
		this.#key = key;
		this.#header = region.heap.allocateZeroed(HEADER_BYTES, owner);
		this.#store = new RowStore(region, owner, this.#header, stride);
		this.#strings = key.views > 0 ? new StringHeap(region, owner) : undefined;
		const [first, second] = key.fields;
		this.#fixed = key.fields.length === 1 && first ? FIXED_SUFFIX[first.physical] : undefined;
		this.#owned = key.isOwned && second ? FIXED_SUFFIX[second.physical] : undefined;
		const isWhole = this.#fixed === "I32" || this.#fixed === "I64" ? this.#fixed : undefined;
		if (isWhole && key.bytes === 8) this.#near = new NearKeys(region, owner, isWhole);
		const isPacked = !this.#fixed && !this.#owned;
		this.#codes = isPacked
			? KeyCodes.of(
					region,
					key.fields.map(({ physical }) => physical),
				)
			: undefined;
		this.#allocateSlots(FIRST_SLOTS_LOG2);
	}

	/** Keys in the index. */
	get size(): number {
		return this.#word(COUNT);
	}

	get fields(): readonly RowField[] {
		return this.#key.fields;
	}

	/** The rows of `n` keys, which are created where missing. */
	find(keys: readonly Column[], n: number): Found {
		const { arena } = this.#region;
		const rows = arena.allocate(n * 4);
		const created = arena.allocate(n * 4);
		this.#setWord(CREATED, 0);
		const numbered =
			keys.length === 0 && n > 0 ? this.#findOnly(n, rows, created) : this.#findFew(keys, n, rows, created);
		if (n > 0 && !numbered) {
			if (this.#fixed) this.#findFixed(keys[0] as Column, this.#fixed, n, rows, created);
			else if (this.#owned) this.#findOwned(keys[0] as Column, keys[1] as Column, this.#owned, n, rows, created);
			else this.#findPacked(keys, n, rows, created);
		}
		const createdCount = this.#word(CREATED);
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
			kernels[`lookup${this.#fixed}`](this.#header, bytes, data, validity, n, rows);
		} else {
			const packed = this.#pack(keys, n);
			kernels.lookupPacked(this.#header, bytes, views, packed.keys, packed.tags, n, rows);
		}
		return rows;
	}

	/** Removes and frees rows. */
	remove(rows: number, n: number): void {
		if (n === 0) return;
		this.#only = 0;
		this.#near?.leave(rows, n);
		const { kernels } = this.#region;
		const { bytes, views, fields } = this.#key;
		if (this.#fixed || this.#owned) kernels.forgetFixed(this.#header, bytes, rows, n);
		else kernels.forgetPacked(this.#header, bytes, views, rows, n);
		for (const { physical, offset } of fields) if (physical === "view") this.#strings?.drop(rows, n, offset);
		this.#store.give(rows, n);
	}

	/** The key columns of rows. */
	gatherKeys(rows: number, n: number): Column[] {
		return this.#key.fields.map((field) => gatherColumn(this.#region, rows, n, field, true));
	}

	/** All rows, up to `n` at a time. Addresses are in the arena until the next step. */
	scan(n: number): Generator<{ readonly rows: number; readonly count: number }> {
		return this.#store.isDense ? this.#scanRuns(n) : this.#scanSlots(n);
	}

	/** In the order of creation, which is the order in memory. */
	*#scanRuns(n: number): Generator<{ readonly rows: number; readonly count: number }> {
		const { arena, kernels } = this.#region;
		const mark = arena.mark();
		for (const { first, count: total } of this.#store.runs()) {
			for (let from = 0; from < total; from += n) {
				const count = Math.min(n, total - from);
				const rows = arena.allocate(count * 4);
				kernels.rowsIota(first + from * this.#store.stride, this.#store.stride, count, rows);
				yield { rows, count };
				arena.release(mark);
			}
		}
	}

	*#scanSlots(n: number): Generator<{ readonly rows: number; readonly count: number }> {
		const { arena, kernels } = this.#region;
		const mark = arena.mark();
		let from = this.#word(SLOTS);
		while (from < this.#word(SLOTS_END)) {
			const next = arena.allocate(4);
			const rows = arena.allocate(n * 4);
			const count = kernels.slotsRows(this.#header, from, n, rows, next);
			from = this.#region.u32[next >>> 2] as number;
			if (count > 0) yield { rows, count };
			arena.release(mark);
		}
	}

	/** Forgets all keys and gives their memory back. */
	clear(): void {
		this.#only = 0;
		this.#near?.clear();
		this.#store.clear();
		this.#strings?.clear();
		this.#freeSlots();
		this.#allocateSlots(FIRST_SLOTS_LOG2);
		this.#setWord(COUNT, 0);
	}

	dispose(): void {
		this.#near?.dispose();
		this.#store.clear();
		this.#strings?.dispose();
		this.#freeSlots();
		this.#region.heap.free(this.#header, HEADER_BYTES, this.#owner);
	}

	/** Without keys all rows are of one group. */
	#findOnly(n: number, rows: number, created: number): NumberedRows {
		if (this.#only === 0) {
			this.#findPacked([], 1, rows, created);
			this.#only = this.#region.u32[rows >>> 2] as number;
		}
		this.#region.kernels.rowsIota(this.#only, 0, n, rows);
		return { numbers: 0, groups: rows, count: 1, scratch: 0 };
	}

	/** Looks up one row of each key, when these are few. */
	#findFew(keys: readonly Column[], n: number, rows: number, created: number): NumberedRows | undefined {
		const few = this.#codes?.number(keys, n);
		if (!few) return undefined;
		const { numbers, firsts, count, scratch } = few;
		const groups = this.#region.arena.allocate(count * 4);
		const distinct = keys.map((key) => takeColumn(this.#region, key, firsts, count));
		this.#findPacked(distinct, count, groups, created);
		this.#region.kernels.codesRows(numbers, n, groups, rows);
		return { numbers, groups, count, scratch };
	}

	#findFixed(key: Column, suffix: FixedSuffix, n: number, rows: number, created: number): void {
		if (this.#near?.find(key.data, n, rows)) return;
		const find = this.#region.kernels[`find${suffix}`];
		for (let from = 0; from < n; ) {
			from = find(this.#header, this.#key.bytes, key.data, key.validity, from, n, rows, created);
			if (from < n) this.#grow();
		}
		this.#near?.learn(key.data, n, created, this.#word(CREATED), this);
	}

	#findOwned(owner: Column, value: Column, suffix: FixedSuffix, n: number, rows: number, created: number): void {
		const find = this.#region.kernels[`findOwned${suffix}`];
		for (let from = 0; ; this.#grow()) {
			from = find(this.#header, value.data, owner.data, from, n, rows, created);
			if (from === n) return;
		}
	}

	#findPacked(keys: readonly Column[], n: number, rows: number, created: number): void {
		const { kernels } = this.#region;
		const { bytes, views } = this.#key;
		const packed = this.#pack(keys, n);
		for (let from = 0; ; this.#grow()) {
			from = kernels.findPacked(this.#header, bytes, views, packed.keys, packed.tags, from, n, rows, created);
			if (from === n) return;
		}
	}

	/** The keys side by side in the arena, as they begin a row. */
	#pack(columns: readonly Column[], n: number): { readonly keys: number; readonly tags: number } {
		const { arena, kernels } = this.#region;
		const { bytes, views, fields, nullOffset } = this.#key;
		const keys = arena.allocate(n * bytes);
		const targets = arena.allocate(n * 4);
		const tags = arena.allocate(n * 4);
		kernels.rowsIota(keys, bytes, n, targets);
		if (nullOffset < bytes) {
			const word = nullOffset & ~7;
			kernels.rowsClear(targets, n, word, bytes - word);
		}
		for (const [i, field] of fields.entries()) {
			scatterKeyColumn(this.#region, columns[i] as Column, n, targets, field);
		}
		kernels.tagsPacked(keys, bytes, views, n, tags);
		return { keys, tags };
	}

	/** After a kernel stopped: more slots when they are what lacked, else more rows. */
	#grow(): void {
		if (this.#word(COUNT) < this.#word(LIMIT)) {
			this.#store.grow();
			return;
		}
		const slots = this.#word(SLOTS);
		const end = this.#word(SLOTS_END);
		this.#allocateSlots(this.#slotsLog2 + 1);
		this.#region.kernels.slotsMove(this.#header, slots, end);
		this.#region.heap.free(slots, end - slots, this.#owner);
	}

	#allocateSlots(log2: number): void {
		const bytes = SLOT_BYTES * 2 ** log2;
		const slots = this.#region.heap.allocateZeroed(bytes, this.#owner);
		this.#slotsLog2 = log2;
		this.#setWord(SLOTS, slots);
		this.#setWord(SLOTS_END, slots + bytes);
		this.#setWord(SHIFT, 32 - log2);
		this.#setWord(LIMIT, Math.floor(2 ** log2 * (log2 <= SMALL_SLOTS_LOG2 ? SMALL_LOAD : LOAD)));
	}

	#freeSlots(): void {
		const slots = this.#word(SLOTS);
		this.#region.heap.free(slots, this.#word(SLOTS_END) - slots, this.#owner);
	}

	#word(index: number): number {
		return this.#region.u32[(this.#header >>> 2) + index] as number;
	}

	#setWord(index: number, value: number): void {
		this.#region.u32[(this.#header >>> 2) + index] = value;
	}
}
