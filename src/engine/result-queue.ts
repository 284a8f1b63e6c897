// Results between a job and whoever iterates over them: a bounded queue whose fullness is the job's backpressure.
import { EngineError } from "../errors.js";

/** Items that may wait before the producer is held. */
const CAPACITY = 16;

/** One producer, one consumer. A consumer that stops iterating early cancels the producer through `onReturn`. */
export class ResultQueue<T> implements AsyncIterableIterator<T> {
	readonly #items: T[] = [];
	readonly #onReturn: () => Promise<void>;
	/** Of every `next` that found nothing: they may be called ahead. */
	readonly #wakeConsumers: (() => void)[] = [];
	/** Of every push that found the queue full: one step of a job may push several times before it awaits. */
	readonly #wakeProducers: (() => void)[] = [];
	#closed = false;
	#failure: unknown;

	constructor(onReturn: () => Promise<void>) {
		this.#onReturn = onReturn;
	}

	/** A promise when the queue is full: it settles when there is room again. */
	push(item: T): void | Promise<void> {
		if (this.#closed) return;
		this.#items.push(item);
		this.#wake(this.#wakeConsumers);
		if (this.#items.length < CAPACITY) return;
		return new Promise((resolve) => {
			this.#wakeProducers.push(resolve);
		});
	}

	close(failure?: unknown): void {
		this.#closed = true;
		this.#failure = failure;
		this.#wake(this.#wakeConsumers);
		this.#wake(this.#wakeProducers);
	}

	async next(): Promise<IteratorResult<T>> {
		while (this.#items.length === 0 && !this.#closed) {
			await new Promise<void>((resolve) => {
				this.#wakeConsumers.push(resolve);
			});
		}
		if (this.#items.length > 0) {
			const value = this.#items.shift() as T;
			if (this.#items.length < CAPACITY) this.#wake(this.#wakeProducers);
			return { done: false, value };
		}
		if (this.#failure !== undefined) throw EngineError.from(this.#failure);
		return { done: true, value: undefined };
	}

	#wake(all: (() => void)[]): void {
		for (const wake of all.splice(0)) wake();
	}

	async return(): Promise<IteratorResult<T>> {
		this.close();
		await this.#onReturn();
		return { done: true, value: undefined };
	}

	[Symbol.asyncIterator](): AsyncIterableIterator<T> {
		return this;
	}
}
