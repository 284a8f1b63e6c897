// Ends of windows that wait for the watermark: a set that gives its smallest member first.

export class PendingEnds {
	/** A binary heap. */
	readonly #heap: number[] = [];
	readonly #known = new Set<number>();

	add(end: number): void {
		if (this.#known.has(end)) return;
		this.#known.add(end);
		const heap = this.#heap;
		let at = heap.length;
		while (at > 0) {
			const parent = (at - 1) >> 1;
			if (heap[parent]! <= end) break;
			heap[at] = heap[parent]!;
			at = parent;
		}
		heap[at] = end;
	}

	/** The smallest end. */
	get first(): number | undefined {
		return this.#heap[0];
	}

	/** Takes out the smallest end that is not after `limit`. */
	next(limit: number): number | undefined {
		const first = this.#heap[0];
		if (first === undefined || first > limit) return undefined;
		const last = this.#heap.pop()!;
		if (this.#heap.length > 0) this.#sink(last);
		this.#known.delete(first);
		return first;
	}

	[Symbol.iterator](): IterableIterator<number> {
		return this.#known[Symbol.iterator]();
	}

	#sink(end: number): void {
		const heap = this.#heap;
		let at = 0;
		for (let child = 1; child < heap.length; child = 2 * at + 1) {
			if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child++;
			if (heap[child]! >= end) break;
			heap[at] = heap[child]!;
			at = child;
		}
		heap[at] = end;
	}
}
