// The words that an index of keys shares with its kernels. See assembly/hash/slots.ts.
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";

const HEADER_BYTES = 64;

const WORDS = {
	/** Keys, which have a row each. */
	size: 4,
	/** A key's value lies next to the array of near keys, which is to grow. */
	wantsRange: 5,
	slots: 6,
	slotsEnd: 7,
	shift: 8,
	/** Keys that are in slots. */
	count: 9,
	limit: 10,
	/** Rows that a running call has created. */
	created: 11,
	/** The value that wants a place, i64. */
	wanted: 12,
	/** The array of near keys, 0 for none. */
	near: 15,
} as const;

export class IndexHeader {
	readonly #region: Region;
	readonly #owner: MemoryOwner;
	readonly address: number;

	constructor(region: Region, owner: MemoryOwner) {
		this.#region = region;
		this.#owner = owner;
		this.address = region.heap.allocateZeroed(HEADER_BYTES, owner);
	}

	get(word: keyof typeof WORDS): number {
		return this.#region.u32[(this.address >>> 2) + WORDS[word]]!;
	}

	set(word: keyof typeof WORDS, value: number): void {
		this.#region.u32[(this.address >>> 2) + WORDS[word]] = value;
	}

	/** The value for which the array of near keys is to grow. */
	get wanted(): bigint {
		return this.#region.i64[(this.address + 4 * WORDS.wanted) / 8]!;
	}

	dispose(): void {
		this.#region.heap.free(this.address, HEADER_BYTES, this.#owner);
	}
}
