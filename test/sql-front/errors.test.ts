// What the user reads: what was found, what was expected, where, and what may be meant.
import { describe, expect, test } from "vitest";
import { EngineError } from "../../src/errors.js";
import { parse, parseExpression, parseStatement, parseType, SqlError } from "../../src/sql/index.js";

function errorOf(sql: string, run: (text: string) => unknown = parse): SqlError {
	try {
		run(sql);
	} catch (error) {
		if (error instanceof SqlError) return error;
		throw error;
	}
	throw new Error(`accepted: ${sql}`);
}

const place = ({ position }: SqlError) => `${position.line}:${position.column}`;

test("an error is an EngineError with code SYNTAX and says what was found, where, and what was expected", () => {
	const error = errorOf("SELECT a FROM t GROUP a");
	expect(error).toBeInstanceOf(EngineError);
	expect(error.code).toBe("SYNTAX");
	expect(error.domain).toBe("user");
	expect(error.message).toBe("unexpected `a` (at line 1, column 23); expected `BY`");
	expect(error.position).toEqual({ line: 1, column: 23, start: 22, end: 23 });
});

test("every error of a script is listed, in the order of the text", () => {
	const script = "SELECT a FROM t;\nSELEC b;\nINSERT INTO x VALUES (1,;\nSELECT 2;\nSELECT 'abc";
	const error = errorOf(script);
	expect(error.errors.map(place)).toEqual(["2:1", "3:25", "5:8"]);
	expect(error.errors[0]).toBe(error);
	expect(error.message.split("\n")).toHaveLength(3);
});

test("an error in one INSERT of a statement set does not hide the next", () => {
	const set = "STATEMENT SET BEGIN\nINSERT INTO a SELECT;\nINSERT INTO b SELECT 1;\nINSERT INTO c SELECT 1 FROM;\nEND";
	expect(errorOf(`EXECUTE ${set};\nSELECT 1 +;`).errors.map(place)).toEqual(["2:21", "4:28", "6:10"]);
	const script = "BEGIN STATEMENT SET;\nINSERT INTO a SELECT;\nINSERT INTO b VALUES;\nEND;";
	expect(errorOf(script).errors.map(place)).toEqual(["2:21", "3:21"]);
	expect(errorOf("BEGIN STATEMENT SET;\nINSERT INTO a SELECT 1;").errors).toHaveLength(1);
});

test("render underlines the place", () => {
	const sql = "CREATE TABLE t (\n\ta INT\n\tvalue STRING)";
	expect(errorOf(sql).render(sql).split("\n").slice(-2)).toEqual(["3 | \tvalue STRING)", "  | \t^^^^^"]);
	const end = "SELECT a,";
	expect(errorOf(end).render(end).split("\n").slice(-2)).toEqual(["1 | SELECT a,", "  |         ^"]);
	const crlf = "SELECT a\r\nFROM FROM t";
	expect(errorOf(crlf).render(crlf).split("\n").slice(-2)).toEqual(["2 | FROM FROM t", "  |      ^^^^"]);
});

test("an error at the end is shown at the end of the last token, whatever blank lines follow", () => {
	expect(place(errorOf("SELECT a FROM\n\n-- nothing more\n"))).toBe("1:13");
});

describe("suggestions", () => {
	test.each([
		["SELEC a FROM t", "Did you mean `SELECT`?"],
		["CREAT TABLE t (a INT)", "Did you mean `CREATE`?"],
		["DROP TABEL t", "Did you mean `TABLE`?"],
		["SHOW TABELS", "Did you mean `TABLES`?"],
		["SELECT * FROM a LEFT JION b ON x", "Did you mean `JOIN`?"],
		["SELECT a FORM t", "Did you mean `FROM` instead of `FORM`?"],
		["SELECT a FROM t WERE x = 1", "Did you mean `WHERE` instead of `WERE`?"],
		["SELECT a FROM t GROPU BY a", "Did you mean `GROUP` instead of `GROPU`?"],
		["CREATE TABLE t (a TIMESTMP(3))", "Did you mean `TIMESTAMP`?"],
		["SELECT value FROM t", "`value` is a reserved word: as a name write it between back quotes."],
		["CREATE TABLE t (a INT, user STRING)", "`user` is a reserved word: as a name write it between back quotes."],
		["SELECT a AS end FROM t", "`end` is a reserved word: as a name write it between back quotes."],
		["SELECT a::INT", "Write CAST(value AS type)."],
		["SELECT 1 MINUS SELECT 2", "Write EXCEPT."],
		["SET a = b", "Write SET 'key' = 'value'."],
		["CREATE TABLE t (a INT) WITH (connector = 'x')", "Write 'connector'."],
		["CREATE TABLE t (a INT) WITH ('connector' = kafka)", "Write 'kafka'."],
		["ALTER TABLE t ADD COLUMN a INT", "Leave the word out."],
		["INSERT INTO TABLE t SELECT 1", "Write INSERT INTO name."],
		["CREATE SYSTEM FUNCTION f AS 'x'", "Write CREATE TEMPORARY SYSTEM …."],
		['SELECT "a"', "Write names between back quotes (`name`) and strings between single quotes ('text')."],
	])("%s", (sql, remedy) => {
		const error = errorOf(sql);
		expect(error.remedy).toBe(remedy);
		expect(error.message).toContain(remedy);
	});
});

