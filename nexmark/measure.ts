// Runs one query once with one engine and measures it: wall and CPU time of the whole process, result rows, peak state.
import { type Job, Millrace } from "../src/index.js";
import type { HarnessEngine } from "./options.js";
import { suiteScript } from "./queries.js";

export interface Measurement {
	readonly seconds: number;
	/** User and system CPU time of the process, all threads. */
	readonly cpuSeconds: number;
	/** Rows that reached the sink. */
	readonly resultRows: number;
	readonly peakStateBytes: number;
}

export interface RunSettings {
	readonly query: string;
	readonly engine: HarnessEngine;
	readonly events: number;
	readonly parallelism: number;
	readonly rate?: number | undefined;
	readonly fullEvents: boolean;
	/** Folder for files that queries write (q10) and read (q13). */
	readonly workFolder: string;
	readonly signal?: AbortSignal | undefined;
}

/** What the ${…} of the suite's scripts stand for. */
export function scriptSettings(settings: RunSettings): Record<string, string> {
	return {
		EVENTS: String(settings.events),
		RATE: String(settings.rate ?? 10_000_000),
		LIMITED: String(settings.rate !== undefined),
		FULL_EVENTS: String(settings.fullEvents),
		OUTPUT_FOLDER: `${settings.workFolder}/${settings.query}-${settings.engine}`,
		SIDE_INPUT: `${settings.workFolder}/side-input.csv`,
	};
}

/** Everything is included: planning, source (generation), operators, sink. */
export async function measure(settings: RunSettings, onJob?: (job: Job) => void): Promise<Measurement> {
	const session = await Millrace.open({
		options: { "table.exec.engine": settings.engine, "parallelism.default": String(settings.parallelism) },
	});
	try {
		const texts = scriptSettings(settings);
		await session.execute(suiteScript("ddl", texts));
		const cpuBefore = process.cpuUsage();
		const start = performance.now();
		const jobs = await session.submit(suiteScript(settings.query, texts), { signal: settings.signal });
		for (const job of jobs) {
			onJob?.(job);
			await job.done;
		}
		const seconds = (performance.now() - start) / 1000;
		const cpu = process.cpuUsage(cpuBefore);
		const reports = jobs.flatMap((job) => job.metrics());
		const sinks = reports.filter((report) => report.operator === "Sink");
		return {
			seconds,
			cpuSeconds: (cpu.user + cpu.system) / 1e6,
			resultRows: sinks.reduce((sum, report) => sum + report.metrics.numRecordsIn, 0),
			peakStateBytes: reports.reduce((sum, report) => sum + report.metrics.peakStateBytes, 0),
		};
	} finally {
		await session.close();
	}
}
