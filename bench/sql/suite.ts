// The SQL front end, one case for each TPC-H query: a row is one run over the text, so the figure is nanoseconds a query.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, print, type Statement } from "../../src/sql/index.js";
import type { Case } from "../measure.js";

const QUERIES = join(import.meta.dirname, "..", "..", "..", "tpch", "queries");
const RUNS = 300;

function repeated(work: () => number): number {
	let found = 0;
	for (let run = 0; run < RUNS; run++) found += work();
	return found;
}

/** How many statements were printed. */
function printed(statements: readonly Statement[]): number {
	return print(statements) === "" ? 0 : statements.length;
}

export const sql = (): readonly Case[] =>
	readdirSync(QUERIES)
		.filter((file) => /^q\d+\.sql$/.test(file))
		.map((file) => {
			const text = readFileSync(join(QUERIES, file), "utf8");
			return {
				name: `parse TPC-H ${file.replace(".sql", "")} (${text.length} characters)`,
				rows: RUNS,
				variants: async () => ({
					parse: { run: () => repeated(() => parse(text).length) },
					"parse and print": { run: () => repeated(() => printed(parse(text))) },
				}),
			};
		});
