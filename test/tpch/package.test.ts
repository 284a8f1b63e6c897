// The suite as it is installed: the bundle finds its queries and answers, and every entry of the package that tells of TPC-H exists.
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);
const { exports } = createRequire(import.meta.url)("../../package.json");

test("the command runs a query and verifies it", async () => {
	const flags = ["--sf", "0.01", "--queries", "q6", "--engine", "wasm", "--runs", "1", "--verify"];
	const { stdout } = await run(process.execPath, ["dist/lib/node/cli.js", "tpch", ...flags]);
	expect(stdout).toMatch(/q6 .* 1 │ yes/);
}, 60_000);

test("the library entry is a bundle with the queries", async () => {
	const script = `import("${exports["./tpch"].default}").then(({ queryText }) => console.log(queryText("q6", 1)))`;
	const { stdout } = await run(process.execPath, ["-e", script]);
	expect(stdout).toContain("l_extendedprice * l_discount");
}, 60_000);
