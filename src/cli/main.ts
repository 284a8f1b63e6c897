#!/usr/bin/env node
// The `millrace` command: one subcommand a file, of which only the one that is called is loaded.
import { Command } from "commander";
import { EngineError } from "../errors.js";

const SUBCOMMANDS: ReadonlyMap<string, () => Promise<Command>> = new Map([
	["nexmark", async () => (await import("./nexmark.js")).nexmarkCommand()],
	["tpch", async () => (await import("./tpch.js")).tpchCommand()],
	["sql", async () => (await import("./sql.js")).sqlCommand()],
	["conform", async () => (await import("./conform.js")).conformCommand()],
]);

const program = new Command("millrace")
	.description("Apache Flink's SQL inside your Node.js process")
	.showHelpAfterError();

async function main(): Promise<void> {
	try {
		const called = SUBCOMMANDS.get(process.argv[2] ?? "");
		for (const subcommand of called ? [called] : SUBCOMMANDS.values()) program.addCommand(await subcommand());
		await program.parseAsync();
	} catch (failure) {
		const error = EngineError.from(failure);
		process.stderr.write(`${error.code}: ${error.message}\n`);
		process.exitCode = error.domain === "user" ? 2 : 1;
	}
}

void main();
