// Chains: operators joined by forward edges run in one subtask. Between single subtasks every exchange is a forward one.
import type { JobGraph } from "../job/job-graph.js";

export function forwardWithinOneSubtask(graph: JobGraph): JobGraph {
	const vertices = graph.vertices.map((vertex) => ({
		...vertex,
		inputs: vertex.inputs.map((edge) => {
			const alone = vertex.parallelism === 1 && graph.vertices[edge.from]!.parallelism === 1;
			return alone ? { ...edge, exchange: { kind: "forward" } as const } : edge;
		}),
	}));
	return { ...graph, vertices };
}
