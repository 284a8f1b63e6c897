// The nexmark connector as a table: options, schema, whole rows, pacing, limits.
import { expect, test } from "vitest";
import { readColumn } from "../../src/arrow/values.js";
import { checkTable, connectorFor } from "../../src/connectors/index.js";
import { EngineError } from "../../src/errors.js";
import { BIGINT, INTEGER, row, STRING } from "../../src/types/sql-type.js";
import { Region } from "../../src/wasm/region.js";
import { ALL_PATHS, columnsOf, context, datagen, drain, open } from "./events.js";

function failure(act: () => unknown): EngineError {
	try {
		act();
	} catch (error) {
		if (error instanceof EngineError) return error;
		throw error;
	}
	throw new Error("nothing was thrown");
}

test("options are checked", () => {
	expect(failure(() => checkTable(datagen({ "event.num": "5" }))).message).toContain("Did you mean 'events.num'?");
	expect(failure(() => checkTable(datagen({ "first-event.rate": "fast" }))).code).toBe("INVALID_OPTION");
	expect(failure(() => checkTable(datagen({ "bid.hot-ratio.auctions": "0" }))).message).toContain("from 1");
	expect(failure(() => checkTable(datagen({ "bid.avg-size": "1 gb" }))).code).toBe("INVALID_OPTION");
	const nothing = { "person.proportion": "0", "auction.proportion": "0", "bid.proportion": "0" };
	expect(failure(() => connectorFor("nexmark").describe(datagen(nothing))).message).toContain("all 0");
});

test("columns are those of the events", () => {
	const describe = (columns: ReturnType<typeof datagen>["columns"]) =>
		connectorFor("nexmark").describe({ ...datagen({}), columns });
	expect(failure(() => describe([{ name: "bids", type: row([]) }])).message).toContain("Did you mean 'bid'?");
	const bid = (name: string, type: typeof BIGINT | typeof STRING) => [{ name: "bid", type: row([{ name, type }]) }];
	expect(failure(() => describe(bid("prize", BIGINT))).message).toContain("Did you mean 'price'?");
	expect(failure(() => describe(bid("price", STRING))).message).toContain("expected BIGINT");
	expect(describe([...bid("price", BIGINT), { name: "event_type", type: INTEGER }]).bounded).toBe(false);
});

test("describes how much there is", () => {
	const describe = (options: Record<string, string>) => connectorFor("nexmark").describe(datagen(options));
	expect(describe({ "events.num": "10000" })).toMatchObject({ bounded: true, statistics: { rows: 10_000 } });
	expect(describe({ "events.num": "10000", "generator.mode": "stream" }).maxParallelism).toBe(1);
	expect(describe({ "events.num": "10000", "keep-alive": "true" }).bounded).toBe(false);
	expect(describe({ "stop-at": "500", "events.num": "10000" }).statistics).toMatchObject({ rows: 500 });
});

test("fields of other events are NULL, and a whole event is a ROW", async () => {
	const options = { "events.num": "5000" };
	const all = await columnsOf(options, { projection: ALL_PATHS });
	const [people, auctions, bids] = await columnsOf(options, { projection: [[1], [2], [3]] });
	const starts = [1, 9, 19, 26];
	for (const [event, rows] of [people, auctions, bids].entries()) {
		const expected = all[0]!.map((type, i) =>
			type === event ? all.slice(starts[event], starts[event + 1]).map((column) => column[i]) : null,
		);
		expect(rows).toEqual(expected);
	}
	expect(all[1]!.filter((id) => id !== null)).toHaveLength(100);
});

test("a limit ends the source", async () => {
	const [prices] = await columnsOf({}, { projection: [[3, 2]], limit: 5000 });
	expect(prices).toHaveLength(5000);
});

test("other proportions", async () => {
	const options = { "events.num": "6000", "person.proportion": "2", "auction.proportion": "1", "bid.proportion": "0" };
	for (const mode of ["stream", "blocks"]) {
		const [types] = await columnsOf({ ...options, "generator.mode": mode }, { projection: [[0]] });
		const count = (type: number) => types!.filter((each) => each === type).length;
		expect([count(0), count(1), count(2)]).toEqual([4000, 2000, 0]);
	}
});

test("a limited rate emits nothing before its time", async () => {
	const region = await Region.create();
	const table = datagen({ "events.num": "1000", "first-event.rate": "1000", "rate.limited": "true" });
	let clock = 5_000_000;
	const reader = open(table, context(region, table, { projection: [[0], [3, 5]], now: () => clock }));
	const waiting = reader.next();
	expect(waiting).toBeInstanceOf(Promise);
	clock += 100;
	await waiting;
	const early = reader.next();
	expect(early).toMatchObject({ length: 100 });
	expect(reader.next()).toBeInstanceOf(Promise);
	clock += 10_000;
	expect(reader.next()).toMatchObject({ length: 900 });
	expect(reader.next()).toBeNull();
	reader.close();
});

test("a source that is kept alive waits until it is cancelled", async () => {
	const region = await Region.create();
	const controller = new AbortController();
	const table = datagen({ "events.num": "10", "keep-alive": "true" });
	const reader = open(table, context(region, table, { projection: [[0]], signal: controller.signal }));
	expect(reader.next()).toMatchObject({ length: 10 });
	const waiting = reader.next();
	controller.abort();
	await waiting;
	reader.close();
});

test("nothing is left in memory", async () => {
	const region = await Region.create({ build: "debug" });
	const table = datagen({ "events.num": "30000", "out-of-order.group-size": "3" });
	for (const mode of ["stream", "blocks"]) {
		const made = datagen({ ...table.options, "generator.mode": mode });
		drain(region, open(made, context(region, made, { projection: [...ALL_PATHS, [3]] })), (batch) => {
			for (const column of batch.columns) readColumn(region, column, batch.length);
		});
	}
	region.arena.dispose();
	expect(region.heap.liveBlocks()).toEqual([]);
});
