// A running or finished INSERT: its status, metrics and the way to stop it.
import { EngineError } from "../errors.js";
import type { JobGraph } from "../job/job-graph.js";
import { combinedMetrics, type Metrics, metricsBlocks, subtaskMetrics } from "../runtime/vertex-metrics.js";

/** As Flink spells them. CREATED until every subtask has been set up. */
export type JobStatus = "CREATED" | "RUNNING" | "FINISHED" | "CANCELLING" | "CANCELED" | "FAILED";

/** Runs a job to its end; `running` is called when every subtask has been set up. */
export type RunJob = (signal: AbortSignal, metrics: readonly SharedArrayBuffer[], running: () => void) => Promise<void>;

export interface OperatorMetricsReport {
	readonly vertex: number;
	/** EXPLAIN name of the operator. */
	readonly operator: string;
	readonly description: string;
	/** All subtasks together: see docs/metrics.md. */
	readonly metrics: Metrics;
	readonly subtasks: readonly Metrics[];
}

/** The counters of a job's operators as a report, in plan order. */
export function metricsReport(graph: JobGraph, blocks: readonly SharedArrayBuffer[]): OperatorMetricsReport[] {
	return graph.vertices.map((vertex) => {
		const subtasks = subtaskMetrics(blocks, vertex);
		const { id, spec, description } = vertex;
		return { vertex: id, operator: spec.operator, description, metrics: combinedMetrics(subtasks), subtasks };
	});
}

export class Job {
	readonly id: string;
	readonly graph: JobGraph;
	/** Milliseconds since 1970. */
	readonly startedAt = Date.now();
	/** Resolves when the job has ended and its sinks have committed; rejects with the failure, or CANCELLED. */
	readonly done: Promise<void>;
	readonly #abort = new AbortController();
	readonly #metrics: readonly SharedArrayBuffer[];
	#status: JobStatus = "CREATED";

	constructor(id: string, graph: JobGraph, run: RunJob) {
		this.id = id;
		this.graph = graph;
		this.#metrics = metricsBlocks(graph);
		const running = () => {
			if (this.#status === "CREATED") this.#status = "RUNNING";
		};
		this.done = run(this.#abort.signal, this.#metrics, running).then(
			() => {
				this.#status = "FINISHED";
			},
			(failure) => {
				const error = EngineError.from(failure);
				this.#status = this.#abort.signal.aborted && error.code === "CANCELLED" ? "CANCELED" : "FAILED";
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
		if (this.#status === "CREATED" || this.#status === "RUNNING") this.#status = "CANCELLING";
		this.#abort.abort();
		await this.done.catch(() => {});
	}

	/** What each operator is doing now, in plan order. */
	metrics(): OperatorMetricsReport[] {
		return metricsReport(this.graph, this.#metrics);
	}
}
