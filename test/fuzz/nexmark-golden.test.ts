// Every query of the suite over 1 000 000 pinned events gives the table that a real Flink 2.3 computed: with both engines, from the
// generator and from the events as JSON lines (600 MB on disk while it runs). About half an hour; MILLRACE_QUERIES=q0,q5 picks queries.
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseQueries } from "../../nexmark/options.js";
import { digestOf } from "../../nexmark/verify.js";
import { Region } from "../../src/wasm/region.js";
import { ALL_PATHS, context, datagen, linesOf, open } from "../nexmark/events.js";
import { eventJson, goldenResults, pinned, writeSideInput } from "../nexmark/golden-events.js";

const EVENTS = 1_000_000;
const golden = goldenResults("results-1m");
const workFolder = mkdtempSync(join(tmpdir(), "millrace-golden-"));
const input = join(workFolder, "events.json");
// q12 counts per processing time: its rows depend on the clock and have no golden table.
const queries = parseQueries(process.env.MILLRACE_QUERIES ?? "all").filter((query) => query !== "q12");

beforeAll(async () => {
	writeSideInput(workFolder);
	await pipeline(Readable.from(await eventLines()), createWriteStream(input));
});
afterAll(() => rmSync(workFolder, { recursive: true, force: true }));

describe.each([
	["wasm", "generated", undefined],
	["wasm", "JSON lines", input],
	["baseline", "generated", undefined],
] as const)("%s, %s", (engine, _, input) => {
	test.each(queries)("%s gives Flink's table", async (query) => {
		const settings = { query, engine, events: EVENTS, parallelism: 1, source: pinned(1000), input, workFolder };
		const { rows, sha256 } = golden.get(query)!;
		expect(await digestOf(settings)).toEqual({ rows, sha256 });
	});
});

async function eventLines(): Promise<Iterable<string>> {
	const region = await Region.create();
	const table = datagen({ "events.num": String(EVENTS), ...pinned(1000) });
	const reader = open(table, context(region, table, { projection: ALL_PATHS }));
	return (function* () {
		for (;;) {
			const mark = region.arena.mark();
			const batch = reader.next();
			if (batch === null) break;
			if (batch instanceof Promise) throw new Error("the source waits");
			yield linesOf(region, batch).map(eventJson).join("");
			region.arena.release(mark);
		}
		reader.close();
	})();
}
