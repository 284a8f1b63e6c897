// Heap memory that is filled from its start and grows, by which it moves. Behind what is asked for, 32 more bytes may be written.
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";

const FIRST_BYTES = 1024;
const PADDING_BYTES = 32;

export class GrowingBlock {
	readonly #owner: MemoryOwner;
	#capacity = 0;
	address = 0;
	/** Filled bytes. */
	bytes = 0;

	constructor(owner: MemoryOwner) {
		this.#owner = owner;
	}

	/** The address behind what is filled, where there is room for `more` bytes. */
	reserve({ heap }: Region, more: number): number {
		const needed = this.bytes + more + PADDING_BYTES;
		if (needed > this.#capacity) {
			const capacity = Math.max(needed, this.#capacity * 2, FIRST_BYTES);
			this.address =
				this.address === 0
					? heap.allocate(capacity, this.#owner)
					: heap.reallocate(this.address, this.#capacity, capacity, this.#owner);
			this.#capacity = capacity;
		}
		return this.address + this.bytes;
	}

	append(region: Region, from: number, bytes: number): void {
		region.kernels.copyBytes(this.reserve(region, bytes), from, bytes);
		this.bytes += bytes;
	}

	appendBytes(region: Region, bytes: Uint8Array): void {
		const at = this.reserve(region, bytes.length);
		region.u8.set(bytes, at);
		this.bytes += bytes.length;
	}

	free({ heap }: Region): void {
		if (this.address !== 0) heap.free(this.address, this.#capacity, this.#owner);
		this.address = 0;
		this.#capacity = 0;
		this.bytes = 0;
	}
}
