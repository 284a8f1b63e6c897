// Functions of the session: found before and after built-in ones as Flink does, and carried by id in the plan.
import { describe, expect, test } from "vitest";
import type { ScalarFunction, TableFunction } from "../../src/functions/function.js";
import { explainPlan } from "../../src/plan/explain.js";
import { INTEGER, notNull, row, STRING } from "../../src/types/sql-type.js";
import { openSession, schemaText } from "./session.js";

const documented = { family: "user", doc: "", example: "" };
const countChar: ScalarFunction = {
	...documented,
	name: "count_char",
	signatures: ["count_char(STRING, STRING) -> INT NOT NULL"],
	nulls: "custom",
	resolve: (args) => (args.length === 2 ? { parameters: [STRING, STRING], result: notNull(INTEGER) } : undefined),
	implement: () => () => 0,
};
const words: TableFunction = {
	...documented,
	name: "words",
	signatures: ["words(STRING) -> ROW<word STRING, length INT>"],
	resolve: (args) =>
		args.length === 1
			? {
					parameters: [STRING],
					row: row([
						{ name: "word", type: STRING },
						{ name: "length", type: INTEGER },
					]),
				}
			: undefined,
	implement: () => () => [],
};

function session() {
	const opened = openSession(true);
	opened.run("CREATE TABLE t (a INT, s STRING) WITH ('connector' = 'datagen')");
	const path = ["default_catalog", "default_database"] as const;
	const { functions } = opened.catalog;
	functions.put({
		path: [...path, "count_char"],
		temporary: true,
		implementation: { kind: "scalar", id: "u1", definition: countChar },
	});
	functions.put({
		path: [...path, "words"],
		temporary: true,
		implementation: { kind: "table", id: "u2", definition: words },
	});
	return opened;
}

test("a scalar function, whatever its case", () => {
	const plan = session().run("SELECT COUNT_CHAR(s, 'x') AS n FROM t")!;
	expect(schemaText(plan)).toEqual(["n INT NOT NULL"]);
	expect(JSON.stringify(plan)).toContain('"user":"u1"');
});

describe("table functions", () => {
	test("beside a table", () => {
		const plan = session().run("SELECT a, w FROM t, LATERAL TABLE(words(s)) AS x(w, l)")!;
		expect(schemaText(plan)).toEqual(["a INT", "w VARCHAR(2147483647)"]);
		expect(explainPlan(plan)).toContain("Correlate(type=[inner], call=[words(s)])");
	});
	test("LEFT JOIN keeps rows", () => {
		const plan = session().run("SELECT a, word FROM t LEFT JOIN LATERAL TABLE(words(s)) ON TRUE")!;
		expect(explainPlan(plan)).toContain("Correlate(type=[left]");
	});
	test("not as a value", () => {
		expect(() => session().run("SELECT words(s) FROM t")).toThrow(/table function/);
	});
	test("RIGHT JOIN is impossible", () => {
		expect(() => session().run("SELECT a FROM t RIGHT JOIN LATERAL TABLE(words(s)) AS x ON TRUE")).toThrow(
			/RIGHT JOIN/,
		);
	});
});

test("CREATE FUNCTION declares, the engine loads", () => {
	const opened = session();
	opened.run("CREATE TEMPORARY FUNCTION f AS 'f.ts'");
	expect(opened.rows("SHOW USER FUNCTIONS").flat()).toEqual(["count_char", "f", "words"]);
	expect(() => opened.run("SELECT f(a) FROM t")).toThrow(/no implementation/);
	opened.run("DROP TEMPORARY FUNCTION f");
	expect(() => opened.run("SELECT f(a) FROM t")).toThrow(expect.objectContaining({ code: "UNKNOWN_FUNCTION" }));
});

test("wrong arguments list the signature", () => {
	expect(() => session().run("SELECT count_char(s) FROM t")).toThrow(
		expect.objectContaining({ code: "TYPE_MISMATCH", expected: "count_char(STRING, STRING) -> INT NOT NULL" }),
	);
});