describe("places", () => {
	test.each([
		["SELECT 'abc\nFROM t", "1:8", "this string is not closed"],
		["SELECT `abc", "1:8", "this quoted name is not closed"],
		["SELECT 1 /* abc", "1:10", "this comment is not closed"],
		["SELECT ``", "1:8", "a name must not be empty"],
		["SELECT #", "1:8", 'the character "#" means nothing here'],
		["SELECT 'a' 'b'", "1:12", "a string can only go on in another line"],
		["SELECT x'0'", "1:8", "a binary literal needs an even number of hexadecimal digits"],
		["SELECT x'zz'", "1:8", "a binary literal holds hexadecimal digits alone"],
		["SELECT MAP['a']", "1:8", "MAP[…] needs an even number of elements: a key and a value in turn"],
		["SELECT a 'b'", "1:10", "a string cannot be an alias"],
		["CREATE TABLE t (a, b)", "1:16", "columns without a type can only stand before AS and a query"],
		[
			"CREATE TABLE t (a INT, WATERMARK FOR a AS a, WATERMARK FOR a AS a)",
			"1:46",
			"a table can have one WATERMARK alone",
		],
		["EXPLAIN PLAN_ADVICE, PLAN_ADVICE SELECT 1", "1:22", "PLAN_ADVICE stands twice"],
		["STOP JOB 'x' WITH DRAIN", "1:14", "WITH DRAIN can only stand behind WITH SAVEPOINT"],
		["SELECT * FROM (a) AS b", "1:16", "parentheses in FROM hold a query or a join"],
		["SELECT _foo'abc'", "1:8", "unknown character set `FOO`"],
		["SELECT COUNT(DISTINCT *) FROM t", "1:23", "DISTINCT needs columns, not *"],
	])("%s", (sql, at, problem) => {
		const error = errorOf(sql);
		expect(error.problem).toBe(problem);
		expect(place(error)).toBe(at);
	});
});

