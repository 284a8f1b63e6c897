// npm run bench -- <suite> [options]. `kernels` compares ways to do the same work; adding a suite of that kind is one line in SUITES.
// `runtime` holds figures to bounds, and fails when one is not kept.
import { parseArgs } from "node:util";
import { type Case, measure } from "./measure.js";
import { type Clock, type Measurement, markdown, reportOf, writeJson } from "./report.js";
import { type Figure, figureTable, isMet } from "./runtime/figure.js";

/** The cases of a suite, made when they are asked for. */
type Suite = (rows: number) => readonly Case[] | Promise<readonly Case[]>;

const SUITES: Readonly<Record<string, () => Promise<Suite>>> = {
	kernels: async () => (await import("./kernels/suite.js")).kernels,
	sql: async () => (await import("./sql/suite.js")).sql,
};
const RUNTIME = "runtime";

const USAGE = `usage: npm run bench -- <${[...Object.keys(SUITES), RUNTIME].join("|")}> [--json FILE] [--rows N ≥ 1000] [--filter TEXT]
       kernels: [--clock wall|cpu] [--variants wasm,duckdb]
       runtime (twenty minutes): [--rounds N, 15] [--seconds N of the slow sink, 60]`;

const { values, positionals } = read();
const [name = ""] = positionals;
const rows = Number(values.rows.replaceAll("_", ""));
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
const areNumbers = Number.isSafeInteger(rows) && rows >= 1000 && rounds >= 1 && seconds >= 1;
if (values.help) {
	console.log(USAGE);
	process.exit(0);
}
if ((!SUITES[name] && name !== RUNTIME) || !areNumbers || !["wall", "cpu"].includes(values.clock)) refuse(USAGE);

await (name === RUNTIME ? runRuntime() : runCases(SUITES[name]!));

function read() {
	try {
		return parseArgs({
			allowPositionals: true,
			options: {
				help: { type: "boolean", short: "h", default: false },
				json: { type: "string" },
				rows: { type: "string", default: "10000000" },
				filter: { type: "string", default: "" },
				clock: { type: "string", default: "wall" },
				variants: { type: "string" },
				rounds: { type: "string", default: "15" },
				seconds: { type: "string", default: "60" },
			},
		});
	} catch (error) {
		return refuse(`${(error as Error).message}\n${USAGE}`);
	}
}

function refuse(text: string): never {
	console.error(text);
	process.exit(2);
}

async function runCases(load: () => Promise<Suite>): Promise<void> {
	const clock = values.clock as Clock;
	const results: Measurement[] = [];
	for (const one of await (await load())(rows)) {
		if (!one.name.includes(values.filter)) continue;
		const measured = await measure(one, { clock, only: values.variants?.split(",") });
		results.push(...measured);
		console.error(
			measured.map(({ variant, nsPerRow }) => `${one.name} · ${variant} ${nsPerRow.toFixed(2)}`).join("\n"),
		);
	}
	console.log(markdown(results));
	if (values.json !== undefined) writeJson(values.json, reportOf(rows, clock, results));
}

async function runRuntime(): Promise<void> {
	const { runtimeFigures } = await import("./runtime/suite.js");
	const progress = ({ name: figure, value, unit }: Figure) =>
		console.error(`${figure}: ${value.toPrecision(4)} ${unit}`);
	const options = { rows, rounds, slowSeconds: seconds, watchSeconds: 5 };
	const figures = await runtimeFigures(options, values.filter, progress);
	console.log(figureTable(figures));
	if (values.json !== undefined) writeJson(values.json, { ...reportOf(rows, "wall", []), figures });
	if (figures.some((figure) => isMet(figure) === false)) process.exitCode = 1;
}
