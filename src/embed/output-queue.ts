// What an operator has made and nobody has taken yet. A producer awaits `room` before it makes more.
import type { RecordBatch } from "apache-arrow";
import { EngineError } from "../errors.js";

const READY: Promise<void> = Promise.resolve();

export class OutputQueue {
	readonly #capacity: number;
	#batches: RecordBatch[] = [];
	#isEnded = false;
	#failure: EngineError | undefined;
	#isIterated = false;
	#wakeConsumer: (() => void) | undefined;
	#room: { readonly promise: Promise<void>; readonly settle: () => void } | undefined;

	constructor(capacity: number) {
		this.#capacity = capacity;
	}

	add(batch: RecordBatch): void {
		this.#batches.push(batch);
		this.#wake();
	}

	get hasRoom(): boolean {
		return this.#batches.length < this.#capacity || this.#isEnded;
	}

	/** Whether there is a loop over the batches that has not ended. */
	get isIterated(): boolean {
		return this.#isIterated;
	}

	/** Settles when there may be room, or the loop that made some has ended: look again. Never rejects. */
	room(): Promise<void> {
		if (this.hasRoom) return READY;
		if (!this.#room) {
			let settle = () => {};
			const promise = new Promise<void>((resolve) => {
				settle = resolve;
			});
			this.#room = { promise, settle };
		}
		return this.#room.promise;
	}

	/** Nothing more will come; iteration ends behind what waits, with the failure if there is one. */
	end(failure?: EngineError): void {
		this.#isEnded = true;
		this.#failure = failure;
		this.#wake();
		this.#release();
	}

	/** Drops what waits and ends. */
	discard(failure: EngineError): void {
		this.#batches = [];
		this.end(failure);
	}

	/** All that waits. */
	take(): RecordBatch[] {
		const taken = this.#batches;
		this.#batches = [];
		this.#release();
		return taken;
	}

	/** One consumer at a time; leaving the loop keeps what waits for the next. */
	async *iterate(): AsyncGenerator<RecordBatch, void, undefined> {
		if (this.#isIterated) {
			throw new EngineError("INVALID_STATE", "The operator's output is being iterated already", {
				expected: "one loop over it at a time",
				remedy: "End the other loop first, or share its batches",
			});
		}
		this.#isIterated = true;
		try {
			for (;;) {
				while (this.#batches.length === 0 && !this.#isEnded) await this.#more();
				const batch = this.#batches.shift();
				if (batch === undefined) break;
				if (this.#batches.length < this.#capacity) this.#release();
				yield batch;
			}
			if (this.#failure) throw this.#failure;
		} finally {
			this.#isIterated = false;
			this.#release();
		}
	}

	#more(): Promise<void> {
		return new Promise((resolve) => {
			this.#wakeConsumer = resolve;
		});
	}

	#wake(): void {
		this.#wakeConsumer?.();
		this.#wakeConsumer = undefined;
	}

	#release(): void {
		this.#room?.settle();
		this.#room = undefined;
	}
}
