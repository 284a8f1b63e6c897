// Processing-time timers of one slot: operators ask for a moment, the slot's loop calls them back at or after it.
import type { DataflowNode } from "./dataflow-node.js";

/** Waiting never lasts longer than this, so that a clock moved by hand is seen soon. */
const MAX_WAIT_MS = 1000;

/** Few timers are pending at a time (one or two per operator), so a plain list serves. */
export class TimerQueue {
	readonly #owners = new Map<number, DataflowNode>();
	#timers: { vertex: number; timeMs: number }[] = [];

	own(vertex: number, node: DataflowNode): void {
		this.#owners.set(vertex, node);
	}

	register(vertex: number, timeMs: number): void {
		if (!this.#timers.some((timer) => timer.vertex === vertex && timer.timeMs === timeMs)) {
			this.#timers.push({ vertex, timeMs });
		}
	}

	/** Removes the timers that are due and gives their nodes, in time order. */
	due(nowMs: number): DataflowNode[] {
		if (!this.#timers.some((timer) => timer.timeMs <= nowMs)) return [];
		const due = this.#timers.filter((timer) => timer.timeMs <= nowMs).sort((left, right) => left.timeMs - right.timeMs);
		this.#timers = this.#timers.filter((timer) => timer.timeMs > nowMs);
		return due.map((timer) => this.#owners.get(timer.vertex)!);
	}

	/** Settles when the next timer may be due; without timers only when `cancel` fires. */
	wait(nowMs: number, cancel: AbortSignal): Promise<void> {
		const next = this.#timers.reduce((soonest, timer) => Math.min(soonest, timer.timeMs), Number.POSITIVE_INFINITY);
		return new Promise((resolve) => {
			const done = () => {
				clearTimeout(timeout);
				resolve();
			};
			const delayMs = Math.min(Math.max(next - nowMs, 0), MAX_WAIT_MS);
			const timeout = setTimeout(done, next === Number.POSITIVE_INFINITY ? MAX_WAIT_MS : delayMs);
			cancel.addEventListener("abort", done, { once: true });
		});
	}
}
