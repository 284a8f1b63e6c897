// The result of a suite run: the JSON of docs/nexmark.md and the table on screen.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import Table from "cli-table3";
import { packageFolder } from "../src/cli/package-folder.js";
import type { HarnessEngine, HarnessOptions } from "./options.js";
import { geometricMean } from "./statistics.js";

export interface QueryResult {
	readonly query: string;
	readonly engine: HarnessEngine;
	readonly parallelism: number;
	readonly events: number;
	/** Medians over the runs. */
	readonly seconds: number;
	readonly cpuSeconds: number;
	readonly eventsPerSecond: number;
	readonly eventsPerSecondPerCore: number;
	readonly resultRows: number;
	readonly peakStateBytes: number;
	/** Whether both engines gave the same table; null: not checked. */
	readonly verified: boolean | null;
}

/** A query that did not run to its end. */
export interface QueryFailure {
	readonly query: string;
	readonly error: string;
}

export interface Report {
	readonly schema: "millrace-nexmark/1";
	readonly machine: { readonly cpu: string; readonly cores: number; readonly memoryBytes: number; readonly os: string };
	readonly versions: { readonly millrace: string; readonly node: string; readonly commit: string | null };
	readonly options: HarnessOptions;
	readonly results: readonly QueryResult[];
	readonly failures: readonly QueryFailure[];
	/** Geometric mean over the queries measured with both engines of events/s/core, wasm ÷ baseline; null without such queries. */
	readonly geomeanRatio: number | null;
}

export function report(
	options: HarnessOptions,
	results: readonly QueryResult[],
	failures: readonly QueryFailure[],
): Report {
	const ratios = [...ratiosByQuery(results).values()];
	return {
		schema: "millrace-nexmark/1",
		machine: thisMachine(),
		versions: { millrace: packageVersion(), node: process.version, commit: currentCommit() },
		options,
		results,
		failures,
		geomeanRatio: ratios.length > 0 ? geometricMean(ratios) : null,
	};
}

/** events/s/core of wasm ÷ baseline, for queries with both. */
export function ratiosByQuery(results: readonly QueryResult[]): Map<string, number> {
	const ratios = new Map<string, number>();
	for (const wasm of results) {
		if (wasm.engine !== "wasm") continue;
		const baseline = results.find((other) => other.query === wasm.query && other.engine === "baseline");
		if (baseline) ratios.set(wasm.query, wasm.eventsPerSecondPerCore / baseline.eventsPerSecondPerCore);
	}
	return ratios;
}

export function reportTable({ machine, versions, results, failures, geomeanRatio }: Report): string {
	const ratios = ratiosByQuery(results);
	const table = new Table({
		head: [
			"query",
			"engine",
			"events",
			"s",
			"cores",
			"K ev/s",
			"K ev/s/core",
			"state MiB",
			"rows",
			"× baseline",
			"verified",
		],
		colAligns: ["left", "left", ...Array(8).fill("right"), "left"],
		style: { head: [], border: [], compact: true },
	});
	for (const result of results) {
		const ratio = result.engine === "wasm" ? ratios.get(result.query) : undefined;
		table.push([
			result.query,
			result.engine,
			count(result.events),
			result.seconds.toFixed(2),
			(result.cpuSeconds / result.seconds).toFixed(2),
			count(result.eventsPerSecond / 1000),
			count(result.eventsPerSecondPerCore / 1000),
			(result.peakStateBytes / 1024 ** 2).toFixed(1),
			count(result.resultRows),
			ratio === undefined ? "" : ratio.toFixed(1),
			result.verified === null ? "–" : result.verified ? "yes" : "NO",
		]);
	}
	const host = `${machine.cpu}, ${machine.cores} cores, ${machine.os}, Node ${versions.node}, Millrace ${versions.millrace}`;
	const mean = geomeanRatio === null ? "" : `\ngeometric mean × baseline: ${geomeanRatio.toFixed(1)}`;
	const failed = failures.map(({ query, error }) => `\n${query} failed: ${error}`).join("");
	return `${host}\n${table.toString()}${mean}${failed}`;
}

const count = (value: number) => Math.round(value).toLocaleString("en-US");

export const thisMachine = () => ({
	cpu: cpus()[0]?.model ?? "unknown",
	cores: cpus().length,
	memoryBytes: totalmem(),
	os: `${process.platform} ${process.arch}`,
});

export const packageVersion = () =>
	JSON.parse(readFileSync(join(packageFolder(), "package.json"), "utf8")).version as string;

export function currentCommit(): string | null {
	try {
		return execFileSync("git", ["rev-parse", "HEAD"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
	} catch {
		return null;
	}
}
