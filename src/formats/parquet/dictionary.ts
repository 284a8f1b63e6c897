// The dictionary of a column chunk while it is written: distinct values found by kernels (assembly/format/parquet/dictionary.ts).
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import { GrowingBlock } from "./growing-block.js";
import type { Bounds } from "./written-values.js";

const STATE_BYTES = 32;
const FIRST_SLOTS = 4096;
/** Values that a call takes in at most: the tables are large enough for all of them being new. */
const SLICE = 1024;

export class DictionaryBuilder {
	readonly #form: "i32" | "i64" | "texts";
	readonly #owner: MemoryOwner;
	readonly #values: GrowingBlock;
	readonly #offsets: GrowingBlock;
	#state = 0;
	#slots = 0;
	#slotCount = 0;

	constructor(form: "i32" | "i64" | "texts", owner: MemoryOwner) {
		this.#form = form;
		this.#owner = owner;
		this.#values = new GrowingBlock(owner);
		this.#offsets = new GrowingBlock(owner);
	}

	/** How many distinct values there are. */
	count = 0;

	/** The values as a dictionary page has them. */
	get address(): number {
		return this.#values.address;
	}

	get bytes(): number {
		return this.#values.bytes;
	}

	/** Writes the index of each of `n` values. */
	add(region: Region, values: number, n: number, indexes: number): void {
		const width = this.#form === "texts" ? 16 : this.#form === "i32" ? 4 : 8;
		for (let from = 0; from < n; from += SLICE) {
			this.#addSlice(region, values + from * width, Math.min(SLICE, n - from), indexes + from * 4);
		}
	}

	/** The values at `n` indexes, as PLAIN has them, appended to `out`. */
	takeTo(region: Region, indexes: number, n: number, out: GrowingBlock): void {
		const { kernels } = region;
		if (this.#form === "texts") {
			const bytes = kernels.parquetTakenBytes(this.#values.address, this.#offsets.address, indexes, n);
			const at = out.reserve(region, bytes);
			kernels.parquetTakeTexts(this.#values.address, this.#offsets.address, indexes, n, at);
			out.bytes += bytes;
		} else {
			const width = this.#form === "i32" ? 4 : 8;
			region.byWidth.take[width](this.#values.address, indexes, n, out.reserve(region, n * width));
			out.bytes += n * width;
		}
	}

	addBounds(region: Region, bounds: Bounds): void {
		if (this.count === 0) return;
		if (this.#form !== "texts") {
			bounds.add(region, this.#values.address, this.count);
			return;
		}
		for (const entry of region.u32.slice(this.#state / 4 + 6, this.#state / 4 + 8)) {
			const text = this.#values.address + region.data.getUint32(this.#offsets.address + entry * 4, true);
			bounds.addText(region.u8.subarray(text + 4, text + 4 + region.data.getUint32(text, true)));
		}
	}

	/** Forgets all values. */
	clear(region: Region): void {
		if (this.#state === 0) return;
		this.#values.bytes = 0;
		this.#offsets.bytes = 0;
		this.count = 0;
		region.kernels.fillBytes(this.#state, 0, STATE_BYTES);
		region.kernels.fillBytes(this.#slots, 0, this.#slotCount * 8);
	}

	free(region: Region): void {
		this.#values.free(region);
		this.#offsets.free(region);
		if (this.#state === 0) return;
		region.heap.free(this.#state, STATE_BYTES, this.#owner);
		region.heap.free(this.#slots, this.#slotCount * 8, this.#owner);
		this.#state = 0;
		this.count = 0;
	}

	#addSlice(region: Region, values: number, n: number, indexes: number): void {
		const { kernels } = region;
		this.#reserveSlots(region, n);
		const isTexts = this.#form === "texts";
		const bytes = isTexts ? kernels.viewsTotalBytes(values, n) + n * 4 : n * 8;
		this.#values.reserve(region, bytes);
		if (isTexts) this.#offsets.reserve(region, n * 4);
		const state = this.#state / 4;
		region.u32[state] = this.#slots;
		region.u32[state + 1] = 32 - Math.log2(this.#slotCount);
		region.u32[state + 4] = this.#values.address;
		region.u32[state + 5] = this.#offsets.address;
		kernels[KERNEL[this.#form]](this.#state, values, n, indexes);
		this.count = region.u32[state + 2] as number;
		this.#values.bytes = region.u32[state + 3] as number;
		this.#offsets.bytes = isTexts ? this.count * 4 : 0;
	}

	#reserveSlots(region: Region, more: number): void {
		const { heap, kernels } = region;
		if (this.#state === 0) {
			this.#state = heap.allocateZeroed(STATE_BYTES, this.#owner);
			this.#slotCount = FIRST_SLOTS;
			this.#slots = heap.allocateZeroed(this.#slotCount * 8, this.#owner);
		}
		if ((this.count + more) * 2 <= this.#slotCount) return;
		const [old, oldCount] = [this.#slots, this.#slotCount];
		while ((this.count + more) * 2 > this.#slotCount) this.#slotCount *= 2;
		this.#slots = heap.allocateZeroed(this.#slotCount * 8, this.#owner);
		region.u32[this.#state / 4] = this.#slots;
		region.u32[this.#state / 4 + 1] = 32 - Math.log2(this.#slotCount);
		kernels.parquetDictionaryMove(this.#state, old, oldCount);
		heap.free(old, oldCount * 8, this.#owner);
	}
}

const KERNEL = { i32: "parquetDictionary4", i64: "parquetDictionary8", texts: "parquetDictionaryTexts" } as const;
