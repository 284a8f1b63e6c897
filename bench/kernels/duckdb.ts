// DuckDB native on one thread: what the kernels are compared with.
import { DuckDBInstance } from "@duckdb/node-api";
import type { Variant } from "../measure.js";

/** Runs `setup`, then measures `query`, whose first row's first column is the answer. */
export async function duckdb(setup: readonly string[], query: string): Promise<Variant> {
	const instance = await DuckDBInstance.create(":memory:", { threads: "1", max_temp_directory_size: "0B" });
	const connection = await instance.connect();
	for (const statement of setup) await connection.run(statement);
	return {
		run: async () => {
			const [[answer] = []] = (await connection.runAndReadAll(query)).getRowsJS();
			return Number(answer);
		},
		dispose: () => {
			connection.closeSync();
			instance.closeSync();
		},
	};
}
