// Data of this process as tables: rows, Arrow data, streams; and the way back out.
import { Int32, Null, type RecordBatch, Table, tableFromArrays, vectorFromArray } from "apache-arrow";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Millrace, type Session } from "../../src/index.js";

describe.each(["wasm", "baseline"])("with the engine %s", (engine) => {
	let session: Session;
	beforeEach(async () => {
		session = await Millrace.open({ options: { "table.exec.engine": engine } });
	});
	afterEach(() => session.close());

	test("rows at hand, their columns inferred", async () => {
		session.registerTable("people", [
			{ id: 1, name: "Ada", born: 10_000_000_000, score: 1.5 },
			{ id: 2, name: null, born: 2, score: 2 },
		]);
		expect(await session.query("SELECT id + 1 AS id, name, born, score FROM people").toArray()).toEqual([
			{ id: 2, name: "Ada", born: 10_000_000_000n, score: 1.5 },
			{ id: 3, name: null, born: 2n, score: 2 },
		]);
	});

	test("rows with a schema: exact values of every kind, and back the same", async () => {
		const row = {
			big: 9_007_199_254_740_993n,
			money: "12.30",
			day: "2024-02-29",
			at: "2024-02-29 12:34:56.789",
			utc: "2024-02-29T12:34:56.789Z",
			list: ["a", null],
			pair: { x: 1, y: "z" },
			bytes: new Uint8Array([1, 255]),
			counts: new Map([["k", 2]]),
		};
		session.registerTable("t", [row], {
			schema: `big BIGINT, money DECIMAL(10, 2), \`day\` DATE, \`at\` TIMESTAMP(3), utc TIMESTAMP_LTZ(3), list ARRAY<STRING>,
				pair ROW<x INT, y STRING>, \`bytes\` BYTES, counts MAP<STRING, INT>`,
		});
		expect(await session.query("SELECT * FROM t").toArray()).toEqual([row]);
	});

	test("a value that is not of the column's type is refused by name", async () => {
		session.registerTable("t", [{ a: 1 }, { a: "two" }], { schema: "a INT" });
		await expect(session.query("SELECT a FROM t").toArray()).rejects.toMatchObject({
			code: "TYPE_MISMATCH",
			message: expect.stringMatching(/'a'.*'two'/),
		});
	});

	test("an Arrow table, read more than once", async () => {
		session.registerTable("t", tableFromArrays({ a: Int32Array.of(1, 2, 3), b: Float64Array.of(0.5, 1.5, 2.5) }));
		const sql = "SELECT SUM(a) AS s FROM (SELECT a FROM t WHERE b > 1 UNION ALL SELECT a FROM t)";
		expect(await session.query(sql).toArray()).toEqual([{ s: 11 }]);
	});

	test("an Arrow column of type Null is a column of NULLs; a bare NULL needs a type", async () => {
		const columns = { k: vectorFromArray([1, 2, 1], new Int32()), x: vectorFromArray([null, null, null], new Null()) };
		session.registerTable("t", new Table(columns));
		expect(await session.query("SELECT k, x FROM t WHERE k = 2").toArray()).toEqual([{ k: 2, x: null }]);
		const sql = "SELECT COUNT(x) AS n, COUNT(DISTINCT x) AS d, FIRST_VALUE(x) AS f FROM t";
		expect((await session.query(sql).toArray()).at(-1)).toEqual({ n: 0n, d: 0n, f: null });
		for (const refused of ["SELECT NULL AS x FROM t", "SELECT COUNT(NULL) FROM t", "SELECT SUM(x) FROM t"]) {
			expect(() => session.query(refused)).toThrow(expect.objectContaining({ code: "TYPE_MISMATCH" }));
		}
	});

	test("a stream of RecordBatches", async () => {
		async function* batches(): AsyncGenerator<RecordBatch> {
			for (let i = 0; i < 3; i++) yield* new Table({ n: vectorFromArray(Int32Array.of(i, 10 * i)) }).batches;
		}
		session.registerTable("s", batches(), { schema: "n INT" });
		expect(await session.query("SELECT n FROM s WHERE n > 1").toArray()).toEqual([{ n: 10 }, { n: 2 }, { n: 20 }]);
		await expect(session.query("SELECT n FROM s").toArray()).rejects.toMatchObject({ code: "CONNECTOR" });
	});

	test("an endless stream: results come while it runs, and leaving the loop ends it", async () => {
		let isClosed = false;
		async function* ticks() {
			try {
				for (let n = 0; ; n++) {
					await new Promise((resolve) => setTimeout(resolve, 1));
					yield { n };
				}
			} finally {
				isClosed = true;
			}
		}
		session.registerTable("ticks", ticks, { schema: "n INT" });
		const seen: unknown[] = [];
		for await (const { kind, row } of session.query("SELECT n * n AS sq FROM ticks").changes()) {
			seen.push([kind, row.sq]);
			if (seen.length === 3) break;
		}
		expect(seen).toEqual([
			["+I", 0],
			["+I", 1],
			["+I", 4],
		]);
		await new Promise((resolve) => setTimeout(resolve, 20));
		expect(isClosed).toBe(true);
	});

	test("a changelog in, as another query gave it", async () => {
		const counts = session.query("SELECT k, COUNT(*) AS n FROM (VALUES ('a'), ('a'), ('b')) AS t(k) GROUP BY k");
		session.registerTable("counts", counts.changes(), { schema: "k STRING, n BIGINT", changelog: "retract" });
		expect(await session.query("SELECT SUM(n) AS total FROM counts").toArray()).toEqual([{ total: 3n }]);
	});

	test("watermarks of a registered table close windows", async () => {
		session.registerTable(
			"clicks",
			[
				{ ts: "2024-01-01 00:00:01", n: 1 },
				{ ts: "2024-01-01 00:00:09", n: 2 },
				{ ts: "2024-01-01 00:00:12", n: 4 },
			],
			{ schema: "ts TIMESTAMP(3), n INT, WATERMARK FOR ts AS ts - INTERVAL '1' SECOND" },
		);
		const sql = `SELECT window_start, SUM(n) AS s FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '10' SECOND))
			GROUP BY window_start, window_end`;
		expect(await session.query(sql).toArray()).toEqual([
			{ window_start: "2024-01-01 00:00:00.000", s: 3 },
			{ window_start: "2024-01-01 00:00:10.000", s: 4 },
		]);
	});

	test("parameters stand for ? in order", async () => {
		session.registerTable("t", [{ a: 1 }, { a: 2 }, { a: 3 }]);
		const query = session.query("SELECT a, ? AS label FROM t WHERE a >= ?", { params: ["x", 2] });
		expect(await query.toArray()).toEqual([
			{ a: 2, label: "x" },
			{ a: 3, label: "x" },
		]);
		expect(() => session.query("SELECT ? AS a")).toThrowError(/parameter 1/);
	});

	test("results as Arrow: batches as they come, and the final table", async () => {
		const sql = "SELECT k, SUM(v) AS s FROM (VALUES ('a', 2), ('a', 3), ('b', 5)) AS t(k, v) GROUP BY k";
		const names: string[][] = [];
		for await (const batch of session.query(sql)) names.push(batch.schema.fields.map(({ name }) => name));
		expect(names.length).toBeGreaterThan(0);
		expect(new Set(names.map(String))).toEqual(new Set(["op,k,s"]));
		const table = await session.query(sql).toTable();
		const rows = table.toArray().map((row) => [row.k, row.s]);
		expect(rows.sort()).toEqual([
			["a", 5],
			["b", 5],
		]);
		const plain = await session.query("SELECT 1 AS a, 'x' AS b").toTable();
		expect(plain.schema.fields.map(({ name, type }) => `${name} ${type}`)).toEqual(["a Int32", "b Utf8"]);
		expect(plain.numRows).toBe(1);
	});
});

