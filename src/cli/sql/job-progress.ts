// One line on the terminal that says how far a job is; nothing where standard error is a file.
import type { Job } from "../../engine/job.js";
import type { OutputStream } from "./script-runner.js";

const REFRESH_MS = 500;

export class JobProgress {
	readonly #job: Job;
	readonly #out: OutputStream;
	readonly #start = performance.now();
	readonly #timer: NodeJS.Timeout | undefined;
	#isShown = false;

	constructor(job: Job, out: OutputStream) {
		this.#job = job;
		this.#out = out;
		if (!out.isTTY) return;
		this.#timer = setInterval(() => this.#show(), REFRESH_MS);
		this.#timer.unref();
	}

	/** Takes the line away. */
	end(): void {
		clearInterval(this.#timer);
		if (this.#isShown) this.#out.write("\r\u001b[K");
	}

	/** What the job has done so far. */
	summary(): string {
		const reports = this.#job.metrics();
		const sum = (operator: string, metric: "numRecordsIn" | "numRecordsOut") =>
			reports.reduce((total, report) => total + (report.operator === operator ? report.metrics[metric] : 0), 0);
		const seconds = (performance.now() - this.#start) / 1000;
		const read = sum("Source", "numRecordsOut").toLocaleString("en");
		const written = sum("Sink", "numRecordsIn").toLocaleString("en");
		return `${this.#job.name}: ${this.#job.status}, ${read} rows read, ${written} written, ${seconds.toFixed(1)} s`;
	}

	#show(): void {
		this.#out.write(`\r\u001b[K${this.summary()}`);
		this.#isShown = true;
	}
}
