// The collector's end in a worker: batches leave as messages, and only so many may be on their way (backpressure).
import type { MessagePort } from "node:worker_threads";
import type { Batch } from "../arrow/batch.js";
import type { SinkWriter } from "../connectors/connector.js";
import type { Region } from "../wasm/region.js";
import { encodeBatch, joinPieces } from "./exchange/batch-message.js";
import type { FromWorker } from "./slot-task.js";

/** Results that may be unacknowledged before the job is held. */
const CREDITS = 8;

export class ResultSender {
	readonly #port: MessagePort;
	#unacknowledged = 0;
	#wake: (() => void)[] = [];

	/** After `signal` has fired nobody is held any more. */
	constructor(port: MessagePort, signal: AbortSignal) {
		this.#port = port;
		signal.addEventListener("abort", () => this.#release(Number.POSITIVE_INFINITY), { once: true });
	}

	/** The coordinating thread has taken a result. */
	credit(): void {
		this.#release(1);
	}

	writer(vertex: number, region: Region): SinkWriter {
		return {
			write: (batch) => this.#write(vertex, region, batch),
			flush: () => undefined,
			finish: () => this.#until(0),
			close: () => undefined,
		};
	}

	#write(vertex: number, region: Region, batch: Batch): void | Promise<void> {
		const mark = region.arena.mark();
		const message = joinPieces(region, encodeBatch(region, batch));
		region.arena.release(mark);
		const result: FromWorker = { kind: "result", vertex, rows: batch.length, message };
		this.#port.postMessage(result, [message.buffer]);
		this.#unacknowledged++;
		if (this.#unacknowledged >= CREDITS) return this.#until(CREDITS - 1);
	}

	async #until(unacknowledged: number): Promise<void> {
		while (this.#unacknowledged > unacknowledged) await new Promise<void>((resolve) => this.#wake.push(resolve));
	}

	#release(credits: number): void {
		this.#unacknowledged = Math.max(0, this.#unacknowledged - credits);
		for (const wake of this.#wake.splice(0)) wake();
	}
}
