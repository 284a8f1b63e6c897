// Memory of batches in flight: bump allocation in recycled blocks, given back all at once by marks.
import { checkGuard, GUARD_BYTES, setGuard } from "./guards.js";
import type { Heap, MemoryOwner } from "./heap.js";
import type { Kernels } from "./kernels.js";

const BLOCK_BYTES = 1 << 20;
const LANE_BYTES = 16;

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
	/** Debug builds: what has been allocated, each piece with a guard behind it. */
	readonly #guarded: (ArenaMark & { readonly address: number; readonly bytes: number })[] | undefined;
	readonly #kernels: Kernels;

	constructor(kernels: Kernels, heap: Heap, owner: MemoryOwner) {
		this.#kernels = kernels;
		this.#heap = heap;
		this.#owner = owner;
		this.#guarded = heap.isChecked ? [] : undefined;
	}

	/** `bytes` bytes, rounded up to 16, contents undefined. The 16 bytes beyond may be read and written by kernels that copy whole lanes. */
	allocate(bytes: number): number {
		const rounded = bytes + ((LANE_BYTES - (bytes % LANE_BYTES)) % LANE_BYTES);
		const size = rounded + LANE_BYTES + (this.#guarded ? GUARD_BYTES : 0);
		if (this.#offset + size > this.#capacity) this.#advance(size);
		const address = this.#base + this.#offset;
		if (this.#guarded) this.#guard(address, size - GUARD_BYTES);
		this.#offset += size;
		return address;
	}

	mark(): ArenaMark {
		return { block: this.#block, offset: this.#offset };
	}

	release(mark: ArenaMark): void {
		if (this.#guarded) this.#checkGuards(mark);
		this.#use(mark.block, mark.offset);
	}

	/** Bytes held, used or kept for reuse. */
	get heldBytes(): number {
		return this.#blocks.reduce((sum, block) => sum + block.bytes, 0);
	}

	dispose(): void {
		if (this.#guarded) this.#checkGuards({ block: -1, offset: 0 });
		for (const block of this.#blocks) this.#heap.free(block.address, block.bytes, this.#owner);
		this.#blocks.length = 0;
		this.#use(-1, 0);
	}

	#guard(address: number, bytes: number): void {
		this.#guarded!.push({ block: this.#block, offset: this.#offset, address, bytes });
		setGuard(this.#kernels, address + bytes, address + bytes + GUARD_BYTES);
	}

	#checkGuards({ block, offset }: ArenaMark): void {
		const guarded = this.#guarded!;
		for (let last = guarded.at(-1); last !== undefined; last = guarded.at(-1)) {
			if (last.block < block || (last.block === block && last.offset < offset)) return;
			guarded.pop();
			const end = last.address + last.bytes + GUARD_BYTES;
			checkGuard(this.#kernels, last.address, last.bytes, end, this.#owner.operator);
		}
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
