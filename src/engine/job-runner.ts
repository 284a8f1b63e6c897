// Runs a JobGraph to its end with the engine that the session asks for: kernels in this thread, or the row-at-a-time baseline.
import type { FunctionLibrary } from "../baseline/library.js";
import type { Handles } from "../connectors/connector.js";
import { connectorFor } from "../connectors/index.js";
import type { JobGraph, JobVertex } from "../job/job-graph.js";
import { ConnectorEnvironment } from "../runtime/environment.js";
import { runInline } from "../runtime/inline-job.js";
import { runOnWorkers } from "../runtime/pool.js";
import { runWithBaseline } from "./baseline-job.js";
import { type LookupTables, prepareLookups } from "./lookup-tables.js";
import { operatorFactory } from "./operator-factory.js";
import { usesWorkers } from "./placement.js";
import { collectorWriter, type ResultCollector } from "./result-collector.js";
import { WORKER_OPERATORS } from "./worker-operators.js";

export type EngineName = "wasm" | "baseline";

export interface RunRequest {
	readonly graph: JobGraph;
	readonly engine: EngineName;
	readonly handles: Handles;
	readonly signal: AbortSignal;
	/** Receives the results of sinks without a table. */
	readonly collect?: ResultCollector | undefined;
	readonly output?: { readonly out: (text: string) => void; readonly error: (text: string) => void } | undefined;
	readonly memoryBytes?: number | undefined;
	/** One block per slot. */
	readonly metrics?: readonly SharedArrayBuffer[] | undefined;
	readonly now?: (() => number) | undefined;
	/** User functions. */
	readonly library?: FunctionLibrary | undefined;
}

/** Resolves when the job has ended and its sinks have committed. */
export async function runJob(request: RunRequest): Promise<void> {
	const committables = usesWorkers(request) ? await runInWorkers(request) : await runInThread(request);
	for (const [vertex, items] of committables) await commitSink(request, request.graph.vertices[vertex]!, items);
}

async function runInThread(request: RunRequest) {
	const lookups = await prepareLookups(request);
	return request.engine === "baseline" ? runWithBaseline(request, lookups) : runWithKernels(request, lookups);
}

async function runWithKernels(request: RunRequest, lookups: LookupTables) {
	const { graph, handles, signal, collect, output, memoryBytes, metrics, now, library } = request;
	const environment = new ConnectorEnvironment({
		graph,
		handles,
		signal,
		createOperator: operatorFactory({ lookups, library }),
		collect: collect && ((vertex, target) => collectorWriter(vertex, target, collect)),
		output,
		now,
	});
	return (await runInline(graph, environment, { signal, metrics, memoryBytes })).committables;
}

async function runInWorkers({ graph, signal, collect, output, memoryBytes, metrics }: RunRequest) {
	const outcome = await runOnWorkers(graph, {
		operators: WORKER_OPERATORS,
		signal,
		metrics,
		memoryBytes,
		collect: collect && ((vertex, region) => collectorWriter(vertex, region, collect)),
		output,
	});
	return outcome.committables;
}

async function commitSink(request: RunRequest, vertex: JobVertex, committables: readonly unknown[]): Promise<void> {
	const { spec } = vertex;
	if (spec.operator !== "Sink" || !spec.table) return;
	const { sink } = connectorFor(spec.table.connector);
	const committer = sink?.committer?.({
		table: spec.table,
		handles: request.handles,
		parallelism: vertex.parallelism,
		signal: request.signal,
		timeZone: request.graph.context.timeZone,
		now: request.now ?? Date.now,
		schema: vertex.schema,
		overwrite: spec.overwrite,
		staticPartition: spec.staticPartition,
		...(request.output && { output: request.output }),
	});
	await committer?.commit(committables, { watermark: Number.MAX_SAFE_INTEGER, final: true });
}
