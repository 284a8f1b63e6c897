// What the operators of a slot spend their time on: working, having nothing to do, or held up by what comes after them.
//
// A slot's operators share one thread. Work is counted by operator as it happens (DataflowNode); here the time in which the whole
// slot stands still is told apart. What is missing to a full second is work of the slot's other operators.
import type { JobGraph } from "../job/job-graph.js";
import { type MetricName, METRIC_INDEX as metric } from "./vertex-metrics.js";

/** Rates are over the last stretch of at least this length. */
const RATE_MS = 1000;

const RATES: readonly (readonly [rate: MetricName, total: MetricName])[] = [
	["busyTimeMsPerSecond", "accumulateBusyTimeMs"],
	["idleTimeMsPerSecond", "accumulateIdleTimeMs"],
	["backPressuredTimeMsPerSecond", "accumulateBackPressuredTimeMs"],
	["numRecordsInPerSecond", "numRecordsIn"],
	["numRecordsOutPerSecond", "numRecordsOut"],
];

interface Watched {
	readonly vertex: number;
	readonly counters: Float64Array;
	/** Totals of RATES when the current stretch began. */
	readonly before: number[];
}

export class Activity {
	readonly #upstream: readonly ReadonlySet<number>[];
	readonly #watched: Watched[] = [];
	#stretchStart = performance.now();

	constructor(graph: JobGraph) {
		this.#upstream = upstreamOf(graph);
	}

	/** Counts for an operator of this slot. */
	watch(vertex: number, counters: Float64Array): void {
		this.#watched.push({ vertex, counters, before: RATES.map(() => 0) });
	}

	/** The slot stood still for `ms`: held up by operators in `blockedBy`, or for want of input. */
	stoodStill(ms: number, blockedBy: readonly number[]): void {
		for (const { vertex, counters } of this.#watched) {
			const isHeld = blockedBy.some((blocker) => this.#upstream[blocker]!.has(vertex));
			counters[isHeld ? metric.accumulateBackPressuredTimeMs : metric.accumulateIdleTimeMs]! += ms;
		}
	}

	/** The slot waited `ms` for writes of these sinks: that is their work, and holds up what comes before them. */
	wrote(ms: number, sinks: readonly number[]): void {
		for (const { vertex, counters } of this.#watched) {
			if (sinks.includes(vertex)) counters[metric.accumulateBusyTimeMs]! += ms;
			else if (sinks.some((sink) => this.#upstream[sink]!.has(vertex)))
				counters[metric.accumulateBackPressuredTimeMs]! += ms;
			else counters[metric.accumulateIdleTimeMs]! += ms;
		}
	}

	/** Brings the rates up to date when their time has come, or at once at the end. */
	sample(atEnd = false): void {
		const now = performance.now();
		const elapsed = now - this.#stretchStart;
		if (elapsed < RATE_MS && !atEnd) return;
		this.#stretchStart = now;
		for (const { counters, before } of this.#watched) {
			for (const [index, [rate, total]] of RATES.entries()) {
				const value = counters[metric[total]]!;
				counters[metric[rate]] = elapsed > 0 ? ((value - before[index]!) / elapsed) * 1000 : 0;
				before[index] = value;
			}
		}
	}
}

/** For each vertex those that its rows come from, near and far. */
function upstreamOf(graph: JobGraph): ReadonlySet<number>[] {
	const result: Set<number>[] = [];
	for (const { inputs } of graph.vertices) {
		result.push(new Set(inputs.flatMap(({ from }) => [from, ...result[from]!])));
	}
	return result;
}
