// The two ends of a ring as a channel of batches, watermarks, idleness and the end. The sender never blocks: what finds no credit
// waits in its overflow, in order, until `flush`. A message larger than the ring takes travels in fragments.
import type { Batch } from "../../arrow/batch.js";
import type { Schema } from "../../types/sql-type.js";
import type { Region } from "../../wasm/region.js";
import type { Receiver } from "../dataflow-node.js";
import { decodeBatch, encodeBatch, messageBytes } from "./batch-message.js";
import type { Ring } from "./ring.js";

const MESSAGE = { batch: 0, watermark: 1, idle: 2, end: 3, fragment: 4 } as const;

interface Waiting {
	readonly type: number;
	readonly rows: number;
	readonly payload: Uint8Array;
}

const NOTHING = new Uint8Array(0);

export class SendingChannel implements Receiver {
	readonly #ring: Ring;
	readonly #region: Region;
	readonly #notify: () => void;
	#overflow: Waiting[] = [];

	/** `notify` tells the other side that there is something to read. */
	constructor(ring: Ring, region: Region, notify: () => void) {
		this.#ring = ring;
		this.#region = region;
		this.#notify = notify;
	}

	/** Whether something waits for credit. */
	get congested(): boolean {
		return this.#overflow.length > 0;
	}

	batch(batch: Batch): void {
		const { arena } = this.#region;
		const mark = arena.mark();
		const bytes = messageBytes(this.#region, batch);
		const at = encodeBatch(this.#region, batch, bytes);
		const { maxPayload } = this.#ring;
		let sent = 0;
		for (; bytes - sent > maxPayload; sent += maxPayload)
			this.#send(MESSAGE.fragment, 0, this.#bytes(at + sent, maxPayload));
		this.#send(MESSAGE.batch, batch.length, this.#bytes(at + sent, bytes - sent));
		arena.release(mark);
	}

	watermark(time: number): void {
		this.#send(MESSAGE.watermark, 0, new Uint8Array(Float64Array.of(time).buffer));
	}

	idle(idle: boolean): void {
		this.#send(MESSAGE.idle, idle ? 1 : 0, NOTHING);
	}

	end(): void {
		this.#send(MESSAGE.end, 0, NOTHING);
	}

	/** Sends what waits, as far as there is credit; whether anything went. */
	flush(): boolean {
		let sent = 0;
		for (const { type, rows, payload } of this.#overflow) {
			if (!this.#ring.write(type, rows, payload)) break;
			sent++;
		}
		if (sent === 0) return false;
		this.#overflow = this.#overflow.slice(sent);
		this.#notify();
		return true;
	}

	#send(type: number, rows: number, payload: Uint8Array): void {
		if (this.#overflow.length === 0 && this.#ring.write(type, rows, payload)) this.#notify();
		else this.#overflow.push({ type, rows, payload: payload.slice() });
	}

	#bytes(address: number, length: number): Uint8Array {
		return this.#region.u8.subarray(address, address + length);
	}
}

export class ReceivingChannel {
	readonly #ring: Ring;
	readonly #region: Region;
	readonly #schema: Schema;
	readonly #receiver: Receiver;
	readonly #notify: () => void;
	#fragments: Uint8Array[] = [];
	#ended = false;

	/** `notify` tells the sender that there is room again. */
	constructor(ring: Ring, region: Region, schema: Schema, receiver: Receiver, notify: () => void) {
		this.#ring = ring;
		this.#region = region;
		this.#schema = schema;
		this.#receiver = receiver;
		this.#notify = notify;
	}

	get ended(): boolean {
		return this.#ended;
	}

	/** Delivers the oldest message; false when there is none. */
	poll(): boolean {
		const message = this.#ring.peek();
		if (!message) return false;
		const { arena } = this.#region;
		const mark = arena.mark();
		const { type, rows, payload } = message;
		if (type === MESSAGE.batch) {
			const batch = decodeBatch(this.#region, this.#schema, rows, this.#whole(payload));
			this.#release();
			this.#receiver.batch(batch);
		} else {
			const time = type === MESSAGE.watermark ? new Float64Array(payload.slice().buffer)[0]! : 0;
			if (type === MESSAGE.fragment) this.#fragments.push(payload.slice());
			this.#release();
			if (type === MESSAGE.watermark) this.#receiver.watermark(time);
			else if (type === MESSAGE.idle) this.#receiver.idle(rows === 1);
			else if (type === MESSAGE.end) this.#end();
		}
		arena.release(mark);
		return true;
	}

	#release(): void {
		this.#ring.release();
		this.#notify();
	}

	#end(): void {
		this.#ended = true;
		this.#receiver.end();
	}

	#whole(last: Uint8Array): Uint8Array {
		if (this.#fragments.length === 0) return last;
		const parts = [...this.#fragments, last];
		this.#fragments = [];
		const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
		let at = 0;
		for (const part of parts) {
			whole.set(part, at);
			at += part.length;
		}
		return whole;
	}
}
