// State rows by time, first come first: a binary heap that kernels fill and empty. See assembly/row/time-heap.ts.
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";

const HEADER_BYTES = 64;
const ENTRY_BYTES = 16;
const FIRST_ENTRIES = 256;

export class TimeHeap {
	readonly #region: Region;
	readonly #owner: MemoryOwner;
	/** What kernels are given. */
	readonly header: number;
	#entries: number;
	#capacity = FIRST_ENTRIES;

	constructor(region: Region, owner: MemoryOwner) {
		this.#region = region;
		this.#owner = owner;
		this.header = region.heap.allocateZeroed(HEADER_BYTES, owner);
		this.#entries = region.heap.allocate(FIRST_ENTRIES * ENTRY_BYTES, owner);
		region.u32[this.header >>> 2] = this.#entries;
	}

	/** Makes room for `n` more. */
	reserve(n: number): void {
		const needed = (this.#region.u32[(this.header >>> 2) + 1] as number) + n;
		if (needed <= this.#capacity) return;
		const capacity = 2 ** Math.ceil(Math.log2(needed));
		const [before, after] = [this.#capacity * ENTRY_BYTES, capacity * ENTRY_BYTES];
		this.#entries = this.#region.heap.reallocate(this.#entries, before, after, this.#owner);
		this.#capacity = capacity;
		this.#region.u32[this.header >>> 2] = this.#entries;
	}

	dispose(): void {
		this.#region.heap.free(this.#entries, this.#capacity * ENTRY_BYTES, this.#owner);
		this.#region.heap.free(this.header, HEADER_BYTES, this.#owner);
	}
}
