// Functions that users write: called from SQL by both engines, typed, and with errors that say where.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, expectTypeOf, test } from "vitest";
import {
	aggregateFunction,
	Millrace,
	type Session,
	scalarFunction,
	tableFunction,
	type ValueOf,
} from "../../src/index.js";

const countChar = scalarFunction({
	name: "count_char",
	parameters: ["STRING", "STRING"],
	returns: "BIGINT",
	eval: (text, char) => text.split(char).length - 1,
});

const words = tableFunction({
	name: "words",
	parameters: ["STRING"],
	returns: "ROW<word STRING, place INT>",
	*eval(text) {
		for (const [i, word] of text.split(" ").entries()) yield { word, place: i + 1 };
	},
});

const product = aggregateFunction({
	name: "product",
	parameters: ["DOUBLE"],
	returns: "DOUBLE",
	createAccumulator: () => ({ value: 1, rows: 0 }),
	accumulate(state, factor) {
		state.value *= factor;
		state.rows++;
	},
	getValue: (state) => (state.rows === 0 ? null : state.value),
});

test("arguments have the types that the parameters say", () => {
	expectTypeOf<ValueOf<"BIGINT">>().toEqualTypeOf<bigint | null>();
	expectTypeOf<ValueOf<"STRING NOT NULL">>().toEqualTypeOf<string>();
	expectTypeOf<ValueOf<"DECIMAL(10, 2)">>().toEqualTypeOf<string | null>();
});

describe.each(["wasm", "baseline"])("with the engine %s", (engine) => {
	let session: Session;
	beforeEach(async () => {
		session = await Millrace.open({ options: { "table.exec.engine": engine } });
	});
	afterEach(() => session.close());

	test("a scalar function; NULL gives NULL without a call", async () => {
		session.register(countChar);
		const sql = `SELECT COUNT_CHAR(t, 'a') AS n FROM (VALUES ('banana'), ('x'), (CAST(NULL AS STRING))) AS v(t)`;
		expect(await session.query(sql).toArray()).toEqual([{ n: 3n }, { n: 0n }, { n: null }]);
	});

	test("a function with a form for columns", async () => {
		session.register(
			scalarFunction({
				name: "weighed",
				parameters: ["STRING", "BIGINT", "INT"],
				returns: "BIGINT",
				eval: (text, weight, more) => Number(weight) * Buffer.byteLength(text) + more,
				evalColumns(result, { offsets }, weight, more) {
					for (let row = 0; row < result.length; row++) {
						result[row] = Number(weight[row]) * (offsets[row + 1]! - offsets[row]!) + more[row]!;
					}
				},
			}),
		);
		const values = "('ab', 3), ('', 7), ('käse and wine', -2), (CAST(NULL AS STRING), 1), ('x', CAST(NULL AS BIGINT))";
		const sql = `SELECT weighed(t, w, 5) AS n FROM (VALUES ${values}) AS v(t, w)`;
		expect(await session.query(sql).toArray()).toEqual([{ n: 11n }, { n: 5n }, { n: -23n }, { n: null }, { n: null }]);
	});

	test("what a form for columns throws names the function", async () => {
		session.register(
			scalarFunction({
				name: "picky",
				parameters: ["INT"],
				returns: "INT",
				eval() {
					throw new Error("never");
				},
				evalColumns() {
					throw new Error("never");
				},
			}),
		);
		const failing = session.query("SELECT picky(a) FROM (VALUES (1)) AS t(a)").toArray();
		await expect(failing).rejects.toMatchObject({ code: "USER_FUNCTION", message: expect.stringContaining("never") });
	});

	test("a form for columns is refused where values are no numbers", () => {
		const noted = scalarFunction({
			name: "noted",
			parameters: ["STRING"],
			returns: "STRING",
			eval: (text) => text,
			evalColumns() {},
		});
		expect(() => session.register(noted)).toThrow(/evalColumns/);
	});

	test("a function that is not strict sees NULL", async () => {
		session.register(
			scalarFunction({
				name: "or_zero",
				parameters: ["INT"],
				returns: "INT NOT NULL",
				strict: false,
				eval: (value) => value ?? 0,
			}),
		);
		const sql = "SELECT or_zero(a) AS a FROM (VALUES (7), (CAST(NULL AS INT))) AS v(a)";
		expect(await session.query(sql).toArray()).toEqual([{ a: 7 }, { a: 0 }]);
	});

	test("arguments are cast where SQL does so by itself, else refused with the signature", async () => {
		session.register(
			scalarFunction({ name: "half", parameters: ["DOUBLE"], returns: "DOUBLE", eval: (value) => value / 2 }),
		);
		expect(await session.query("SELECT half(3) AS h").toArray()).toEqual([{ h: 1.5 }]);
		expect(() => session.query("SELECT half('x')")).toThrowError(/half/i);
		expect(() => session.query("SELECT half(1, 2)")).toThrowError(/half/i);
	});

	test("a table function", async () => {
		session.register(words);
		const sql = `SELECT id, word, place FROM (VALUES (1, 'a bc'), (2, 'd')) AS v(id, t), LATERAL TABLE(words(t))`;
		expect(await session.query(sql).toArray()).toEqual([
			{ id: 1, word: "a", place: 1 },
			{ id: 1, word: "bc", place: 2 },
			{ id: 2, word: "d", place: 1 },
		]);
	});

	test("an aggregate function", async () => {
		session.register(product);
		const sql = "SELECT k, product(v) AS p FROM (VALUES ('a', 2), ('a', 5), ('b', 3)) AS t(k, v) GROUP BY k";
		const rows = await session.query(sql).toArray();
		expect(rows.sort((left, right) => String(left.k).localeCompare(String(right.k)))).toEqual([
			{ k: "a", p: 10 },
			{ k: "b", p: 3 },
		]);
	});

	test("an error inside says which call and which row", async () => {
		session.register(
			scalarFunction({
				name: "picky",
				parameters: ["INT"],
				returns: "INT",
				eval(value) {
					if (value === 3) throw new Error("not three");
					return value;
				},
			}),
		);
		const failing = session.query("SELECT picky(a) FROM (VALUES (1), (2), (3)) AS t(a)").toArray();
		await expect(failing).rejects.toMatchObject({
			code: "USER_FUNCTION",
			message: expect.stringContaining("picky(3) failed: not three"),
			...(engine === "wasm" && { row: 2 }),
		});
	});

	test("a result of another type than declared is an error", async () => {
		session.register(
			scalarFunction({
				name: "lies",
				parameters: [],
				returns: "INT",
				eval: () => "text" as unknown as number,
			}),
		);
		await expect(session.query("SELECT lies()").toArray()).rejects.toMatchObject({ code: "USER_FUNCTION" });
	});
});

