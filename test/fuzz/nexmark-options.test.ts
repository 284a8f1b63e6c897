// Both engines give the same table for every query, whatever the generator's options: seeds, sizes, rates, shares, disorder, ratios.
// MILLRACE_CASES: how many option sets; MILLRACE_SEED: where to begin; MILLRACE_QUERIES: which queries.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseQueries } from "../../nexmark/options.js";
import { verify } from "../../nexmark/verify.js";
import { writeSideInput } from "../nexmark/golden-events.js";
import { SplittableRandom } from "../nexmark/splittable-random.js";

const CASES = Number(process.env.MILLRACE_CASES ?? 20);
const FIRST = Number(process.env.MILLRACE_SEED ?? 1);
const workFolder = mkdtempSync(join(tmpdir(), "millrace-options-"));
// q12 counts per processing time: nexmark/verify.ts has its own check.
const queries = parseQueries(process.env.MILLRACE_QUERIES ?? "all").filter((query) => query !== "q12");

/** Watermarks after every row: by default a clock takes part, and what is late depends on it. */
const SESSION = { "pipeline.auto-watermark-interval": "0 ms" };

beforeAll(() => writeSideInput(workFolder));
afterAll(() => rmSync(workFolder, { recursive: true, force: true }));

/** Options that differ from the defaults in some ways; the first ones are the smallest streams. */
function optionsOf(index: number): Record<string, string> {
	const random = new SplittableRandom(index);
	const pick = (...values: readonly (string | number)[]) => String(values[random.nextInt(values.length)]);
	const events = [0, 1, 10, 999, 4001][index] ?? Number(pick(3000, 8000, 20_000));
	const options: Record<string, string> = {
		"stop-at": String(events),
		"generator.mode": pick("stream", "blocks"),
		seed: String(random.nextInt32()),
		"first-event.rate": pick(1, 10, 100, 1000, 10_000, 10_000_000),
	};
	const sometimes = (name: string, ...values: readonly (string | number)[]) => {
		if (random.nextInt(3) === 0) options[name] = pick(...values);
	};
	sometimes("out-of-order.group-size", 2, 7, 100, 5000);
	sometimes("person.proportion", 0, 1, 5, 20);
	sometimes("auction.proportion", 0, 1, 10);
	sometimes("bid.proportion", 1, 3, 100);
	sometimes("bid.hot-ratio.auctions", 1, 3, 100);
	sometimes("bid.hot-ratio.bidders", 1, 2, 100);
	sometimes("auction.hot-ratio.sellers", 1, 2, 100);
	sometimes("active-people", 1, 10, 100_000);
	sometimes("in-flight-auctions", 1, 1000);
	sometimes("bid.avg-size", 0, 40, 900);
	sometimes("auction.avg-size", 0, 3000);
	sometimes("person.avg-size", 0, 1000);
	sometimes("base-time", 0, -86_400_000, 1_700_000_000_123);
	return options;
}

/** q6 leaves the order of bids in the same millisecond open. */
const isOpen = (query: string, source: Record<string, string>) =>
	query === "q6" && Number(source["first-event.rate"]) > 1000;

describe.each(Array.from({ length: CASES }, (_, i) => FIRST - 1 + i))("option set %i", (index) => {
	const source = optionsOf(index);
	test.each(queries.filter((query) => !isOpen(query, source)))(`%s, ${JSON.stringify(source)}`, async (query) => {
		const { digests } = await verify({ query, events: 0, parallelism: 1, source, options: SESSION, workFolder });
		expect(digests.wasm).toEqual(digests.baseline);
	});
});
