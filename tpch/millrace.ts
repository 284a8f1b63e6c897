// Millrace with the tables in memory, made once in the thread that runs the queries; or in files.
import { Millrace } from "../src/index.js";
import { valueText } from "../src/types/value-text.js";
import type { Load } from "./engine.js";
import { generatedTables, writtenTables } from "./schema.js";

const load =
	(engine: "wasm" | "baseline"): Load =>
	async ({ scaleFactor, parallelism, mode, files }, { progress }) => {
		const session = await Millrace.open({
			options: {
				"table.exec.engine": engine,
				"parallelism.default": String(parallelism),
				"execution.runtime-mode": mode,
			},
		});
		progress(`${engine}: declaring the tables`);
		const inMemory = () => generatedTables(scaleFactor, { "in-memory": "true" });
		await session.execute(files ? writtenTables(files.folder, files.format) : inMemory());
		return {
			async run(sql, signal) {
				const result = session.query(sql, { signal });
				const rows = await result.finalRows();
				return () => ({
					columns: result.schema.map(({ name }) => name),
					rows: rows.map((row) =>
						row.map((value, index) => (value === null ? "" : valueText(value, result.schema[index]!.type))),
					),
				});
			},
			close: () => session.close(),
		};
	};

export const millraceTables = load("wasm");
export const baselineTables = load("baseline");
