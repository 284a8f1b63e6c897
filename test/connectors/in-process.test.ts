// Connectors that stay in the process: print, blackhole, values; and the list of them all.
import { expect, test } from "vitest";
import { rowsToBatch } from "../../src/arrow/rows.js";
import { checkTable, connectorFor, connectorNames, describeTable } from "../../src/connectors/index.js";
import type { TableHandle } from "../../src/connectors/values.js";
import { EngineError } from "../../src/errors.js";
import { RowKind } from "../../src/types/row-kind.js";
import type { Row } from "../../src/types/value.js";
import { schemaOf } from "../formats/decode.js";
import { openReader, read, table, take, write } from "./tables.js";

test("an unknown connector suggests the near miss", () => {
	expect(connectorNames()).toContain("filesystem");
	expect(() => connectorFor("filesytem")).toThrow(/Did you mean 'filesystem'\?/);
	expect(() => checkTable(table("a INT", { connector: "blackhole", path: "/x" }))).toThrow(EngineError);
});

async function printed(
	columns: string,
	rows: readonly Row[],
	options: Record<string, string> = {},
	more = {},
	kinds?: RowKind[],
) {
	let out = "";
	let error = "";
	const output = { out: (text: string) => (out += text), error: (text: string) => (error += text) };
	await write(table(columns, { connector: "print", ...options }), [rows], { output, ...more }, kinds);
	return { out, error };
}

test("print shows values as Flink does", async () => {
	const JAN_2 = Date.UTC(2024, 0, 2, 3, 4, 5);
	const columns =
		"b BOOLEAN, ti TINYINT, l BIGINT, f FLOAT, d DOUBLE, de DECIMAL(10,3), s STRING, ch CHAR(5), y BYTES, da DATE, t0 TIME, " +
		"t3 TIMESTAMP(3), t6 TIMESTAMP(6), lt TIMESTAMP_LTZ(3), ar ARRAY<INT>, r ROW<a INT, x STRING>, m MAP<STRING, INT>, " +
		"ts0 TIMESTAMP(3), d9 TIMESTAMP(9)";
	const row: Row = [
		true,
		1,
		3n,
		1.5,
		1e10,
		12_340n,
		'a"b,c',
		"ab   ",
		new Uint8Array([97, 98, 99]),
		19_724,
		11_045_000,
		JAN_2 + 120,
		BigInt(JAN_2) * 1000n + 123_400n,
		JAN_2,
		[1, 2],
		[1, "x"],
		[
			["k", 1],
			["j", null],
		],
		JAN_2 - 5000,
		BigInt(JAN_2) * 1_000_000n + 123_456_789n,
	];
	const { out } = await printed(columns, [row, row.map(() => null)]);
	expect(out.split("\n")[0]).toBe(
		'+I[true, 1, 3, 1.5, 1.0E10, 12.340, a"b,c, ab   , [97, 98, 99], 2024-01-02, 03:04:05, 2024-01-02T03:04:05.120, ' +
			"2024-01-02T03:04:05.123400, 2024-01-02T03:04:05Z, [1, 2], +I[1, x], {j=null, k=1}, 2024-01-02T03:04, " +
			"2024-01-02T03:04:05.123456789]",
	);
	expect(out.split("\n")[1]).toBe(`+I[${row.map(() => "null").join(", ")}]`);
});

test("print shows row kinds, identifier and task", async () => {
	const kinds = [RowKind.INSERT, RowKind.UPDATE_BEFORE, RowKind.UPDATE_AFTER, RowKind.DELETE];
	const rows: Row[] = [
		[1, 1n],
		[1, 1n],
		[1, 2n],
		[1, 2n],
	];
	const one = await printed("a INT, c BIGINT", rows, { "print-identifier": "id" }, {}, kinds);
	expect(one.out).toBe("id> +I[1, 1]\nid> -U[1, 1]\nid> +U[1, 2]\nid> -D[1, 2]\n");
	const two = await printed("a INT", [[1]], { "standard-error": "true" }, { subtask: 1, parallelism: 3 });
	expect(two).toEqual({ out: "", error: "2> +I[1]\n" });
});

test("blackhole takes any changes", async () => {
	const of = table("a INT", { connector: "blackhole" });
	expect(connectorFor("blackhole").sink!.accepts(of)).toBe("upsert");
	await write(of, [[[1], [2]]], {}, [RowKind.INSERT, RowKind.DELETE]);
});

const handles = (handle: TableHandle) => new Map([["h", handle]]);
const registered = (options: Record<string, string> = {}) =>
	table("a INT, r ROW<x INT, y STRING>", { connector: "values", ...options }, { handle: "h" });
const ROWS: Row[] = [
	[1, [10, "p"]],
	[2, null],
	[3, [30, null]],
	[4, [40, "q"]],
];

test("values from arrays, iterables and batches", async () => {
	const schema = schemaOf("a INT, r ROW<x INT, y STRING>");
	async function* live() {
		yield { rows: ROWS.slice(0, 1) };
		await new Promise((resolve) => setTimeout(resolve, 5));
		yield { rows: [] };
		yield { rows: ROWS.slice(1) };
	}
	const sources: TableHandle[] = [
		{ chunks: () => [{ rows: ROWS }] },
		{ chunks: live },
		{ chunks: () => [{ length: 4, build: (region) => rowsToBatch(region, schema, ROWS) }] },
	];
	for (const source of sources) {
		expect((await read(registered(), { handles: handles(source) })).rows).toEqual(ROWS);
		const flat = await read(registered(), {
			handles: handles(source),
			projection: [[1, 1], [0]],
			batchRows: 2,
			limit: 3,
		});
		expect(flat.rows).toEqual([
			["p", 1],
			[null, 2],
			[null, 3],
		]);
		const { region, reader } = await openReader(registered(), { handles: handles(source), batchRows: 1, limit: 1 });
		expect((await take(region, reader)).rows).toEqual([ROWS[0]]);
		await reader.close();
		expect((await read(registered(), { handles: handles(source), startPosition: [3] })).rows).toEqual([ROWS[3]]);
		expect((await read(registered(), { handles: handles(source), subtask: 1, parallelism: 2 })).rows).toEqual([]);
	}
});

test("values with changes", async () => {
	const of = registered({ "changelog-mode": "retract", bounded: "false" });
	expect(describeTable(of)).toMatchObject({ changelog: "retract", bounded: false, maxParallelism: 1 });
	const kinds = [RowKind.INSERT, RowKind.UPDATE_BEFORE, RowKind.UPDATE_AFTER, RowKind.DELETE];
	const source = handles({ chunks: () => [{ rows: ROWS, kinds }] });
	expect((await read(of, { handles: source, batchRows: 3 })).kinds).toEqual(["+I", "-U", "+U", "-D"]);
});

test("values without data", async () => {
	await expect(read(registered())).rejects.toThrow(/registerTable/);
});
