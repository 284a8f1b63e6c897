// The datagen connector.
import { expect, test } from "vitest";
import { checkTable, describeTable } from "../../src/connectors/index.js";
import { EngineError } from "../../src/errors.js";
import type { Value } from "../../src/types/value.js";
import { openReader, read, table, take } from "./tables.js";

const datagen = (columns: string, options: Record<string, string> = {}) =>
	table(columns, { connector: "datagen", "rows-per-second": "1000000", ...options });

/** A clock that is far ahead at every look: nothing has to wait. */
function fastClock() {
	let time = 1_700_000_000_000;
	return () => {
		time += 10_000;
		return time;
	};
}

const rowsOf = async (columns: string, options: Record<string, string> = {}, more = {}) =>
	(await read(datagen(columns, options), { now: fastClock(), ...more })).rows;

test("sequences, the shortest ends the source", async () => {
	const rows = await rowsOf("a INT, b BIGINT, c STRING, d DOUBLE, e DECIMAL(5, 2)", {
		"fields.a.kind": "sequence",
		"fields.a.start": "1",
		"fields.a.end": "3",
		"fields.b.kind": "sequence",
		"fields.b.start": "10",
		"fields.b.end": "20",
		"fields.c.kind": "sequence",
		"fields.c.start": "1",
		"fields.c.end": "9",
		"fields.d.kind": "sequence",
		"fields.d.start": "-1",
		"fields.d.end": "9",
		"fields.e.kind": "sequence",
		"fields.e.start": "1",
		"fields.e.end": "9",
	});
	expect(rows).toEqual([
		[1, 10n, "1", -1, 100n],
		[2, 11n, "2", 0, 200n],
		[3, 12n, "3", 1, 300n],
	]);
});

test("random values stay within their bounds", async () => {
	const options = {
		"number-of-rows": "500",
		"fields.i.min": "1",
		"fields.i.max": "5",
		"fields.d.min": "-0.5",
		"fields.d.max": "0.5",
		"fields.e.min": "1.5",
		"fields.e.max": "2.25",
		"fields.s.length": "4",
		"fields.v.var-len": "true",
		"fields.r.x.min": "7",
		"fields.r.x.max": "8",
		"fields.list.element.min": "1",
		"fields.list.element.max": "3",
		"fields.list.length": "2",
		"fields.n.null-rate": "1.0",
		"fields.t.max-past": "1 min",
	};
	const columns =
		"i INT, d DOUBLE, e DECIMAL(5, 2), s STRING, v VARCHAR(20), c CHAR(6), r ROW<x TINYINT>, list ARRAY<BIGINT>, n INT, t TIMESTAMP(3), f BOOLEAN";
	const rows = await rowsOf(columns, options);
	expect(rows).toHaveLength(500);
	const column = (index: number) => rows.map((row) => row[index] as Value);
	expect(new Set(column(0))).toEqual(new Set([1, 2, 3, 4, 5]));
	expect(column(1).every((value) => Math.abs(value as number) <= 0.5)).toBe(true);
	expect(column(2).every((value) => (value as bigint) >= 150n && (value as bigint) <= 225n)).toBe(true);
	expect(column(3).every((value) => /^[0-9a-f]{4}$/.test(value as string))).toBe(true);
	expect(new Set(column(4).map((value) => (value as string).length)).size).toBe(20);
	expect(column(5).every((value) => (value as string).length === 6)).toBe(true);
	expect(new Set(column(6).map(String))).toEqual(new Set(["7", "8"]));
	expect(
		column(7).every((list) => (list as bigint[]).length === 2 && (list as bigint[]).every((n) => n >= 1n && n <= 3n)),
	).toBe(true);
	expect(new Set(column(8))).toEqual(new Set([null]));
	expect(new Set(column(10))).toEqual(new Set([true, false]));
});

