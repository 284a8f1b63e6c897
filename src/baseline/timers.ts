// Event-time timers: (time, key) pairs that come out in time order, those of one time in the order of registration.

type Timer<K> = readonly [time: number, sequence: number, key: K];

const isBefore = (left: Timer<unknown>, right: Timer<unknown>) =>
	left[0] < right[0] || (left[0] === right[0] && left[1] < right[1]);

/** A binary heap. A pair registered twice comes out twice; `snapshot` and `restore` are plain data. */
export class TimerQueue<K> {
	#heap: Timer<K>[] = [];
	#sequence = 0;

	register(time: number, key: K): void {
		const timer: Timer<K> = [time, this.#sequence++, key];
		const heap = this.#heap;
		let at = heap.length;
		while (at > 0) {
			const parent = (at - 1) >> 1;
			if (!isBefore(timer, heap[parent]!)) break;
			heap[at] = heap[parent]!;
			at = parent;
		}
		heap[at] = timer;
	}

	/** Takes out the first timer at or before `time`. */
	next(time: number): { readonly time: number; readonly key: K } | undefined {
		const heap = this.#heap;
		const first = heap[0];
		if (first === undefined || first[0] > time) return undefined;
		const last = heap.pop()!;
		if (heap.length > 0) this.#sink(last);
		return { time: first[0], key: first[2] };
	}

	#sink(timer: Timer<K>): void {
		const heap = this.#heap;
		let at = 0;
		for (let child = 1; child < heap.length; child = 2 * at + 1) {
			const right = heap[child + 1];
			if (right !== undefined && isBefore(right, heap[child]!)) child++;
			if (!isBefore(heap[child]!, timer)) break;
			heap[at] = heap[child]!;
			at = child;
		}
		heap[at] = timer;
	}

	snapshot(): unknown {
		return { heap: this.#heap, sequence: this.#sequence };
	}

	restore(state: unknown): void {
		const { heap, sequence } = state as { heap: Timer<K>[]; sequence: number };
		this.#heap = heap;
		this.#sequence = sequence;
	}
}
