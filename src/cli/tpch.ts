// `millrace tpch`: runs the 22 queries of TPC-H over generated tables and prints how long each takes.
import { writeFileSync } from "node:fs";
import { Command } from "commander";
import {
	allQueries,
	ENGINES,
	FORMATS,
	markdownTable,
	parseEngines,
	parseFormat,
	parseMode,
	parseNumber,
	parseQueries,
	parseTables,
	readReport,
	reportTable,
	runSuite,
	writeTables,
} from "../../tpch/index.js";
import { EngineError } from "../errors.js";

interface Flags {
	readonly sf: string;
	readonly queries: string;
	readonly engine: string;
	readonly mode: string;
	readonly parallelism: string;
	readonly runs: string;
	readonly seed?: string;
	readonly verify?: boolean;
	readonly json?: string;
	readonly write?: string;
	readonly tables: string;
	readonly read?: string;
	readonly markdown?: string;
	readonly format: string;
	readonly list?: boolean;
}

export function tpchCommand(): Command {
	return new Command("tpch")
		.description("run TPC-H: 22 analytical queries over generated tables in memory, verified, beside other engines")
		.option("--sf <factor>", "scale factor: 1 is a gigabyte of text, 6 million lines", "1")
		.option("--queries <list>", "queries and ranges, e.g. q1,q3-q5, or all", "all")
		.option("--engine <list>", `${ENGINES.join(", ")}; DuckDB's packages are used when installed`, "wasm,baseline")
		.option("--mode <mode>", "batch or streaming", "batch")
		.option("--parallelism <n>", "subtasks of each operator, threads of DuckDB", "1")
		.option("--runs <n>", "measured runs per query and engine; medians are shown", "3")
		.option("--seed <n>", "other substitution parameters than those of validation")
		.option("--verify", "compare with the published answers (SF 0.01, 0.1, 1), else engines with each other")
		.option("--json <file>", "write the results as JSON (schema: docs/tpch.md)")
		.option("--write <folder>", "write the tables as files instead of running queries")
		.option("--tables <list>", "which tables to write, or all", "all")
		.option("--read <folder>", "let Millrace read the tables from such files instead of memory")
		.option("--format <format>", `of the files: ${FORMATS.join(", ")}`, "parquet")
		.option("--markdown <file>", "print the results in a JSON file as a Markdown table without running")
		.option("--list", "list the queries and exit")
		.action(run);
}

async function run(flags: Flags): Promise<void> {
	if (flags.list) {
		process.stdout.write(`${allQueries().join("\n")}\n`);
		return;
	}
	if (flags.markdown !== undefined) {
		process.stdout.write(`${markdownTable(readReport(flags.markdown))}\n`);
		return;
	}
	const interrupted = new AbortController();
	const stop = () => interrupted.abort();
	process.once("SIGINT", stop);
	const hooks = { progress, signal: interrupted.signal };
	try {
		if (flags.write === undefined) await measure(flags, hooks);
		else await write(flags, flags.write, hooks);
	} finally {
		process.removeListener("SIGINT", stop);
		progress("");
	}
	if (interrupted.signal.aborted) process.exitCode = 130;
}

interface Hooks {
	progress(text: string): void;
	readonly signal: AbortSignal;
}

async function measure(flags: Flags, hooks: Hooks): Promise<void> {
	const result = await runSuite(
		{
			scaleFactor: parseNumber(flags.sf, "--sf"),
			queries: parseQueries(flags.queries),
			engines: parseEngines(flags.engine),
			mode: parseMode(flags.mode),
			parallelism: parseNumber(flags.parallelism, "--parallelism"),
			runs: parseNumber(flags.runs, "--runs"),
			seed: flags.seed === undefined ? undefined : parseNumber(flags.seed, "--seed", -1),
			verify: flags.verify ?? false,
			files: flags.read === undefined ? undefined : { folder: flags.read, format: readFormat(flags.format) },
		},
		hooks,
	);
	progress("");
	process.stdout.write(`${reportTable(result)}\n`);
	if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify(result, null, "\t")}\n`);
	if (result.failures.length > 0) process.exitCode = 1;
}

function readFormat(text: string) {
	const format = parseFormat(text);
	if (format !== "tbl") return format;
	throw new EngineError("INVALID_OPTION", "--read: files of format 'tbl' are for other systems", {
		expected: FORMATS.filter((one) => one !== "tbl").join(", "),
	});
}

async function write(flags: Flags, folder: string, hooks: Hooks): Promise<void> {
	const start = performance.now();
	const tables = await writeTables(
		{
			folder,
			scaleFactor: parseNumber(flags.sf, "--sf"),
			tables: parseTables(flags.tables),
			format: parseFormat(flags.format),
			parallelism: parseNumber(flags.parallelism, "--parallelism"),
		},
		hooks,
	);
	progress("");
	const seconds = ((performance.now() - start) / 1000).toFixed(1);
	const { user, system } = process.cpuUsage();
	const cpuSeconds = ((user + system) / 1e6).toFixed(1);
	if (tables.length === 0) return;
	process.stdout.write(`${tables.join(", ")}: written to ${folder} in ${seconds} s, ${cpuSeconds} s of CPU\n`);
}

/** One line on the terminal that is written over; nothing where standard error is a file. */
function progress(text: string): void {
	if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}
