// A job in the calling thread, its slots taking turns: for small queries, tests, browsers, and jobs tied to this thread's objects.
import type { JobGraph } from "../job/job-graph.js";
import { Region } from "../wasm/region.js";
import { giveBackRegion, takeRegion } from "../wasm/region-pool.js";
import { Dataflow, type DataflowEnvironment } from "./dataflow.js";
import { LocalDoorbells } from "./exchange/doorbell.js";
import { exchangeLayout, slotsOf } from "./exchange/layout.js";
import { SharedPort } from "./exchange/port.js";
import { mergeCommittables, together } from "./slot-group.js";
import { metricsBlocks } from "./vertex-metrics.js";

export interface JobOutcome {
	/** What sinks want committed, by vertex id. */
	readonly committables: ReadonlyMap<number, readonly unknown[]>;
}

export interface InlineOptions {
	readonly signal?: AbortSignal | undefined;
	/** One block per slot, filled while the job runs; see vertex-metrics.ts. */
	readonly metrics?: readonly SharedArrayBuffer[] | undefined;
	/** Limit of each slot. */
	readonly memoryBytes?: number | undefined;
	/** Bytes of each ring between two slots. */
	readonly ringCapacity?: number | undefined;
	/** For tests: whether a message that has arrived is left lying, this time. */
	readonly holdBack?: (() => boolean) | undefined;
	/** Called when every slot has been set up. */
	readonly running?: (() => void) | undefined;
	/** Makes each slot's memory, in order; absent: kernels of the release build. */
	readonly createRegion?: (() => Promise<Region>) | undefined;
}

/** Runs `graph` to its end. Everything is freed on every path. */
export async function runInline(
	graph: JobGraph,
	environment: DataflowEnvironment,
	options: InlineOptions = {},
): Promise<JobOutcome> {
	const slots = slotsOf(graph);
	const metrics = options.metrics ?? metricsBlocks(graph);
	const layout = exchangeLayout(graph, options.ringCapacity);
	const memory = new SharedArrayBuffer(layout.bytes);
	const doorbells = new LocalDoorbells(slots);
	const stop = new AbortController();
	const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
	const limitBytes = options.memoryBytes;
	const isPooled = options.createRegion === undefined && limitBytes === undefined;
	const createRegion =
		options.createRegion ?? (limitBytes === undefined ? takeRegion : () => Region.create({ limitBytes }));
	let ready = 0;
	const runSlot = async (subtask: number) => {
		const region = await createRegion();
		const exchange = { layout, memory, doorbell: doorbells.of(subtask), holdBack: options.holdBack };
		const port = slots > 1 ? new SharedPort(graph, exchange, subtask, region) : undefined;
		const dataflow = new Dataflow(graph, { subtask, parallelism: slots }, region, environment, metrics[subtask]!, port);
		if (++ready === slots) options.running?.();
		try {
			await dataflow.run(signal);
		} finally {
			await dataflow.dispose();
		}
		if (isPooled) giveBackRegion(region);
		return dataflow.committables;
	};
	const committables = await together(
		Array.from({ length: slots }, (_, subtask) => runSlot(subtask)),
		() => stop.abort(),
	);
	return { committables: mergeCommittables(committables) };
}
