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

/** What subtasks have done of the blocks, this one and those whose positions it has gone on from. */
export interface BlockPosition {
	/** A bit for each block that is done, block 0 the lowest of the first byte. */
	readonly done: Uint8Array;
	/** How many positions are done of blocks that have been begun, also of some that were ended later. */
	readonly begun: readonly { readonly block: number; readonly count: number }[];
}

/** Blocks as the subtask claims them: they rise, and no two subtasks get the same. */
export class BlockCursor implements EventCursor {
	readonly #events: number;
	readonly #claim: () => number;
	#done: Uint8Array;
	/** Of blocks that an earlier run had begun. */
	readonly #begun: ReadonlyMap<number, number>;
	/** The block at work; -1: none has been claimed yet. */
	#block = -1;
	#offset = BLOCK_EVENTS;

	constructor(events: number, claim: () => number, positions: readonly BlockPosition[]) {
		this.#events = events;
		this.#claim = claim;
		this.#done = union(positions.map(({ done }) => done));
		const begun = new Map<number, number>();
		for (const { block, count } of positions.flatMap((position) => position.begun)) {
			if (!this.#isDone(block)) begun.set(block, Math.max(count, begun.get(block) ?? 0));
		}
		this.#begun = begun;
	}

	peek(): number | undefined {
		this.#settle();
		const first = this.#block * BLOCK_EVENTS + this.#offset;
		return first < this.#events ? first : undefined;
	}

	next(limit: number): EventRange | undefined {
		this.#settle();
		const first = this.#block * BLOCK_EVENTS + this.#offset;
		const count = Math.min((this.#block + 1) * BLOCK_EVENTS, this.#events, limit) - first;
		return count > 0 ? { first, count } : undefined;
	}

	advance(count: number): void {
		this.#offset += count;
		if (this.#offset === BLOCK_EVENTS) this.#finish(this.#block);
	}

	position(): BlockPosition {
		const begun = [...this.#begun].map(([block, count]) => ({ block, count }));
		if (this.#block >= 0 && this.#offset < BLOCK_EVENTS) begun.push({ block: this.#block, count: this.#offset });
		return { done: this.#done.slice(), begun };
	}

	/** Claims blocks until there is one with something left to do, or none at all. */
	#settle(): void {
		while (this.#offset === BLOCK_EVENTS && this.#block * BLOCK_EVENTS < this.#events) {
			this.#block = this.#claim();
			this.#offset = this.#isDone(this.#block) ? BLOCK_EVENTS : (this.#begun.get(this.#block) ?? 0);
		}
	}

	#isDone(block: number): boolean {
		return (((this.#done[block >> 3] ?? 0) >> (block & 7)) & 1) === 1;
	}

	#finish(block: number): void {
		const byte = block >> 3;
		if (byte >= this.#done.length) {
			const larger = new Uint8Array(Math.max(64, byte * 2));
			larger.set(this.#done);
			this.#done = larger;
		}
		this.#done[byte]! |= 1 << (block & 7);
	}
}

/** Each subtask takes every `parallelism`-th block. */
export function dealtBlocks(subtask: number, parallelism: number): () => number {
	let next = subtask - parallelism;
	return () => {
		next += parallelism;
		return next;
	};
}

/**
 * Blocks that follow each other, `length` of them at each claim: one subtask then sees most events of an auction, which local aggregates
 * sum up.
 */
export function inStretches(claim: () => number, length: number): () => number {
	let next = 0;
	let end = 0;
	return () => {
		if (next === end) {
			next = claim() * length;
			end = next + length;
		}
		return next++;
	};
}

function union(sets: readonly Uint8Array[]): Uint8Array {
	const all = new Uint8Array(Math.max(0, ...sets.map((set) => set.length)));
	for (const set of sets) for (const [i, bits] of set.entries()) all[i]! |= bits;
	return all;
}
