// The bytes of long strings that state rows point to. Kernels place and free them; this opens chunks. See assembly/row/strings.ts.
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";

const HEADER_BYTES = 8 + 4 * (64 + 22);
const FIRST_CHUNK_BYTES = 16_384;
const MAX_CHUNK_BYTES = 1 << 20;

export class StringHeap {
	readonly #region: Region;
	readonly #owner: MemoryOwner;
	readonly #chunks: { readonly address: number; readonly bytes: number }[] = [];
	readonly #header: number;

	constructor(region: Region, owner: MemoryOwner) {
		this.#region = region;
		this.#owner = owner;
		this.#header = region.heap.allocateZeroed(HEADER_BYTES, owner);
	}

	/** What kernels are given. */
	get header(): number {
		return this.#header;
	}

	/** Moves the bytes of the long views at `offset` of the rows here. */
	keep(rows: number, n: number, offset: number): void {
		for (let from = 0; ; ) {
			from = this.#region.kernels.stringsKeep(this.#header, rows, from, n, offset);
			if (from === n) return;
			const row = this.#region.u32[(rows >>> 2) + from] as number;
			this.grow(this.#region.u32[(row + offset) >>> 2] as number);
		}
	}

	/** Frees the bytes of the long views at `offset` of the rows. */
	drop(rows: number, n: number, offset: number): void {
		this.#region.kernels.stringsDrop(this.#header, rows, n, offset);
	}

	/** Frees the bytes of `n` long views that lie one after the other. */
	free(views: number, n: number): void {
		this.#region.kernels.stringsFree(this.#header, views, n);
	}

	/** Opens a chunk that has room for a string of `length` bytes. */
	grow(length: number): void {
		this.#region.kernels.stringsRetire(this.#header);
		const wanted = Math.min(FIRST_CHUNK_BYTES * 2 ** this.#chunks.length, MAX_CHUNK_BYTES);
		const bytes = Math.max(wanted, 2 ** Math.ceil(Math.log2(length)));
		const address = this.#region.heap.allocate(bytes, this.#owner);
		this.#chunks.push({ address, bytes });
		this.#region.u32[this.#header >>> 2] = address;
		this.#region.u32[(this.#header >>> 2) + 1] = address + bytes;
	}

	/** Forgets all strings and gives their memory back. */
	clear(): void {
		for (const { address, bytes } of this.#chunks) this.#region.heap.free(address, bytes, this.#owner);
		this.#chunks.length = 0;
		this.#region.kernels.fillBytes(this.#header, 0, HEADER_BYTES);
	}

	dispose(): void {
		this.clear();
		this.#region.heap.free(this.#header, HEADER_BYTES, this.#owner);
	}
}
