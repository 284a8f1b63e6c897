// The module that workers load for their operators: kernels, and the baseline's operators where there are none.
import type { JobGraph } from "../job/job-graph.js";
import type { OperatorFactory } from "../runtime/environment.js";
import type { FunctionModule } from "../runtime/slot-task.js";
import { loadLibraries } from "./libraries.js";
import { prepareLookups } from "./lookup-tables.js";
import { operatorFactory } from "./operator-factory.js";
import { libraryOf } from "./user-functions/function-module.js";

/** Where it is for a worker: in the build, also when the session runs from sources. */
export const WORKER_OPERATORS = import.meta.url.endsWith(".ts")
	? new URL("../../dist/src/engine/worker-operators.js", import.meta.url)
	: new URL("./worker-operators.js", import.meta.url);

export async function createOperators(
	graph: JobGraph,
	signal: AbortSignal,
	functions: readonly FunctionModule[],
): Promise<OperatorFactory> {
	await loadLibraries(graph);
	const library = await libraryOf(functions);
	const lookups = await prepareLookups({ graph, handles: new Map(), signal });
	return operatorFactory(graph, { lookups, library });
}
