// Runs a JobGraph to its end with the engine that the session asks for: kernels in this thread, or the row-at-a-time baseline.
import type { FunctionLibrary } from "../baseline/library.js";
import type { Handles } from "../connectors/connector.js";
import { connectorFor } from "../connectors/index.js";
import type { JobGraph, JobVertex } from "../job/job-graph.js";
import { sessionOption } from "../job/session-options.js";
import { ConnectorEnvironment } from "../runtime/environment.js";
import { runInline } from "../runtime/inline-job.js";
import type { WorkerPool } from "../runtime/pool.js";
import type { FunctionModule } from "../runtime/slot-task.js";
import { MEMORY_OPTION } from "../wasm/heap.js";
import { loadLibraries } from "./libraries.js";
import { type LookupTables, prepareLookups } from "./lookup-tables.js";
import { operatorFactory } from "./operator-factory.js";
import { functionModules, usesWorkers } from "./placement.js";
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
	/** One block per slot. */
	readonly metrics?: readonly SharedArrayBuffer[] | undefined;
	/** Called when every subtask has been set up. */
	readonly running?: (() => void) | undefined;
	readonly now?: (() => number) | undefined;
	/** User functions. */
	readonly library?: FunctionLibrary | undefined;
	/** How a worker finds a user function; undefined for one that is an object of this thread. */
	readonly functionModule?: ((id: string) => FunctionModule | undefined) | undefined;
	/** The session's workers. */
	readonly pool: () => Promise<WorkerPool>;
}

/** Resolves when the job has ended and its sinks have committed. */
export async function runJob(request: RunRequest): Promise<void> {
	await loadLibraries(request.graph, request.collect);
	const committables = usesWorkers(request) ? await runInWorkers(request) : await runInThread(request);
	for (const [vertex, items] of committables) await commitSink(request, request.graph.vertices[vertex]!, items);
}

async function runInThread(request: RunRequest) {
	const lookups = await prepareLookups(request);
	if (request.engine !== "baseline") return runWithKernels(request, lookups);
	const { runWithBaseline } = await import("./baseline-job.js");
	request.running?.();
	return runWithBaseline(request, lookups);
}

async function runWithKernels(request: RunRequest, lookups: LookupTables) {
	const { graph, handles, signal, collect, output, metrics, now, library, running } = request;
	const environment = new ConnectorEnvironment({
		graph,
		handles,
		signal,
		createOperator: await operatorFactory(graph, { lookups, library }),
		filterInSources: true,
		collect: collect && ((vertex, target) => collectorWriter(vertex, target, collect)),
		output,
		now,
	});
	return (
		await runInline(graph, environment, {
			signal,
			metrics,
			memoryBytes: sessionOption(graph.options, MEMORY_OPTION),
			running,
		})
	).committables;
}

async function runInWorkers(request: RunRequest) {
	const { graph, signal, collect, output, metrics, running } = request;
	const pool = await request.pool();
	const outcome = await pool.run(graph, {
		operators: WORKER_OPERATORS,
		functions: functionModules(request),
		signal,
		metrics,
		running,
		memoryBytes: sessionOption(graph.options, MEMORY_OPTION),
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