describe("CREATE FUNCTION", () => {
	test("of a registered class", async () => {
		await using session = await Millrace.open();
		session.registerClass("com.example.CountChar", countChar);
		await session.execute("CREATE FUNCTION letters AS 'com.example.CountChar'");
		expect(await session.query("SELECT letters('aab', 'a') AS n").toArray()).toEqual([{ n: 2n }]);
	});

	test("of a class registered later", async () => {
		await using session = await Millrace.open();
		await session.execute("CREATE TEMPORARY FUNCTION letters AS 'com.example.CountChar' LANGUAGE JAVA");
		expect(() => session.query("SELECT letters('aab', 'a')")).toThrowError(/registerClass/);
		session.registerClass("com.example.CountChar", countChar);
		expect(await session.query("SELECT letters('aab', 'a') AS n").toArray()).toEqual([{ n: 2n }]);
	});

	test("of a module, whose default export or export of that name is the function", async () => {
		const file = join(mkdtempSync(join(tmpdir(), "millrace-")), "twice.mjs");
		const entry = join(import.meta.dirname, "..", "..", "dist", "lib", "node", "index.js");
		writeFileSync(
			file,
			`import { scalarFunction } from ${JSON.stringify(entry)};
			export const twice = scalarFunction({ name: "twice", parameters: ["INT"], returns: "INT", eval: (x) => 2 * x });`,
		);
		await using session = await Millrace.open();
		await session.execute(`CREATE FUNCTION twice AS '${file}'; CREATE FUNCTION doubled AS '${file}#twice'`);
		expect(await session.query("SELECT twice(21) AS a, doubled(4) AS b").toArray()).toEqual([{ a: 42, b: 8 }]);
	});

	test("of a module that is not there fails and makes no function", async () => {
		await using session = await Millrace.open();
		await expect(session.execute("CREATE FUNCTION f AS './no/such.js'")).rejects.toMatchObject({
			code: "FILE_NOT_FOUND",
		});
		await session.execute("CREATE FUNCTION f AS 'com.example.Later'");
	});

	test("DROP FUNCTION takes it away", async () => {
		await using session = await Millrace.open();
		session.registerClass("C", countChar);
		await session.execute("CREATE FUNCTION letters AS 'C'; DROP FUNCTION letters");
		expect(() => session.query("SELECT letters('a', 'a')")).toThrowError(/does not exist/);
	});
});