describe("common mistakes", () => {
	test.each([
		["CREATE TABLE t (a INT b INT)", "1:23", "unexpected `b`", "`,`, `)`"],
		["SELECT CASE WHEN a THEN 1 FROM t", "1:27", "unexpected `FROM`", "`END`"],
		["SELECT a, FROM t", "1:11", "unexpected `FROM`", "Leave the comma before it out."],
		["CREATE TABLE t (a INT,)", "1:23", "unexpected `)`", "Leave the comma before it out."],
		["SELECT a FROM t ORDER BY a, LIMIT 1", "1:27", "unexpected `LIMIT` behind `,`", "Leave the comma"],
		["SELECT (a + b FROM t", "1:15", "unexpected `FROM`", "A parenthesis is not closed."],
		["SELECT a FROM t WHERE a = 1)", "1:28", "unexpected `)`", "No parenthesis is open here."],
		["SELECT f(a, b FROM t", "1:15", "unexpected `FROM`", "A parenthesis is not closed."],
		["SELECT a FROM t WHERE a == 1", "1:25", "unexpected `=` behind `=`", "Equality is one `=`."],
		["SELECT a FROM t WHERE a AND", "1:25", "unexpected end of the text behind `AND`", "an expression"],
		["DESCRIBE model", "1:14", "unexpected end of the text", "a name"],
		["USE catalog", "1:11", "unexpected end of the text", "a name"],
		["CREATE TABLE order (a INT)", "1:14", "unexpected `order`", "between back quotes"],
		["SELECT order FROM t", "1:8", "unexpected `order`", "between back quotes"],
		["SELECT a FROM order WHERE b", "1:15", "unexpected `order`", "between back quotes"],
		["SELECT t.value FROM t", "1:9", "unexpected `value` behind `.`", "between back quotes"],
		["SELECT a FROM t JOIN s WHERE a = 1", "1:24", "this JOIN has no condition", "Write ON"],
		["SELECT a FROM t LEFT JOIN s", "1:27", "this LEFT JOIN has no condition", "Write ON"],
		["SELECT a FROM t JOIN ON a = b", "1:17", "unexpected `ON` behind `JOIN`", "a name"],
		["SELECT a WHERE b = 1", "1:10", "unexpected `WHERE`", "`FROM`"],
		["SELECT a FROM t WHERE b BETWEEN 1", "1:34", "BETWEEN has one bound alone", "BETWEEN low AND high"],
		["SELECT a FROM t LIMIT 1, 2", "1:17", "Flink has no LIMIT start, count", "LIMIT count OFFSET start"],
		["SELECT a FROM t OFFSET 2 LIMIT 1", "1:17", "LIMIT stands before OFFSET", "LIMIT count OFFSET start"],
		["CREATE TABLE t (a INT) WITH ('k' 'v')", "1:37", "unexpected `)`", "`=`"],
		["CREATE TABLE t (a INT NOT)", "1:26", "unexpected `)`", "`NULL`"],
		["SELECT COUNT(DISTINCT) FROM t", "1:22", "unexpected `)`", "an expression"],
		["SHOW TABELS", "1:1", "unexpected `TABELS` behind `SHOW`", "Did you mean `TABLES`?"],
	])("%s", (sql, at, problem, help) => {
		const error = errorOf(sql);
		expect(`${place(error)} ${error.problem}`).toBe(`${at} ${problem}`);
		expect(error.message).toContain(help);
	});
});

test("a single statement, expression or type takes nothing behind it", () => {
	expect(place(errorOf("SELECT 1; SELECT 2", parseStatement))).toBe("1:11");
	expect(place(errorOf("a + 1 b", parseExpression))).toBe("1:7");
	expect(place(errorOf("a;", parseExpression))).toBe("1:2");
	expect(place(errorOf("INT INT", parseType))).toBe("1:5");
	expect(place(errorOf("", parseStatement))).toBe("1:1");
});

describe("depth", () => {
	const deep = 100_000;
	test.each([
		["parentheses", `SELECT ${"(".repeat(deep)}1${")".repeat(deep)}`],
		["calls", `SELECT ${"f(".repeat(deep)}`],
		["subqueries", `SELECT * FROM ${"(SELECT * FROM ".repeat(deep)}`],
		["NOT", `SELECT ${"NOT ".repeat(deep)}a`],
		["CASE", `SELECT ${"CASE WHEN ".repeat(deep)}`],
		["types", `SELECT CAST(a AS ${"ARRAY<".repeat(deep)}`],
		["collections", `SELECT CAST(a AS INT${" ARRAY".repeat(deep)})`],
		["patterns", `SELECT * FROM t MATCH_RECOGNIZE (PATTERN (${"(".repeat(deep)}`],
		["grouping sets", `SELECT 1 FROM t GROUP BY ${"GROUPING SETS (".repeat(deep)}`],
		["common table expressions", "WITH a AS (".repeat(deep)],
		["operators", `SELECT a${" OR a".repeat(deep)}`],
		["item access", `SELECT a${"[1]".repeat(deep)}`],
		["set operations", `SELECT 1${" UNION ALL SELECT 1".repeat(deep)}`],
		["joins", `SELECT * FROM t${" CROSS JOIN t".repeat(deep)}`],
		["commas in FROM", `SELECT * FROM t${", t".repeat(deep)}`],
	])("%s without end give an error, not a stack overflow", (_, sql) => {
		expect(errorOf(sql).problem).toMatch(/^more than \d+|^a chain of more than \d+/);
	});

	test("what is long but flat is fine", () => {
		expect(parse(`SELECT a IN (1${", 1".repeat(50_000)})`)).toHaveLength(1);
		expect(parse(`INSERT INTO t VALUES (1)${", (1)".repeat(50_000)}`)).toHaveLength(1);
		expect(parse("SELECT 1;".repeat(5_000))).toHaveLength(5_000);
		expect(parse(`SELECT a${" OR a = 1".repeat(900)}`)).toHaveLength(1);
	});
});
