// The result of a suite run: the JSON of docs/tpch.md and the table on screen.
import Table from "cli-table3";
import { currentCommit, packageVersion, thisMachine } from "../nexmark/report.js";
import { geometricMean } from "../nexmark/statistics.js";
import type { HarnessEngine, HarnessOptions } from "./options.js";

export interface QueryResult {
	readonly query: string;
	readonly engine: HarnessEngine;
	/** Medians over the runs. */
	readonly seconds: number;
	/** User and system time of the process, all threads. */
	readonly cpuSeconds: number;
	readonly rows: number;
	/** Whether the answer is right; null: not checked. */
	readonly verified: boolean | null;
}

/** A query that did not run to its end, or whose answer is wrong. */
export interface QueryFailure {
	readonly query: string;
	readonly engine: HarnessEngine;
	readonly error: string;
}

export interface EngineSummary {
	readonly engine: HarnessEngine;
	readonly queries: number;
	readonly verified: number;
	readonly totalSeconds: number;
	readonly geomeanSeconds: number;
	/** Geometric mean of this engine's seconds ÷ wasm's, over the queries that both ran; null without such. */
	readonly geomeanToWasm: number | null;
}

export interface Report {
	readonly schema: "millrace-tpch/1";
	readonly machine: ReturnType<typeof thisMachine>;
	readonly versions: { readonly millrace: string; readonly node: string; readonly commit: string | null };
	readonly options: HarnessOptions;
	readonly results: readonly QueryResult[];
	readonly failures: readonly QueryFailure[];
	readonly engines: readonly EngineSummary[];
	/** Most resident memory of the process, all engines together. */
	readonly peakMemoryBytes: number;
}

export function report(
	options: HarnessOptions,
	results: readonly QueryResult[],
	failures: readonly QueryFailure[],
	peakMemoryBytes: number,
): Report {
	return {
		schema: "millrace-tpch/1",
		machine: thisMachine(),
		versions: { millrace: packageVersion(), node: process.version, commit: currentCommit() },
		options,
		results,
		failures,
		engines: options.engines.map((engine) => summary(engine, results)),
		peakMemoryBytes,
	};
}

function summary(engine: HarnessEngine, results: readonly QueryResult[]): EngineSummary {
	const own = results.filter((result) => result.engine === engine);
	const ratios = own.flatMap((result) => {
		const wasm = results.find((other) => other.query === result.query && other.engine === "wasm");
		return wasm ? [result.seconds / wasm.seconds] : [];
	});
	return {
		engine,
		queries: own.length,
		verified: own.filter((result) => result.verified === true).length,
		totalSeconds: own.reduce((sum, result) => sum + result.seconds, 0),
		geomeanSeconds: own.length > 0 ? geometricMean(own.map((result) => result.seconds)) : 0,
		geomeanToWasm: ratios.length > 0 && engine !== "wasm" ? geometricMean(ratios) : null,
	};
}

export function reportTable({
	machine,
	versions,
	options,
	results,
	failures,
	engines,
	peakMemoryBytes,
}: Report): string {
	const table = new Table({
		head: [
			"query",
			...options.engines.flatMap((engine) => [`${engine} s`, ...(engine === "wasm" ? [] : ["÷ wasm"])]),
			"rows",
			"verified",
		],
		colAligns: ["left", ...Array(2 * options.engines.length).fill("right"), "left"],
		style: { head: [], border: [], compact: true },
	});
	for (const query of options.queries) {
		const own = results.filter((result) => result.query === query);
		if (own.length === 0) continue;
		const wasm = own.find((result) => result.engine === "wasm");
		table.push([
			query,
			...options.engines.flatMap((engine) => {
				const seconds = own.find((result) => result.engine === engine)?.seconds;
				return [
					seconds?.toFixed(3) ?? "failed",
					...(engine === "wasm" ? [] : [seconds && wasm ? (seconds / wasm.seconds).toFixed(2) : ""]),
				];
			}),
			String(own[0]!.rows),
			verdict(own),
		]);
	}
	const host = `${machine.cpu}, ${machine.cores} cores, ${machine.os}, Node ${versions.node}, Millrace ${versions.millrace}`;
	const setting = `SF ${options.scaleFactor}, ${options.mode}, parallelism ${options.parallelism}, medians of ${options.runs}`;
	const lines = engines.map(
		({ engine, queries, totalSeconds, geomeanSeconds, geomeanToWasm }) =>
			`${engine}: ${queries} queries, total ${totalSeconds.toFixed(3)} s, geometric mean ${(geomeanSeconds * 1000).toFixed(1)} ms` +
			(geomeanToWasm === null ? "" : `, ${geomeanToWasm.toFixed(2)} × wasm`),
	);
	const failed = failures.map(({ query, engine, error }) => `${query} ${engine}: ${error}`);
	const memory = `peak memory ${(peakMemoryBytes / 1024 ** 2).toFixed(0)} MiB`;
	return [host, setting, table.toString(), ...lines, memory, ...failed].join("\n");
}

function verdict(results: readonly QueryResult[]): string {
	if (results.some((result) => result.verified === false)) return "NO";
	return results.every((result) => result.verified === true) ? "yes" : "–";
}
