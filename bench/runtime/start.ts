// From the start of a process to the first result of a small query, beside an empty program: fresh processes that take turns.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { median, type RuntimeBenchmark } from "./figure.js";

/** Of each program. Those before do not count: they leave compiled code to the others. */
const RUNS = 20;
const WARM_UP = 3;
const MOST_MS = 150;

const packageFile = createRequire(import.meta.url).resolve("millrace/package.json");
const command = join(dirname(packageFile), createRequire(import.meta.url)(packageFile).bin.millrace);

const program = (consumption: string) => `
	import { Millrace } from ${JSON.stringify(import.meta.resolve("millrace"))};
	const session = await Millrace.open();
	const result = session.query("SELECT 1");
	${consumption}
	await session.close();`;

const PROGRAMS = {
	"an empty program": 'process.stdout.write("1")',
	"rows of SELECT 1": program("process.stdout.write(String((await result.toArray()).length));"),
	"a RecordBatch of SELECT 1": program(
		"for await (const { numRows } of result) process.stdout.write(String(numRows));",
	),
};

/** Milliseconds from the start of the process to its first output. */
async function timed(args: readonly string[]): Promise<number> {
	const started = performance.now();
	const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
	const ended = new Promise((resolve) => child.on("close", resolve));
	const first = await new Promise<number>((resolve, reject) => {
		child.stdout.once("data", () => resolve(performance.now() - started));
		child.once("close", (code) => reject(new Error(`${args.join(" ")} printed nothing, exit code ${code}`)));
	});
	await ended;
	return first;
}

export const start: RuntimeBenchmark = {
	name: "start",
	async run(_, report) {
		const folder = mkdtempSync(join(tmpdir(), "millrace-start-"));
		const programs = Object.entries(PROGRAMS).map(([name, text], index) => {
			const file = join(folder, `${index}.mjs`);
			writeFileSync(file, text);
			return { name, args: [file], times: [] as number[] };
		});
		programs.push({ name: "the command with SELECT 1", args: [command, "sql", "-e", "SELECT 1"], times: [] });
		try {
			for (let run = -WARM_UP; run < RUNS; run++) {
				for (const { args, times } of programs) {
					const time = await timed(args);
					if (run >= 0) times.push(time);
				}
			}
		} finally {
			rmSync(folder, { recursive: true });
		}
		for (const { name, times } of programs) {
			const figure = { name: `start of ${name}, least`, value: Math.min(...times), unit: "ms" };
			report({ ...figure, bound: { atMost: MOST_MS }, details: { median: median(times) } });
		}
	},
};
