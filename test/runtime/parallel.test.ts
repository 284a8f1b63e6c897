// The slots of a job give the same table however many they are.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { allQueries } from "../../nexmark/queries.js";
import { digestOf } from "../../nexmark/verify.js";
import { goldenResults, pinned, writeSideInput } from "../nexmark/golden-events.js";

const workFolder = mkdtempSync(join(tmpdir(), "millrace-parallel-"));
beforeAll(() => writeSideInput(workFolder));
afterAll(() => rmSync(workFolder, { recursive: true, force: true }));

const golden = goldenResults("results");
const source = pinned(100);
// q12 counts per processing time: its rows depend on the clock and have no golden table.
const queries = allQueries().filter((query) => query !== "q12");

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
