// Rough costs for EXPLAIN ESTIMATED_COST: rows handled, work, bytes read, bytes exchanged and bytes kept, each summed up to an operator.
import type { JobGraph, JobVertex } from "../job/job-graph.js";
import { PHYSICAL_WIDTH, physicalType } from "../types/value.js";

export interface Cost {
	readonly rowCount: number;
	readonly rows: number;
	readonly cpu: number;
	readonly io: number;
	readonly network: number;
	readonly memory: number;
}

/** By vertex id; a shared input counts for each of its readers. */
export function estimateCosts(graph: JobGraph): Cost[] {
	const costs: Cost[] = [];
	for (const vertex of graph.vertices) {
		const inputs = vertex.inputs.map((edge) => ({
			cost: costs[edge.from]!,
			bytes: rowBytes(graph.vertices[edge.from]!),
			edge,
		}));
		const rowCount = vertex.estimatedRows ?? Math.max(1, ...inputs.map(({ cost }) => cost.rowCount));
		const sum = (part: (input: (typeof inputs)[number]) => number) =>
			inputs.reduce((total, input) => total + part(input), 0);
		const arriving = sum(({ cost }) => cost.rowCount);
		costs.push({
			rowCount,
			rows: rowCount + sum(({ cost }) => cost.rows),
			cpu: (arriving + rowCount) * workPerRow(vertex) + sum(({ cost }) => cost.cpu),
			io: (vertex.spec.operator === "Source" ? rowCount * rowBytes(vertex) : 0) + sum(({ cost }) => cost.io),
			network: sum(
				({ cost, bytes, edge }) => cost.network + (edge.exchange.kind === "forward" ? 0 : cost.rowCount * bytes),
			),
			memory:
				keptBytes(
					vertex,
					inputs.map(({ cost, bytes }) => cost.rowCount * bytes),
				) + sum(({ cost }) => cost.memory),
		});
	}
	return costs;
}

/** A string is taken to have twenty bytes besides its view. */
const rowBytes = ({ schema }: JobVertex) =>
	schema.reduce((bytes, { type }) => {
		const physical = physicalType(type);
		return bytes + PHYSICAL_WIDTH[physical] + (physical === "view" ? 20 : 0);
	}, 0);

/** Against a Calc: hashing, sorting and matching cost more for each row. */
function workPerRow({ spec }: JobVertex): number {
	switch (spec.operator) {
		case "GroupAggregate":
		case "WindowAggregate":
		case "Rank":
		case "Deduplicate":
		case "SetOperation":
			return 4;
		case "Join":
		case "WindowJoin":
		case "IntervalJoin":
		case "TemporalJoin":
		case "LookupJoin":
			return 6;
		case "Sort":
		case "TemporalSort":
		case "OverAggregate":
			return 10;
		case "Match":
			return 20;
		default:
			return 1;
	}
}

function keptBytes(vertex: JobVertex, inputs: readonly number[]): number {
	const { spec } = vertex;
	switch (spec.operator) {
		case "GroupAggregate":
		case "WindowAggregate":
		case "Rank":
		case "Deduplicate":
			return (vertex.estimatedRows ?? 0) * rowBytes(vertex);
		case "Join":
			if (spec.build !== undefined) return inputs[spec.build === "left" ? 0 : 1]!;
			return inputs.reduce((sum, bytes) => sum + bytes, 0);
		case "Sort":
		case "TemporalSort":
		case "OverAggregate":
		case "SetOperation":
		case "WindowJoin":
		case "IntervalJoin":
		case "TemporalJoin":
			return inputs.reduce((sum, bytes) => sum + bytes, 0);
		default:
			return 0;
	}
}
