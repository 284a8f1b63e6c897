// The stream for other seeds and options than the golden files have: what the laws of the official generator give, byte for byte.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { Region } from "../../src/wasm/region.js";
import { ALL_PATHS, context, datagen, drain, linesOf, open } from "./events.js";
import { type ReferenceOptions, referenceLines } from "./reference.js";

const DEFAULTS: ReferenceOptions = {
	seed: 1,
	events: 1000,
	rate: 10_000,
	baseTime: 1_436_918_400_000,
	shares: [1, 3, 46],
	sizes: [200, 500, 100],
	hotAuctions: 2,
	hotBidders: 4,
	hotSellers: 4,
	activePeople: 1000,
	inFlight: 100,
	groupSize: 1,
};

test("the reference gives the golden events", () => {
	const golden = gunzipSync(readFileSync("test/golden/nexmark/events-20k.tsv.gz")).toString().trimEnd().split("\n");
	expect([...referenceLines({ ...DEFAULTS, events: 5000, rate: 100 })]).toEqual(golden.slice(0, 5000));
});

const CASES: readonly (readonly [string, Partial<ReferenceOptions>])[] = [
	["other seeds", { seed: 42, events: 5000 }],
	["a negative seed", { seed: -7 }],
	["a large seed", { seed: 2 ** 40 + 5 }],
	["one event", { events: 1 }],
	["ten events, one a second", { events: 10, rate: 1 }],
	["one event in 17 minutes: expiries beyond 32 bits", { events: 500, rate: 0.001 }],
	["a rate that does not divide a second", { events: 3000, rate: 300_007 }],
	["many events a microsecond", { events: 3000, rate: 1e8 }],
	["before 1970", { baseTime: -5_000_000 }],
	["no persons", { shares: [0, 3, 46], events: 3000 }],
	["no auctions", { shares: [1, 0, 46], events: 3000 }],
	["no bids", { shares: [2, 1, 0], events: 3000 }],
	["only bids", { shares: [0, 0, 1] }],
	["only persons", { shares: [5, 0, 0] }],
	["other shares", { shares: [3, 5, 9], events: 3000 }],
	["other sizes", { sizes: [40, 130, 33], events: 3000 }],
	["no fillers", { sizes: [0, 0, 0], events: 3000 }],
	["large events", { sizes: [2000, 5000, 900], events: 2000 }],
	["nobody and nothing is hot", { hotAuctions: 1, hotBidders: 1, hotSellers: 1, events: 3000 }],
	["hotter", { hotAuctions: 100, hotBidders: 7, hotSellers: 1000, events: 3000 }],
	["few people and auctions", { activePeople: 1, inFlight: 1, events: 3000 }],
	["many people and auctions", { activePeople: 100_000, inFlight: 1_000_000, events: 3000 }],
	["out of order", { groupSize: 7, events: 3000 }],
	["far out of order", { groupSize: 1000, events: 3000, rate: 10 }],
];

test.each(CASES)("%s", async (_, more) => {
	const options = { ...DEFAULTS, ...more };
	expect(await streamLines(options)).toEqual([...referenceLines(options)]);
});

async function streamLines(options: ReferenceOptions): Promise<string[]> {
	const region = await Region.create();
	const table = datagen({
		"generator.mode": "stream",
		seed: String(options.seed),
		"events.num": String(options.events),
		"first-event.rate": String(options.rate),
		"base-time": String(options.baseTime),
		"person.proportion": String(options.shares[0]),
		"auction.proportion": String(options.shares[1]),
		"bid.proportion": String(options.shares[2]),
		"person.avg-size": `${options.sizes[0]} b`,
		"auction.avg-size": `${options.sizes[1]} b`,
		"bid.avg-size": `${options.sizes[2]} b`,
		"bid.hot-ratio.auctions": String(options.hotAuctions),
		"bid.hot-ratio.bidders": String(options.hotBidders),
		"auction.hot-ratio.sellers": String(options.hotSellers),
		"active-people": String(options.activePeople),
		"in-flight-auctions": String(options.inFlight),
		"out-of-order.group-size": String(options.groupSize),
	});
	const lines: string[] = [];
	drain(region, open(table, context(region, table, { projection: ALL_PATHS })), (batch) => {
		lines.push(...linesOf(region, batch));
	});
	return lines;
}
