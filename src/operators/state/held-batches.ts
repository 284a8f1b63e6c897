// Batches that an operator has to set aside: copied to the heap, strings included, given back in order.
import { type Batch, type Column, validityBytes } from "../../arrow/batch.js";
import { PHYSICAL_WIDTH } from "../../types/value.js";
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";

interface Held {
	readonly batch: Batch;
	readonly blocks: readonly { readonly address: number; readonly bytes: number }[];
}

export class HeldBatches {
	readonly #region: Region;
	readonly #owner: MemoryOwner;
	#held: Held[] = [];

	constructor(region: Region, owner: MemoryOwner) {
		this.#region = region;
		this.#owner = owner;
	}

	/** Copies a batch; O(bytes). */
	add(batch: Batch): void {
		const blocks: { address: number; bytes: number }[] = [];
		const copy = (source: number, bytes: number): number => {
			if (source === 0) return 0;
			const address = this.#region.heap.allocate(bytes, this.#owner);
			blocks.push({ address, bytes });
			this.#region.kernels.copyBytes(address, source, bytes);
			return address;
		};
		const columns = batch.columns.map((column): Column => {
			const { type, physical } = column;
			const data = copy(column.data, batch.length * PHYSICAL_WIDTH[physical]);
			if (physical === "view") this.#copyStrings(data, batch.length, blocks);
			return { type, physical, data, validity: copy(column.validity, validityBytes(batch.length)) };
		});
		this.#held.push({ batch: { length: batch.length, columns, kinds: copy(batch.kinds, batch.length) }, blocks });
	}

	/** The batches as they lie here. */
	batches(): Batch[] {
		return this.#held.map(({ batch }) => batch);
	}

	/** Hands each batch to `take` in order and frees it. */
	drain(take: (batch: Batch) => void): void {
		const held = this.#held;
		this.#held = [];
		try {
			for (const { batch } of held) take(batch);
		} finally {
			this.#free(held);
		}
	}

	dispose(): void {
		this.#free(this.#held);
		this.#held = [];
	}

	#copyStrings(views: number, rows: number, blocks: { address: number; bytes: number }[]): void {
		const { kernels, heap } = this.#region;
		const bytes = kernels.viewsLongBytes(views, rows);
		if (bytes === 0) return;
		const address = heap.allocate(bytes, this.#owner);
		blocks.push({ address, bytes });
		// Offsets from address 0 are addresses.
		kernels.viewsPack(views, rows, address, 0);
	}

	#free(held: readonly Held[]): void {
		for (const { blocks } of held) {
			for (const { address, bytes } of blocks) this.#region.heap.free(address, bytes, this.#owner);
		}
	}
}