test("an AbortSignal stops a query", async () => {
	await using session = await Millrace.open();
	session.registerTable(
		"never",
		async function* () {
			yield { n: 1 };
			await new Promise(() => {});
		},
		{ schema: "n INT" },
	);
	const stop = new AbortController();
	setTimeout(() => stop.abort(), 50);
	await expect(session.query("SELECT n FROM never", { signal: stop.signal }).toArray()).rejects.toMatchObject({
		code: "CANCELLED",
	});
});

test("a schema that says more than columns is refused", async () => {
	await using session = await Millrace.open();
	expect(() =>
		session.registerTable("t", [], { schema: "a INT) WITH ('connector' = 'print'); DROP TABLE x; --" }),
	).toThrow();
	expect(() => session.registerTable("t", [])).toThrowError(/schema/);
});

test("EXPLAIN and session.explain show the plan", async () => {
	await using session = await Millrace.open();
	session.registerTable("t", [{ a: 1, b: "x" }]);
	const sql = "SELECT b, COUNT(*) AS n FROM t WHERE a > 0 GROUP BY b";
	const text = session.explain(sql, "CHANGELOG_MODE");
	expect(text).toContain("== Optimized Execution Plan ==");
	expect(text).toMatch(/GroupAggregate\(groupBy=\[b\].*changelogMode=\[I,UA\]/);
	const [outcome] = await session.execute(`EXPLAIN CHANGELOG_MODE ${sql}`);
	expect(outcome?.kind === "result" && outcome.result.rows[0]?.[0]).toBe(text);
	expect(() => session.explain("SHOW TABLES")).toThrowError(/no plan/);
});
