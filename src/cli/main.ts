#!/usr/bin/env node
// The `millrace` command: one subcommand a file, of which only the one that is called is loaded.
import { createRequire } from "node:module";
import { join } from "node:path";
import { Command } from "commander";
import { EngineError } from "../errors.js";
import { packageFolder } from "./package-folder.js";

const SUBCOMMANDS: ReadonlyMap<string, () => Promise<Command>> = new Map([
	["nexmark", async () => (await import("./nexmark.js")).nexmarkCommand()],
	["tpch", async () => (await import("./tpch.js")).tpchCommand()],
	["sql", async () => (await import("./sql.js")).sqlCommand()],
	["conform", async () => (await import("./conform.js")).conformCommand()],
]);

const program = new Command("millrace")
	.description("Apache Flink's SQL inside your Node.js process")
	.showHelpAfterError();

// A reader that has seen enough, like `head`, ends the command and is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
	if (error.code !== "EPIPE") throw error;
	process.exit();
});

const packageVersion = (): string => createRequire(import.meta.url)(join(packageFolder(), "package.json")).version;

async function main(): Promise<void> {
	try {
		const called = SUBCOMMANDS.get(process.argv[2] ?? "");
		if (!called) program.version(packageVersion());
		for (const subcommand of called ? [called] : SUBCOMMANDS.values()) program.addCommand(await subcommand());
		await program.parseAsync();
	} catch (failure) {
		const error = EngineError.from(failure);
		process.stderr.write(`${error.code}: ${error.message}\n`);
		process.exitCode = error.domain === "user" ? 2 : 1;
	}
}

void main();
