// The suite as it is installed: the bundle finds its queries and answers, and every entry of the package that tells of TPC-H exists.
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);
const { exports } = createRequire(import.meta.url)("../../package.json");

test("the command runs a query and verifies it", async () => {
	const flags = ["--sf", "0.01", "--queries", "q6", "--engine", "wasm", "--runs", "1", "--verify"];
	const { stdout } = await run(process.execPath, ["dist/lib/node/cli.js", "tpch", ...flags]);
	expect(stdout).toMatch(/q6 .* 1 │ yes/);
}, 60_000);

test("tables written as files give the same answers, and their results make a table", async () => {
	const folder = mkdtempSync(join(tmpdir(), "millrace-tpch-"));
	try {
		const tpch = (...flags: string[]) => run(process.execPath, ["dist/lib/node/cli.js", "tpch", ...flags]);
		for (const format of ["parquet", "arrow"]) {
			const files = join(folder, format);
			const json = join(folder, `${format}.json`);
			await tpch("--sf", "0.01", "--write", files, "--format", format);
			const query = ["--sf", "0.01", "--queries", "q1,q3,q6,q18", "--engine", "wasm", "--runs", "1", "--verify"];
			await tpch(...query, "--read", files, "--format", format, "--json", json);
			const { stdout } = await tpch("--markdown", json);
			expect(stdout.match(/^\| q\d+ \| [\d.]+ \| \d+ \| yes \|$/gm)).toHaveLength(4);
		}
	} finally {
		rmSync(folder, { recursive: true });
	}
}, 120_000);

test("some tables are written, and others are asked for in vain", async () => {
	const folder = mkdtempSync(join(tmpdir(), "millrace-tpch-"));
	const write = (tables: string) =>
		run(process.execPath, ["dist/lib/node/cli.js", "tpch", "--sf", "0.01", "--write", folder, "--tables", tables]);
	try {
		const { stdout } = await write("supplier, nation");
		expect(stdout).toMatch(/^nation, supplier: written to .* s of CPU$/m);
		expect(readdirSync(folder).sort()).toEqual(["nation", "supplier"]);
		await expect(write("order")).rejects.toMatchObject({ stderr: expect.stringContaining("Did you mean 'orders'?") });
	} finally {
		rmSync(folder, { recursive: true });
	}
}, 60_000);

test("the library entry is a bundle with the queries", async () => {
	const script = `import("${exports["./tpch"].default}").then(({ queryText }) => console.log(queryText("q6", 1)))`;
	const { stdout } = await run(process.execPath, ["-e", script]);
	expect(stdout).toContain("l_extendedprice * l_discount");
}, 60_000);
