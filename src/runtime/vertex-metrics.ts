// Counters of one operator in one subtask, in shared memory so that they can be read from another thread at any moment.
import type { JobGraph, JobVertex } from "../job/job-graph.js";
import { slotsOf } from "./exchange/layout.js";

/** Flink's metric names where they exist. Index in the counter array. */
export const METRIC_NAMES = [
	"numRecordsIn",
	"numRecordsOut",
	"numBatchesIn",
	"numBatchesOut",
	"numLateRecordsDropped",
	"currentInputWatermark",
	"busyTimeMs",
	"idleTimeMs",
	"backPressuredTimeMs",
	"stateBytes",
	"peakStateBytes",
	"queueFill",
] as const;

export type MetricName = (typeof METRIC_NAMES)[number];

export const METRIC_INDEX = Object.fromEntries(METRIC_NAMES.map((name, index) => [name, index])) as Readonly<
	Record<MetricName, number>
>;

/** A job's counters: a block per slot, with the counters of every vertex. */
export function metricsBlocks(graph: JobGraph): SharedArrayBuffer[] {
	const bytes = graph.vertices.length * METRIC_NAMES.length * 8;
	return Array.from({ length: slotsOf(graph) }, () => new SharedArrayBuffer(bytes));
}

/** The counters of vertex `vertex` in a subtask's block. */
export function metricsOf(block: SharedArrayBuffer, vertex: number): Float64Array {
	return new Float64Array(block, vertex * METRIC_NAMES.length * 8, METRIC_NAMES.length);
}

/** One vertex over all its subtasks: watermarks and queue fill are the lowest and the highest, everything else is summed. */
export function vertexMetrics(blocks: readonly SharedArrayBuffer[], vertex: JobVertex): Record<MetricName, number> {
	const subtasks = blocks.slice(0, vertex.parallelism).map((block) => metricsOf(block, vertex.id));
	const combined = METRIC_NAMES.map((name, index) => {
		const values = subtasks.map((counters) => counters[index]!);
		if (name === "currentInputWatermark") return [name, Math.min(...values)];
		return [name, name === "queueFill" ? Math.max(...values) : values.reduce((sum, value) => sum + value, 0)];
	});
	return Object.fromEntries(combined) as Record<MetricName, number>;
}
