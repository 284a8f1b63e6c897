// Processing-time timers of one slot: operators ask for a moment, the slot's loop calls them back at or after it.
import type { DataflowNode } from "./dataflow-node.js";

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

	/** How long until the next timer is due; undefined without timers. */
	delay(nowMs: number): number | undefined {
		if (this.#timers.length === 0) return undefined;
		return Math.max(0, Math.min(...this.#timers.map((timer) => timer.timeMs)) - nowMs);
	}
}
