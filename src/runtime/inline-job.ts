// A job in the calling thread, in one slot: for small queries, tests and browsers.
import type { JobGraph } from "../job/job-graph.js";
import type { Region } from "../wasm/region.js";
import { Dataflow, type DataflowEnvironment } from "./dataflow.js";
import { metricsBytes } from "./vertex-metrics.js";

export interface JobOutcome {
	/** What sinks want committed, by vertex id. */
	readonly committables: ReadonlyMap<number, readonly unknown[]>;
}

/** Counters of all subtasks of a running or finished job, one block per slot; see vertex-metrics.ts. */
export interface MetricsBlocks {
	readonly blocks: readonly (ArrayBuffer | SharedArrayBuffer)[];
}

/** Runs `graph` to its end. The metrics block is filled while it runs. Everything is freed on every path. */
export async function runInline(
	graph: JobGraph,
	region: Region,
	environment: DataflowEnvironment,
	options: { readonly signal?: AbortSignal | undefined; readonly metrics?: ArrayBuffer | undefined } = {},
): Promise<JobOutcome> {
	const metrics = options.metrics ?? new ArrayBuffer(metricsBytes(graph.vertices.length));
	const dataflow = new Dataflow(graph, { subtask: 0, parallelism: 1 }, region, environment, metrics);
	try {
		await dataflow.run(options.signal);
	} finally {
		await dataflow.dispose();
	}
	return { committables: dataflow.committables };
}
