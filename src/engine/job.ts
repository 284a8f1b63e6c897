// A running or finished INSERT: its status, metrics and the way to stop it.
import { EngineError } from "../errors.js";
import type { JobGraph } from "../job/job-graph.js";
import { type MetricName, metricsBlocks, vertexMetrics } from "../runtime/vertex-metrics.js";

/** As Flink spells them. */
export type JobStatus = "RUNNING" | "FINISHED" | "CANCELED" | "FAILED";

export interface OperatorMetricsReport {
	readonly vertex: number;
	/** EXPLAIN name of the operator. */
	readonly operator: string;
	readonly description: string;
	readonly metrics: Readonly<Record<MetricName, number>>;
}

export class Job {
	readonly id: string;
	readonly graph: JobGraph;
	/** Resolves when the job has ended and its sinks have committed; rejects with the failure, or CANCELLED. */
	readonly done: Promise<void>;
	readonly #abort = new AbortController();
	readonly #metrics: readonly SharedArrayBuffer[];
	#status: JobStatus = "RUNNING";

	constructor(
		id: string,
		graph: JobGraph,
		run: (signal: AbortSignal, metrics: readonly SharedArrayBuffer[]) => Promise<void>,
	) {
		this.id = id;
		this.graph = graph;
		this.#metrics = metricsBlocks(graph);
		this.done = run(this.#abort.signal, this.#metrics).then(
			() => {
				this.#status = "FINISHED";
			},
			(failure) => {
				const error = EngineError.from(failure);
				this.#status = error.code === "CANCELLED" ? "CANCELED" : "FAILED";
				throw error;
			},
		);
		// A failure that nobody awaits shows in `status`; it must not end the process.
		this.done.catch(() => {});
	}

	get name(): string {
		return this.graph.name;
	}

	get status(): JobStatus {
		return this.#status;
	}

	/** Stops the job and resolves once it has let go of everything. */
	async cancel(): Promise<void> {
		this.#abort.abort();
		await this.done.catch(() => {});
	}

	/** What each operator is doing now, in plan order. */
	metrics(): OperatorMetricsReport[] {
		return this.graph.vertices.map((vertex) => ({
			vertex: vertex.id,
			operator: vertex.spec.operator,
			description: vertex.description,
			metrics: vertexMetrics(this.#metrics, vertex),
		}));
	}
}
