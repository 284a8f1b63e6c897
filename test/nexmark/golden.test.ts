// Every query of the suite over 20 000 pinned events gives the table that a real Flink 2.3 computed: with both engines from
// the generator, and from the events as JSON lines. test/fuzz/nexmark-golden.test.ts does the same for 1 000 000 events.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allQueries } from "../../nexmark/queries.js";
import { digestOf } from "../../nexmark/verify.js";
import { eventJson, goldenLines, goldenResults, pinned, writeSideInput } from "./golden-events.js";

const golden = goldenResults("results");
const workFolder = mkdtempSync(join(tmpdir(), "millrace-golden-"));
const input = join(workFolder, "events.json");

beforeAll(() => {
	writeSideInput(workFolder);
	writeFileSync(input, goldenLines().map(eventJson).join(""));
});
afterAll(() => rmSync(workFolder, { recursive: true, force: true }));

// q12 counts per processing time: its rows depend on the clock and have no golden table.
const queries = allQueries().filter((query) => query !== "q12");

describe.each([
	["wasm", "generated", undefined],
	["wasm", "JSON lines", input],
	["baseline", "generated", undefined],
] as const)("%s, %s", (engine, _, input) => {
	test.each(queries)("%s gives Flink's table", async (query) => {
		const settings = { query, engine, events: 20_000, parallelism: 1, source: pinned(100), input, workFolder };
		const digest = await digestOf(settings);
		const expected = golden.get(query)!;
		expect(digest.rows).toBe(expected.rows);
		expect(digest.sha256).toBe(expected.sha256);
	});
});
