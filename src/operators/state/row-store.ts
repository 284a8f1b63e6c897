// Rows of one fixed width in chunks of state memory, named by their addresses. Kernels take and give rows; this opens chunks.
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";

/** The header of assembly/row/rows.ts. */
const FREE = 0;
const NEXT = 1;
const END = 2;
const STRIDE = 3;
const LIVE = 4;

/** A row without key and state still has an address of its own, and room for the link of a free one. */
const MIN_STRIDE = 8;
const FIRST_CHUNK_BYTES = 2048;
const MAX_CHUNK_BYTES = 1 << 20;

/** u32 addresses of rows in the arena. */
export interface Rows {
	readonly rows: number;
	readonly count: number;
}

export class RowStore {
	readonly #region: Region;
	readonly #owner: MemoryOwner;
	readonly #chunks: { readonly address: number; readonly bytes: number }[] = [];
	/** Of the chunks that were in use when the store was cleared: as many rows may come again. */
	#expected = 0;
	/** Address of the header, which the owner allocated zeroed and frees. */
	readonly header: number;
	readonly stride: number;

	constructor(region: Region, owner: MemoryOwner, header: number, stride: number) {
		this.#region = region;
		this.#owner = owner;
		this.header = header;
		this.stride = Math.max(stride, MIN_STRIDE);
		region.u32[(header >>> 2) + STRIDE] = this.stride;
	}

	/** Rows in use. */
	get live(): number {
		return this.#region.u32[(this.header >>> 2) + LIVE] as number;
	}

	/** Opens a chunk; called when a kernel found no row. */
	grow(): void {
		const before = this.#bytes;
		const wanted = Math.max(FIRST_CHUNK_BYTES, before, this.#expected - before);
		const bytes = Math.max(Math.min(wanted, MAX_CHUNK_BYTES), this.stride * 16);
		const address = this.#region.heap.allocate(bytes, this.#owner);
		this.#chunks.push({ address, bytes });
		const header = this.header >>> 2;
		this.#region.u32[header + NEXT] = address;
		this.#region.u32[header + END] = address + bytes;
	}

	/** Whether no row was ever given back: then rows lie one after the other. */
	get isDense(): boolean {
		return this.#region.u32[(this.header >>> 2) + FREE] === 0;
	}

	/** Where rows lie, when no row was ever given back: first row and how many. */
	*runs(): Generator<{ readonly first: number; readonly count: number }> {
		for (const [i, { address, bytes }] of this.#chunks.entries()) {
			const isOpen = i === this.#chunks.length - 1;
			const end = isOpen ? (this.#region.u32[(this.header >>> 2) + NEXT] as number) : address + bytes;
			yield { first: address, count: Math.floor((end - address) / this.stride) };
		}
	}

	/** Addresses (u32, in the arena) of `n` rows with undefined contents. */
	take(n: number): number {
		const rows = this.#region.arena.allocate(n * 4);
		for (let from = 0; ; this.grow()) {
			from = this.#region.kernels.rowsTake(this.header, from, n, rows);
			if (from === n) return rows;
		}
	}

	give(rows: number, n: number): void {
		this.#region.kernels.rowsGive(this.header, rows, n);
	}

	/** Forgets all rows and gives the memory back. */
	clear(): void {
		const header = this.header >>> 2;
		this.#expected = this.#bytes - (this.#region.u32[header + END]! - this.#region.u32[header + NEXT]!);
		for (const { address, bytes } of this.#chunks) this.#region.heap.free(address, bytes, this.#owner);
		this.#chunks.length = 0;
		for (const word of [FREE, NEXT, END, LIVE]) this.#region.u32[header + word] = 0;
	}

	/** Of all chunks. */
	get #bytes(): number {
		return this.#chunks.reduce((sum, { bytes }) => sum + bytes, 0);
	}
}
