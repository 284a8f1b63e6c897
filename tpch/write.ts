// Writes the generated tables as files: Parquet, Arrow and CSV through the engine's own sinks, tbl as dbgen writes it.
import { createWriteStream, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Millrace } from "../src/index.js";
import type { TableFormat } from "./options.js";
import { createTable, TABLE_NAMES } from "./schema.js";
import { tblText } from "./tbl.js";

export interface WriteOptions {
	readonly scaleFactor: number;
	readonly folder: string;
	readonly format: TableFormat;
	/** Subtasks that make and write parts of a table at the same time; a .tbl is one file, written in order. */
	readonly parallelism: number;
}

export interface WriteHooks {
	progress(text: string): void;
	readonly signal: AbortSignal;
}

/** One folder per table with a part file per subtask, or one `table.tbl` each. Gives back the names of the tables that are done. */
export async function writeTables(options: WriteOptions, { progress, signal }: WriteHooks): Promise<string[]> {
	mkdirSync(options.folder, { recursive: true });
	const done: string[] = [];
	for (const name of TABLE_NAMES) {
		if (signal.aborted) break;
		progress(`writing ${name}`);
		if (options.format === "tbl") await writeTbl(name, options, signal);
		else await writeFiles(name, options, signal);
		done.push(name);
	}
	return done;
}

async function writeTbl(name: string, { folder, scaleFactor }: WriteOptions, signal: AbortSignal): Promise<void> {
	const file = createWriteStream(join(folder, `${name}.tbl`));
	await pipeline(Readable.from(tblText(name, scaleFactor)), file, { signal });
}

async function writeFiles(name: string, options: WriteOptions, signal: AbortSignal): Promise<void> {
	const session = await Millrace.open({
		options: { "execution.runtime-mode": "batch", "parallelism.default": String(options.parallelism) },
	});
	try {
		const source = { connector: "tpch", table: name, "scale-factor": String(options.scaleFactor) };
		const path = resolve(options.folder, name);
		await session.execute(createTable(name, source));
		await session.execute("CREATE DATABASE files; USE files;");
		await session.execute(createTable(name, { connector: "filesystem", path, format: options.format }));
		await session.execute(`INSERT OVERWRITE ${name} SELECT * FROM default_database.${name}`, { signal });
	} finally {
		await session.close();
	}
}
