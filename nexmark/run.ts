// Runs the suite: warm-up, interleaved runs of the engines, medians, verification, progress.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EngineError } from "../src/errors.js";
import { type Measurement, measure, type RunSettings } from "./measure.js";
import type { HarnessEngine, HarnessOptions } from "./options.js";
import { type QueryFailure, type QueryResult, type Report, report } from "./report.js";
import { median } from "./statistics.js";
import { verify } from "./verify.js";

/** Events of a verification run: both engines, so small enough for the slower one. */
const VERIFY_EVENTS = 100_000;
/** Events of the run before the measured ones, which loads code and lets it be compiled. */
const WARM_UP_EVENTS = 200_000;

export interface RunHooks {
	progress(text: string): void;
	readonly signal: AbortSignal;
}

/** What was finished before the signal is reported; nothing is thrown for an abort, and a failing query does not stop the others. */
export async function runSuite(options: HarnessOptions, hooks: RunHooks): Promise<Report> {
	const workFolder = mkdtempSync(join(tmpdir(), "millrace-nexmark-"));
	const results: QueryResult[] = [];
	const failures: QueryFailure[] = [];
	try {
		writeSideInput(workFolder);
		for (const query of options.queries) {
			if (hooks.signal.aborted) break;
			try {
				results.push(...(await runQuery(query, options, workFolder, hooks)));
			} catch (failure) {
				if (!hooks.signal.aborted) failures.push({ query, error: EngineError.from(failure).message });
			}
		}
	} finally {
		rmSync(workFolder, { recursive: true, force: true });
	}
	return report(options, results, failures);
}

async function runQuery(query: string, options: HarnessOptions, workFolder: string, hooks: RunHooks) {
	const base = { query, parallelism: options.parallelism, rate: options.rate, workFolder, signal: hooks.signal };
	const verified = options.verify ? await verifyQuery(base, hooks) : null;
	const measurements = new Map<HarnessEngine, Measurement[]>(options.engines.map((engine) => [engine, []]));
	for (const engine of options.engines) {
		hooks.progress(`${query} ${engine}: warm-up`);
		await run({ ...base, engine, rate: undefined, events: Math.min(WARM_UP_EVENTS, options.events) });
	}
	for (let round = 1; round <= options.runs; round++) {
		for (const engine of options.engines) {
			hooks.progress(`${query} ${engine}: run ${round} of ${options.runs}`);
			measurements.get(engine)!.push(await run({ ...base, engine, events: options.events }));
		}
	}
	return options.engines.map((engine) => summary(query, engine, options, measurements.get(engine)!, verified));
}

async function verifyQuery(base: Omit<RunSettings, "engine" | "events">, hooks: RunHooks): Promise<boolean> {
	hooks.progress(`${base.query}: verifying`);
	// A lower rate spreads the sample over enough event time for windows to close before the end.
	const settings = { ...base, rate: undefined, events: VERIFY_EVENTS, source: { "first-event.rate": "1000" } };
	return (await verify(settings)).verified;
}

function run(settings: RunSettings): Promise<Measurement> {
	const output = join(settings.workFolder, `${settings.query}-${settings.engine}`);
	rmSync(output, { recursive: true, force: true });
	mkdirSync(output, { recursive: true });
	return measure(settings);
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
		peakStateBytes: Math.max(...measurements.map((one) => one.peakStateBytes)),
		verified,
	};
}

/** q13's side input: 10 000 lines `i,i`. */
function writeSideInput(folder: string): void {
	const lines = Array.from({ length: 10_000 }, (_, i) => `${i},${i}`);
	writeFileSync(join(folder, "side-input.csv"), `${lines.join("\n")}\n`);
}
