// Where a job runs: on worker threads when it has several slots or the session says so, unless it is tied to objects of the calling thread.
import type { JobGraph, JobVertex } from "../job/job-graph.js";
import { sessionOption } from "../job/session-options.js";
import { slotsOf } from "../runtime/exchange/layout.js";
import type { FunctionModule } from "../runtime/slot-task.js";
import type { RunRequest } from "./job-runner.js";

export function usesWorkers({ graph, engine, now, functionModule }: RunRequest): boolean {
	const isInline = sessionOption(graph.options, "table.exec.inline") ?? slotsOf(graph) === 1;
	if (engine !== "wasm" || isInline) return false;
	if (now !== undefined || graph.vertices.some(isTied)) return false;
	return calledFunctions(graph).every((id) => functionModule?.(id) !== undefined);
}

/** The modules of the user functions that a job calls. */
export function functionModules({ graph, functionModule }: RunRequest): FunctionModule[] {
	return calledFunctions(graph).flatMap((id) => functionModule?.(id) ?? []);
}

/** Tables of values given by the session are JavaScript objects that no message carries. */
const isTied = ({ spec }: JobVertex) => "table" in spec && spec.table?.handle !== undefined;

const calledFunctions = (graph: JobGraph): string[] => [
	...new Set(graph.vertices.flatMap(({ spec }) => userCalls(spec))),
];

/** A call of a user function, however deep in a spec, has its registration id in `user`. */
function userCalls(part: unknown): string[] {
	if (typeof part !== "object" || part === null) return [];
	const within = Object.values(part).flatMap(userCalls);
	return "user" in part && typeof part.user === "string" ? [part.user, ...within] : within;
}
