// Where a job runs: on worker threads when it has several slots, unless it is tied to objects of the calling thread.
import type { JobVertex } from "../job/job-graph.js";
import { slotsOf } from "../runtime/exchange/layout.js";
import type { RunRequest } from "./job-runner.js";

/** 'true': all slots of a job take turns in the calling thread. */
export const INLINE_OPTION = "table.exec.inline";

export function usesWorkers({ graph, engine, now }: RunRequest): boolean {
	if (engine !== "wasm" || slotsOf(graph) === 1 || graph.options[INLINE_OPTION] === "true") return false;
	return now === undefined && !graph.vertices.some(isTied);
}

/** Tables of values given by the session, and user functions: both are JavaScript objects that no message carries. */
function isTied({ spec }: JobVertex): boolean {
	if ("table" in spec && spec.table?.handle !== undefined) return true;
	return callsUserFunction(spec);
}

/** A call of a user function, however deep in the spec, has its registration id in `user`. */
function callsUserFunction(part: unknown): boolean {
	if (typeof part !== "object" || part === null) return false;
	return ("user" in part && part.user !== undefined) || Object.values(part).some(callsUserFunction);
}
