// The slots of an index: how many there are, and how full they may be. See assembly/hash/slots.ts.
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import { IndexHeader } from "./index-header.js";

const SLOT_BYTES = 8;
const FIRST_SLOTS_LOG2 = 6;
/** Of the slots that may be taken. What a small table wastes stays in the cache, and keys found at once are branches predicted. */
const LOAD = 0.6;
const SMALL_LOAD = 0.3;
const SMALL_SLOTS_LOG2 = 14;

export class SlotTable {
	readonly #region: Region;
	readonly #owner: MemoryOwner;
	readonly #header: IndexHeader;
	#log2 = FIRST_SLOTS_LOG2;

	/** `count`: the keys that it is made for. */
	constructor(region: Region, owner: MemoryOwner, header: IndexHeader, count = 0) {
		this.#region = region;
		this.#owner = owner;
		this.#header = header;
		let log2 = FIRST_SLOTS_LOG2;
		while (limitOf(log2) <= 2 * count) log2++;
		this.#allocate(log2);
	}

	/** Twice as many slots. */
	grow(): void {
		const [slots, end] = this.#place;
		this.#allocate(this.#log2 + 1);
		this.#region.kernels.slotsMove(this.#header.address, slots, end);
		this.#free(slots, end);
	}

	/** Empty slots instead of these, for `count` keys, which `enter` enters while the old ones can still be read. */
	replace(count: number, enter: (header: IndexHeader) => void, near: number): void {
		const fresh = new IndexHeader(this.#region, this.#owner);
		fresh.set("near", near);
		this.#log2 = new SlotTable(this.#region, this.#owner, fresh, count).#log2;
		enter(fresh);
		this.dispose();
		for (const word of ["slots", "slotsEnd", "shift", "limit"] as const) this.#header.set(word, fresh.get(word));
		this.#header.set("count", count);
		fresh.dispose();
	}

	/** All keys are gone. */
	clear(): void {
		this.dispose();
		this.#allocate(FIRST_SLOTS_LOG2);
		this.#header.set("count", 0);
	}

	dispose(): void {
		this.#free(...this.#place);
	}

	get #place(): [slots: number, end: number] {
		return [this.#header.get("slots"), this.#header.get("slotsEnd")];
	}

	#allocate(log2: number): void {
		const bytes = SLOT_BYTES * 2 ** log2;
		const slots = this.#region.heap.allocateZeroed(bytes, this.#owner);
		this.#log2 = log2;
		this.#header.set("slots", slots);
		this.#header.set("slotsEnd", slots + bytes);
		this.#header.set("shift", 32 - log2);
		this.#header.set("limit", limitOf(log2));
	}

	#free(slots: number, end: number): void {
		this.#region.heap.free(slots, end - slots, this.#owner);
	}
}

const limitOf = (log2: number) => Math.floor(2 ** log2 * (log2 <= SMALL_SLOTS_LOG2 ? SMALL_LOAD : LOAD));
