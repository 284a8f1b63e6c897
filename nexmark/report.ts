// The result of a suite run: the JSON of docs/nexmark.md and the table on screen.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import type { OperatorCost } from "../src/cli/operator-table.js";
import { packageFolder } from "../src/cli/package-folder.js";
import type { HarnessEngine, HarnessOptions } from "./options.js";
import { geometricMean } from "./statistics.js";
import type { ResultDigest } from "./verify.js";

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
	/** Rows that reached the sink: an updating query counts each change. */
	readonly resultRows: number;
	/** Null where state is not counted: the baseline's, and that of operators that run a row at a time. */
	readonly peakStateBytes: number | null;
	/** Of throttled runs, pooled over the runs' figures by their medians (max: the highest); null otherwise. */
	readonly latencyMs: { readonly p50: number; readonly p99: number; readonly max: number } | null;
	/** Whether both engines gave the same table; null: not checked. */
	readonly verified: boolean | null;
	/** What each operator cost, medians over the runs; null: the engine does not count it. */
	readonly operators: readonly OperatorCost[] | null;
	/** Each measured run. */
	readonly runs: readonly { readonly seconds: number; readonly cpuSeconds: number }[];
}

/** What the verification of a query found: rows of the final tables and their SHA-256. */
export interface QueryVerification {
	readonly query: string;
	readonly events: number;
	readonly verified: boolean;
	readonly digests: Readonly<Record<HarnessEngine, ResultDigest>>;
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
	readonly verifications: readonly QueryVerification[];
	readonly failures: readonly QueryFailure[];
	/** Geometric mean over the queries measured with both engines of events/s/core, wasm ÷ baseline; null without such queries. */
	readonly geomeanRatio: number | null;
}

export type Outcome = Pick<Report, "results" | "verifications" | "failures">;

export function report(options: HarnessOptions, { results, verifications, failures }: Outcome): Report {
	const ratios = [...ratiosByQuery(results.filter(isCounted)).values()];
	return {
		schema: "millrace-nexmark/1",
		machine: thisMachine(),
		versions: { millrace: packageVersion(), node: process.version, commit: currentCommit() },
		options,
		results,
		verifications,
		failures,
		geomeanRatio: ratios.length > 0 ? geometricMean(ratios) : null,
	};
}

/** Means are over q0 … q23; those of the pattern-matching queries stand for themselves. */
export const isCounted = ({ query }: { readonly query: string }): boolean => !query.startsWith("cep");

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

export const thisMachine = () => ({
	cpu: cpus()[0]?.model ?? "unknown",
	cores: cpus().length,
	memoryBytes: totalmem(),
	os: `${process.platform} ${process.arch}`,
});

export const packageVersion = () =>
	JSON.parse(readFileSync(join(packageFolder(), "package.json"), "utf8")).version as string;

/** Of a clone; an installed package may lie in a clone of something else. */
export function currentCommit(): string | null {
	const cwd = packageFolder();
	if (!existsSync(join(cwd, ".git"))) return null;
	try {
		const output = execFileSync("git", ["rev-parse", "HEAD"], {
			cwd,
			encoding: "utf8",
			stdio: ["ignore", "pipe", "ignore"],
		});
		return output.trim();
	} catch {
		return null;
	}
}
