// duckdb-wasm in this thread, with the tables in its memory.
import { dirname, join } from "node:path";
import type { Table } from "apache-arrow";
import type { Load } from "../engine.js";
import { duckdbTable, TABLE_NAMES } from "../schema.js";
import { tblText } from "../tbl.js";
import { optionalModule } from "./optional-module.js";

interface Blocking {
	createDuckDB(bundles: unknown, logger: unknown, runtime: unknown): Promise<Database>;
	readonly VoidLogger: new () => unknown;
	readonly NODE_RUNTIME: unknown;
}
interface Database {
	instantiate(progress: () => void): Promise<unknown>;
	connect(): Connection;
	registerFileBuffer(name: string, bytes: Uint8Array): void;
	dropFile(name: string): void;
}
interface Connection {
	query(sql: string): Table;
	close(): void;
}

/** Text that is loaded at a time. */
const PIECE_BYTES = 32 << 20;

export const duckdbWasmTables: Load = async ({ scaleFactor }, { progress, signal }) => {
	const entry = "@duckdb/duckdb-wasm/dist/duckdb-node-blocking.cjs";
	const { module, path } = await optionalModule<Blocking & { default?: Blocking }>("@duckdb/duckdb-wasm", entry);
	const { createDuckDB, VoidLogger, NODE_RUNTIME } = module.default ?? module;
	const bundle = (kind: string) => ({ mainModule: join(dirname(path), `duckdb-${kind}.wasm`), mainWorker: "" });
	const bundles = { mvp: bundle("mvp"), eh: bundle("eh") };
	const database = await createDuckDB(bundles, new VoidLogger(), NODE_RUNTIME);
	await database.instantiate(() => {});
	const connection = database.connect();
	for (const name of TABLE_NAMES) {
		if (signal.aborted) break;
		progress(`duckdb-wasm: loading ${name}`);
		connection.query(duckdbTable(name));
		for await (const bytes of pieces(tblText(name, scaleFactor, { lineEnd: "\n" }))) {
			database.registerFileBuffer("piece.csv", bytes);
			connection.query(`COPY ${name} FROM 'piece.csv' (FORMAT CSV, DELIMITER '|', HEADER false, QUOTE '')`);
			database.dropFile("piece.csv");
		}
	}
	return {
		async run(sql) {
			connection.query(sql);
			return () => textTable(connection.query(`SELECT COLUMNS(*)::VARCHAR FROM (${sql})`));
		},
		async close() {
			connection.close();
		},
	};
};

function textTable(table: Table) {
	const columns = table.schema.fields.map((field) => field.name);
	const rows = table.toArray().map((row) => columns.map((name) => String(row?.[name] ?? "")));
	return { columns, rows };
}

/** Whole lines, some megabytes at a time. */
async function* pieces(text: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
	let waiting: Uint8Array[] = [];
	let bytes = 0;
	for await (const part of text) {
		waiting.push(part);
		bytes += part.length;
		if (bytes < PIECE_BYTES) continue;
		yield Buffer.concat(waiting);
		waiting = [];
		bytes = 0;
	}
	if (bytes > 0) yield Buffer.concat(waiting);
}
