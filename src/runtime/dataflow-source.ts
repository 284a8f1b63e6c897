// A source inside a running dataflow: polls its reader and pushes batches, the final watermark and the end downstream.
import type { SourceReader } from "../connectors/connector.js";
import { EngineError } from "../errors.js";
import type { JobVertex } from "../job/job-graph.js";
import { MAX_WATERMARK } from "../operators/operator.js";
import type { Receiver } from "./dataflow-node.js";
import { METRIC_INDEX } from "./vertex-metrics.js";

const { numRecordsOut, numBatchesOut, accumulateBusyTimeMs } = METRIC_INDEX;

export type PollResult = "batch" | "waiting" | "ended";

export class DataflowSource {
	readonly vertex: JobVertex;
	readonly receivers: Receiver[] = [];
	readonly #reader: SourceReader;
	readonly #metrics: Float64Array;
	readonly #atWork: Float64Array;
	/** Settles when the reader may have something again; rejections surface at the next poll. */
	#waiting: Promise<void> | undefined;
	#failure: unknown;
	#ended = false;

	/** `atWork`: see atWorkIn. */
	constructor(vertex: JobVertex, reader: SourceReader, metrics: Float64Array, atWork: Float64Array) {
		this.vertex = vertex;
		this.#reader = reader;
		this.#metrics = metrics;
		this.#atWork = atWork;
	}

	get ended(): boolean {
		return this.#ended;
	}

	get waiting(): Promise<void> | undefined {
		return this.#waiting;
	}

	/** Asks the reader once. A batch has passed through the whole chain when this returns. */
	poll(): PollResult {
		if (this.#failure !== undefined) throw this.#error(this.#failure);
		if (this.#ended) return "ended";
		if (this.#waiting) return "waiting";
		const next = this.#read();
		if (next === null) return this.#end();
		if (next instanceof Promise) return this.#wait(next);
		if (next.length > 0) {
			this.#metrics[numRecordsOut]! += next.length;
			this.#metrics[numBatchesOut]!++;
			for (const receiver of this.receivers) receiver.batch(next);
		}
		return "batch";
	}

	async close(): Promise<void> {
		await this.#reader.close();
	}

	#read() {
		const start = performance.now();
		this.#atWork[0] = this.vertex.id + 1;
		try {
			return this.#reader.next();
		} catch (cause) {
			throw this.#error(cause);
		} finally {
			this.#metrics[accumulateBusyTimeMs]! += performance.now() - start;
			this.#atWork[0] = 0;
		}
	}

	#wait(promise: Promise<void>): PollResult {
		const settled = () => {
			this.#waiting = undefined;
		};
		this.#waiting = promise.then(settled, (cause) => {
			this.#failure = cause ?? new Error("source failed");
			settled();
		});
		return "waiting";
	}

	#end(): PollResult {
		this.#ended = true;
		for (const receiver of this.receivers) receiver.watermark(MAX_WATERMARK);
		for (const receiver of this.receivers) receiver.end();
		return "ended";
	}

	#error(cause: unknown): EngineError {
		return EngineError.from(cause).within({ operator: "Source" });
	}
}
