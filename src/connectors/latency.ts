// The `latency` sink: takes rows like `blackhole` and notes how long after the events behind them they came. For sources whose event
// times are the wall-clock times at which events were due.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { option, readOptions } from "../types/option.js";
import type { Connector, SinkContext, SinkWriter } from "./connector.js";

const OPTIONS = {
	path: option.required(
		option.string({ doc: "Folder; each subtask writes `<subtask>.json` there when its input ends." }),
	),
	delay: option.duration({ default: 0, doc: "The watermark delay, which is not counted." }),
} as const;

/** What a subtask writes: so many rows came so many ms late, in order of arrival. */
export type LatencySamples = readonly (readonly [ms: number, rows: number])[];

/** Watermarks behind this are the end of the input. */
const END = Number.MAX_SAFE_INTEGER;

export const latency: Connector = {
	name: "latency",
	doc: "Takes any changes and measures their latency: for benchmarks with a limited rate.",
	options: OPTIONS,
	describe: () => ({ changelog: "insert", bounded: true }),
	sink: { accepts: () => "upsert", open: (context) => new LatencyWriter(context) },
};

/**
 * Rows that come between two watermarks follow from an event behind the first: what they are late against is the first one, so that
 * the figure is too high by up to the time between two watermarks, never too low. Rows before the first watermark, and those that
 * only the end of the input brings out, do not count.
 */
class LatencyWriter implements SinkWriter {
	readonly #context: SinkContext;
	readonly #delayMs: number;
	readonly #folder: string;
	readonly #samples: [number, number][] = [];
	#pending: [number, number][] = [];
	#watermark: number | undefined;

	constructor(context: SinkContext) {
		const { path, delay } = readOptions(context.table.options, OPTIONS, { subject: "the 'latency' connector" });
		this.#context = context;
		this.#delayMs = delay;
		this.#folder = path;
	}

	write({ length }: { readonly length: number }): void {
		if (this.#watermark === undefined) return;
		this.#pending.push([this.#context.now() - this.#watermark - this.#delayMs, length]);
	}

	/** Rows of the baseline, which does not send its sinks watermarks: not measured. */
	writeRows(): void {}

	watermark(time: number): void {
		if (time < END) this.#samples.push(...this.#pending);
		this.#pending = [];
		this.#watermark = time;
	}

	flush(): void {}

	finish(): void {
		mkdirSync(this.#folder, { recursive: true });
		writeFileSync(join(this.#folder, `${this.#context.subtask}.json`), JSON.stringify(this.#samples));
	}

	close(): void {}
}
