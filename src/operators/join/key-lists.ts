// The rows of one side of a join by key: lists of row ids. An integer key has its list in the slot of a table of its own (assembly/join/
// slots.ts), other keys have theirs in the rows of a GroupIndex, and without keys there is one list.
import type { Column } from "../../arrow/batch.js";
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import { GroupIndex } from "../state/group-index.js";
import type { PackedFields } from "../state/row-layout.js";
import { RowLayout } from "../state/row-layout.js";

export interface KeyLists {
	/** Offset of the first row and the length in a list. */
	readonly head: number;
	/** No list has had more than one row. */
	readonly isUnique: boolean;
	/** The list of each key (u32 addresses in the arena, until the next `insert`), 0 where there is none. */
	lookup(keys: readonly Column[], n: number): number;
	/** Adds rows `id`… with keys `from`… ; `links`: addresses of their links. `more`: how many rows are still to come in this go. */
	insert(keys: readonly Column[], pieces: readonly LinkedPiece[]): void;
	dispose(): void;
}

/** Rows of one segment. */
export interface LinkedPiece {
	readonly id: number;
	/** Number of the first of them among the keys. */
	readonly from: number;
	readonly count: number;
	readonly links: number;
}

const SLOT_BYTES = 16;
const FIRST_SLOTS_LOG2 = 6;
const LOAD = 0.5;

export type SlotKey = "I32" | "I64";

export class SlotLists implements KeyLists {
	readonly #region: Region;
	readonly #owner: MemoryOwner;
	readonly #key: SlotKey;
	readonly head = 8;
	#slots = 0;
	#log2 = FIRST_SLOTS_LOG2;
	#keys = 0;
	#rows = 0;

	constructor(region: Region, owner: MemoryOwner, key: SlotKey) {
		this.#region = region;
		this.#owner = owner;
		this.#key = key;
		this.#slots = region.heap.allocateZeroed(SLOT_BYTES << this.#log2, owner);
	}

	get isUnique(): boolean {
		return this.#keys === this.#rows;
	}

	get isEmpty(): boolean {
		return this.#rows === 0;
	}

	lookup([key]: readonly Column[], n: number): number {
		const { arena, kernels } = this.#region;
		const out = arena.allocate(n * 4);
		kernels[`slotsLookup${this.#key}`](this.#slots, this.#end, 64 - this.#log2, key!.data, n, out);
		return out;
	}

	insert([key]: readonly Column[], pieces: readonly LinkedPiece[]): void {
		let left = pieces.reduce((sum, { count }) => sum + count, 0);
		for (const { id, from, count, links } of pieces) {
			this.add(key!.data + from * this.#width, count, id, links, left);
			left -= count;
		}
	}

	/** Adds rows with keys at `values`; `left` rows (these among them) will be added in this go. */
	add(values: number, n: number, id: number, links: number, left: number): void {
		if (this.#keys + n > LOAD * 2 ** this.#log2) this.#grow(n, left);
		const insert = this.#region.kernels[`slotsInsert${this.#key}`];
		this.#keys += insert(this.#slots, this.#end, 64 - this.#log2, values, n, id, links);
		this.#rows += n;
	}

	dispose(): void {
		this.#region.heap.free(this.#slots, SLOT_BYTES * 2 ** this.#log2, this.#owner);
	}

	get #width(): number {
		return this.#key === "I64" ? 8 : 4;
	}

	get #end(): number {
		return this.#slots + SLOT_BYTES * 2 ** this.#log2;
	}

	/** Makes room for `n` keys, and for as many as rows to come will bring when they repeat as those before. */
	#grow(n: number, left: number): void {
		const { heap, kernels } = this.#region;
		const share = this.#rows === 0 ? 0 : this.#keys / this.#rows;
		const keys = this.#keys + Math.max(n, left * share);
		const [slots, end, bytes] = [this.#slots, this.#end, SLOT_BYTES * 2 ** this.#log2];
		this.#log2 = Math.max(this.#log2 + 1, Math.ceil(Math.log2(keys / LOAD)));
		this.#slots = heap.allocateZeroed(SLOT_BYTES * 2 ** this.#log2, this.#owner);
		kernels.keySlotsMove(slots, end, this.#slots, this.#end, 64 - this.#log2);
		heap.free(slots, bytes, this.#owner);
	}
}

/** All rows are in one list. */
export class OneList implements KeyLists {
	readonly #region: Region;
	readonly #owner: MemoryOwner;
	/** | first row u32 | length u32 | */
	readonly #list: number;
	readonly head = 0;

	constructor(region: Region, owner: MemoryOwner) {
		this.#region = region;
		this.#owner = owner;
		this.#list = region.heap.allocateZeroed(8, owner);
	}

	get isUnique(): boolean {
		return this.#length <= 1;
	}

	lookup(_keys: readonly Column[], n: number): number {
		return this.#repeated(this.#length === 0 ? 0 : this.#list, n);
	}

	insert(_keys: readonly Column[], pieces: readonly LinkedPiece[]): void {
		const { kernels } = this.#region;
		for (const { id, count, links } of pieces) {
			kernels.listPushIds(this.#repeated(this.#list, count), count, this.head, id, links);
		}
	}

	dispose(): void {
		this.#region.heap.free(this.#list, 8, this.#owner);
	}

	get #length(): number {
		return this.#region.u32[(this.#list >>> 2) + 1]!;
	}

	#repeated(list: number, n: number): number {
		const { arena } = this.#region;
		const out = arena.allocate(n * 4);
		this.#region.u32.fill(list, out >>> 2, (out >>> 2) + n);
		return out;
	}
}

export class RowLists implements KeyLists {
	readonly #region: Region;
	readonly #index: GroupIndex;
	readonly head: number;
	readonly isUnique = false;

	constructor(region: Region, owner: MemoryOwner, key: PackedFields) {
		this.#region = region;
		const layout = new RowLayout(key.bytes);
		this.head = layout.reserve(8);
		this.#index = new GroupIndex(region, owner, key, layout.stride);
	}

	lookup(keys: readonly Column[], n: number): number {
		return this.#index.lookup(keys, n);
	}

	insert(keys: readonly Column[], pieces: readonly LinkedPiece[]): void {
		const n = pieces.reduce((sum, { count }) => sum + count, 0);
		const { rows } = this.#index.find(keys, n);
		for (const { id, from, count, links } of pieces) {
			this.#region.kernels.listPushIds(rows + from * 4, count, this.head, id, links);
		}
	}

	dispose(): void {
		this.#index.dispose();
	}
}
