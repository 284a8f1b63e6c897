// Rows on their way to one subtask, gathered until they fill a message or must not wait any longer: small batches cost as much as large
// ones to send, to receive and to work on. Values are copied once, as they would be to be sent alone; long strings with them.
import { BATCH_ROWS, type Batch, type Column, VIEW_BYTES, validityBytes } from "../../arrow/batch.js";
import type { Schema } from "../../types/sql-type.js";
import { PHYSICAL_WIDTH, type PhysicalType, physicalType } from "../../types/value.js";
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";

type Width = 1 | 2 | 4 | 8 | 16;

interface Place {
	readonly physical: PhysicalType;
	readonly width: Width;
	/** From the start of the block. */
	readonly data: number;
	readonly validity: number;
}

interface Block {
	readonly address: number;
	readonly bytes: number;
}

const align = (bytes: number) => (bytes + 63) & ~63;
/** Kernels read and write whole lanes past the last value. */
const LANE_BYTES = 16;
const MIN_TEXT_BYTES = 16 * 1024;

/** Bytes of a row, but for long strings. */
export const rowBytes = (schema: Schema): number =>
	schema.reduce((sum, { type }) => sum + PHYSICAL_WIDTH[physicalType(type)], 1 + Math.ceil(schema.length / 8));

export class RowBuffer {
	readonly #region: Region;
	readonly #owner: MemoryOwner;
	readonly #schema: Schema;
	readonly #capacity: number;
	readonly #maxBytes: number;
	readonly #rowBytes: number;
	readonly #places: Place[] = [];
	readonly #kindsAt: number;
	readonly #blockBytes: number;
	/** The columns; 0 until there are rows for the first time. */
	#block = 0;
	#rows = 0;
	#hasKinds = false;
	/** Columns with a NULL. */
	readonly #hasNulls: boolean[];
	/** Bytes of long strings: the last block is being filled. */
	#texts: Block[] = [];
	#textUsed = 0;
	#textBytes = 0;

	/** Full with about `maxBytes`. */
	constructor(region: Region, owner: MemoryOwner, schema: Schema, maxBytes: number) {
		this.#region = region;
		this.#owner = owner;
		this.#schema = schema;
		this.#maxBytes = maxBytes;
		this.#rowBytes = rowBytes(schema);
		this.#capacity = Math.min(BATCH_ROWS, Math.max(1, Math.floor(maxBytes / this.#rowBytes)));
		this.#hasNulls = schema.map(() => false);
		let at = 0;
		for (const { type } of schema) {
			const physical = physicalType(type);
			const width = PHYSICAL_WIDTH[physical] as Width;
			const validity = at + align(this.#capacity * width + LANE_BYTES);
			this.#places.push({ physical, width, data: at, validity });
			at = validity + align(validityBytes(this.#capacity) + LANE_BYTES);
		}
		this.#kindsAt = at;
		this.#blockBytes = at + align(this.#capacity + LANE_BYTES);
	}

	get rows(): number {
		return this.#rows;
	}

	/** Rows that can be added now, at least one. */
	get room(): number {
		return this.#capacity - this.#rows;
	}

	/** Whether what is there has to be taken before more can be added. */
	get isFull(): boolean {
		return this.#rows === this.#capacity || this.#rows * this.#rowBytes + this.#textBytes >= this.#maxBytes;
	}

	/** Adds `n` rows, no more than there is room for: those of `batch` at the u32 indexes `list`. */
	append(batch: Batch, list: number, n: number): void {
		if (this.#block === 0) this.#block = this.#region.heap.allocate(this.#blockBytes, this.#owner);
		for (const [i, column] of batch.columns.entries()) this.#appendColumn(column, i, list, n);
		this.#appendKinds(batch.kinds, list, n);
		this.#rows += n;
	}

	/** The rows, which lie in this buffer until `clear`. */
	batch(): Batch {
		const columns = this.#schema.map(({ type }, i): Column => {
			const { physical, data, validity } = this.#places[i]!;
			return { type, physical, data: this.#block + data, validity: this.#hasNulls[i] ? this.#block + validity : 0 };
		});
		return { length: this.#rows, columns, kinds: this.#hasKinds ? this.#block + this.#kindsAt : 0 };
	}

	clear(): void {
		this.#rows = 0;
		this.#hasKinds = false;
		this.#hasNulls.fill(false);
		this.#freeTexts(1);
		this.#textUsed = 0;
		this.#textBytes = 0;
	}

	dispose(): void {
		if (this.#block !== 0) this.#region.heap.free(this.#block, this.#blockBytes, this.#owner);
		this.#block = 0;
		this.#freeTexts(0);
	}

	#appendColumn(column: Column, index: number, list: number, n: number): void {
		const { kernels, arena } = this.#region;
		const { physical, width, data, validity } = this.#places[index]!;
		const at = this.#block + data + this.#rows * width;
		kernels[`take${width}`](column.data, list, n, at);
		if (physical === "view") this.#keepTexts(at, n);
		const bitmap = this.#block + validity;
		let bits = 0;
		if (column.validity !== 0) {
			bits = arena.allocate(validityBytes(n) + LANE_BYTES);
			const nulls = kernels.takeValidity(column.validity, list, n, bits);
			if (nulls > 0 && !this.#hasNulls[index]) {
				kernels.bitsAppend(0, 0, this.#rows, bitmap, 0);
				this.#hasNulls[index] = true;
			}
		}
		if (this.#hasNulls[index]) kernels.bitsAppend(bits, 0, n, bitmap, this.#rows);
	}

	#appendKinds(kinds: number, list: number, n: number): void {
		const { kernels } = this.#region;
		const at = this.#block + this.#kindsAt;
		if (kinds !== 0) {
			if (!this.#hasKinds) kernels.fillBytes(at, 0, this.#rows);
			this.#hasKinds = true;
			kernels.take1(kinds, list, n, at + this.#rows);
		} else if (this.#hasKinds) kernels.fillBytes(at + this.#rows, 0, n);
	}

	/** Moves the bytes of long strings here and points the views at them. */
	#keepTexts(views: number, n: number): void {
		const { kernels, heap } = this.#region;
		const bytes = kernels.viewsMoveBytes(views, n);
		if (bytes === 0) return;
		let block = this.#texts.at(-1);
		if (!block || this.#textUsed + bytes + VIEW_BYTES > block.bytes) {
			const size = Math.max(MIN_TEXT_BYTES, bytes + VIEW_BYTES, (block?.bytes ?? 0) * 2);
			block = { address: heap.allocate(size, this.#owner), bytes: size };
			this.#texts.push(block);
			this.#textUsed = 0;
		}
		const start = block.address + this.#textUsed;
		const used = kernels.viewsMove(views, n, start, 0, 0) - start;
		this.#textUsed += used;
		this.#textBytes += used;
	}

	/** All blocks but the last `kept`, which are the largest. */
	#freeTexts(kept: number): void {
		for (const { address, bytes } of this.#texts.splice(0, Math.max(0, this.#texts.length - kept))) {
			this.#region.heap.free(address, bytes, this.#owner);
		}
	}
}