test("every type has values", async () => {
	const columns =
		"a TINYINT, b SMALLINT, c BIGINT, d FLOAT, e BYTES, f DATE, g TIME, h TIMESTAMP_LTZ(6), i MAP<STRING, INT>, j MULTISET<INT>, k DECIMAL(38, 3)";
	const rows = await rowsOf(columns, { "number-of-rows": "50" });
	expect(rows.flat().includes(null)).toBe(false);
	expect(rows.every((row) => (row[4] as Uint8Array).length === 100)).toBe(true);
});

test("subtasks share rows and sequences", async () => {
	const options = { "fields.a.kind": "sequence", "fields.a.start": "1", "fields.a.end": "10" };
	const parts = await Promise.all([0, 1, 2].map((subtask) => rowsOf("a INT", options, { subtask, parallelism: 3 })));
	expect(parts.flat(2).sort((l, r) => (l as number) - (r as number))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
	const counts = await Promise.all(
		[0, 1, 2].map((subtask) => rowsOf("a INT", { "number-of-rows": "10" }, { subtask, parallelism: 3 })),
	);
	expect(counts.flat()).toHaveLength(10);
});

test("the rate is kept", async () => {
	let clock = 0;
	const of = datagen("a INT", { "rows-per-second": "100", "number-of-rows": "12" });
	const { region, reader } = await openReader(of, { now: () => clock });
	expect(reader.next()).toBeInstanceOf(Promise);
	clock = 50;
	expect((await take(region, reader, 1)).rows).toHaveLength(5);
	expect(reader.next()).toBeInstanceOf(Promise);
	clock = 1000;
	expect((await take(region, reader)).rows).toHaveLength(7);
	await reader.close();
});

test("a reader goes on from its position", async () => {
	const options = { "fields.a.kind": "sequence", "fields.a.start": "1", "fields.a.end": "10" };
	const { region, reader } = await openReader(datagen("a INT", options), { now: fastClock(), batchRows: 4 });
	expect((await take(region, reader, 1)).rows.flat()).toEqual([1, 2, 3, 4]);
	const rest = await rowsOf("a INT", options, { startPosition: [reader.position()] });
	expect(rest.flat()).toEqual([5, 6, 7, 8, 9, 10]);
});

test("describes what it makes", () => {
	expect(describeTable(datagen("a INT")).bounded).toBe(false);
	expect(describeTable(datagen("a INT", { "number-of-rows": "7" }))).toMatchObject({
		bounded: true,
		statistics: { rows: 7 },
	});
	const ends = { "fields.a.kind": "sequence", "fields.a.start": "1", "fields.a.end": "2" };
	expect(describeTable(datagen("a INT", ends)).bounded).toBe(true);
});

test.each([
	["s STRING", { "fields.x.kind": "sequence" }, "UNKNOWN_OPTION", "fields.x.kind"],
	["s STRING", { "fields.s.min": "1" }, "UNKNOWN_OPTION", "fields.s.min"],
	["s STRING", { "fields.s.lenght": "1" }, "UNKNOWN_OPTION", "fields.#.length"],
	["c CHAR(5)", { "fields.c.length": "3" }, "UNKNOWN_OPTION", "fields.c.length"],
	["i INT", { "fields.i.kind": "sequence" }, "MISSING_OPTION", "fields.i.start"],
	["i INT", { "fields.i.kind": "serial" }, "INVALID_OPTION", "sequence"],
	["i INT", { "fields.i.min": "low" }, "INVALID_OPTION", "a number"],
	["v VARCHAR(5)", { "fields.v.length": "9" }, "INVALID_OPTION", "at most 5"],
	[
		"b BOOLEAN",
		{ "fields.b.kind": "sequence", "fields.b.start": "0", "fields.b.end": "1" },
		"INVALID_OPTION",
		"random",
	],
])("%s with %j is refused", (columns, options, code, text) => {
	try {
		const of = datagen(columns, options as Record<string, string>);
		checkTable(of).describe(of);
	} catch (error) {
		expect([(error as EngineError).code, (error as EngineError).message]).toEqual([
			code,
			expect.stringContaining(text),
		]);
		expect(error).toBeInstanceOf(EngineError);
		return;
	}
	throw new Error("nothing was thrown");
});
