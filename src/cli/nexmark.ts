// `millrace nexmark`: runs the Nexmark suite and prints how fast each query is.
import { writeFileSync } from "node:fs";
import { Command } from "commander";
import {
	allQueries,
	parseCount,
	parseEngines,
	parseQueries,
	reportTable,
	runSuite,
	suiteScript,
} from "../../nexmark/index.js";

interface Flags {
	readonly queries: string;
	readonly events: string;
	readonly parallelism: string;
	readonly engine: string;
	readonly runs: string;
	readonly rate?: string;
	readonly json?: string;
	readonly verify?: boolean;
	readonly list?: boolean;
}

export function nexmarkCommand(): Command {
	return new Command("nexmark")
		.description("run the Nexmark suite: events per second per core, verified, beside plain TypeScript")
		.option("--queries <list>", "queries and ranges, e.g. q0,q5-q8,cep, or all", "all")
		.option("--events <count>", "events per run, e.g. 500K or 10M", "500K")
		.option("--parallelism <n>", "subtasks of each operator", "1")
		.option("--engine <list>", "wasm, baseline or both", "wasm,baseline")
		.option("--runs <n>", "measured runs per query and engine; medians are shown", "3")
		.option("--rate <count>", "throttle the source to this many events a second")
		.option("--verify", "check on a sample that both engines give the same table")
		.option("--json <file>", "write the results as JSON (schema: docs/nexmark.md)")
		.option("--list", "list the queries and exit")
		.action(run);
}

async function run(flags: Flags): Promise<void> {
	if (flags.list) {
		for (const name of allQueries()) process.stdout.write(`${name.padEnd(8)}${firstComment(name)}\n`);
		return;
	}
	const interrupted = new AbortController();
	const stop = () => interrupted.abort();
	process.once("SIGINT", stop);
	const result = await runSuite(
		{
			queries: parseQueries(flags.queries),
			events: parseCount(flags.events, "--events"),
			parallelism: parseCount(flags.parallelism, "--parallelism"),
			engines: parseEngines(flags.engine),
			runs: parseCount(flags.runs, "--runs"),
			rate: flags.rate === undefined ? undefined : parseCount(flags.rate, "--rate"),
			verify: flags.verify ?? false,
		},
		{ progress, signal: interrupted.signal },
	);
	process.removeListener("SIGINT", stop);
	progress("");
	process.stdout.write(`${reportTable(result)}\n`);
	if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify(result, null, "\t")}\n`);
	if (interrupted.signal.aborted) process.exitCode = 130;
	else if (result.failures.length > 0 || result.results.some((one) => one.verified === false)) process.exitCode = 1;
}

/** One line on the terminal that is written over; nothing where standard error is a file. */
function progress(text: string): void {
	if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

const firstComment = (name: string) => /^-- (.*)$/m.exec(suiteScript(name, {}))?.[1] ?? "";
