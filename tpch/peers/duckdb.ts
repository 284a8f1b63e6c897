// DuckDB (@duckdb/node-api) with the tables in memory: its own tables, filled in the order of dbgen's files.
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Load } from "../engine.js";
import { duckdbTable, TABLE_NAMES } from "../schema.js";
import { tblText } from "../tbl.js";
import { optionalModule } from "./optional-module.js";

interface NodeApi {
	readonly DuckDBInstance: {
		create(path: string, options: Readonly<Record<string, string>>): Promise<Instance>;
	};
}
interface Instance {
	connect(): Promise<Connection>;
	closeSync(): void;
}
interface Connection {
	run(sql: string): Promise<unknown>;
	runAndReadAll(sql: string): Promise<Reader>;
	closeSync(): void;
}
interface Reader {
	columnNames(): string[];
	getRows(): unknown[][];
}

export const duckdbTables: Load = async ({ scaleFactor, parallelism }, { progress, signal }) => {
	const { module } = await optionalModule<NodeApi>("@duckdb/node-api");
	const instance = await module.DuckDBInstance.create(":memory:", { threads: String(parallelism) });
	const connection = await instance.connect();
	const folder = mkdtempSync(join(tmpdir(), "millrace-tpch-"));
	try {
		for (const name of TABLE_NAMES) {
			if (signal.aborted) break;
			progress(`duckdb: loading ${name}`);
			const file = join(folder, `${name}.csv`);
			await pipeline(Readable.from(tblText(name, scaleFactor, { lineEnd: "\n" })), createWriteStream(file));
			await connection.run(duckdbTable(name));
			await connection.run(`COPY ${name} FROM '${file}' (FORMAT CSV, DELIMITER '|', HEADER false, QUOTE '')`);
			rmSync(file);
		}
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
	return {
		async run(sql) {
			const reader = await connection.runAndReadAll(sql);
			const rows = reader.getRows();
			return () => ({
				columns: reader.columnNames(),
				rows: rows.map((row) => row.map((value) => (value === null ? "" : String(value)))),
			});
		},
		async close() {
			connection.closeSync();
			instance.closeSync();
		},
	};
};
