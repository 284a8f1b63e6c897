// The bytes of the long strings of column segments: blocks that belong to a segment and are freed with it. Where strings repeat at the
// same address, as those of a pool do, they are kept once.
import { VIEW_BYTES } from "../../arrow/batch.js";
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";

interface Block {
	readonly address: number;
	readonly bytes: number;
}

/** Views for which room is made together. */
const RUN_VIEWS = 256;
const FIRST_BLOCK_BYTES = 1024;
const MAX_BLOCK_BYTES = 1 << 18;
const SEEN_LOG2 = 14;
const SEEN_BYTES = 16 << SEEN_LOG2;
/** Strings are looked for among those kept after this many bytes, and no more when less than an eighth was saved in as many. */
const TRIAL_BYTES = 1 << 20;

export class SegmentStrings {
	readonly #region: Region;
	readonly #owner: MemoryOwner;
	readonly #blocks: Block[][] = [];
	/** Where the next string goes, in the last block of the last segment. */
	#next = 0;
	#end = 0;
	#segment = -1;
	#blockBytes = FIRST_BLOCK_BYTES;
	readonly #isShared: boolean;
	#search: "later" | "trial" | "settled";
	#seen = 0;
	#offered = 0;
	#moved = 0;

	constructor(region: Region, owner: MemoryOwner, shares: boolean) {
		this.#region = region;
		this.#owner = owner;
		this.#isShared = shares;
		this.#search = shares ? "later" : "settled";
	}

	/** Moves the bytes of `n` views of a segment, which is not before the one of the last call, here. */
	keep(segment: number, views: number, n: number): void {
		// What is shared belongs to no segment alone.
		const owner = this.#isShared ? 0 : segment;
		for (let from = 0; from < n; from += RUN_VIEWS) {
			this.#keepRun(owner, views + from * VIEW_BYTES, Math.min(RUN_VIEWS, n - from));
		}
		if (this.#offered > TRIAL_BYTES) this.#judge();
	}

	free(segment: number): void {
		for (const { address, bytes } of this.#blocks[segment] ?? []) this.#region.heap.free(address, bytes, this.#owner);
		this.#blocks[segment] = [];
		if (segment === this.#segment) this.#segment = -1;
	}

	dispose(): void {
		for (const segment of this.#blocks.keys()) this.free(segment);
		this.#forget();
	}

	#keepRun(segment: number, views: number, n: number): void {
		const { kernels } = this.#region;
		const bytes = kernels.viewsMoveBytes(views, n);
		if (bytes === 0) return;
		if (segment !== this.#segment || this.#end - this.#next < bytes + 16) this.#open(segment, bytes + 16);
		const start = this.#next;
		this.#next = kernels.viewsMove(views, n, start, this.#seen, SEEN_LOG2) >>> 0;
		this.#offered += bytes;
		this.#moved += this.#next - start;
	}

	#open(segment: number, bytes: number): void {
		const size = Math.max(bytes, this.#blockBytes);
		const address = this.#region.heap.allocate(size, this.#owner);
		this.#blockBytes = Math.min(this.#blockBytes * 2, MAX_BLOCK_BYTES);
		this.#blocks[segment] ??= [];
		this.#blocks[segment].push({ address, bytes: size });
		this.#segment = segment;
		this.#next = address;
		this.#end = address + size;
	}

	#judge(): void {
		const saved = this.#offered - this.#moved;
		if (this.#search === "later") {
			this.#seen = this.#region.heap.allocateZeroed(SEEN_BYTES, this.#owner);
			this.#search = "trial";
		} else if (this.#search === "trial") {
			if (saved < this.#offered / 8) this.#forget();
			this.#search = "settled";
		}
		this.#offered = 0;
		this.#moved = 0;
	}

	#forget(): void {
		if (this.#seen !== 0) this.#region.heap.free(this.#seen, SEEN_BYTES, this.#owner);
		this.#seen = 0;
	}
}
