// The two ends of a ring as a channel of batches, watermarks, idleness and the end. The sender never blocks: what finds no credit
// waits in its overflow, in order, until `flush`; so that little ever does, it is congested before the ring is full. A message larger
// than the ring takes travels in fragments.
import type { Batch } from "../../arrow/batch.js";
import { type MemoryOwner, memoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import type { Receiver } from "../dataflow-node.js";
import { encodeBatch, type Piece } from "./batch-message.js";
import type { InputGate } from "./input-gate.js";
import type { Ring } from "./ring.js";

const MESSAGE = { batch: 0, watermark: 1, idle: 2, end: 3, fragment: 4 } as const;

/** Sources pause when less than this part of a ring is free: what has been read already still has to go somewhere. */
const RESERVED_SHARE = 4;

/** A message in memory of the kernels, where it counts as theirs: V8 would collect garbage for as many bytes of its own. */
interface Waiting extends Piece {
	readonly type: number;
	readonly rows: number;
}

export class SendingChannel implements Receiver {
	readonly #ring: Ring;
	readonly #region: Region;
	readonly #notify: () => void;
	readonly #reserve: number;
	readonly #owner: MemoryOwner = memoryOwner("Exchange");
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
		const bytes = bytesOf(pieces);
		if (bytes <= this.#ring.maxPayload) this.#send(MESSAGE.batch, batch.length, pieces);
		else this.#sendInFragments(batch.length, { address: this.#joined(pieces, arena.allocate(bytes)), bytes });
		arena.release(mark);
	}

	watermark(time: number): void {
		const { arena, f64 } = this.#region;
		const mark = arena.mark();
		const address = arena.allocate(8);
		f64[address / 8] = time;
		this.#send(MESSAGE.watermark, 0, [{ address, bytes: 8 }]);
		arena.release(mark);
	}

	idle(idle: boolean): void {
		this.#send(MESSAGE.idle, idle ? 1 : 0, []);
	}

	end(): void {
		this.#send(MESSAGE.end, 0, []);
	}

	/** Sends what waits, as far as there is credit; whether anything went, or more may be sent again. */
	flush(): boolean {
		let sent = 0;
		for (const waiting of this.#overflow) {
			if (!this.#write(waiting.type, waiting.rows, [waiting])) break;
			this.#free(waiting);
			sent++;
		}
		if (sent > 0) {
			this.#overflow = this.#overflow.slice(sent);
			this.#notify();
		}
		this.#look();
		return sent > 0 || !this.#congested;
	}

	/** Forgets what waits. */
	dispose(): void {
		for (const waiting of this.#overflow) this.#free(waiting);
		this.#overflow = [];
	}

	#look(): void {
		this.#congested = this.#overflow.length > 0 || !this.#ring.hasRoomFor(this.#reserve);
	}

	#sendInFragments(rows: number, { address, bytes }: Piece): void {
		const { maxPayload } = this.#ring;
		let sent = 0;
		for (; bytes - sent > maxPayload; sent += maxPayload) {
			this.#send(MESSAGE.fragment, 0, [{ address: address + sent, bytes: maxPayload }]);
		}
		this.#send(MESSAGE.batch, rows, [{ address: address + sent, bytes: bytes - sent }]);
	}

	#send(type: number, rows: number, pieces: readonly Piece[]): void {
		if (this.#overflow.length === 0 && this.#write(type, rows, pieces)) this.#notify();
		else {
			const bytes = bytesOf(pieces);
			const address = bytes === 0 ? 0 : this.#region.heap.allocate(bytes, this.#owner);
			this.#overflow.push({ type, rows, address: this.#joined(pieces, address), bytes });
		}
		this.#look();
	}

	#write(type: number, rows: number, pieces: readonly Piece[]): boolean {
		const { u8 } = this.#region;
		const views = pieces.map(({ address, bytes }) => u8.subarray(address, address + bytes));
		return this.#ring.write(type, rows, bytesOf(pieces), views);
	}

	/** Copies the pieces to one place. Returns it. */
	#joined(pieces: readonly Piece[], to: number): number {
		let at = to;
		for (const { address, bytes } of pieces) {
			this.#region.kernels.copyBytes(at, address, bytes);
			at += bytes;
		}
		return to;
	}

	#free({ address, bytes }: Piece): void {
		if (bytes > 0) this.#region.heap.free(address, bytes, this.#owner);
	}
}

const bytesOf = (pieces: readonly Piece[]) => pieces.reduce((sum, { bytes }) => sum + bytes, 0);

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
		const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
		let at = 0;
		for (const part of parts) {
			whole.set(part, at);
			at += part.length;
		}
		return whole;
	}
}
