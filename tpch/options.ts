// Options of the TPC-H harness, parsed from text once and checked with clear errors.
import { selectQueries, unknownName } from "../nexmark/selection.js";
import { EngineError } from "../src/errors.js";
import { allQueries } from "./queries.js";
import { TABLE_NAMES } from "./schema.js";

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
export const parseQueries = (text: string): string[] =>
	selectQueries(text, allQueries(), "names and ranges such as q1,q3-q5, or all");

/** "orders,lineitem" → names of tables, in the order of the specification. "all" is every one. */
export function parseTables(text: string): string[] {
	const wanted = text.split(",").map((item) => item.trim().toLowerCase());
	for (const name of wanted) {
		if (name !== "all" && !TABLE_NAMES.includes(name)) {
			throw unknownName("--tables", "table", name, TABLE_NAMES, `all, or some of ${TABLE_NAMES.join(", ")}`);
		}
	}
	return TABLE_NAMES.filter((name) => wanted.includes(name) || wanted.includes("all"));
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
	throw unknownName(flag, what, text, values, values.join(", "));
}
