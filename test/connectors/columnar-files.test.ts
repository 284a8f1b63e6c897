// Arrow and Parquet files through the filesystem connector, checked against the libraries' own reading.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as arrow from "apache-arrow";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { EngineError } from "../../src/errors.js";
import { call, column, type Expr, literal } from "../../src/types/expr.js";
import { BIGINT, BOOLEAN, DATE, decimal, INTEGER, STRING } from "../../src/types/sql-type.js";
import type { Row } from "../../src/types/value.js";
import { read, table, write } from "./tables.js";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "millrace-columnar-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const files = (columns: string, format: string, options: Record<string, string> = {}, more = {}) =>
	table(columns, { connector: "filesystem", path: folder, format, ...options }, more);

const only = () => readFileSync(join(folder, readdirSync(folder)[0]!));

const JAN_2 = Date.UTC(2024, 0, 2, 3, 4, 5);
const COLUMNS =
	"b BOOLEAN, ti TINYINT, si SMALLINT, i INT, l BIGINT, f FLOAT, d DOUBLE, de DECIMAL(10,3), wide DECIMAL(38,5), s STRING, " +
	"ch CHAR(5), y BYTES, da DATE, t0 TIME(3), t3 TIMESTAMP(3), t6 TIMESTAMP(6), t9 TIMESTAMP(9), lt TIMESTAMP_LTZ(3), " +
	"ar ARRAY<INT>, m MAP<STRING, BIGINT>, r ROW<a INT, x STRING, z ROW<q DECIMAL(5,2)>>";
const FULL: Row = [
	true,
	-1,
	300,
	2,
	-(2n ** 62n),
	1.5,
	1e10,
	-12_340n,
	12345678901234567890123456789n,
	"naïve, text",
	"ab   ",
	new Uint8Array([0, 255, 128]),
	19_724,
	11_045_120,
	JAN_2 + 120,
	BigInt(JAN_2) * 1000n + 123_456n,
	BigInt(JAN_2) * 1_000_000n + 123_456_789n,
	JAN_2,
	[1, null, 3],
	[
		["k", 1n],
		["m", null],
	],
	[7, "x", [-125n]],
];
const NULLS: Row = FULL.map(() => null);
const EARLY: Row = FULL.map((value, i) =>
	i === 14 || i === 17 ? -1 : i === 15 || i === 16 ? -1n : i === 12 ? -1 : value,
);

describe.each(["arrow", "parquet"])("%s", (format) => {
	test("every type comes back", async () => {
		await write(files(COLUMNS, format), [[FULL, NULLS], [EARLY]]);
		expect((await read(files(COLUMNS, format))).rows).toEqual([FULL, NULLS, EARLY]);
	});

	test("columns are found by name, nested fields too", async () => {
		await write(files(COLUMNS, format), [[FULL, NULLS]]);
		const of = files("r ROW<a INT, x STRING, z ROW<q DECIMAL(5,2)>>, l BIGINT", format);
		const { rows } = await read(of, { projection: [[0, 2, 0], [1], [0, 0]] });
		expect(rows).toEqual([
			[-125n, -(2n ** 62n), 7],
			[null, null, null],
		]);
		expect((await read(of, { projection: [] })).rows).toHaveLength(2);
	});

	test("many rows in several batches, a limit, and going on", async () => {
		const batches = Array.from({ length: 40 }, (_, b) =>
			Array.from({ length: 2500 }, (_, i): Row => [b * 2500 + i, `text ${i}`]),
		);
		const of = files("i INT, s STRING", format);
		await write(of, batches);
		const { rows } = await read(of);
		expect(rows).toHaveLength(100_000);
		expect(rows[70_001]).toEqual([70_001, "text 1"]);
		expect((await read(of, { limit: 5000 })).rows).toHaveLength(5000);
		const path = join(folder, readdirSync(folder)[0]!);
		const rest = await read(of, { startPosition: [new Map([[path, 99_990]])] });
		expect(rest.rows.map(([i]) => i)).toEqual([
			99_990, 99_991, 99_992, 99_993, 99_994, 99_995, 99_996, 99_997, 99_998, 99_999,
		]);
	});

	test("partitions", async () => {
		const of = files("p STRING, i INT", format, {}, { partitionKeys: ["p"] });
		await write(of, [
			[
				["a", 1],
				["b", 2],
			],
			[["a", 3]],
		]);
		expect((await read(of)).rows.sort()).toEqual([
			["a", 1],
			["a", 3],
			["b", 2],
		]);
	});

	test("a column that is not there, or of another type", async () => {
		await write(files("i INT", format), [[[1]]]);
		await expect(read(files("j INT", format))).rejects.toThrow(/no column 'j'.*one of i/s);
		await expect(read(files("i STRING", format))).rejects.toThrow(EngineError);
	});

	test("a file of something else", async () => {
		writeFileSync(join(folder, "x"), "this is text, and not a very long one");
		await expect(read(files("i INT", format))).rejects.toThrow(EngineError);
	});
});

test("Arrow files and streams are those of other libraries", async () => {
	const of = files("i INT, s STRING", "arrow");
	await write(of, [
		[
			[1, "a"],
			[2, null],
		],
	]);
	expect(
		arrow
			.tableFromIPC(only())
			.toArray()
			.map((row) => row.toJSON()),
	).toEqual([
		{ i: 1, s: "a" },
		{ i: 2, s: null },
	]);
	rmSync(folder, { recursive: true });
	await write(files("i INT, s STRING", "arrow", { "arrow.container": "stream" }), [[[3, "c"]]]);
	expect(only().subarray(0, 6).toString()).not.toBe("ARROW1");
	expect((await read(of)).rows).toEqual([[3, "c"]]);
	writeFileSync(
		join(folder, "z"),
		arrow.tableToIPC(arrow.tableFromArrays({ s: ["q"], i: Int32Array.of(9) }), "stream"),
	);
	expect((await read(of)).rows).toEqual([
		[3, "c"],
		[9, "q"],
	]);
});

