// The JobGraph: the only thing that passes from planning to running. Plain structured-clonable data.
import type { FunctionContext } from "../types/function-context.js";
import type { ChangelogMode } from "../types/row-kind.js";
import type { Schema } from "../types/sql-type.js";
import type { OperatorSpec } from "./specs.js";

/** How rows travel between two operators. `forward` stays in the same subtask: such operators form a chain. */
export type ExchangeSpec =
	| { readonly kind: "forward" }
	| { readonly kind: "hash"; readonly keys: readonly number[] }
	| { readonly kind: "broadcast" }
	| { readonly kind: "rebalance" }
	/** All rows to subtask 0. */
	| { readonly kind: "single" };

export interface JobEdge {
	/** Id of the vertex whose output this is. */
	readonly from: number;
	readonly exchange: ExchangeSpec;
}

export interface JobVertex {
	readonly id: number;
	readonly spec: OperatorSpec;
	/** In input order: a join's left, then right. */
	readonly inputs: readonly JobEdge[];
	readonly schema: Schema;
	readonly changelog: ChangelogMode;
	/** The kinds that may occur, as EXPLAIN CHANGELOG_MODE names them: `I,UB,UA,D`. */
	readonly kinds?: string | undefined;
	readonly parallelism: number;
	/** How many rows the planner expects to come out, where it has an idea: to size tables by, and for EXPLAIN ESTIMATED_COST. */
	readonly estimatedRows?: number | undefined;
	/** Columns that identify a row of the output, where known. */
	readonly upsertKey?: readonly number[] | undefined;
	/** A consumer's result depends on each change: those of a batch must not be folded. */
	readonly everyChange?: boolean | undefined;
	/** One line for EXPLAIN and metrics, e.g. `Calc(select=[auction, price], where=[…])`. */
	readonly description: string;
}

export interface JobGraph {
	readonly name: string;
	/** Topologically ordered: inputs come before their consumers. Ids are indexes. */
	readonly vertices: readonly JobVertex[];
	readonly batch: boolean;
	readonly context: FunctionContext;
	/** Effective options (`parallelism.default`, `pipeline.auto-watermark-interval`, …) that running needs. */
	readonly options: Readonly<Record<string, string>>;
	readonly maxParallelism: number;
}

/** Consumers of each vertex's output, by vertex id: [consumer id, input number]. */
export function consumersOf(graph: JobGraph): (readonly [number, number])[][] {
	const consumers: (readonly [number, number])[][] = graph.vertices.map(() => []);
	for (const vertex of graph.vertices) {
		for (const [input, edge] of vertex.inputs.entries()) consumers[edge.from]?.push([vertex.id, input]);
	}
	return consumers;
}
