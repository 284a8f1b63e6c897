// Memory of batches in flight: bump allocation in recycled blocks, given back all at once by marks.
import type { Heap, MemoryOwner } from "./heap.js";

const BLOCK_BYTES = 1 << 20;

/** A position in an arena; valid until an earlier mark is released. */
export interface ArenaMark {
	readonly block: number;
	readonly offset: number;
}

/**
 * A stack of blocks. `release(mark)` frees everything allocated since the mark in O(1): blocks are kept for the next batch, so a
 * steady pipeline allocates nothing. Requests larger than a block get a block of their own size. Addresses are 16-byte aligned.
 */
export class Arena {
	readonly #heap: Heap;
	readonly #owner: MemoryOwner;
	readonly #blocks: { address: number; bytes: number }[] = [];
	#block = -1;
	#offset = 0;
	#capacity = 0;
	#base = 0;

	constructor(heap: Heap, owner: MemoryOwner) {
		this.#heap = heap;
		this.#owner = owner;
	}

	/** `bytes` bytes, rounded up to 16, contents undefined. At least 16 bytes beyond them may be read (never written). */
	allocate(bytes: number): number {
		const size = ((bytes + 15) & ~15) + 16;
		if (this.#offset + size > this.#capacity) this.#advance(size);
		const address = this.#base + this.#offset;
		this.#offset += size;
		return address;
	}

	mark(): ArenaMark {
		return { block: this.#block, offset: this.#offset };
	}

	release(mark: ArenaMark): void {
		this.#use(mark.block, mark.offset);
	}

	/** Bytes held, used or kept for reuse. */
	get heldBytes(): number {
		return this.#blocks.reduce((sum, block) => sum + block.bytes, 0);
	}

	dispose(): void {
		for (const block of this.#blocks) this.#heap.free(block.address, block.bytes, this.#owner);
		this.#blocks.length = 0;
		this.#use(-1, 0);
	}

	#advance(size: number): void {
		const next = this.#block + 1;
		const candidate = this.#blocks[next];
		if (!candidate || candidate.bytes < size) {
			const bytes = Math.max(BLOCK_BYTES, size);
			this.#blocks.splice(next, 0, { address: this.#heap.allocate(bytes, this.#owner), bytes });
		}
		this.#use(next, 0);
	}

	#use(block: number, offset: number): void {
		this.#block = block;
		this.#offset = offset;
		this.#capacity = this.#blocks[block]?.bytes ?? 0;
		this.#base = this.#blocks[block]?.address ?? 0;
	}
}
