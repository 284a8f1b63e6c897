#!/usr/bin/env node
// The `millrace` command: one subcommand a file.
import { Command } from "commander";
import { EngineError } from "../errors.js";
import { conformCommand } from "./conform.js";
import { nexmarkCommand } from "./nexmark.js";
import { sqlCommand } from "./sql.js";
import { tpchCommand } from "./tpch.js";

const program = new Command("millrace")
	.description("Apache Flink's SQL inside your Node.js process")
	.showHelpAfterError()
	.addCommand(nexmarkCommand())
	.addCommand(tpchCommand())
	.addCommand(sqlCommand())
	.addCommand(conformCommand());

try {
	await program.parseAsync();
} catch (failure) {
	const error = EngineError.from(failure);
	process.stderr.write(`${error.code}: ${error.message}\n`);
	process.exitCode = error.domain === "user" ? 2 : 1;
}
