// `millrace conform`: which of these Flink queries run here, and do they answer what Flink answers?
import { Command } from "commander";
import { conform } from "./conform/run-cases.js";

interface Flags {
	readonly engine?: string;
	readonly filter?: string;
}

export function conformCommand(): Command {
	return new Command("conform")
		.description("run cases with Flink's answers and print every difference")
		.argument(
			"<cases>",
			"file with one case (JSON) a line: id, setup, query, mode, and Flink's columns and rows, or error",
		)
		.argument("[results]", "file to write our answers to, in the same form")
		.option("--engine <name>", "wasm or baseline")
		.option("--filter <text>", "only cases whose id contains this")
		.action(async (cases: string, results: string | undefined, { engine, filter }: Flags) => {
			const print = (line: string) => process.stdout.write(`${line}\n`);
			const { failed } = await conform(cases, { results, engine, filter, print });
			if (failed.length > 0) process.exitCode = 1;
		});
}
