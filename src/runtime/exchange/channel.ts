// The two ends of a ring as a channel of batches, watermarks, idleness and the end. The sender never blocks: what finds no credit
// waits in its overflow, in order, until `flush`; so that little ever does, it is congested before the ring is full. A message larger
// than the ring takes travels in fragments.
import type { Batch } from "../../arrow/batch.js";
import type { Region } from "../../wasm/region.js";
import type { Receiver } from "../dataflow-node.js";
import { encodeBatch, joinPieces } from "./batch-message.js";
import type { InputGate } from "./input-gate.js";
import type { Ring } from "./ring.js";

const MESSAGE = { batch: 0, watermark: 1, idle: 2, end: 3, fragment: 4 } as const;

/** Sources pause when less than this part of a ring is free: what has been read already still has to go somewhere. */
const RESERVED_SHARE = 4;

interface Waiting {
	readonly type: number;
	readonly rows: number;
	readonly payload: Uint8Array;
}

export class SendingChannel implements Receiver {
	readonly #ring: Ring;
	readonly #region: Region;
	readonly #notify: () => void;
	readonly #reserve: number;
	#overflow: Waiting[] = [];
	#congested = false;

	/** `notify` tells the other side that there is something to read. */
	constructor(ring: Ring, region: Region, notify: () => void) {
		this.#ring = ring;
		this.#region = region;
		this.#notify = notify;
		this.#reserve = ring.capacity / RESERVED_SHARE;
	}

	/** Share of the ring that is full, 0 to 1. */
	get fill(): number {
		return this.#ring.fill;
	}

	/** Whether more messages should wait: some do already, or the next ones might have to. As of the last message or `flush`. */
	get congested(): boolean {
		return this.#congested;
	}

	/** Whether everything has found its way into the ring. */
	get isEmpty(): boolean {
		return this.#overflow.length === 0;
	}

	batch(batch: Batch): void {
		const { arena } = this.#region;
		const mark = arena.mark();
		const pieces = encodeBatch(this.#region, batch);
		const { maxPayload } = this.#ring;
		const bytes = pieces.reduce((sum, piece) => sum + piece.bytes, 0);
		if (bytes <= maxPayload) {
			const views = pieces.map(({ address, bytes: size }) => this.#region.u8.subarray(address, address + size));
			this.#send(MESSAGE.batch, batch.length, bytes, views);
		} else this.#sendInFragments(batch.length, joinPieces(this.#region, pieces), maxPayload);
		arena.release(mark);
	}

	watermark(time: number): void {
		this.#send(MESSAGE.watermark, 0, 8, [new Uint8Array(Float64Array.of(time).buffer)]);
	}

	idle(idle: boolean): void {
		this.#send(MESSAGE.idle, idle ? 1 : 0, 0, []);
	}

	end(): void {
		this.#send(MESSAGE.end, 0, 0, []);
	}

	/** Sends what waits, as far as there is credit; whether anything went, or more may be sent again. */
	flush(): boolean {
		let sent = 0;
		for (const { type, rows, payload } of this.#overflow) {
			if (!this.#ring.write(type, rows, payload.length, [payload])) break;
			sent++;
		}
		if (sent > 0) {
			this.#overflow = this.#overflow.slice(sent);
			this.#notify();
		}
		this.#look();
		return sent > 0 || !this.#congested;
	}

	#look(): void {
		this.#congested = this.#overflow.length > 0 || !this.#ring.hasRoomFor(this.#reserve);
	}

	#sendInFragments(rows: number, message: Uint8Array, maxPayload: number): void {
		let sent = 0;
		for (; message.length - sent > maxPayload; sent += maxPayload) {
			this.#send(MESSAGE.fragment, 0, maxPayload, [message.subarray(sent, sent + maxPayload)]);
		}
		this.#send(MESSAGE.batch, rows, message.length - sent, [message.subarray(sent)]);
	}

	#send(type: number, rows: number, length: number, pieces: readonly Uint8Array[]): void {
		if (this.#overflow.length === 0 && this.#ring.write(type, rows, length, pieces)) this.#notify();
		else this.#overflow.push({ type, rows, payload: joined(length, pieces) });
		this.#look();
	}
}

/** A copy that outlives the pieces. */
function joined(length: number, pieces: readonly Uint8Array[]): Uint8Array {
	const whole = new Uint8Array(length);
	let at = 0;
	for (const piece of pieces) {
		whole.set(piece, at);
		at += piece.length;
	}
	return whole;
}

export class ReceivingChannel {
	readonly #ring: Ring;
	readonly #gate: InputGate;
	readonly #from: number;
	/** Gives the space of the oldest message back, and tells a sender that waits for credit. */
	readonly #release: () => void;
	#fragments: Uint8Array[] = [];
	#ended = false;

	/** `from`: the sending slot; `notify` tells it, when it waits for credit, that there is some. */
	constructor(ring: Ring, gate: InputGate, from: number, notify: () => void) {
		this.#ring = ring;
		this.#gate = gate;
		this.#from = from;
		this.#release = () => {
			if (ring.release()) notify();
		};
	}

	/** Share of the ring that is full, 0 to 1. */
	get fill(): number {
		return this.#ring.fill;
	}

	get ended(): boolean {
		return this.#ended;
	}

	get hasMessage(): boolean {
		return this.#ring.hasMessage;
	}

	/** Delivers the oldest message; false when there is none. */
	poll(): boolean {
		const message = this.#ring.peek();
		if (!message) return false;
		const { type, rows, payload } = message;
		if (type === MESSAGE.batch) {
			this.#gate.message(rows, this.#whole(payload), this.#release);
			return true;
		}
		const time = type === MESSAGE.watermark ? new Float64Array(payload.slice().buffer)[0]! : 0;
		if (type === MESSAGE.fragment) this.#fragments.push(payload.slice());
		this.#release();
		if (type === MESSAGE.watermark) this.#gate.watermark(this.#from, time);
		else if (type === MESSAGE.idle) this.#gate.idle(this.#from, rows === 1);
		else if (type === MESSAGE.end) this.#end();
		return true;
	}

	#end(): void {
		this.#ended = true;
		this.#gate.end(this.#from);
	}

	#whole(last: Uint8Array): Uint8Array {
		if (this.#fragments.length === 0) return last;
		const parts = [...this.#fragments, last];
		this.#fragments = [];
		return joined(
			parts.reduce((sum, part) => sum + part.length, 0),
			parts,
		);
	}
}
