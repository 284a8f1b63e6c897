// `millrace nexmark`: runs the Nexmark suite and prints how fast each query is.
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { getHeapStatistics } from "node:v8";
import { Command } from "commander";
import {
	allQueries,
	checkWritable,
	comparison,
	eventsIn,
	type HarnessOptions,
	markdownTable,
	operatorTables,
	parseAtLeast,
	parseEngines,
	parseQueries,
	parseSource,
	type QueryResult,
	queryDescription,
	type Report,
	readReport,
	reportTable,
	runSuite,
	verificationLine,
} from "../../nexmark/index.js";
import { EngineError } from "../errors.js";

/** Seconds that a throttled run lasts unless told. */
const RATE_SECONDS = 20;

/** What the queries that keep most of their input need at most (q23), by measurement. */
const BASELINE_BYTES_PER_EVENT = 600;

interface Flags {
	readonly queries: string;
	readonly events?: string;
	readonly parallelism: string;
	readonly engine?: string;
	readonly runs?: string;
	readonly rate?: string;
	readonly fullEvents?: boolean;
	readonly source: readonly string[];
	readonly input?: string;
	readonly json?: string;
	readonly verify?: boolean;
	readonly operators?: boolean;
	readonly compare?: readonly string[];
	readonly markdown?: string;
	readonly list?: boolean;
}

const EXAMPLES = `
Examples:
  millrace nexmark                                  the whole suite, both engines
  millrace nexmark --queries q5,q8 --events 10M     two queries over ten million events
  millrace nexmark --verify --runs 0                only checks that both engines give the same tables
  millrace nexmark --rate 1M --queries q5,q8        latency at a million events a second
  millrace nexmark --queries q5 --operators         which operator costs what
  millrace nexmark --json new.json --compare old.json
  millrace nexmark --markdown new.json              the table of docs/nexmark.md

Method, source options and the JSON's schema: docs/nexmark.md`;

export function nexmarkCommand(): Command {
	return new Command("nexmark")
		.description("Runs the Nexmark suite: events per second per core of each query, beside plain TypeScript.")
		.option("--queries <list>", "queries and ranges, e.g. q0,q5-q8,cep, or all", "all")
		.option("--events <count>", "events per run, e.g. 500K or 10M (default: 500K, or 20 s of --rate)")
		.option("--parallelism <n>", "subtasks of each operator", "1")
		.option("--engine <list>", "wasm, baseline or both (default: both, with --rate wasm)")
		.option("--runs <n>", "measured runs per query and engine, medians are shown; 0: none (default: 3, with --rate 1)")
		.option("--rate <count>", "throttle the source to so many events a second and report latency")
		.option("--full-events", "generate all columns of all events, not only those that the query reads")
		.option("--source <name=value>", "an option of the source, e.g. seed=7; may be repeated", collect, [])
		.option("--input <file>", "read events from JSON lines instead of generating them")
		.option("--verify", "check on a sample that both engines give the same table")
		.option("--operators", "show where the time of each query went, operator by operator")
		.option("--json <file>", "write the results as JSON")
		.option("--compare <files...>", "compare with the results in OLD.json, or OLD.json with NEW.json without running")
		.option("--markdown <file>", "print the results in a JSON file as a Markdown table without running")
		.option("--list", "list the queries and exit")
		.addHelpText("after", EXAMPLES)
		.action(run);
}

const collect = (value: string, before: readonly string[]) => [...before, value];

async function run(flags: Flags): Promise<void> {
	if (flags.list) {
		for (const name of allQueries()) print(`${name.padEnd(8)}${queryDescription(name)}`);
		return;
	}
	if (flags.markdown !== undefined) return print(markdownTable(readReport(flags.markdown)));
	const [old, now, ...more] = (flags.compare ?? []).map(readReport);
	if (more.length > 0) {
		throw new EngineError("INVALID_OPTION", "--compare takes no more than two files", {
			expected: "OLD.json [NEW.json]",
		});
	}
	if (old && now) return print(comparison(old, now));
	const options = optionsOf(flags);
	if (flags.operators && !options.engines.includes("wasm")) {
		throw new EngineError("INVALID_OPTION", "--operators tells of the wasm engine, which --engine leaves out", {
			remedy: "Add wasm to --engine, or leave out --operators",
		});
	}
	if (flags.json !== undefined) checkWritable("--json", flags.json);
	noteHeap(options);
	const report = await runUntilInterrupted(options, flags.json);
	print(reportTable(report));
	if (flags.operators) print(`\n${operatorTables(report)}`);
	if (old) print(`\n${comparison(old, report)}`);
}

