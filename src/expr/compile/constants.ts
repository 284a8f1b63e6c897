// Literals in linear memory: each a single value that kernels read as an operand or repeat over a column. Lives as long as the program.
import { writeFixed } from "../../arrow/fixed.js";
import { NestedWriter } from "../../arrow/nested.js";
import type { SqlType } from "../../types/sql-type.js";
import { physicalType, type Value } from "../../types/value.js";
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";

/** Memory that compiled expressions keep between batches; freed all at once. */
export class ConstantMemory {
	readonly #region: Region;
	readonly #owner: MemoryOwner;
	readonly #blocks: { address: number; bytes: number }[] = [];
	readonly #writer = new NestedWriter();

	constructor(region: Region, owner: MemoryOwner) {
		this.#region = region;
		this.#owner = owner;
	}

	/** Zeroed bytes. */
	allocate(bytes: number): number {
		const address = this.#region.heap.allocateZeroed(bytes, this.#owner);
		this.#blocks.push({ address, bytes });
		return address;
	}

	/** The address of a value that is not NULL, as a column of the type would hold it. */
	store(value: Value, type: SqlType): number {
		if (physicalType(type) !== "view") {
			const address = this.allocate(16);
			writeFixed(this.#region.data, address, value, type);
			return address;
		}
		this.#writer.clear();
		this.#writer.write(value, type);
		return this.storeView(this.#writer.bytes());
	}

	/** The address of a view of a copy of the bytes. */
	storeView(bytes: Uint8Array): number {
		const view = this.allocate(16 + bytes.length);
		const { u8, u32 } = this.#region;
		u32[view / 4] = bytes.length;
		if (bytes.length <= 12) u8.set(bytes, view + 4);
		else {
			u8.set(bytes, view + 16);
			u8.copyWithin(view + 4, view + 16, view + 20);
			u32[view / 4 + 3] = view + 16;
		}
		return view;
	}

	dispose(): void {
		for (const { address, bytes } of this.#blocks) this.#region.heap.free(address, bytes, this.#owner);
		this.#blocks.length = 0;
	}
}
