// The 22 queries with other substitution parameters than those of validation: all four engines give the same answers.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);

test.each([1, 2, 3])(
	"seed %i at SF 0.01",
	async (seed) => {
		const flags = [
			"--sf",
			"0.01",
			"--engine",
			"wasm,baseline,duckdb,duckdb-wasm",
			"--runs",
			"1",
			"--verify",
			"--seed",
			`${seed}`,
		];
		const { stdout } = await run(process.execPath, ["dist/lib/node/cli.js", "tpch", ...flags]);
		expect(stdout.match(/^│ q\d+ .* │ yes +│$/gm)).toHaveLength(22);
	},
	300_000,
);