/** The JSON grows query by query, so that a run that breaks off leaves what was done. */
async function runUntilInterrupted(options: HarnessOptions, json: string | undefined): Promise<Report> {
	const interrupted = new AbortController();
	const stop = () => interrupted.abort();
	process.once("SIGINT", stop);
	const report = await runSuite(options, {
		progress,
		verified: (verification) => note(verificationLine(verification)),
		measured: (results) => note(results.map(speed).join(", ")),
		reported: (done) => {
			if (json !== undefined) writeFileSync(json, `${JSON.stringify(done, null, "\t")}\n`);
		},
		signal: interrupted.signal,
	});
	process.removeListener("SIGINT", stop);
	progress("");
	if (interrupted.signal.aborted) process.exitCode = 130;
	else if (report.failures.length > 0 || report.verifications.some(({ verified }) => !verified)) process.exitCode = 1;
	return report;
}

function optionsOf(flags: Flags): HarnessOptions {
	const rate = flags.rate === undefined ? undefined : parseAtLeast(1, flags.rate, "--rate");
	const most = flags.events ?? String(rate === undefined ? 500_000 : rate * RATE_SECONDS);
	return {
		queries: parseQueries(flags.queries),
		events: flags.input === undefined ? parseAtLeast(1, most, "--events") : eventsOfInput(flags.input, flags),
		parallelism: parseAtLeast(1, flags.parallelism, "--parallelism"),
		engines: parseEngines(flags.engine ?? (rate === undefined ? "wasm,baseline" : "wasm")),
		runs: parseAtLeast(0, flags.runs ?? (rate === undefined ? "3" : "1"), "--runs"),
		rate,
		verify: flags.verify ?? false,
		fullEvents: flags.fullEvents ?? false,
		source: parseSource(flags.source),
		input: flags.input === undefined ? undefined : resolve(flags.input),
	};
}

/** All that the file holds; what shapes generated events has no meaning for them. */
function eventsOfInput(input: string, { events, rate, fullEvents, source }: Flags): number {
	const generating = { "--events": events, "--rate": rate, "--full-events": fullEvents, "--source": source[0] };
	const [other] = Object.entries(generating).find(([, value]) => value !== undefined) ?? [];
	if (other === undefined) return eventsIn(input);
	throw new EngineError("INVALID_OPTION", `${other} is for generated events`, {
		remedy: `Leave out ${other} or --input`,
	});
}

/** Where the baseline may need more heap than Node gives it, it would end the process half way. */
function noteHeap({ engines, events }: HarnessOptions): void {
	const needed = events * BASELINE_BYTES_PER_EVENT;
	if (!engines.includes("baseline") || needed < getHeapStatistics().heap_size_limit) return;
	const mebibytes = Math.ceil(needed / 2 ** 20 / 1000) * 1000;
	note(
		`The baseline's state may not fit Node's heap: NODE_OPTIONS=--max-old-space-size=${mebibytes} makes room for it.`,
	);
}

const speed = ({ query, engine, eventsPerSecondPerCore }: QueryResult) =>
	`${query} ${engine} ${Math.round(eventsPerSecondPerCore / 1000).toLocaleString("en-US")} K events/s/core`;

function print(text: string): void {
	process.stdout.write(`${text}\n`);
}

/** One line on the terminal that is written over; nothing where standard error is a file. */
function progress(text: string): void {
	if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

/** A line that stays. */
function note(text: string): void {
	progress("");
	process.stderr.write(`${text}\n`);
}
