// Runs by where they began, as Flink's CEP holds them: in a binary heap. Among runs that began at one row the heap's order decides which
// goes first, so it is that of java.util.PriorityQueue, step by step.

export interface Started {
	/** Place of the first row in its partition; the run that has none yet is behind all others. */
	readonly start: number;
}

export class RunQueue<R extends Started> {
	#runs: R[] = [];

	static of<R extends Started>(runs: Iterable<R>): RunQueue<R> {
		const queue = new RunQueue<R>();
		for (const run of runs) queue.add(run);
		return queue;
	}

	/** From what `runs` gave. */
	static restored<R extends Started>(runs: readonly R[]): RunQueue<R> {
		const queue = new RunQueue<R>();
		queue.#runs = [...runs];
		return queue;
	}

	/** In the heap's order. */
	get runs(): readonly R[] {
		return this.#runs;
	}

	get first(): R | undefined {
		return this.#runs[0];
	}

	add(run: R): void {
		let at = this.#runs.push(run) - 1;
		while (at > 0) {
			const parent = (at - 1) >>> 1;
			if (run.start >= this.#runs[parent]!.start) break;
			this.#runs[at] = this.#runs[parent]!;
			at = parent;
		}
		this.#runs[at] = run;
	}

	removeFirst(): void {
		const last = this.#runs.pop();
		if (last !== undefined && this.#runs.length > 0) this.#sink(0, last);
	}

	/** Drops the runs that began before row `start`. */
	dropBefore(start: number): void {
		const kept = this.#runs.filter((run) => run.start >= start);
		if (kept.length === this.#runs.length) return;
		this.#runs = kept;
		for (let at = (kept.length >>> 1) - 1; at >= 0; at--) this.#sink(at, kept[at]!);
	}

	#sink(from: number, run: R): void {
		const { length } = this.#runs;
		let at = from;
		while (at < length >>> 1) {
			let child = 2 * at + 1;
			if (child + 1 < length && this.#runs[child]!.start > this.#runs[child + 1]!.start) child++;
			if (run.start <= this.#runs[child]!.start) break;
			this.#runs[at] = this.#runs[child]!;
			at = child;
		}
		this.#runs[at] = run;
	}
}
