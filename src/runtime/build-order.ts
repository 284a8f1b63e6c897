// Which sources have to wait for which: a bounded join reads its build side whole before its probe side starts.
import type { JobGraph } from "../job/job-graph.js";

/**
 * For each source vertex the sources that must have ended before it is read. Sources on both sides of a join, and cycles between
 * joins, are not constrained: the join buffers its probe side then.
 */
export function sourceBlockers(graph: JobGraph): ReadonlyMap<number, ReadonlySet<number>> {
	const upstream = sourcesAbove(graph);
	const blockers = new Map<number, Set<number>>();
	for (const { spec, inputs } of graph.vertices) {
		if (spec.operator !== "Join" || spec.build === undefined) continue;
		const sides = inputs.map((edge) => upstream[edge.from]!);
		const [build, probe] = spec.build === "left" ? [sides[0]!, sides[1]!] : [sides[1]!, sides[0]!];
		for (const source of probe) {
			if (build.has(source)) continue;
			const before = blockers.get(source) ?? new Set();
			for (const blocker of build) if (!probe.has(blocker)) before.add(blocker);
			blockers.set(source, before);
		}
	}
	return blockers;
}

/** Source vertices that each vertex reads from, by vertex id. */
function sourcesAbove(graph: JobGraph): Set<number>[] {
	const result: Set<number>[] = [];
	for (const vertex of graph.vertices) {
		const own = vertex.inputs.length === 0 ? [vertex.id] : vertex.inputs.flatMap((edge) => [...result[edge.from]!]);
		result.push(new Set(own));
	}
	return result;
}
