// Rows on their way to one subtask, gathered until they fill a message, or the batch that the subtask gets, or must not wait any longer: small
// batches cost as much as large ones to send, to receive and to work on. Values are copied once, as they would be alone; long strings with them.
import { asSame, BATCH_ROWS, type Batch, type Column, VIEW_BYTES, validityBytes } from "../../arrow/batch.js";
import type { Schema } from "../../types/sql-type.js";
import { PHYSICAL_WIDTH, type PhysicalType, physicalType } from "../../types/value.js";
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import type { ValueWidth } from "../../wasm/width-kernels.js";
import { messageParts } from "./batch-message.js";

interface Place {
	readonly physical: PhysicalType;
	readonly width: ValueWidth;
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
	/** Columns of which all rows are known to hold the same value. */
	readonly #isSame: boolean[];
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
		this.#isSame = schema.map(() => false);
		let at = 0;
		for (const { type } of schema) {
			const physical = physicalType(type);
			const width = PHYSICAL_WIDTH[physical];
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

	/** Most rows that it holds. */
	get capacity(): number {
		return this.#capacity;
	}

	/** Adds `n` rows, no more than there is room for: those of `batch` at the u32 indexes `list`. */
	append(batch: Batch, list: number, n: number): void {
		this.#open();
		for (const [i, column] of batch.columns.entries()) this.#appendColumn(column, i, list, n);
		this.#appendKinds(batch.kinds, list, n);
		this.#rows += n;
	}

	/** Adds the `n` rows of a message (batch-message.ts), no more than there is room for. */
	appendMessage(n: number, payload: Uint8Array): void {
		this.#open();
		const parts = messageParts(this.#schema, n, payload);
		const strings = this.#appendStrings(payload.subarray(parts.strings)) - parts.strings;
		const { arena, kernels } = this.#region;
		// From shared memory V8 copies words, and bytes where these are not aligned: it does so once, to where a kernel takes the parts.
		const message = arena.allocate(parts.strings + LANE_BYTES);
		this.#region.u8.set(payload.subarray(0, parts.strings), message);
		for (const [i, { data, validity, hasLong, isSame }] of parts.columns.entries()) {
			const { width, data: place } = this.#places[i]!;
			const at = this.#block + place + this.#rows * width;
			if (isSame) kernels.fillValue(message + data, width, n, at);
			else kernels.copyBytes(at, message + data, n * width);
			this.#judgeSame(i, isSame, at);
			if (hasLong) kernels.viewsRebase(at, n, strings);
			this.#appendValidity(i, validity === 0 ? 0 : message + validity, n);
		}
		this.#appendKinds(parts.kinds === 0 ? 0 : message + parts.kinds, 0, n);
		this.#rows += n;
	}

	/** The rows, which lie in this buffer until `clear`. */
	batch(): Batch {
		const columns = this.#schema.map(({ type }, i): Column => {
			const { physical, data, validity } = this.#places[i]!;
			const bits = this.#hasNulls[i] ? this.#block + validity : 0;
			const column = { type, physical, data: this.#block + data, validity: bits };
			return this.#isSame[i] ? asSame(column) : column;
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

	#open(): void {
		if (this.#block === 0) this.#block = this.#region.heap.allocate(this.#blockBytes, this.#owner);
	}

	#appendColumn(column: Column, index: number, list: number, n: number): void {
		const { kernels, byWidth, arena } = this.#region;
		const { physical, width, data } = this.#places[index]!;
		const at = this.#block + data + this.#rows * width;
		if (column.same) kernels.fillValue(column.data, width, n, at);
		else byWidth.take[width](column.data, list, n, at);
		this.#judgeSame(index, column.same === true, at);
		if (physical === "view" && !column.same) this.#keepTexts(at, n);
		let bits = 0;
		if (column.validity !== 0) {
			bits = arena.allocate(validityBytes(n) + LANE_BYTES);
			if (kernels.takeValidity(column.validity, list, n, bits) === 0) bits = 0;
		}
		this.#appendValidity(index, bits, n);
	}

	/** A column's next rows, which lie at `at` behind those that are there, are the `same`: whether they are so with those. */
	#judgeSame(index: number, same: boolean, at: number): void {
		const { width } = this.#places[index]!;
		const goesOn = () => this.#isSame[index]! && this.#region.kernels.areSame(at - width, width, 2);
		this.#isSame[index] = same && (this.#rows === 0 || goesOn());
	}

	/** `bits`: the bitmap of `n` rows, 0 when none is NULL. */
	#appendValidity(index: number, bits: number, n: number): void {
		const { kernels } = this.#region;
		const bitmap = this.#block + this.#places[index]!.validity;
		if (bits !== 0 && !this.#hasNulls[index]) {
			kernels.bitsAppend(0, 0, this.#rows, bitmap, 0);
			this.#hasNulls[index] = true;
		}
		if (this.#hasNulls[index]) kernels.bitsAppend(bits, 0, n, bitmap, this.#rows);
	}

	/** `list` 0: all of them, in order. */
	#appendKinds(kinds: number, list: number, n: number): void {
		const { kernels } = this.#region;
		const at = this.#block + this.#kindsAt;
		if (kinds !== 0) {
			if (!this.#hasKinds) kernels.fillBytes(at, 0, this.#rows);
			this.#hasKinds = true;
			if (list === 0) kernels.copyBytes(at + this.#rows, kinds, n);
			else kernels.take1(kinds, list, n, at + this.#rows);
		} else if (this.#hasKinds) kernels.fillBytes(at + this.#rows, 0, n);
	}

	/** Moves the bytes of long strings here and points the views at them. */
	#keepTexts(views: number, n: number): void {
		const { kernels } = this.#region;
		const bytes = kernels.viewsMoveBytes(views, n);
		if (bytes === 0) return;
		const start = this.#textRoom(bytes);
		this.#used(kernels.viewsMove(views, n, start, 0, 0) - start);
	}

	/** Where the bytes of a message's long strings lie from now on. */
	#appendStrings(strings: Uint8Array): number {
		if (strings.length === 0) return 0;
		const start = this.#textRoom(strings.length);
		this.#region.u8.set(strings, start);
		this.#used(strings.length);
		return start;
	}

	/** Where `bytes` and a view's lane find room. */
	#textRoom(bytes: number): number {
		let block = this.#texts.at(-1);
		if (!block || this.#textUsed + bytes + VIEW_BYTES > block.bytes) {
			const size = Math.max(MIN_TEXT_BYTES, bytes + VIEW_BYTES, (block?.bytes ?? 0) * 2);
			block = { address: this.#region.heap.allocate(size, this.#owner), bytes: size };
			this.#texts.push(block);
			this.#textUsed = 0;
		}
		return block.address + this.#textUsed;
	}

	#used(textBytes: number): void {
		this.#textUsed += textBytes;
		this.#textBytes += textBytes;
	}

	/** All blocks but the last `kept`, which are the largest. */
	#freeTexts(kept: number): void {
		for (const { address, bytes } of this.#texts.splice(0, Math.max(0, this.#texts.length - kept))) {
			this.#region.heap.free(address, bytes, this.#owner);
		}
	}
}
