// Blocks of one size that kernels take and give back. Callers see to it that there are enough before a kernel runs.
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";

/** | free list u32 | free u32 | stride u32 |, see assembly/match/layout.ts. */
const HEADER_BYTES = 16;
const FREE = 1;
const STRIDE = 2;
const FIRST_BLOCKS = 256;
const MAX_CHUNK_BYTES = 1 << 20;

export class BlockPool {
	readonly #region: Region;
	readonly #owner: MemoryOwner;
	readonly #chunks: { readonly address: number; readonly bytes: number }[] = [];
	readonly header: number;
	readonly stride: number;

	constructor(region: Region, owner: MemoryOwner, stride: number) {
		this.#region = region;
		this.#owner = owner;
		this.stride = stride;
		this.header = region.heap.allocateZeroed(HEADER_BYTES, owner);
		region.u32[(this.header >>> 2) + STRIDE] = stride;
	}

	/** Sees to it that `count` blocks are free. */
	reserve(count: number): void {
		const free = this.#region.u32[(this.header >>> 2) + FREE]!;
		if (free >= count) return;
		const most = Math.max(1, Math.floor(MAX_CHUNK_BYTES / this.stride));
		const blocks = Math.max(count - free, Math.min(FIRST_BLOCKS * 2 ** this.#chunks.length, most));
		const bytes = blocks * this.stride;
		const address = this.#region.heap.allocate(bytes, this.#owner);
		this.#chunks.push({ address, bytes });
		this.#region.kernels.matchPoolGrow(this.header, address, blocks);
	}

	dispose(): void {
		for (const { address, bytes } of this.#chunks) this.#region.heap.free(address, bytes, this.#owner);
		this.#region.heap.free(this.header, HEADER_BYTES, this.#owner);
	}
}
