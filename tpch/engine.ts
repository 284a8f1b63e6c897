// What the harness runs queries on: an engine with the tables loaded.

import type { ResultTable } from "./answers.js";
import { baselineTables, millraceTables } from "./millrace.js";
import type { HarnessEngine, HarnessOptions } from "./options.js";
import { duckdbTables } from "./peers/duckdb.js";
import { duckdbWasmTables } from "./peers/duckdb-wasm.js";

export interface LoadedTables {
	/** From the text of the query to all rows of its result. */
	run(sql: string, signal: AbortSignal): Promise<() => ResultTable>;
	close(): Promise<void>;
}

export interface LoadHooks {
	progress(text: string): void;
	readonly signal: AbortSignal;
}

export type Load = (options: HarnessOptions, hooks: LoadHooks) => Promise<LoadedTables>;

export const LOADERS: Readonly<Record<HarnessEngine, Load>> = {
	wasm: millraceTables,
	baseline: baselineTables,
	duckdb: duckdbTables,
	"duckdb-wasm": duckdbWasmTables,
};
