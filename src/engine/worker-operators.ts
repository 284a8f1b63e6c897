// The module that workers load for their operators: kernels, and the baseline's operators where there are none.
import type { JobGraph } from "../job/job-graph.js";
import type { OperatorFactory } from "../runtime/environment.js";
import { prepareLookups } from "./lookup-tables.js";
import { operatorFactory } from "./operator-factory.js";

/** Where it is for a worker: in the build, also when the session runs from sources. */
export const WORKER_OPERATORS = import.meta.url.endsWith(".ts")
	? new URL("../../dist/src/engine/worker-operators.js", import.meta.url)
	: new URL(import.meta.url);

export async function createOperators(graph: JobGraph, signal: AbortSignal): Promise<OperatorFactory> {
	const lookups = await prepareLookups({ graph, engine: "wasm", handles: new Map(), signal });
	return operatorFactory({ lookups });
}
