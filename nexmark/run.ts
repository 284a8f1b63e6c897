// Runs the suite: warm-up, interleaved runs of the engines, medians, verification, progress.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EngineError } from "../src/errors.js";
import type { Job } from "../src/index.js";
import { type Measurement, measure, type RunSettings } from "./measure.js";
import { medianCosts } from "./operators.js";
import type { HarnessEngine, HarnessOptions } from "./options.js";
import { type QueryFailure, type QueryResult, type QueryVerification, type Report, report } from "./report.js";
import { median } from "./statistics.js";
import { verify } from "./verify.js";

/** Most events of a verification: both engines run, so small enough for the slower one; q23 needs more than 50 000 to have rows. */
const VERIFY_EVENTS = 100_000;
/** Events of the run before the measured ones, which loads code and lets it be compiled. */
const WARM_UP_EVENTS = 200_000;
const PROGRESS_MS = 500;

export interface RunHooks {
	/** What is going on now; replaces what was said before. */
	progress(text: string): void;
	verified?(verification: QueryVerification): void;
	/** A query is done with all its engines. */
	measured?(results: readonly QueryResult[]): void;
	/** All that is done, after each query. */
	reported?(report: Report): void;
	readonly signal: AbortSignal;
}

type QuerySettings = Omit<RunSettings, "engine" | "events">;

/** What was finished before the signal is reported; nothing is thrown for an abort, and a failing query does not stop the others. */
export async function runSuite(options: HarnessOptions, hooks: RunHooks): Promise<Report> {
	const workFolder = mkdtempSync(join(tmpdir(), "millrace-nexmark-"));
	const results: QueryResult[] = [];
	const verifications: QueryVerification[] = [];
	const failures: QueryFailure[] = [];
	try {
		writeSideInput(workFolder);
		for (const query of options.queries) {
			if (hooks.signal.aborted) break;
			const { parallelism, rate, fullEvents, source, input } = options;
			const settings = { query, parallelism, rate, fullEvents, source, input, workFolder, signal: hooks.signal };
			try {
				if (options.verify) verifications.push(await verifyQuery(settings, options.events, hooks));
				if (options.runs > 0) results.push(...(await runQuery(settings, options, verifications.at(-1), hooks)));
			} catch (failure) {
				if (!hooks.signal.aborted) failures.push({ query, error: EngineError.from(failure).message });
			}
			hooks.reported?.(report(options, { results, verifications, failures }));
		}
	} finally {
		rmSync(workFolder, { recursive: true, force: true });
	}
	return report(options, { results, verifications, failures });
}

async function runQuery(
	settings: QuerySettings,
	options: HarnessOptions,
	verification: QueryVerification | undefined,
	hooks: RunHooks,
): Promise<QueryResult[]> {
	const { query } = settings;
	const measurements = new Map<HarnessEngine, Measurement[]>(options.engines.map((engine) => [engine, []]));
	for (const engine of options.engines) {
		const events = Math.min(WARM_UP_EVENTS, options.events);
		await run({ ...settings, engine, rate: undefined, events }, `${query} ${engine}: warm-up`, hooks);
	}
	for (let round = 1; round <= options.runs; round++) {
		for (const engine of options.engines) {
			const title = `${query} ${engine}: run ${round} of ${options.runs}`;
			measurements.get(engine)!.push(await run({ ...settings, engine, events: options.events }, title, hooks));
		}
	}
	const verified = verification?.query === query ? verification.verified : null;
	const results = options.engines.map((engine) => summary(query, engine, options, measurements.get(engine)!, verified));
	hooks.measured?.(results);
	return results;
}

async function verifyQuery(settings: QuerySettings, most: number, hooks: RunHooks): Promise<QueryVerification> {
	const { query } = settings;
	hooks.progress(`${query}: verifying`);
	const events = settings.input === undefined ? Math.min(VERIFY_EVENTS, most) : most;
	// A lower rate spreads the sample over enough event time for windows to close before the end.
	const source = { "first-event.rate": "1000", ...settings.source };
	const { verified, digests } = await verify({ ...settings, rate: undefined, events, source });
	const verification = { query, events, verified, digests };
	hooks.verified?.(verification);
	return verification;
}

async function run(settings: RunSettings, title: string, hooks: RunHooks): Promise<Measurement> {
	const output = join(settings.workFolder, `${settings.query}-${settings.engine}`);
	rmSync(output, { recursive: true, force: true });
	mkdirSync(output, { recursive: true });
	hooks.progress(title);
	const start = performance.now();
	let job: Job | undefined;
	const timer = setInterval(() => {
		const rows = job?.metrics().reduce((most, { metrics }) => Math.max(most, metrics.numRecordsOut), 0) ?? 0;
		const seconds = ((performance.now() - start) / 1000).toFixed(0);
		hooks.progress(`${title}, ${seconds} s${rows > 0 ? `, ${rows.toLocaleString("en-US")} rows read` : ""}`);
	}, PROGRESS_MS);
	try {
		return await measure(settings, (started) => {
			job = started;
		});
	} finally {
		clearInterval(timer);
	}
}

function summary(
	query: string,
	engine: HarnessEngine,
	{ events, parallelism }: HarnessOptions,
	measurements: readonly Measurement[],
	verified: boolean | null,
): QueryResult {
	const seconds = median(measurements.map((one) => one.seconds));
	const cpuSeconds = median(measurements.map((one) => one.cpuSeconds));
	const states = measurements.flatMap(({ peakStateBytes }) => peakStateBytes ?? []);
	const operators = measurements.flatMap((one) => (one.operators === null ? [] : [one.operators]));
	const latencies = measurements.flatMap(({ latency }) => latency ?? []);
	return {
		query,
		engine,
		parallelism,
		events,
		seconds,
		cpuSeconds,
		eventsPerSecond: events / seconds,
		eventsPerSecondPerCore: events / cpuSeconds,
		resultRows: median(measurements.map((one) => one.resultRows)),
		peakStateBytes: states.length === 0 ? null : Math.max(...states),
		latencyMs:
			latencies.length === 0
				? null
				: {
						p50: median(latencies.map((one) => one.p50)),
						p99: median(latencies.map((one) => one.p99)),
						max: Math.max(...latencies.map((one) => one.max)),
					},
		verified,
		operators: operators.length === 0 ? null : medianCosts(operators),
		runs: measurements.map((one) => ({ seconds: one.seconds, cpuSeconds: one.cpuSeconds })),
	};
}

/** q13's side input: 10 000 lines `i,i`. */
function writeSideInput(folder: string): void {
	const lines = Array.from({ length: 10_000 }, (_, i) => `${i},${i}`);
	writeFileSync(join(folder, "side-input.csv"), `${lines.join("\n")}\n`);
}
