// The prompt of `millrace sql`: lines gather until every statement has its semicolon, then run. Ctrl-C stops what runs, or drops
// what was typed; Ctrl-D and `quit` end.
import { readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import type { Catalog } from "../../catalog/catalog.js";
import { EngineError } from "../../errors.js";
import { splitStatements } from "../../sql/index.js";
import { complete } from "./completion.js";
import { errorText } from "./error-text.js";
import { highlight } from "./highlight.js";
import type { OutputStream, ScriptRunner } from "./script-runner.js";

const PROMPT = "Millrace SQL> ";
const CONTINUED = "            > ";
const HISTORY_LINES = 1000;

const HELP = `Statements end with a semicolon and may have several lines.
  help;    this text
  clear;   an empty screen
  quit;    the end, as is Ctrl-D
  Ctrl-C   stops the running statement, or drops what is typed
  Tab      completes keywords, functions, tables and columns
The table of an updating query is drawn as it changes; SET 'sql-client.execution.result-mode' = 'changelog' prints the changes.\n`;

export class Prompt {
	readonly #runner: ScriptRunner;
	readonly #out: OutputStream;
	readonly #lines: Interface;
	readonly #historyFile: string;
	#typed = "";
	#running: AbortController | undefined;

	constructor(runner: ScriptRunner, catalog: Catalog, input: NodeJS.ReadStream, out: NodeJS.WriteStream) {
		this.#runner = runner;
		this.#out = out;
		this.#historyFile = process.env.MILLRACE_HISTORY ?? join(homedir(), ".millrace_history");
		const history = input.isTTY ? readHistory(this.#historyFile) : [];
		this.#lines = createInterface({
			input,
			output: out,
			terminal: input.isTTY,
			history,
			historySize: HISTORY_LINES,
			completer: (line: string) => complete(line, catalog),
		});
		this.#lines.on("SIGINT", () => this.interrupt());
		if (input.isTTY && process.env.NO_COLOR === undefined) input.on("keypress", () => this.#colour());
		if (input.isTTY) this.#lines.on("history", (lines) => saveHistory(this.#historyFile, lines));
	}

	/** Resolves when the user has had enough. */
	async run(): Promise<void> {
		this.#ask();
		for await (const line of this.#lines) {
			this.#typed += `${line}\n`;
			if (isComplete(this.#typed)) {
				const script = this.#typed;
				this.#typed = "";
				if (!(await this.#execute(script))) break;
			}
			this.#ask();
		}
		this.#lines.close();
	}

	interrupt(): void {
		if (this.#running !== undefined) {
			this.#running.abort();
			return;
		}
		this.#typed = "";
		// To the line's end, and all before it away: as if the user had typed so.
		for (const name of ["e", "u"]) this.#lines.write(null, { ctrl: true, name });
		this.#out.write("\n");
		this.#ask();
	}

	#ask(): void {
		this.#lines.setPrompt(this.#typed === "" ? PROMPT : CONTINUED);
		this.#lines.prompt();
	}

	/** Writes what is being typed once more over itself, in colours: readline has drawn it and knows where the cursor is. */
	#colour(): void {
		const { line } = this.#lines;
		if (this.#running !== undefined || line === "") return;
		const { rows } = this.#lines.getCursorPos();
		const up = rows > 0 ? `\u001b[${rows}A` : "";
		const prompt = this.#typed === "" ? PROMPT : CONTINUED;
		this.#out.write(`\u001b7${up}\r${prompt}${highlight(this.#typed + line, this.#typed.length)}\u001b8`);
	}

	/** False: no more statements are wanted. */
	async #execute(script: string): Promise<boolean> {
		switch (script.replace(/;\s*$/, "").trim().toLowerCase()) {
			case "":
				return true;
			case "quit":
			case "exit":
				return false;
			case "help":
				this.#out.write(HELP);
				return true;
			case "clear":
				this.#out.write("\u001b[2J\u001b[H");
				return true;
		}
		const stop = new AbortController();
		this.#running = stop;
		try {
			await this.#runner.run(script, stop.signal);
		} catch (failure) {
			const error = EngineError.from(failure);
			this.#out.write(error.code === "CANCELLED" ? "\nstopped\n" : `${errorText(error, script)}\n`);
		} finally {
			this.#running = undefined;
		}
		return true;
	}
}

const COMMAND = /^\s*(quit|exit|help|clear)?\s*;?\s*$/i;

/** Whether what was typed can run: nothing at all, a command, or statements that all have ended. */
function isComplete(typed: string): boolean {
	if (COMMAND.test(typed)) return true;
	try {
		return splitStatements(typed).every((statement) => statement.isComplete);
	} catch {
		// A text or comment that is still open; or something wrong, which running it will tell.
		return /;\s*$/.test(typed);
	}
}

/** A history that cannot be read or kept is none; the prompt goes on. */
function readHistory(file: string): string[] {
	try {
		return readFileSync(file, "utf8").split("\n").filter(Boolean).reverse();
	} catch {
		return [];
	}
}

function saveHistory(file: string, latestFirst: readonly string[]): void {
	try {
		writeFileSync(file, `${[...latestFirst].reverse().join("\n")}\n`, { mode: 0o600 });
	} catch {
		// See above.
	}
}
