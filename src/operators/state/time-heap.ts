// State rows by time, first come first: a run of those that came in order, and a heap of the others, which kernels fill and empty. See
// assembly/row/time-heap.ts.
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";

const HEADER_BYTES = 64;
/** Words of the header. */
const [HEAP, IN_HEAP, RING, FIRST, IN_RUN, RING_MASK] = [0, 1, 2, 3, 4, 5];
const ENTRY_BYTES = 16;
const FIRST_ENTRIES = 256;

export class TimeHeap {
	readonly #region: Region;
	readonly #owner: MemoryOwner;
	/** What kernels are given. */
	readonly header: number;
	/** Entries that there is room for; of the ring a power of two. */
	#heapRoom = FIRST_ENTRIES;
	#ringRoom = FIRST_ENTRIES;

	constructor(region: Region, owner: MemoryOwner) {
		this.#region = region;
		this.#owner = owner;
		this.header = region.heap.allocateZeroed(HEADER_BYTES, owner);
		this.#set(HEAP, region.heap.allocate(FIRST_ENTRIES * ENTRY_BYTES, owner));
		this.#set(RING, region.heap.allocate(FIRST_ENTRIES * ENTRY_BYTES, owner));
		this.#set(RING_MASK, FIRST_ENTRIES - 1);
	}

	get size(): number {
		return this.#get(IN_HEAP) + this.#get(IN_RUN);
	}

	/** Makes room for `n` more, whether they come in order or not. */
	reserve(n: number): void {
		const inHeap = this.#get(IN_HEAP) + n;
		if (inHeap > this.#heapRoom) this.#growHeap(roomFor(inHeap));
		const inRun = this.#get(IN_RUN) + n;
		if (inRun > this.#ringRoom) this.#growRing(roomFor(inRun));
	}

	dispose(): void {
		const { heap } = this.#region;
		heap.free(this.#get(HEAP), this.#heapRoom * ENTRY_BYTES, this.#owner);
		heap.free(this.#get(RING), this.#ringRoom * ENTRY_BYTES, this.#owner);
		heap.free(this.header, HEADER_BYTES, this.#owner);
	}

	#growHeap(room: number): void {
		const [before, after] = [this.#heapRoom * ENTRY_BYTES, room * ENTRY_BYTES];
		this.#set(HEAP, this.#region.heap.reallocate(this.#get(HEAP), before, after, this.#owner));
		this.#heapRoom = room;
	}

	/** The run begins at the new ring's start. */
	#growRing(room: number): void {
		const { heap, kernels } = this.#region;
		const [old, first] = [this.#get(RING), this.#get(FIRST)];
		const ring = heap.allocate(room * ENTRY_BYTES, this.#owner);
		const toEnd = Math.min(this.#get(IN_RUN), this.#ringRoom - first) * ENTRY_BYTES;
		kernels.copyBytes(ring, old + first * ENTRY_BYTES, toEnd);
		kernels.copyBytes(ring + toEnd, old, this.#get(IN_RUN) * ENTRY_BYTES - toEnd);
		heap.free(old, this.#ringRoom * ENTRY_BYTES, this.#owner);
		this.#ringRoom = room;
		this.#set(RING, ring);
		this.#set(FIRST, 0);
		this.#set(RING_MASK, room - 1);
	}

	#get(word: number): number {
		return this.#region.u32[(this.header >>> 2) + word] as number;
	}

	#set(word: number, value: number): void {
		this.#region.u32[(this.header >>> 2) + word] = value;
	}
}

const roomFor = (entries: number) => 2 ** Math.ceil(Math.log2(entries));
