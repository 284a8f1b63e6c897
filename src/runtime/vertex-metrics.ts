// Counters of one operator in one subtask, in shared memory so that they can be read from another thread at any moment.

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

/** A block of counters for `vertices` operators of one subtask. */
export const metricsBytes = (vertices: number) => vertices * METRIC_NAMES.length * 8;

/** The counters of vertex `vertex` in a subtask's block. */
export function metricsOf(block: SharedArrayBuffer | ArrayBuffer, vertex: number): Float64Array {
	return new Float64Array(block, vertex * METRIC_NAMES.length * 8, METRIC_NAMES.length);
}
