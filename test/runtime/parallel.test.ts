// The slots of a job give the same table however many they are.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { digestOf } from "../../nexmark/verify.js";

const workFolder = mkdtempSync(join(tmpdir(), "millrace-parallel-"));
afterAll(() => rmSync(workFolder, { recursive: true, force: true }));

const golden = new Map(
	readFileSync("test/golden/nexmark/results.jsonl", "utf8")
		.trim()
		.split("\n")
		.map((line) => JSON.parse(line) as { id: string; rows: number; sha256: string })
		.map((result) => [result.id, result]),
);
const source = { "generator.mode": "stream", seed: "1", "first-event.rate": "100", "base-time": "1436918400000" };
const queries = ["q0", "q1", "q2", "q3", "q4", "q5", "q7", "q8", "q9", "q15", "q16", "q17", "q18", "q19", "q20"];

const inline = { "table.exec.inline": "true" };

async function expectFlinksTable(query: string, parallelism: number, options = {}): Promise<void> {
	const digest = await digestOf({ query, engine: "wasm", events: 20_000, parallelism, source, options, workFolder });
	const expected = golden.get(query)!;
	expect(digest.rows).toBe(expected.rows);
	expect(digest.sha256).toBe(expected.sha256);
}

test.each(queries.flatMap((query) => [2, 4].map((parallelism) => [query, parallelism] as const)))(
	"%s in %i slots of one thread gives Flink's table",
	(query, parallelism) => expectFlinksTable(query, parallelism, inline),
);

// Starting threads takes most of the time of such small jobs, so these are few.
test.each([
	["q0", 2],
	["q5", 2],
	["q20", 2],
	["q4", 4],
] as const)("%s on %i workers gives Flink's table", (query, parallelism) => expectFlinksTable(query, parallelism));

test.each(["q5", "q8", "q17", "q20"])("%s from a source in 2 and 4 parts gives the table of one", async (query) => {
	const blocks = { ...source, "generator.mode": "blocks", "first-event.rate": "1000" };
	const settings = { query, engine: "wasm", events: 20_000, source: blocks, options: inline, workFolder } as const;
	const one = await digestOf({ ...settings, parallelism: 1 });
	expect(one.rows).toBeGreaterThan(0);
	expect(await digestOf({ ...settings, parallelism: 2 })).toEqual(one);
	expect(await digestOf({ ...settings, parallelism: 4 })).toEqual(one);
});
