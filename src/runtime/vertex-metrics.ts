// Counters of one operator in one subtask, in shared memory so that they can be read from another thread at any moment.
import type { JobGraph, JobVertex } from "../job/job-graph.js";
import { slotsOf } from "./exchange/layout.js";

/** Before any watermark. */
export const MIN_WATERMARK = Number.MIN_SAFE_INTEGER;

/** Flink's metric names where they exist. Index in the counter array. */
export const METRIC_NAMES = [
	"numRecordsIn",
	"numRecordsOut",
	"numBatchesIn",
	"numBatchesOut",
	"numRecordsInPerSecond",
	"numRecordsOutPerSecond",
	"numLateRecordsDropped",
	"currentInputWatermark",
	"busyTimeMsPerSecond",
	"idleTimeMsPerSecond",
	"backPressuredTimeMsPerSecond",
	"accumulateBusyTimeMs",
	"accumulateIdleTimeMs",
	"accumulateBackPressuredTimeMs",
	"stateBytes",
	"peakStateBytes",
	"inPoolUsage",
	"outPoolUsage",
] as const;

export type MetricName = (typeof METRIC_NAMES)[number];

export const METRIC_INDEX = Object.fromEntries(METRIC_NAMES.map((name, index) => [name, index])) as Readonly<
	Record<MetricName, number>
>;

/** A job's counters: a block per slot, with the counters of every vertex, and at its end which vertex is at work, plus one. */
export function metricsBlocks(graph: JobGraph): SharedArrayBuffer[] {
	const bytes = (graph.vertices.length * METRIC_NAMES.length + 1) * 8;
	return Array.from({ length: slotsOf(graph) }, () => {
		const block = new SharedArrayBuffer(bytes);
		for (const { id } of graph.vertices) metricsOf(block, id)[METRIC_INDEX.currentInputWatermark] = MIN_WATERMARK;
		return block;
	});
}

/** The counters of vertex `vertex` in a subtask's block. */
export function metricsOf(block: SharedArrayBuffer, vertex: number): Float64Array {
	return new Float64Array(block, vertex * METRIC_NAMES.length * 8, METRIC_NAMES.length);
}

/** One element: the vertex at work in a slot, plus one; 0 between calls. What a thread that dies was doing. */
export function atWorkIn(block: SharedArrayBuffer): Float64Array {
	return new Float64Array(block, block.byteLength - 8, 1);
}

export type Metrics = Readonly<Record<MetricName, number>>;

/** How the values of several subtasks become one; those that are not named are summed. */
const COMBINED: { readonly [N in MetricName]?: (values: readonly number[]) => number } = {
	currentInputWatermark: (values) => Math.min(...values),
	busyTimeMsPerSecond: mean,
	idleTimeMsPerSecond: mean,
	backPressuredTimeMsPerSecond: mean,
	inPoolUsage: (values) => Math.max(...values),
	outPoolUsage: (values) => Math.max(...values),
};

/** Each subtask of a vertex. */
export function subtaskMetrics(blocks: readonly SharedArrayBuffer[], vertex: JobVertex): Metrics[] {
	return blocks.slice(0, vertex.parallelism).map((block) => {
		const counters = metricsOf(block, vertex.id);
		return Object.fromEntries(METRIC_NAMES.map((name, index) => [name, counters[index]])) as Metrics;
	});
}

/** One vertex over its subtasks: the lowest watermark, the mean of times per second, the fullest queue, else the sum. */
export function combinedMetrics(subtasks: readonly Metrics[]): Metrics {
	const combine = (name: MetricName) => (COMBINED[name] ?? sum)(subtasks.map((metrics) => metrics[name]));
	return Object.fromEntries(METRIC_NAMES.map((name) => [name, combine(name)])) as Metrics;
}

function sum(values: readonly number[]): number {
	return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
	return sum(values) / values.length;
}