test("Parquet files are those of other libraries", async () => {
	await write(files(COLUMNS, "parquet"), [[FULL]]);
	const bytes = only();
	const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
	const [row] = await parquetReadObjects({ file: buffer });
	expect(row).toMatchObject({
		b: true,
		ti: -1,
		si: 300,
		i: 2,
		l: -(2n ** 62n),
		f: 1.5,
		d: 1e10,
		de: -12.34,
		s: "naïve, text",
		ch: "ab   ",
		da: new Date("2024-01-02"),
		t3: new Date(JAN_2 + 120),
		lt: new Date(JAN_2),
		ar: [1, null, 3],
		m: { k: 1n, m: null },
		r: { a: 7, x: "x", z: { q: -1.25 } },
	});
	const names = parquetMetadata(buffer).schema.map(({ name, logical_type }) => [name, logical_type?.type]);
	expect(names).toContainEqual(["wide", "DECIMAL"]);
	expect(names).toContainEqual(["t9", "TIMESTAMP"]);
});

test("Parquet of another writer", async () => {
	const columnData = [
		{ name: "id", data: [1n, 2n, 3n], type: "INT64" as const },
		{ name: "price", data: [1.5, 2.25, -3], type: "DOUBLE" as const },
		{ name: "name", data: ["a", "b", "c"], type: "STRING" as const },
		{ name: "at", data: [new Date(JAN_2), new Date(0), new Date(-1)], type: "TIMESTAMP" as const },
	];
	writeFileSync(join(folder, "other.parquet"), new Uint8Array(parquetWriteBuffer({ columnData })));
	const { rows } = await read(files("id BIGINT, `at` TIMESTAMP(3), name STRING, price DOUBLE", "parquet"));
	expect(rows).toEqual([
		[1n, JAN_2, "a", 1.5],
		[2n, 0, "b", 2.25],
		[3n, -1, "c", -3],
	]);
});

test("Parquet: row groups in which no row can pass the filters are not read", async () => {
	const columnData = [
		{ name: "id", data: [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n], type: "INT64" as const },
		{ name: "day", data: [10, 11, 20, 21, 30, 31, null, null], type: "INT32" as const },
		{ name: "name", data: ["a", "b", "b", "c", "x", "é", "y", "z"], type: "STRING" as const },
	];
	const file = parquetWriteBuffer({ columnData, rowGroupSize: [2, 2, 2, 2] });
	writeFileSync(join(folder, "groups.parquet"), new Uint8Array(file));
	const of = files("id BIGINT, name STRING, `day` INT", "parquet");
	const [id, day, name] = [column(0, BIGINT), column(1, INTEGER), column(2, STRING)];
	const compare = (operator: string, left: Expr, right: Expr) => call(operator, [left, right], BOOLEAN);
	const ids = async (...filters: Expr[]) => {
		const { rows } = await read(of, { select: ["id", "day", "name"], filters });
		return rows.map(([value]) => Number(value));
	};
	expect(await ids()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
	expect(await ids(compare("=", id, literal(3n, BIGINT)))).toEqual([3, 4]);
	expect(await ids(compare(">", literal(2n, BIGINT), id))).toEqual([1, 2]);
	expect(await ids(compare(">=", id, literal(4n, BIGINT)), compare("<", id, literal(5n, BIGINT)))).toEqual([3, 4]);
	expect(await ids(compare("=", id, literal(99n, BIGINT)))).toEqual([]);
	// A group of NULLs alone has no least value: nothing is known of it.
	expect(await ids(compare(">", day, literal(25, INTEGER)))).toEqual([5, 6, 7, 8]);
	expect(await ids(compare("=", name, literal("b", STRING)))).toEqual([1, 2, 3, 4, 5, 6]);
	const either = call("OR", [compare("<", id, literal(2n, BIGINT)), compare("=", id, literal(7n, BIGINT))], BOOLEAN);
	expect(await ids(either)).toEqual([1, 2, 7, 8]);
	const among = call("IN", [id, literal(1n, BIGINT), literal(5n, BIGINT)], BOOLEAN);
	expect(await ids(among)).toEqual([1, 2, 5, 6]);
	expect(await ids(call("NOT", [compare("=", id, literal(1n, BIGINT))], BOOLEAN))).toHaveLength(8);
});

test("Parquet: DECIMAL and DATE bounds are compared by value", async () => {
	const of = files("price DECIMAL(12, 2), `day` DATE", "parquet");
	await write(of, [
		[
			[-150n, 100],
			[250n, 200],
		],
	]);
	const price = column(0, decimal(12, 2));
	const filtered = async (...filters: Expr[]) => (await read(of, { filters })).rows.length;
	const above = (value: bigint, scale: number) => call(">", [price, literal(value, decimal(6, scale))], BOOLEAN);
	expect(await filtered(above(2499n, 3))).toBe(2);
	expect(await filtered(above(26n, 1))).toBe(0);
	expect(await filtered(call("<", [price, literal(-2n, decimal(6, 0))], BOOLEAN))).toBe(0);
	expect(await filtered(call("<=", [column(1, DATE), literal(99, DATE)], BOOLEAN))).toBe(0);
	expect(await filtered(call("<=", [column(1, DATE), literal(100, DATE)], BOOLEAN))).toBe(2);
});
