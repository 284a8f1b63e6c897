// npm run bench -- <suite> [--json FILE] [--rows N] [--filter TEXT] [--clock wall|cpu] [--variants a,b]. Adding a suite is one line in SUITES.
import { parseArgs } from "node:util";
import { type Case, measure } from "./measure.js";
import { type Clock, type Measurement, markdown, reportOf, writeJson } from "./report.js";

/** The cases of a suite, made when they are asked for. */
type Suite = (rows: number) => readonly Case[] | Promise<readonly Case[]>;

const SUITES: Readonly<Record<string, () => Promise<Suite>>> = {
	kernels: async () => (await import("./kernels/suite.js")).kernels,
	sql: async () => (await import("./sql/suite.js")).sql,
};

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		json: { type: "string" },
		rows: { type: "string", default: "10000000" },
		filter: { type: "string", default: "" },
		clock: { type: "string", default: "wall" },
		variants: { type: "string" },
	},
});
const [name = ""] = positionals;
const load = SUITES[name];
const rows = Number(values.rows.replaceAll("_", ""));
if (!load || !Number.isSafeInteger(rows) || rows < 1000 || !["wall", "cpu"].includes(values.clock)) {
	console.error(
		`usage: npm run bench -- <${Object.keys(SUITES).join("|")}> [--json FILE] [--rows N ≥ 1000] [--filter TEXT]`,
	);
	console.error("       [--clock wall|cpu] [--variants wasm,duckdb]");
	process.exit(2);
}

const clock = values.clock as Clock;
const results: Measurement[] = [];
for (const one of await (await load())(rows)) {
	if (!one.name.includes(values.filter)) continue;
	const measured = await measure(one, { clock, only: values.variants?.split(",") });
	results.push(...measured);
	console.error(measured.map(({ variant, nsPerRow }) => `${one.name} · ${variant} ${nsPerRow.toFixed(2)}`).join("\n"));
}
console.log(markdown(results));
if (values.json !== undefined) writeJson(values.json, reportOf(rows, clock, results));
