// Writes the generated tables as files: Parquet, Arrow and CSV through the engine's own sinks, tbl as dbgen writes it.
import { createWriteStream, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { scaleOf } from "../src/connectors/tpch/chunk.js";
import { rowsAt, tableNamed } from "../src/connectors/tpch/tables.js";
import { type Job, Millrace } from "../src/index.js";
import type { TableFormat } from "./options.js";
import { createTable } from "./schema.js";
import { tblText } from "./tbl.js";

export interface WriteOptions {
	readonly scaleFactor: number;
	/** Their names. */
	readonly tables: readonly string[];
	readonly folder: string;
	readonly format: TableFormat;
	/** Subtasks that make and write parts of a table at the same time; a .tbl is one file, written in order. */
	readonly parallelism: number;
}

export interface WriteHooks {
	progress(text: string): void;
	readonly signal: AbortSignal;
}

const PROGRESS_MS = 500;

/** One folder per table with a part file per subtask, or one `table.tbl` each. Gives back the names of the tables that are done. */
export async function writeTables(options: WriteOptions, hooks: WriteHooks): Promise<readonly string[]> {
	mkdirSync(options.folder, { recursive: true });
	if (options.format !== "tbl") return writeFiles(options, hooks);
	const done: string[] = [];
	for (const name of options.tables) {
		if (hooks.signal.aborted) break;
		hooks.progress(`writing ${name}, ${done.length} of ${options.tables.length} tables done`);
		await writeTbl(name, options, hooks.signal);
		done.push(name);
	}
	return done;
}

async function writeTbl(name: string, { folder, scaleFactor }: WriteOptions, signal: AbortSignal): Promise<void> {
	const file = createWriteStream(join(folder, `${name}.tbl`));
	await pipeline(Readable.from(tblText(name, scaleFactor)), file, { signal });
}

/** All tables in one job: the text that comments are pieces of takes as long to make as the lines of SF 0.3, and they share it. */
async function writeFiles(options: WriteOptions, { progress, signal }: WriteHooks): Promise<readonly string[]> {
	const { tables, folder, format, scaleFactor } = options;
	const session = await Millrace.open({
		options: { "execution.runtime-mode": "batch", "parallelism.default": String(options.parallelism) },
	});
	try {
		for (const table of tables) {
			await session.execute(createTable(table, { connector: "tpch", table, "scale-factor": String(scaleFactor) }));
		}
		await session.execute("CREATE DATABASE files; USE files;");
		for (const table of tables) {
			await session.execute(createTable(table, { connector: "filesystem", path: resolve(folder, table), format }));
		}
		const inserts = tables.map((name) => `INSERT OVERWRITE ${name} SELECT * FROM default_database.${name};`);
		const [job] = await session.submit(`EXECUTE STATEMENT SET BEGIN ${inserts.join("\n")} END`, { signal });
		await watched(job!, options, progress);
		return tables;
	} catch (failure) {
		if (signal.aborted) return [];
		throw failure;
	} finally {
		await session.close();
	}
}

async function watched(job: Job, options: WriteOptions, progress: WriteHooks["progress"]): Promise<void> {
	const start = performance.now();
	const timer = setInterval(() => {
		const seconds = ((performance.now() - start) / 1000).toFixed(0);
		progress(`${written(job, options)}, ${seconds} s`);
	}, PROGRESS_MS);
	try {
		await job.done;
	} finally {
		clearInterval(timer);
	}
}

/** Rows by now, of all and of the tables that are not done. */
function written(job: Job, { tables, scaleFactor }: WriteOptions): string {
	const rows = new Map<string, number>();
	const tableOf = new Map(
		job.graph.vertices.flatMap(({ id, spec }) =>
			spec.operator === "Source" ? [[id, spec.table.path.at(-1) as string] as const] : [],
		),
	);
	for (const { vertex, metrics } of job.metrics()) {
		const table = tableOf.get(vertex);
		if (table !== undefined) rows.set(table, metrics.numRecordsOut);
	}
	const expected = (name: string) => rowsAt(tableNamed(name)!, scaleOf(scaleFactor));
	const done = [...rows.values()].reduce((sum, count) => sum + count, 0);
	const all = tables.reduce((sum, name) => sum + expected(name), 0);
	const open = tables.filter((name) => (rows.get(name) ?? 0) < expected(name) * 0.999);
	const share = ((done / all) * 100).toFixed(0);
	return `${done.toLocaleString("en-US")} rows written, ${share} %; ${tables.length - open.length} of ${tables.length} tables done`;
}
