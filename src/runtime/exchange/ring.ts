// A single-producer single-consumer byte ring in shared memory: one direction between two slots for one edge.
//
//     | write u32 | read u32 | starved u32 | 4 bytes unused | data: capacity bytes |
//
// `write` and `read` count bytes ever written and read (mod 2^32); the producer alone moves `write`, the consumer `read`, so that
// free space (capacity - (write - read)) is the producer's credit. A message is contiguous: where it would not fit before the end
// of the data, a padding message fills the rest. Messages are multiples of 16 bytes. `starved` is set by a producer that waits for
// credit, and cleared by the consumer once half of the ring is free, which tells the producer: waking it for every message that is
// taken would cost more than the message.

const HEADER_BYTES = 16;
const WRITE = 0;
const READ = 1;
const STARVED = 2;
/** Message header: total bytes u32, type u32, rows u32, 4 bytes unused. */
export const MESSAGE_HEADER_BYTES = 16;
const PADDING = 0xffff_ffff;

/** Largest payload that a ring of this capacity takes whole. */
export const maxPayloadOf = (capacity: number) => capacity / 2 - MESSAGE_HEADER_BYTES;

export const ringBytes = (capacity: number) => HEADER_BYTES + capacity;

export interface RingMessage {
	readonly type: number;
	readonly rows: number;
	/** Payload inside the ring: valid until `release`. */
	readonly payload: Uint8Array;
}

export class Ring {
	readonly capacity: number;
	readonly #counters: Int32Array;
	readonly #bytes: Uint8Array;
	readonly #words: Uint32Array;
	/** Size of the message handed out by `peek`, until it is released. */
	#held = 0;

	/** `capacity` is a power of two. */
	constructor(buffer: SharedArrayBuffer, offset: number, capacity: number) {
		this.capacity = capacity;
		this.#counters = new Int32Array(buffer, offset, 3);
		this.#bytes = new Uint8Array(buffer, offset + HEADER_BYTES, capacity);
		this.#words = new Uint32Array(buffer, offset + HEADER_BYTES, capacity >> 2);
	}

	get maxPayload(): number {
		return maxPayloadOf(this.capacity);
	}

	/**
	 * Copies a message in, its payload in pieces; false (nothing changed) when there is no credit for it: the producer is told when
	 * there is again. Producer only.
	 */
	write(type: number, rows: number, length: number, pieces: readonly Uint8Array[]): boolean {
		if (this.#write(type, rows, length, pieces)) return true;
		Atomics.store(this.#counters, STARVED, 1);
		// The consumer may have made room before it could see that somebody waits for it.
		return this.#write(type, rows, length, pieces);
	}

	#write(type: number, rows: number, length: number, pieces: readonly Uint8Array[]): boolean {
		const size = (MESSAGE_HEADER_BYTES + length + 15) & ~15;
		const write = Atomics.load(this.#counters, WRITE) >>> 0;
		const read = Atomics.load(this.#counters, READ) >>> 0;
		const position = write & (this.capacity - 1);
		const untilEnd = this.capacity - position;
		const padding = size > untilEnd ? untilEnd : 0;
		if (size + padding > this.capacity - ((write - read) >>> 0)) return false;
		if (padding > 0) this.#header(position, padding, PADDING, 0);
		const start = padding > 0 ? 0 : position;
		this.#header(start, size, type, rows);
		this.#words[(start + 12) >> 2] = length;
		let at = start + MESSAGE_HEADER_BYTES;
		for (const piece of pieces) {
			this.#bytes.set(piece, at);
			at += piece.length;
		}
		Atomics.store(this.#counters, WRITE, (write + padding + size) | 0);
		return true;
	}

	/** Whether a message of `bytes` surely finds credit; if not, the producer is told when there is more. Producer only. */
	hasRoomFor(bytes: number): boolean {
		if (this.#free >= bytes) return true;
		Atomics.store(this.#counters, STARVED, 1);
		return this.#free >= bytes;
	}

	get #free(): number {
		return this.capacity - ((Atomics.load(this.#counters, WRITE) - Atomics.load(this.#counters, READ)) >>> 0);
	}

	/** Padding never stands alone. Consumer only. */
	get hasMessage(): boolean {
		return Atomics.load(this.#counters, READ) !== Atomics.load(this.#counters, WRITE);
	}

	/** The oldest message, or undefined. It stays until `release`. Consumer only. */
	peek(): RingMessage | undefined {
		for (;;) {
			const read = Atomics.load(this.#counters, READ) >>> 0;
			if (read === Atomics.load(this.#counters, WRITE) >>> 0) return undefined;
			const position = read & (this.capacity - 1);
			const size = this.#words[position >> 2]!;
			const type = this.#words[(position + 4) >> 2]!;
			if (type === PADDING) {
				Atomics.store(this.#counters, READ, (read + size) | 0);
				continue;
			}
			this.#held = size;
			const start = position + MESSAGE_HEADER_BYTES;
			return {
				type,
				rows: this.#words[(position + 8) >> 2]!,
				payload: this.#bytes.subarray(start, start + this.#words[(position + 12) >> 2]!),
			};
		}
	}

	/** Gives the space of the message from `peek` back; whether the producer has waited for credit and gets enough of it now. */
	release(): boolean {
		Atomics.store(this.#counters, READ, (Atomics.load(this.#counters, READ) + this.#held) | 0);
		this.#held = 0;
		if (Atomics.load(this.#counters, STARVED) === 0 || this.#free < this.capacity / 2) return false;
		return Atomics.exchange(this.#counters, STARVED, 0) !== 0;
	}

	/** Share of the ring that is full, 0 to 1. */
	get fill(): number {
		return 1 - this.#free / this.capacity;
	}

	#header(at: number, size: number, type: number, rows: number): void {
		this.#words[at >> 2] = size;
		this.#words[(at + 4) >> 2] = type;
		this.#words[(at + 8) >> 2] = rows;
	}
}
