// Worker threads and the jobs on them: one Piscina worker per slot of a job. A worker that has done its work stays for the next
// job for a while, since starting one takes longer than many jobs; a worker whose job failed to stop in time is ended.
import { fileURLToPath } from "node:url";
import { MessageChannel, type MessagePort } from "node:worker_threads";
import type { Piscina } from "piscina";
import { EngineError } from "../errors.js";
import type { JobGraph } from "../job/job-graph.js";
import { Region } from "../wasm/region.js";
import { cancelSlots } from "./exchange/doorbell.js";
import { exchangeLayout, slotsOf } from "./exchange/layout.js";
import type { JobOutcome } from "./inline-job.js";
import { type ResultOptions, ResultTaker } from "./result-taker.js";
import { mergeCommittables, together } from "./slot-group.js";
import type { FromWorker, FunctionModule, SlotResult, SlotTask, ToWorker } from "./slot-task.js";
import { atWorkIn, metricsBlocks } from "./vertex-metrics.js";

export interface WorkerJobOptions extends ResultOptions {
	/** The module that brings the operators, see OperatorsModule. */
	readonly operators: URL;
	readonly functions?: readonly FunctionModule[] | undefined;
	readonly signal: AbortSignal;
	readonly metrics?: readonly SharedArrayBuffer[] | undefined;
	/** Limit of each slot. */
	readonly memoryBytes?: number | undefined;
}

/** What a worker that was told to stop may take before its thread is ended. */
const GRACE_MS = 500;
/** How long a worker without work stays: code that the last job has made fast is of use to the next. */
const IDLE_MS = 10_000;
/**
 * Of JavaScript's heap in a worker, for objects that are new: what batches leave behind is garbage at once, and 2 MB of it stay in the
 * cache where V8's 16 MB do not. (V8 divides this by three.)
 */
const YOUNG_MEGABYTES = 6;
/** No job is ever kept waiting for workers of another: its slots could not run without each other. */
const MOST_WORKERS = 10_000;

/** A worker runs from the build, also when this file runs from sources. */
const workerFile = () =>
	fileURLToPath(
		import.meta.url.endsWith(".ts")
			? new URL("../../dist/src/runtime/worker-entry.cjs", import.meta.url)
			: new URL("./worker-entry.cjs", import.meta.url),
	);

export class WorkerPool {
	readonly #heapMegabytes: number | undefined;
	readonly #file: string;
	/** Slots whose job has not ended. */
	readonly #slots = new Set<WorkerSlot>();
	#piscina: Piscina<SlotTask, SlotResult> | undefined;

	/**
	 * `heapMegabytes`: what JavaScript in a worker may use, beside the memory of kernels; absent: what Node.js gives. `file`: what
	 * workers run; absent: the build's.
	 */
	constructor(options: { readonly heapMegabytes?: number; readonly file?: string } = {}) {
		this.#heapMegabytes = options.heapMegabytes;
		this.#file = options.file ?? workerFile();
	}

	/** Threads there are, idle ones included. */
	get threads(): number {
		return this.#piscina?.threads.length ?? 0;
	}

