// Options of the TPC-H harness, parsed from text once and checked with clear errors.
import { EngineError, nearestName } from "../src/errors.js";
import { allQueries } from "./queries.js";

export const ENGINES = ["wasm", "baseline", "duckdb", "duckdb-wasm"] as const;
export type HarnessEngine = (typeof ENGINES)[number];

export const FORMATS = ["parquet", "arrow", "csv", "tbl"] as const;
export type TableFormat = (typeof FORMATS)[number];

export interface HarnessOptions {
	readonly scaleFactor: number;
	readonly queries: readonly string[];
	readonly engines: readonly HarnessEngine[];
	readonly mode: "batch" | "streaming";
	readonly parallelism: number;
	readonly runs: number;
	/** Absent: the validation parameters. */
	readonly seed?: number | undefined;
	readonly verify: boolean;
	/** Millrace reads the tables from what `--write` wrote. Absent: from memory. */
	readonly files?: { readonly folder: string; readonly format: TableFormat } | undefined;
}

/** "q1,q3-q5" → query names in suite order. "all" is every one. */
export function parseQueries(text: string): string[] {
	const names = allQueries();
	const wanted = new Set<string>();
	for (const part of text.split(",").map((item) => item.trim().toLowerCase())) {
		const range = /^q(\d+)-q?(\d+)$/.exec(part);
		const isWanted = (_: string, index: number) =>
			range !== null && index + 1 >= Number(range[1]) && index + 1 <= Number(range[2]);
		const found = part === "all" ? names : names.includes(part) ? [part] : names.filter(isWanted);
		if (found.length === 0)
			throw unknown("--queries", "query", part, names, "names and ranges such as q1,q3-q5, or all");
		for (const name of found) wanted.add(name);
	}
	return names.filter((name) => wanted.has(name));
}

export const parseEngines = (text: string): HarnessEngine[] =>
	text.split(",").map((item) => member(item.trim(), ENGINES, "--engine", "engine"));

export const parseFormat = (text: string): TableFormat => member(text, FORMATS, "--format", "format");

export const parseMode = (text: string): HarnessOptions["mode"] =>
	member(text, ["batch", "streaming"] as const, "--mode", "mode");

/** A number above `least`. */
export function parseNumber(text: string, option: string, least = 0): number {
	const value = Number(text);
	if (text.trim() !== "" && value > least) return value;
	throw new EngineError("INVALID_OPTION", `${option}: '${text}'`, { expected: `a number above ${least}` });
}

function member<T extends string>(text: string, values: readonly T[], flag: string, what: string): T {
	const found = values.find((value) => value === text.toLowerCase());
	if (found) return found;
	throw unknown(flag, what, text, values, values.join(", "));
}

function unknown(flag: string, what: string, name: string, names: readonly string[], expected: string): EngineError {
	const near = nearestName(name, names);
	return new EngineError("INVALID_OPTION", `${flag}: there is no ${what} '${name}'`, {
		expected,
		...(near === undefined ? {} : { remedy: `Did you mean '${near}'?` }),
	});
}
