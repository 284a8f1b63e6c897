// How a slot learns that something has happened to it: a message for it, room in a ring it fills, or the order to stop.
//
// Shared memory, 64 bytes per slot, so that no two slots share a cache line:
//
//     | rings i32 | sleeping i32 | cancelled i32 | unused |
//
// A sleeper announces itself before it checks `rings` for the last time, and a ringer counts before it looks for sleepers, so no
// ring is lost, and ringing costs a system call only when somebody sleeps.

export interface Doorbell {
	/** Everything rung until now is about to be looked after. */
	look(): void;
	/** Tells `slot` to look. */
	ring(slot: number): void;
	/** Sleeps in place, at most `maxMs`; false at once where the thread must not be held. */
	park(maxMs: number): boolean;
	/** Settles when the bell has been rung since `look`. */
	wait(): Promise<void>;
	/** Whether the job was told to stop. */
	readonly cancelled: boolean;
}

export const DOORBELL_BYTES = 64;
const WORDS = DOORBELL_BYTES / 4;
const SLEEPING = 1;
const CANCELLED = 2;

/** How long a slot looks again and again before it sleeps: about what waking a thread costs. */
const SPIN_MS = 0.02;

/** Between threads. */
export class SharedDoorbell implements Doorbell {
	readonly #words: Int32Array;
	readonly #at: number;
	#seen = 0;
	#waiting: Promise<unknown> | undefined;

	/** `memory` begins with the slots' words. */
	constructor(memory: SharedArrayBuffer, slot: number) {
		this.#words = new Int32Array(memory);
		this.#at = slot * WORDS;
	}

	get cancelled(): boolean {
		return Atomics.load(this.#words, this.#at + CANCELLED) !== 0;
	}

	look(): void {
		this.#seen = Atomics.load(this.#words, this.#at);
	}

	ring(slot: number): void {
		ringSlot(this.#words, slot);
	}

	park(maxMs: number): boolean {
		const until = performance.now() + SPIN_MS;
		do {
			for (let i = 0; i < 32; i++) if (Atomics.load(this.#words, this.#at) !== this.#seen) return true;
		} while (performance.now() < until);
		Atomics.store(this.#words, this.#at + SLEEPING, 1);
		Atomics.wait(this.#words, this.#at, this.#seen, maxMs);
		Atomics.store(this.#words, this.#at + SLEEPING, 0);
		return true;
	}

	async wait(): Promise<void> {
		if (!this.#waiting) {
			Atomics.store(this.#words, this.#at + SLEEPING, 1);
			const result = Atomics.waitAsync(this.#words, this.#at, this.#seen);
			if (!result.async) return;
			this.#waiting = result.value.finally(() => {
				this.#waiting = undefined;
			});
		}
		await this.#waiting;
	}
}

/** Tells every slot of a job to stop, from any thread. */
export function cancelSlots(memory: SharedArrayBuffer, slots: number): void {
	const words = new Int32Array(memory);
	for (let slot = 0; slot < slots; slot++) {
		Atomics.store(words, slot * WORDS + CANCELLED, 1);
		ringSlot(words, slot);
	}
}

function ringSlot(words: Int32Array, slot: number): void {
	Atomics.add(words, slot * WORDS, 1);
	if (Atomics.load(words, slot * WORDS + SLEEPING) !== 0) Atomics.notify(words, slot * WORDS);
}

/** Between slots that take turns in one thread. */
export class LocalDoorbells {
	readonly #rung: boolean[];
	readonly #sleepers: (() => void)[][];

	constructor(slots: number) {
		this.#rung = Array.from({ length: slots }, () => false);
		this.#sleepers = Array.from({ length: slots }, () => []);
	}

	of(slot: number): Doorbell {
		return {
			cancelled: false,
			look: () => {
				this.#rung[slot] = false;
			},
			ring: (other) => this.#ring(other),
			park: () => false,
			wait: () => this.#wait(slot),
		};
	}

	#ring(slot: number): void {
		this.#rung[slot] = true;
		for (const wake of this.#sleepers[slot]!.splice(0)) wake();
	}

	#wait(slot: number): Promise<void> {
		if (this.#rung[slot]) return Promise.resolve();
		return new Promise((resolve) => this.#sleepers[slot]!.push(resolve));
	}
}
