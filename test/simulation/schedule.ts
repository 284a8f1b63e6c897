// Decides, from a seed, who goes on next: whatever waits in a simulated job waits here, for a turn or for a moment of virtual time.
import type { Random } from "./random.js";

interface Waiting {
	readonly label: string;
	readonly wake: () => void;
}

interface Sleeping extends Waiting {
	readonly timeMs: number;
}

/** Nobody can go on: the job hangs. */
export class Hang extends Error {}

/** More turns than any of the jobs can need: something runs in circles. */
const MOST_STEPS = 200_000;

export class Schedule {
	readonly #random: Random;
	readonly #log: string[] = [];
	#ready: Waiting[] = [];
	#sleeping: Sleeping[] = [];
	#nowMs = 0;
	#steps = 0;
	/** Turns of others until the favoured slot changes: some slots run ahead of others for a while. */
	#favour = { label: "", turns: 0 };

	constructor(random: Random) {
		this.#random = random;
	}

	get nowMs(): number {
		return this.#nowMs;
	}

	get steps(): number {
		return this.#steps;
	}

	/** Everything that was decided, in order. */
	get log(): readonly string[] {
		return this.#log;
	}

	note(event: string): void {
		this.#log.push(event);
	}

	turn(label: string): Promise<void> {
		return new Promise((wake) => this.#ready.push({ label, wake }));
	}

	/** Until `delayMs` of virtual time have passed, or `cancel` fires. */
	sleep(label: string, delayMs: number, cancel?: AbortSignal): Promise<void> {
		return new Promise((wake) => {
			const sleeping = { label, wake, timeMs: this.#nowMs + Math.max(1, delayMs) };
			this.#sleeping.push(sleeping);
			const stop = () => {
				this.#sleeping = this.#sleeping.filter((other) => other !== sleeping);
				wake();
			};
			cancel?.addEventListener("abort", stop, { once: true });
		});
	}

	/** Runs until `job` settles. Rejects with what the job rejects with, or a Hang. `beforeStep` may interfere. */
	async run<T>(job: Promise<T>, beforeStep: (step: number) => void): Promise<T> {
		let settled = false;
		const end = () => {
			settled = true;
		};
		job.then(end, end);
		for (;;) {
			// Everything that does not wait for this schedule goes on until it does.
			await new Promise((resolve) => setImmediate(resolve));
			if (settled) return job;
			beforeStep(++this.#steps);
			if (this.#steps > MOST_STEPS) throw new Hang(`no end after ${MOST_STEPS} turns`);
			this.#wakeOne();
		}
	}

	#wakeOne(): void {
		if (this.#ready.length === 0 && this.#sleeping.length === 0) throw new Hang("nobody can go on");
		const sleeps = this.#ready.length === 0 || (this.#sleeping.length > 0 && this.#random.chance(0.05));
		if (sleeps) this.#passTime();
		else this.#giveTurn();
	}

	#passTime(): void {
		const first = this.#sleeping.reduce((soonest, other) => (other.timeMs < soonest.timeMs ? other : soonest));
		this.#sleeping = this.#sleeping.filter((other) => other !== first);
		this.#nowMs = Math.max(this.#nowMs, first.timeMs);
		this.note(`${this.#nowMs} ms: ${first.label}`);
		first.wake();
	}

	#giveTurn(): void {
		if (this.#favour.turns-- <= 0) {
			this.#favour = { label: this.#random.pick(this.#ready).label, turns: this.#random.below(40) };
		}
		const favoured = this.#ready.findIndex(({ label }) => label === this.#favour.label);
		const index = favoured >= 0 && this.#random.chance(0.8) ? favoured : this.#random.below(this.#ready.length);
		const [next] = this.#ready.splice(index, 1);
		this.note(next!.label);
		next!.wake();
	}
}
