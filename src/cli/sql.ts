// `millrace sql`: runs a script from a file, the command line or standard input, or asks for statements at a prompt.
// Exit codes: 0 all went well, 1 something failed, 2 the SQL is wrong, 130 interrupted.
import { readFileSync } from "node:fs";
import { Command, Option } from "commander";
import { Session } from "../engine/session.js";
import { EngineError } from "../errors.js";
import { errorText } from "./sql/error-text.js";
import type { Prompt } from "./sql/prompt.js";
import { RESULT_FORMATS, type ResultFormat } from "./sql/result-format.js";
import { ScriptRunner } from "./sql/script-runner.js";

interface Flags {
	readonly file?: string;
	readonly execute?: string;
	readonly output: ResultFormat;
	readonly final?: boolean;
	readonly interactive?: boolean;
	readonly metrics?: boolean;
	readonly set: Readonly<Record<string, string>>;
}

export const INTERRUPTED = 130;

export function sqlCommand(): Command {
	return new Command("sql")
		.description("run Flink SQL: a script, one statement, standard input, or a prompt")
		.option("-f, --file <script>", "run the statements of a file")
		.option("-e, --execute <sql>", "run these statements")
		.addOption(
			new Option("-o, --output <format>", "how results are printed").choices([...RESULT_FORMATS]).default("table"),
		)
		.option("-i, --interactive", "ask for statements, even where standard input is no terminal")
		.option("--final", "print the final table of an updating query instead of its changes")
		.option("--metrics", "after each query and INSERT, show where its time went, operator by operator")
		.option("-s, --set <key=value>", "set an option, as SET would; may be repeated", collectOption, {})
		.action(run);
}

function collectOption(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
	const split = text.indexOf("=");
	if (split > 0) return { ...before, [text.slice(0, split).trim()]: text.slice(split + 1).trim() };
	throw new EngineError("INVALID_ARGUMENT", `'${text}' is not an option`, { expected: "key=value" });
}

async function run(flags: Flags): Promise<void> {
	const { file, execute, output, final = false } = flags;
	const isPrompt = flags.interactive ?? (file === undefined && execute === undefined && process.stdin.isTTY);
	await using session = new Session({ options: flags.set });
	const screen = isPrompt && output === "table" && process.stdout.isTTY ? process.stdout : undefined;
	const options = { format: output, final, verbose: isPrompt || process.stdout.isTTY, metrics: flags.metrics, screen };
	const runner = new ScriptRunner(session, process.stdout, process.stderr, options);
	if (isPrompt) {
		const { Prompt } = await import("./sql/prompt.js");
		await ask(new Prompt(runner, session.catalog, process.stdin, process.stdout));
	} else await runScript(runner, await scriptOf(flags));
}

async function ask(prompt: Prompt): Promise<void> {
	const onInterrupt = () => prompt.interrupt();
	process.on("SIGINT", onInterrupt);
	await prompt.run();
	process.removeListener("SIGINT", onInterrupt);
}

async function runScript(runner: ScriptRunner, script: string): Promise<void> {
	const stop = new AbortController();
	const onInterrupt = () => stop.abort();
	process.once("SIGINT", onInterrupt);
	try {
		await runner.run(script, stop.signal);
	} catch (failure) {
		const error = EngineError.from(failure);
		if (stop.signal.aborted && error.code === "CANCELLED") {
			process.exitCode = INTERRUPTED;
			return;
		}
		process.stderr.write(`${errorText(error, script)}\n`);
		process.exitCode = error.domain === "user" ? 2 : 1;
	} finally {
		process.removeListener("SIGINT", onInterrupt);
	}
}

async function scriptOf({ file, execute }: Flags): Promise<string> {
	if (file !== undefined && execute !== undefined) {
		throw new EngineError("INVALID_ARGUMENT", "--file and --execute exclude each other");
	}
	if (execute !== undefined) return execute;
	if (file === undefined || file === "-") return (await import("node:stream/consumers")).text(process.stdin);
	try {
		return readFileSync(file, "utf8");
	} catch (cause) {
		throw new EngineError("FILE_NOT_FOUND", `cannot read the script '${file}'`, { cause });
	}
}
