// One input of a vertex in a slot, with the channels of all senders. Rows come in parts: of a batch that was divided here, and of
// messages from other slots. They are put together, whichever channel they are from, until they make a large batch: what an operator pays
// for a batch is the same for few rows as for many. Watermarks, idleness and the end come after all rows before them, and nothing
// waits longer than `flush` lets it. Values are copied once, from where they lie to the batch.
import type { Batch } from "../../arrow/batch.js";
import { takeBatch } from "../../arrow/take.js";
import type { Schema } from "../../types/sql-type.js";
import { type MemoryOwner, memoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import type { Receiver } from "../dataflow-node.js";
import { decodeBatch } from "./batch-message.js";
import { RowBuffer } from "./row-buffer.js";

/** Most that is kept. */
const MOST_BYTES = 512 * 1024;
/** Share of the most rows with which a batch is large enough. */
const LARGE_SHARE = 0.75;

export class InputGate {
	readonly #region: Region;
	readonly #schema: Schema;
	/** By sending slot. */
	readonly #receivers: readonly Receiver[];
	readonly #owner: MemoryOwner = memoryOwner("Exchange");
	readonly #buffer: RowBuffer;
	readonly #large: number;

	/** `receivers`: the vertex's own, one for each sending slot; rows go to the first, whoever sent them. */
	constructor(region: Region, schema: Schema, receivers: readonly Receiver[]) {
		this.#region = region;
		this.#schema = schema;
		this.#receivers = receivers;
		this.#buffer = new RowBuffer(region, this.#owner, schema, MOST_BYTES);
		this.#large = Math.ceil(this.#buffer.capacity * LARGE_SHARE);
	}

	/** The rows of a batch at `n` u32 indexes. */
	rows(batch: Batch, list: number, n: number): void {
		const { arena } = this.#region;
		for (let from = 0; from < n; ) {
			const mark = arena.mark();
			if (this.#buffer.rows === 0 && n - from >= this.#large) {
				this.#deliver(takeBatch(this.#region, batch, list + from * 4, n - from));
				from = n;
			} else {
				const count = Math.min(this.#buffer.room, n - from);
				this.#buffer.append(batch, list + from * 4, count);
				from += count;
				this.#flushIfLarge();
			}
			arena.release(mark);
		}
	}

	/** A batch as it is. */
	batch(batch: Batch): void {
		this.flush();
		this.#deliver(batch);
	}

	/** `rows` rows as batch-message.ts lays them out. `taken` is called when the payload is no longer needed. */
	message(rows: number, payload: Uint8Array, taken: () => void): void {
		if (rows > this.#buffer.room) this.flush();
		if (this.#buffer.rows === 0 && rows >= this.#large) {
			const batch = decodeBatch(this.#region, this.#schema, rows, payload);
			taken();
			this.#deliver(batch);
		} else {
			this.#buffer.appendMessage(rows, payload);
			taken();
			this.#flushIfLarge();
		}
	}

	watermark(from: number, time: number): void {
		this.flush();
		this.#receivers[from]!.watermark(time);
	}

	idle(from: number, idle: boolean): void {
		this.flush();
		this.#receivers[from]!.idle(idle);
	}

	end(from: number): void {
		this.flush();
		this.#receivers[from]!.end();
	}

	/** Delivers what there is; whether there was anything. */
	flush(): boolean {
		if (this.#buffer.rows === 0) return false;
		this.#deliver(this.#buffer.batch());
		this.#buffer.clear();
		return true;
	}

	dispose(): void {
		this.#buffer.dispose();
	}

	#flushIfLarge(): void {
		if (this.#buffer.rows >= this.#large || this.#buffer.isFull) this.flush();
	}

	/** Rows reach the operator the same way from all channels. */
	#deliver(batch: Batch): void {
		this.#receivers[0]!.batch(batch);
	}
}
