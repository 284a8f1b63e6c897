// Where a subtask of the Nexmark source is in the sequence of event positions.
import type { EventRange } from "./generator.js";
import { BLOCK_EVENTS } from "./options.js";

export interface EventCursor {
	/** The next positions below `limit` to make; undefined when there are none. */
	next(limit: number): EventRange | undefined;
	/** The first `count` of the positions that `next` gave are done. */
	advance(count: number): void;
	/** The next position, if any is left at all. */
	peek(): number | undefined;
	position(): unknown;
}

/** One subtask takes all positions in order. */
export class StreamCursor implements EventCursor {
	readonly #events: number;
	#next: number;

	constructor(events: number, start: number) {
		this.#events = events;
		this.#next = start;
	}

	peek(): number | undefined {
		return this.#next < this.#events ? this.#next : undefined;
	}

	next(limit: number): EventRange | undefined {
		const count = Math.min(limit, this.#events) - this.#next;
		return count > 0 ? { first: this.#next, count } : undefined;
	}

	advance(count: number): void {
		this.#next += count;
	}

	position(): number {
		return this.#next;
	}
}

/**
 * A subtask's place in its blocks (`block % parallelism === subtask`): all before `block` are done, and `offset` positions of it.
 * `before`: what the subtasks of an earlier run had done, while blocks that they had reached are still ahead.
 */
export interface BlockPosition {
	readonly subtask: number;
	readonly parallelism: number;
	readonly block: number;
	readonly offset: number;
	readonly before: readonly BlockPosition[];
}

export class BlockCursor implements EventCursor {
	readonly #events: number;
	readonly #subtask: number;
	readonly #parallelism: number;
	#before: readonly BlockPosition[];
	#block: number;
	#offset = 0;

	constructor(events: number, subtask: number, parallelism: number, before: readonly BlockPosition[]) {
		this.#events = events;
		this.#subtask = subtask;
		this.#parallelism = parallelism;
		this.#before = before;
		this.#block = subtask;
		this.#settle();
	}

	peek(): number | undefined {
		const first = this.#block * BLOCK_EVENTS + this.#offset;
		return first < this.#events ? first : undefined;
	}

	next(limit: number): EventRange | undefined {
		const first = this.#block * BLOCK_EVENTS + this.#offset;
		const count = Math.min((this.#block + 1) * BLOCK_EVENTS, this.#events, limit) - first;
		return count > 0 ? { first, count } : undefined;
	}

	advance(count: number): void {
		this.#offset += count;
		this.#settle();
	}

	position(): BlockPosition {
		return {
			subtask: this.#subtask,
			parallelism: this.#parallelism,
			block: this.#block,
			offset: this.#offset,
			before: this.#before,
		};
	}

	/** Goes on to the next block with something left to do. */
	#settle(): void {
		while (this.#block * BLOCK_EVENTS < this.#events) {
			this.#offset = Math.max(this.#offset, doneIn(this.#block, this.#before));
			if (this.#offset < BLOCK_EVENTS) break;
			this.#block += this.#parallelism;
			this.#offset = 0;
		}
		if (this.#block > lastReached(this.#before)) this.#before = [];
	}
}

/** Positions of a block that are done according to the positions of all subtasks of a run. */
function doneIn(block: number, positions: readonly BlockPosition[]): number {
	const parallelism = positions[0]?.parallelism ?? 1;
	const owner = positions.find(({ subtask }) => subtask === block % parallelism);
	if (!owner) return 0;
	if (block < owner.block) return BLOCK_EVENTS;
	return Math.max(block === owner.block ? owner.offset : 0, doneIn(block, owner.before));
}

const lastReached = (positions: readonly BlockPosition[]): number =>
	positions.reduce((last, { block, before }) => Math.max(last, block, lastReached(before)), -1);
