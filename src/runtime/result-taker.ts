// The coordinating thread's end of what workers send: batches for collectors, each acknowledged once taken, and printed text.
import type { MessagePort } from "node:worker_threads";
import type { SinkWriter } from "../connectors/connector.js";
import type { JobGraph, JobVertex } from "../job/job-graph.js";
import type { Region } from "../wasm/region.js";
import { decodeBatch } from "./exchange/batch-message.js";
import { slotsOf } from "./exchange/layout.js";
import type { FromWorker, ToWorker } from "./slot-task.js";

export interface ResultOptions {
	/** Called when every slot has been set up. */
	readonly running?: (() => void) | undefined;
	/** Takes the results of sinks without a table, in this thread. */
	readonly collect?: ((vertex: JobVertex, region: Region) => SinkWriter) | undefined;
	/** Where `print` writes; absent: the process's own streams. */
	readonly output?: { readonly out: (text: string) => void; readonly error: (text: string) => void } | undefined;
}

type Result = Extract<FromWorker, { readonly kind: "result" }>;

const PROCESS_OUTPUT = {
	out: (text: string) => void process.stdout.write(text),
	error: (text: string) => void process.stderr.write(text),
};

export class ResultTaker {
	readonly #graph: JobGraph;
	readonly #region: Region;
	readonly #options: ResultOptions;
	/** Slots that have been set up. */
	#running = 0;
	readonly #writers = new Map<number, SinkWriter>();
	/** Settles when all results that have come so far are taken, one after the other: as many as have credit. */
	#taken: Promise<void> = Promise.resolve();

	constructor(graph: JobGraph, region: Region, options: ResultOptions) {
		this.#graph = graph;
		this.#region = region;
		this.#options = options;
	}

	/** Serves a worker's port. Resolves when the worker has closed it and its results are taken; rejects when one cannot be. */
	take(port: MessagePort): Promise<void> {
		return new Promise((resolve, reject) => {
			port.on("close", () => this.#taken.then(resolve, reject));
			port.on("message", (message: FromWorker) => {
				if (message.kind !== "result") {
					this.#hear(message);
					return;
				}
				this.#taken = this.#taken.then(() => this.#result(port, message));
				this.#taken.catch(reject);
			});
		});
	}

	#hear(message: Exclude<FromWorker, Result>): void {
		if (message.kind === "running") {
			if (++this.#running === slotsOf(this.#graph)) this.#options.running?.();
			return;
		}
		const { out, error } = this.#options.output ?? PROCESS_OUTPUT;
		(message.error ? error : out)(message.text);
	}

	async #result(port: MessagePort, { vertex, rows, message }: Result): Promise<void> {
		// A port hands over up to 1000 messages in one turn of the event loop. Whoever iterates has done with the last result, too, before the next one is made.
		await new Promise((resolve) => setImmediate(resolve));
		await this.#write(this.#graph.vertices[vertex]!, rows, message);
		port.postMessage({ kind: "credit" } satisfies ToWorker);
	}

	#write(vertex: JobVertex, rows: number, message: Uint8Array): void | Promise<void> {
		const { arena } = this.#region;
		const mark = arena.mark();
		const batch = decodeBatch(this.#region, vertex.schema, rows, message);
		const written = this.#writer(vertex).write(batch);
		arena.release(mark);
		return written;
	}

	#writer(vertex: JobVertex): SinkWriter {
		const known = this.#writers.get(vertex.id);
		if (known) return known;
		const writer = this.#options.collect!(vertex, this.#region);
		this.#writers.set(vertex.id, writer);
		return writer;
	}
}
