// Every query of the suite over 20 000 pinned events gives the table that a real Flink 2.3 computed, with both engines.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allQueries } from "../../nexmark/queries.js";
import { digestOf } from "../../nexmark/verify.js";

interface GoldenResult {
	readonly id: string;
	readonly rows: number;
	readonly sha256: string;
}

const golden = new Map(
	readFileSync("test/golden/nexmark/results.jsonl", "utf8")
		.trim()
		.split("\n")
		.map((line) => JSON.parse(line) as GoldenResult)
		.map((result) => [result.id, result]),
);

let workFolder = "";
beforeAll(() => {
	workFolder = mkdtempSync(join(tmpdir(), "millrace-golden-"));
	const lines = Array.from({ length: 10_000 }, (_, i) => `${i},v${i}\n`);
	writeFileSync(join(workFolder, "side-input.csv"), lines.join(""));
});
afterAll(() => rmSync(workFolder, { recursive: true, force: true }));

// The events behind the golden results: seeds 1, 2, 3, rate 100, see test/golden/nexmark.
const source = { "generator.mode": "stream", seed: "1", "first-event.rate": "100", "base-time": "1436918400000" };

describe.each(["wasm", "baseline"] as const)("%s", (engine) => {
	// q12 counts per processing time: its rows depend on the clock and have no golden table.
	test.each(allQueries().filter((query) => query !== "q12"))("%s gives Flink's table", async (query) => {
		const digest = await digestOf({ query, engine, events: 20_000, parallelism: 1, source, workFolder });
		const expected = golden.get(query)!;
		expect(digest.rows).toBe(expected.rows);
		expect(digest.sha256).toBe(expected.sha256);
	});
});
