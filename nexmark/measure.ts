// Runs one query once with one engine and measures it: wall and CPU time of the whole process, result rows, peak state.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type OperatorCost, operatorCosts } from "../src/cli/operator-table.js";
import { type Job, Millrace, type Session } from "../src/index.js";
import { registerFunctions } from "./functions.js";
import { type Latency, takeLatency, withLatencySink } from "./latency.js";
import type { HarnessEngine } from "./options.js";
import { suiteScript } from "./queries.js";

/** Events per second of event time, as the official suite sets it. */
export const DEFAULT_RATE = 10_000_000;

/** Of throttled runs: with Flink's 200 ms a result would wait for most of its latency for the next watermark. */
const RATE_WATERMARK_INTERVAL = "1 ms";

export interface Measurement {
	readonly seconds: number;
	/** User and system CPU time of the process, all threads. */
	readonly cpuSeconds: number;
	/** Rows that reached the sink: an updating query counts each change. */
	readonly resultRows: number;
	/** Null where state is not all in the kernels' memory: operators that run a row at a time. */
	readonly peakStateBytes: number | null;
	/** Of the wasm engine. */
	readonly operators: readonly OperatorCost[] | null;
	/** Of a throttled run. */
	readonly latency?: Latency | undefined;
}

export interface RunSettings {
	readonly query: string;
	readonly engine: HarnessEngine;
	readonly events: number;
	readonly parallelism: number;
	/** Events per second: the source is throttled, and latency measured. */
	readonly rate?: number | undefined;
	readonly fullEvents?: boolean | undefined;
	/** Further options of the source, e.g. seed or generator.mode. */
	readonly source?: Readonly<Record<string, string>> | undefined;
	/** Absolute path of events as JSON lines: they are read through the filesystem connector and nothing is generated. */
	readonly input?: string | undefined;
	/** Further options of the session. */
	readonly options?: Readonly<Record<string, string>> | undefined;
	/** Folder for files that queries write (q10) and read (q13). */
	readonly workFolder: string;
	readonly signal?: AbortSignal | undefined;
}

/** What the {…} of the suite's scripts stand for. */
export function scriptSettings(settings: Pick<RunSettings, "query" | "engine" | "workFolder">): Record<string, string> {
	return {
		OUTPUT: join(settings.workFolder, `${settings.query}-${settings.engine}`),
		SIDE_INPUT: join(settings.workFolder, "side-input.csv"),
	};
}

/** A session with the suite's source and views, and the source's options set. */
export async function openSuite(settings: RunSettings): Promise<Session> {
	const session = await Millrace.open({
		options: {
			"table.exec.engine": settings.engine,
			"parallelism.default": String(settings.parallelism),
			...(settings.rate === undefined ? {} : { "pipeline.auto-watermark-interval": RATE_WATERMARK_INTERVAL }),
			...settings.options,
		},
	});
	registerFunctions(session);
	const options = settings.input === undefined ? generatorOptions(settings) : fileOptions(settings.input);
	const list = Object.entries(options).map(([key, value]) => `'${key}' = '${value}'`);
	await session.execute(suiteScript("ddl", {}).replace(/WITH \([^)]*\)/, `WITH (${list.join(", ")})`));
	return session;
}

const generatorOptions = ({ events, rate, fullEvents, source }: RunSettings) => ({
	connector: "nexmark",
	"events.num": events,
	"first-event.rate": rate ?? DEFAULT_RATE,
	"full-events": fullEvents ?? false,
	...(rate === undefined ? {} : pacedOptions()),
	...source,
});

/** Event times are wall-clock times, a little ahead of now so that the job has started when the first event is due. */
const pacedOptions = () => ({ "rate.limited": true, "rate.wall-clock": true, "base-time": Date.now() + 500 });

const fileOptions = (path: string) => ({ connector: "filesystem", path: pathToFileURL(path).href, format: "json" });

/** Everything is included: planning, source (generation), operators, sink. */
export async function measure(settings: RunSettings, onJob?: (job: Job) => void): Promise<Measurement> {
	const latencies = join(settings.workFolder, "latency");
	const session = await openSuite(settings);
	try {
		const script = suiteScript(settings.query, scriptSettings(settings));
		const cpuBefore = process.cpuUsage();
		const start = performance.now();
		const jobs = await session.submit(settings.rate === undefined ? script : withLatencySink(script, latencies), {
			signal: settings.signal,
		});
		for (const job of jobs) {
			onJob?.(job);
			await job.done;
		}
		const seconds = (performance.now() - start) / 1000;
		const cpu = process.cpuUsage(cpuBefore);
		return {
			seconds,
			cpuSeconds: (cpu.user + cpu.system) / 1e6,
			...figuresOf(jobs, settings.engine),
			latency: settings.rate === undefined ? undefined : takeLatency(latencies),
		};
	} finally {
		await session.close();
	}
}

type Figures = Pick<Measurement, "resultRows" | "peakStateBytes" | "operators">;

function figuresOf(jobs: readonly Job[], engine: HarnessEngine): Figures {
	const costs = operatorCosts(jobs.flatMap((job) => job.metrics()));
	const sinks = costs.filter(({ operator }) => operator === "Sink");
	const state = costs.reduce((sum, { peakStateBytes }) => sum + peakStateBytes, 0);
	return {
		resultRows: sinks.reduce((sum, { rowsIn }) => sum + rowsIn, 0),
		peakStateBytes: engine === "baseline" || Number.isNaN(state) ? null : state,
		operators: engine === "wasm" ? costs : null,
	};
}
