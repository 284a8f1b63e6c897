// The pinned stream: what the official generator makes with seeds 1, 2, 3, byte for byte.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { NexmarkGenerator } from "../../src/connectors/nexmark/generator.js";
import { FIELDS } from "../../src/connectors/nexmark/layout.js";
import { configOf, splitOf } from "../../src/connectors/nexmark/options.js";
import { Region } from "../../src/wasm/region.js";
import { ALL_PATHS, columnsOf, context, datagen, drain, hashOf, linesOf, open } from "./events.js";

const golden = (name: string) => gunzipSync(readFileSync(`test/golden/nexmark/${name}.tsv.gz`)).toString();
const LONG = 60_000;

test("the first 1000 events are those of the golden file", async () => {
	const lines = golden("events-seed-1-2-3.first1000")
		.split("\n")
		.filter((line) => line !== "" && !line.startsWith("#"));
	const region = await Region.create();
	const table = datagen({ "generator.mode": "stream", "events.num": "1000" });
	const made: string[] = [];
	drain(region, open(table, context(region, table, { projection: ALL_PATHS })), (batch) => {
		made.push(...linesOf(region, batch));
	});
	expect(made).toEqual(lines);
});

test("20 000 events at rate 100", async () => {
	const hash = createHash("sha256").update(golden("events-20k")).digest("hex");
	expect(hash).toBe("de688e791b929e4af5853a462996eb177043b84f56e415e198921e20a4b1dcbb");
	expect(await hashOf({ "events.num": "20000", "first-event.rate": "100" })).toBe(hash);
});

test("1 000 000 events", { timeout: LONG }, async () => {
	expect(await hashOf({ "events.num": "1000000" })).toBe(
		"ee7a7dfd76e7009819059dd500f50aaacde1ad0c91421ed16b1e73692f797207",
	);
});

test("1 000 000 events at rate 1000", { timeout: LONG }, async () => {
	expect(await hashOf({ "events.num": "1000000", "first-event.rate": "1000" })).toBe(
		"060234578ed4c6e7cefe438e008b3ee25c17cfe735e4f7ccfc70a44a2591d696",
	);
});

test.each([
	[3, "98837a15fdfe59dbf56ff06098e48115d4027f46224154a63d8783b7c81fe7d5"],
	[7, "e959457c603afd1707777b4656c68b30d9a639120b185e99449cd2c873769c5b"],
])("split %i of 8 of 2 000 003 events at rate 10 M", { timeout: LONG }, async (split, sha256) => {
	const region = await Region.create();
	const whole = configOf({ "generator.mode": "stream", "events.num": "2000003", "first-event.rate": "10000000" });
	const config = splitOf(whole, split, 8);
	const generator = new NexmarkGenerator(region, config, FIELDS, 0b111, 4096);
	const hash = createHash("sha256");
	for (let first = 0; first < config.events; ) {
		const mark = region.arena.mark();
		const end = Math.min(first + 4096, config.events);
		const rows = generator.generate(
			() => (first < end ? { first, count: end - first } : undefined),
			(positions) => {
				first += positions;
			},
		);
		const batch = { length: rows.length, columns: FIELDS.map((field) => rows.column(field)), kinds: 0 };
		hash.update(`${linesOf(region, batch).join("\n")}\n`);
		region.arena.release(mark);
	}
	generator.close();
	expect(hash.digest("hex")).toBe(sha256);
	expect(region.heap.usedBytes).toBe(region.arena.heldBytes);
});

test("fewer columns and one event type give the same values", async () => {
	const options = { "generator.mode": "stream", "events.num": "30000" };
	const all = await columnsOf(options, { projection: ALL_PATHS });
	const indexes = (event: number) => all[0]!.flatMap((type, i) => (type === event ? [i] : []));
	const typeIs = (event: number) => ({
		kind: "call" as const,
		function: "=",
		type: { kind: "BOOLEAN" as const, nullable: true },
		args: [
			{ kind: "column" as const, index: 0, type: { kind: "INTEGER" as const, nullable: true } },
			{ kind: "literal" as const, value: event, type: { kind: "INTEGER" as const, nullable: false } },
		],
	});
	const bids = await columnsOf(options, { projection: [[0], [3, 2], [3, 6]], filters: [typeIs(2)] });
	expect(bids[1]).toEqual(indexes(2).map((i) => all[21]![i]));
	expect(bids[2]).toEqual(indexes(2).map((i) => all[25]![i]));
	expect(new Set(bids[0])).toEqual(new Set([2]));
	const auctions = await columnsOf(options, { projection: [[0], [2, 9], [3, 0]], filters: [typeIs(1)] });
	expect(auctions[1]).toEqual(indexes(1).map((i) => all[18]![i]));
	expect(new Set(auctions[2])).toEqual(new Set([null]));
	const people = await columnsOf(options, { projection: [[0], [1, 2], [1, 7]], filters: [typeIs(0)] });
	expect(people[1]).toEqual(indexes(0).map((i) => all[3]![i]));
	expect(people[2]).toEqual(indexes(0).map((i) => all[8]![i]));
});

test("a reader goes on from its position", async () => {
	const region = await Region.create();
	const table = datagen({ "generator.mode": "stream", "events.num": "12000" });
	const lines: string[] = [];
	const whole: string[] = [];
	drain(region, open(table, context(region, table, { projection: ALL_PATHS })), (batch) => {
		whole.push(...linesOf(region, batch));
	});
	const first = open(table, context(region, table, { projection: ALL_PATHS, batchRows: 1000 }));
	for (let i = 0; i < 3; i++) lines.push(...linesOf(region, first.next() as never));
	const startPosition = [structuredClone(first.position())];
	first.close();
	const second = open(table, context(region, table, { projection: ALL_PATHS, startPosition }));
	drain(region, second, (batch) => {
		lines.push(...linesOf(region, batch));
	});
	expect(lines).toEqual(whole);
});
