// A job on worker threads: one Piscina worker per slot, all started together, none left when the job has ended.
import { fileURLToPath } from "node:url";
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { Piscina } from "piscina";
import { EngineError } from "../errors.js";
import type { JobGraph } from "../job/job-graph.js";
import { Region } from "../wasm/region.js";
import { exchangeLayout, slotsOf } from "./exchange/layout.js";
import type { JobOutcome } from "./inline-job.js";
import { type ResultOptions, ResultTaker } from "./result-taker.js";
import { mergeCommittables, together } from "./slot-group.js";
import type { SlotResult, SlotTask, ToWorker } from "./slot-task.js";
import { metricsBlocks } from "./vertex-metrics.js";

export interface WorkerJobOptions extends ResultOptions {
	/** The module that brings the operators, see OperatorsModule. */
	readonly operators: URL;
	readonly signal: AbortSignal;
	readonly metrics?: readonly SharedArrayBuffer[] | undefined;
	/** Limit of each slot. */
	readonly memoryBytes?: number | undefined;
}

/** What a worker that was told to stop may take before its thread is ended. */
const GRACE_MS = 1000;

/** A worker runs from the build, also when this file runs from sources. */
const workerFile = () =>
	fileURLToPath(
		import.meta.url.endsWith(".ts")
			? new URL("../../dist/src/runtime/worker.js", import.meta.url)
			: new URL("./worker.js", import.meta.url),
	);

/** Runs `graph` to its end. Rejects once, with the first failure; WORKER_DIED when a thread ended on its own. */
export async function runOnWorkers(graph: JobGraph, options: WorkerJobOptions): Promise<JobOutcome> {
	const { signal, operators, memoryBytes } = options;
	if (signal.aborted) throw new EngineError("CANCELLED", "the job was cancelled");
	const slots = slotsOf(graph);
	const metrics = options.metrics ?? metricsBlocks(graph);
	const exchange = new SharedArrayBuffer(exchangeLayout(graph).bytes);
	const results = new ResultTaker(graph, await Region.create(), options);
	const pool = new WorkerPool(slots);
	const stop = () => pool.stop();
	signal.addEventListener("abort", stop, { once: true });
	try {
		const running = metrics.map((block, slot) => {
			const task = { graph, slot, exchange, metrics: block, memoryBytes, operators: operators.href };
			return pool.run(task, (port) => results.take(port));
		});
		return { committables: mergeCommittables(await together(running, stop)) };
	} finally {
		signal.removeEventListener("abort", stop);
		await pool.dispose();
	}
}

class WorkerPool {
	readonly #piscina: Piscina<SlotTask, SlotResult>;
	readonly #ports: MessagePort[] = [];
	readonly #expired = new AbortController();
	#grace: NodeJS.Timeout | undefined;

	constructor(slots: number) {
		this.#piscina = new Piscina({ filename: workerFile(), minThreads: slots, maxThreads: slots, atomics: "disabled" });
		// A worker that dies with a task fails that task; one without is replaced, and nobody needs to know.
		this.#piscina.on("error", () => {});
	}

	/** Resolves with what the slot's sinks want committed, once `receive` has had every message of the worker. */
	async run(task: Omit<SlotTask, "port">, receive: (port: MessagePort) => Promise<unknown>): Promise<Committables> {
		const { port1, port2 } = new MessageChannel();
		this.#ports.push(port1);
		const running = this.#piscina.run({ ...task, port: port2 }, { transferList: [port2] });
		const outcome = Promise.race([running, expiry(this.#expired.signal)]).then(committablesOf, (cause) => {
			throw cause instanceof EngineError ? cause : died(task.slot, cause);
		});
		const [committables] = await Promise.all([outcome, receive(port1)]);
		return committables;
	}

	/** Tells all workers to stop; those that do not soon are given up. */
	stop(): void {
		for (const port of this.#ports) port.postMessage({ kind: "cancel" } satisfies ToWorker);
		this.#grace ??= setTimeout(() => this.#expired.abort(), GRACE_MS);
	}

	/** Ends all threads. */
	async dispose(): Promise<void> {
		clearTimeout(this.#grace);
		for (const port of this.#ports) port.close();
		await this.#piscina.destroy();
	}
}

type Committables = readonly (readonly [number, readonly unknown[]])[];

function committablesOf(result: SlotResult): Committables {
	if ("error" in result) throw EngineError.fromJSON(result.error);
	return result.committables;
}

function expiry(signal: AbortSignal): Promise<never> {
	return new Promise((_, reject) => {
		const error = new EngineError("CANCELLED", "the job was cancelled; a worker had to be ended");
		signal.addEventListener("abort", () => reject(error), { once: true });
	});
}

function died(slot: number, cause: unknown): EngineError {
	const reason = cause instanceof Error ? cause.message : String(cause);
	return new EngineError("WORKER_DIED", `the worker of slot ${slot} ended before its work: ${reason}`, {
		subtask: slot,
		remedy: "Look for process.exit or a crash in a user function, or give the process more memory",
		cause,
	});
}
