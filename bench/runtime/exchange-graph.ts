// The smallest job with an exchange between two slots, and what passes to a benchmark's threads: see exchange-worker.ts.
import type { ExchangeSpec, JobGraph, JobVertex } from "../../src/job/job-graph.js";
import { BIGINT, notNull, type Schema } from "../../src/types/sql-type.js";

export const SCHEMA: Schema = ["a", "b", "c", "d"].map((name) => ({ name, type: notNull(BIGINT) }));

/** What comes first, comes while code is compiled: each thread does that for itself. */
export const WARM_UP_SHARE = 0.25;

export function exchangeGraph(exchange: ExchangeSpec): JobGraph {
	const vertex = (id: number, inputs: JobVertex["inputs"]): JobVertex => ({
		id,
		spec: { operator: "Union" },
		inputs,
		schema: SCHEMA,
		changelog: "insert",
		parallelism: 2,
		description: "Union",
	});
	return {
		name: "exchange",
		vertices: [vertex(0, []), vertex(1, [{ from: 0, exchange }])],
		batch: false,
		context: { timeZone: "UTC", queryStartMs: 0, batch: false, currentCatalog: "c", currentDatabase: "d" },
		options: {},
		maxParallelism: 128,
	};
}

export interface ExchangeTask {
	readonly work: "send" | "receive" | "serve" | "return";
	readonly graph: JobGraph;
	readonly slot: number;
	readonly memory: SharedArrayBuffer;
	/** Rows of each batch. */
	readonly batchRows: number;
	/** Batches, or hops there and back. */
	readonly count: number;
}

export interface ExchangeOutcome {
	readonly slot: number;
	/** Times of each hop there and back. */
	readonly roundTripsMs?: Float64Array;
	/** Rows that arrived, and the sum of their first column. */
	readonly rows?: number;
	readonly sum?: number;
	/** Of `rows`, those that came after the first WARM_UP_SHARE, and in what time. */
	readonly timedRows?: number;
	readonly seconds?: number;
}