	/** Runs `graph` to its end. Rejects once, with the first failure; WORKER_DIED when a thread ended on its own. */
	async run(graph: JobGraph, options: WorkerJobOptions): Promise<JobOutcome> {
		const { signal, operators, functions, memoryBytes } = options;
		const metrics = options.metrics ?? metricsBlocks(graph);
		const exchange = new SharedArrayBuffer(exchangeLayout(graph).bytes);
		// Piscina is loaded by the first job that has workers.
		const [piscina, region] = await Promise.all([import("piscina"), Region.create()]);
		const results = new ResultTaker(graph, region, options);
		if (signal.aborted) throw new EngineError("CANCELLED", "the job was cancelled");
		const slots = metrics.map((block, slot) => {
			const task = { graph, slot, exchange, metrics: block, memoryBytes, operators: operators.href, functions };
			return new WorkerSlot(this.#workers(piscina.Piscina), task, results);
		});
		for (const slot of slots) this.#slots.add(slot);
		let grace: NodeJS.Timeout | undefined;
		const stop = () => {
			cancelSlots(exchange, slotsOf(graph));
			for (const slot of slots) slot.cancel();
			grace ??= setTimeout(() => {
				for (const slot of slots) slot.kill();
			}, GRACE_MS);
		};
		signal.addEventListener("abort", stop, { once: true });
		try {
			const ended = slots.map((slot) => slot.ended);
			return { committables: mergeCommittables(await together(ended, stop)) };
		} finally {
			for (const slot of slots) this.#slots.delete(slot);
			clearTimeout(grace);
			signal.removeEventListener("abort", stop);
		}
	}

	/** Ends all threads; jobs that still run fail. */
	async close(): Promise<void> {
		const piscina = this.#piscina;
		this.#piscina = undefined;
		await piscina?.destroy();
	}

	#workers(Pool: typeof Piscina): Piscina<SlotTask, SlotResult> {
		if (this.#piscina) return this.#piscina;
		const options = { minThreads: 0, maxThreads: MOST_WORKERS, idleTimeout: IDLE_MS, atomics: "disabled" } as const;
		const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_MEGABYTES, maxOldGenerationSizeMb: this.#heapMegabytes };
		this.#piscina = new Pool({ filename: this.#file, resourceLimits, ...options });
		// A worker that dies with a task fails that task. One that dies without has not come to its first one, or was idle.
		this.#piscina.on("error", (cause: unknown) => {
			for (const slot of this.#slots) slot.lose(cause);
		});
		return this.#piscina;
	}
}

type Committables = readonly (readonly [number, readonly unknown[]])[];

/** One slot of a job on its worker. */
class WorkerSlot {
	/** Resolves with what the slot's sinks want committed, once every message of the worker has been taken. */
	readonly ended: Promise<Committables>;
	readonly #port: MessagePort;
	readonly #killed = new AbortController();
	#isRunning = false;
	/** Why there is no worker for it. */
	#loss: unknown;

	constructor(workers: Piscina<SlotTask, SlotResult>, task: Omit<SlotTask, "port">, results: ResultTaker) {
		const { port1, port2 } = new MessageChannel();
		this.#port = port1;
		port1.on("message", ({ kind }: FromWorker) => {
			if (kind === "running") this.#isRunning = true;
		});
		const running = workers.run({ ...task, port: port2 }, { transferList: [port2], signal: this.#killed.signal });
		this.ended = this.#end(running, results.take(port1), task);
	}

	/** Asks the worker to stop. */
	cancel(): void {
		this.#port.postMessage({ kind: "cancel" } satisfies ToWorker);
	}

	/** Ends the thread, if it still works for this slot. */
	kill(): void {
		this.#killed.abort();
	}

	/** No worker has come for it, if it still waits for one. */
	lose(cause: unknown): void {
		if (this.#isRunning) return;
		this.#loss = cause;
		this.#killed.abort();
	}

	async #end(running: Promise<SlotResult>, taken: Promise<void>, task: Omit<SlotTask, "port">): Promise<Committables> {
		taken.catch(() => {});
		try {
			const result = await Promise.race([running, taken.then(() => running)]).catch((cause) => {
				throw this.#failure(cause, task);
			});
			if ("error" in result) throw EngineError.fromJSON(result.error);
			await taken;
			return result.committables;
		} finally {
			this.#port.close();
		}
	}

	#failure(cause: unknown, { graph, slot, metrics }: Omit<SlotTask, "port">): EngineError {
		if (cause instanceof EngineError) return cause;
		if (this.#loss !== undefined) {
			return new EngineError("WORKER_DIED", `no worker could be started for slot ${slot}: ${textOf(this.#loss)}`, {
				subtask: slot,
				remedy:
					"Look whether the package is complete (its own build: npm run build), and whether there is memory for a thread",
				cause: this.#loss,
			});
		}
		if (this.#killed.signal.aborted) {
			return new EngineError("CANCELLED", "the job was cancelled; a worker had to be ended", { subtask: slot });
		}
		return new EngineError("WORKER_DIED", `the worker of slot ${slot} ended before its work: ${textOf(cause)}`, {
			// Absent when the thread died between calls, of something that the job does not know.
			operator: graph.vertices[atWorkIn(metrics)[0]! - 1]?.spec.operator,
			subtask: slot,
			remedy: "Look for process.exit or a crash in a user function, or give the process more memory",
			cause,
		});
	}
}

const textOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
