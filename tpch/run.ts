// Runs the suite: loads the tables, warm-up, interleaved runs of the engines, medians, verification, progress.
import { median } from "../nexmark/statistics.js";
import { EngineError } from "../src/errors.js";
import { answer, difference, hasAnswers, type ResultTable, sorted } from "./answers.js";
import { LOADERS, type LoadedTables } from "./engine.js";
import type { HarnessEngine, HarnessOptions } from "./options.js";
import { queryText, streamingText } from "./queries.js";
import { type QueryFailure, type QueryResult, type Report, report } from "./report.js";

export interface RunHooks {
	progress(text: string): void;
	readonly signal: AbortSignal;
}

interface Measurement {
	readonly seconds: number;
	readonly cpuSeconds: number;
}

/** What was finished before the signal is reported; nothing is thrown for an abort, and a failing query does not stop the others. */
export async function runSuite(options: HarnessOptions, hooks: RunHooks): Promise<Report> {
	const loaded = new Map<HarnessEngine, LoadedTables>();
	const results: QueryResult[] = [];
	const failures: QueryFailure[] = [];
	const memory = watchMemory();
	try {
		for (const engine of options.engines) loaded.set(engine, await LOADERS[engine](options, hooks));
		for (const query of options.queries) {
			if (hooks.signal.aborted) break;
			const outcome = await runQuery(query, options, loaded, hooks);
			results.push(...outcome.results);
			failures.push(...outcome.failures);
		}
	} finally {
		for (const tables of loaded.values()) await tables.close();
	}
	return report(options, results, failures, memory());
}

async function runQuery(
	query: string,
	options: HarnessOptions,
	loaded: ReadonlyMap<HarnessEngine, LoadedTables>,
	hooks: RunHooks,
) {
	const text = queryText(query, options.scaleFactor, options.seed);
	const sql = options.mode === "batch" ? text : streamingText(text);
	const measured = new Map<HarnessEngine, Measurement[]>();
	const tables = new Map<HarnessEngine, ResultTable>();
	const failures: QueryFailure[] = [];
	const attempt = async (engine: HarnessEngine, what: string): Promise<Measurement | undefined> => {
		if (hooks.signal.aborted || failures.some((failure) => failure.engine === engine)) return undefined;
		hooks.progress(`${query} ${engine}: ${what}`);
		try {
			const { measurement, table } = await runOnce(loaded.get(engine)!, sql, hooks.signal);
			if (!tables.has(engine)) tables.set(engine, table());
			return measurement;
		} catch (failure) {
			if (!hooks.signal.aborted) failures.push({ query, engine, error: EngineError.from(failure).message });
			return undefined;
		}
	};
	// The first run loads data that a query is the first to read, and lets code be compiled.
	for (const engine of options.engines) await attempt(engine, "warm-up");
	for (let round = 1; round <= options.runs; round++) {
		for (const engine of options.engines) {
			const measurement = await attempt(engine, `run ${round} of ${options.runs}`);
			if (measurement) measured.set(engine, [...(measured.get(engine) ?? []), measurement]);
		}
	}
	const results = [...measured].map(([engine, runs]): QueryResult => {
		const wrong = options.verify ? checked(query, engine, options, tables) : null;
		if (typeof wrong === "string") failures.push({ query, engine, error: wrong });
		return {
			query,
			engine,
			seconds: median(runs.map((one) => one.seconds)),
			cpuSeconds: median(runs.map((one) => one.cpuSeconds)),
			rows: tables.get(engine)!.rows.length,
			verified: wrong === null ? null : wrong === undefined,
		};
	});
	return { results, failures };
}

async function runOnce(tables: LoadedTables, sql: string, signal: AbortSignal) {
	const cpuBefore = process.cpuUsage();
	const start = performance.now();
	const table = await tables.run(sql, signal);
	const seconds = (performance.now() - start) / 1000;
	const cpu = process.cpuUsage(cpuBefore);
	return { table, measurement: { seconds, cpuSeconds: (cpu.user + cpu.system) / 1e6 } };
}

/** The first difference from the published answer, or, where there is none, from another engine's; null: nothing to compare with. */
function checked(
	query: string,
	engine: HarnessEngine,
	{ scaleFactor, seed, mode }: HarnessOptions,
	tables: ReadonlyMap<HarnessEngine, ResultTable>,
): string | undefined | null {
	const [, other] = [...tables].find(([name]) => name !== engine) ?? [];
	const expected = seed === undefined && hasAnswers(scaleFactor) ? answer(query, scaleFactor) : other;
	if (expected === undefined) return null;
	const actual = tables.get(engine)!;
	return mode === "batch" ? difference(query, actual, expected) : difference(query, sorted(actual), sorted(expected));
}

/** Samples the process; the function gives the most bytes seen. */
function watchMemory(): () => number {
	let most = 0;
	const sample = () => {
		most = Math.max(most, process.memoryUsage().rss);
	};
	const timer = setInterval(sample, 100);
	timer.unref();
	return () => {
		sample();
		clearInterval(timer);
		return most;
	};
}
