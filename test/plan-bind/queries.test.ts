// Names and types of what the golden cases do not cover; the expected columns are Flink 2.3's answers to the same queries.
import { describe, expect, test } from "vitest";
import { openSession, schemaText } from "./session.js";

const columns = (sql: string, batch = true, setup: readonly string[] = []) => {
	const session = openSession(batch);
	for (const statement of setup) session.run(statement);
	const plan = session.run(sql);
	return plan ? schemaText(plan).join(", ") : "";
};

describe("columns", () => {
	test.each([
		["SELECT (SELECT COUNT(*) FROM (VALUES (1)) AS t(a)) AS c", "c BIGINT"],
		[
			"SELECT t.*, u.*, t.a FROM (VALUES (1, 2)) AS t(a, b) JOIN (VALUES (1, 2)) AS u(a, b) ON t.a = u.a",
			"a INT NOT NULL, b INT NOT NULL, a0 INT NOT NULL, b0 INT NOT NULL, a1 INT NOT NULL",
		],
		[
			"SELECT a, a + 1, COUNT(*), b FROM (VALUES (1, 2)) AS t(a, b) GROUP BY a, b",
			"a INT NOT NULL, EXPR$1 INT NOT NULL, EXPR$2 BIGINT NOT NULL, b INT NOT NULL",
		],
		["SELECT a, NTILE(2) OVER (ORDER BY a) AS n FROM (VALUES (1), (2)) AS t(a)", "a INT NOT NULL, n BIGINT NOT NULL"],
		[
			"SELECT LAG(a, 1) OVER (ORDER BY a) AS l, FIRST_VALUE(a) OVER (ORDER BY a) AS f, LAST_VALUE(a) OVER (ORDER BY a ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS z FROM (VALUES (1), (2)) AS t(a)",
			"l INT, f INT NOT NULL, z INT NOT NULL",
		],
		[
			"SELECT a, b, COUNT(*) AS c, GROUPING(a) AS g, GROUPING_ID(a, b) AS gi, GROUP_ID() AS gid FROM (VALUES (1, 2)) AS t(a, b) GROUP BY ROLLUP(a, b)",
			"a INT, b INT, c BIGINT NOT NULL, g BIGINT NOT NULL, gi BIGINT NOT NULL, gid BIGINT NOT NULL",
		],
		["SELECT * FROM UNNEST(ARRAY[1,2])", "EXPR$0 INT NOT NULL"],
		["SELECT * FROM UNNEST(ARRAY[1,2]) AS t", "t INT NOT NULL"],
		["SELECT * FROM UNNEST(MAP['a', 1])", "KEY CHAR(1) NOT NULL, VALUE INT NOT NULL"],
		[
			"SELECT * FROM UNNEST(ARRAY[ROW(1, 'a')]) WITH ORDINALITY",
			"EXPR$0 INT NOT NULL, EXPR$1 CHAR(1) NOT NULL, ORDINALITY INT NOT NULL",
		],
		["SELECT * FROM (VALUES (1), (2)) AS t", "t INT NOT NULL"],
		[
			"SELECT * FROM (VALUES (1, 2, 3)) AS t(a, b, c) JOIN (VALUES (2, 1, 5)) AS u(b, a, d) USING (b, a)",
			"b INT NOT NULL, a INT NOT NULL, c INT NOT NULL, d INT NOT NULL",
		],
		[
			"SELECT * FROM (VALUES (1, 2, 3)) AS t(a, b, c) FULL JOIN (VALUES (2, 1, 5)) AS u(b, a, d) USING (b)",
			"b INT, a INT, c INT, a0 INT, d INT",
		],
		["SELECT a AS b, b AS a FROM (VALUES (1, 4), (2, 3)) AS t(a, b) ORDER BY a + 0", "b INT NOT NULL, a INT NOT NULL"],
		["SELECT a, b FROM (VALUES (1, 4), (2, 3)) AS t(a, b) ORDER BY 2 DESC, 1", "a INT NOT NULL, b INT NOT NULL"],
		["WITH x(p, q) AS (VALUES (1, 2)) SELECT x.p, q FROM x", "p INT NOT NULL, q INT NOT NULL"],
		[
			"SELECT r.*, t.r.a FROM (SELECT CAST(ROW(1, 'x') AS ROW<a INT, b STRING>) AS r) AS t",
			"a INT, b VARCHAR(2147483647), a0 INT",
		],
		[
			"SELECT COUNT(a, b) AS c, COUNT(DISTINCT a) AS d FROM (VALUES (1, 2)) AS t(a, b)",
			"c BIGINT NOT NULL, d BIGINT NOT NULL",
		],
		["SELECT 2 BETWEEN SYMMETRIC 3 AND 1", "EXPR$0 BOOLEAN NOT NULL"],
		["SELECT (1, 2) IN ((1, 2), (3, 4))", "EXPR$0 BOOLEAN NOT NULL"],
		["SELECT 1 IN ('1', '2')", "EXPR$0 BOOLEAN NOT NULL"],
		[
			"SELECT a, SUM(a) OVER w AS s, COUNT(*) OVER w AS c FROM (VALUES (1), (2)) AS t(a) WINDOW w AS (ORDER BY a)",
			"a INT NOT NULL, s INT NOT NULL, c BIGINT NOT NULL",
		],
		[
			"SELECT a, ROW_NUMBER() OVER (ORDER BY a) AS rn FROM (VALUES (1), (2)) AS t(a) QUALIFY rn = 1",
			"a INT NOT NULL, rn BIGINT NOT NULL",
		],
		[
			"SELECT a, *, 1 FROM (VALUES (1, 2)) AS t(a, b)",
			"a INT NOT NULL, a0 INT NOT NULL, b INT NOT NULL, EXPR$3 INT NOT NULL",
		],
		["SELECT m['a'], m['a'] AS x FROM (VALUES (MAP['a', 1])) AS t(m)", "EXPR$0 INT, x INT"],
		["SELECT 1 AS a, 'x' AS b EXCEPT SELECT 2, 'yy'", "a INT NOT NULL, b VARCHAR(2) NOT NULL"],
		["SELECT DATE '2020-01-01' IN ('2020-01-01')", "EXPR$0 BOOLEAN NOT NULL"],
		["SELECT 1 AS a UNION ALL SELECT 2 ORDER BY a + 1 DESC", "a INT NOT NULL"],
		[
			"SELECT a, COUNT(*) AS n FROM (VALUES (1, 2), (1, 3)) AS t(a, b) GROUP BY a ORDER BY MAX(b)",
			"a INT NOT NULL, n BIGINT NOT NULL",
		],
		[
			"SELECT (CAST(ROW(1, 'x') AS ROW<a INT, b STRING>)).a AS q, CAST(ROW(1, 'x') AS ROW<a INT, b STRING>).b",
			"q INT, EXPR$1 VARCHAR(2147483647)",
		],
		[
			"SELECT PROCTIME() AS p, CURRENT_TIMESTAMP AS c, LOCALTIME AS l, CURRENT_DATE AS d, LOCALTIMESTAMP AS lt, NOW() AS n",
			"p TIMESTAMP_LTZ(3) NOT NULL, c TIMESTAMP_LTZ(3) NOT NULL, l TIME(0) NOT NULL, d DATE NOT NULL, lt TIMESTAMP(3) NOT NULL, n TIMESTAMP_LTZ(3) NOT NULL",
		],
	] as const)("%s", (sql, expected) => expect(columns(sql)).toBe(expected));

	test("what Flink's planner gives up on but is plain SQL", () => {
		const outer =
			"SELECT t.a, x.m FROM (VALUES (1), (2)) AS t(a) LEFT JOIN LATERAL (SELECT MAX(u.b) AS m FROM (VALUES (1, 5)) AS u(a, b) WHERE u.a = t.a) AS x ON TRUE";
		const having =
			"SELECT a, COUNT(*) AS n FROM (VALUES (1, 2), (1, 3)) AS t(a, b) GROUP BY a HAVING COUNT(*) > (SELECT MIN(c) FROM (VALUES (1, 1)) AS u(c, d) WHERE u.d = a)";
		expect(columns(outer)).toBe("a INT NOT NULL, m INT");
		expect(columns(having)).toBe("a INT NOT NULL, n BIGINT NOT NULL");
	});
});

describe("refused, as in Flink", () => {
	const T = "FROM (VALUES (1, 4), (2, 3)) AS t(a, b)";
	test.each([
		["SELECT 1 AS v UNION ALL SELECT 'a'", "TYPE_MISMATCH"],
		["SELECT NULL AS n", "TYPE_MISMATCH"],
		["VALUES (1, NULL), (2, 'a')", "TYPE_MISMATCH"],
		["SELECT id FROM (SELECT 1 AS id, 2 AS id) AS t", "AMBIGUOUS_COLUMN"],
		["SELECT t.id FROM (SELECT 1 AS id, 2 AS id) AS t", "AMBIGUOUS_COLUMN"],
		[`SELECT a + 1 AS x, COUNT(*) ${T} GROUP BY x`, "UNKNOWN_COLUMN"],
		[`SELECT a, COUNT(*) AS n ${T} GROUP BY a HAVING n > 0`, "UNKNOWN_COLUMN"],
		[`SELECT DISTINCT a ${T} ORDER BY b`, "INVALID_QUERY"],
		["SELECT CASE WHEN TRUE THEN 1 ELSE 'a' END AS c", "TYPE_MISMATCH"],
		["SELECT COALESCE(CAST(NULL AS INT), 'a') AS c", "TYPE_MISMATCH"],
		["SELECT ARRAY[1, 'a']", "TYPE_MISMATCH"],
		["SELECT ARRAY[NULL, NULL]", "TYPE_MISMATCH"],
		["SELECT A FROM (VALUES (1)) AS t(a)", "UNKNOWN_COLUMN"],
		["SELECT UPER('a')", "UNKNOWN_FUNCTION"],
		[`SELECT SUM(a) ${T} WHERE SUM(a) > 1`, "INVALID_QUERY"],
		[`SELECT a ${T} WHERE ROW_NUMBER() OVER (ORDER BY a) = 1`, "INVALID_QUERY"],
		[`SELECT ROW_NUMBER() ${T}`, "INVALID_QUERY"],
		[`SELECT * ${T} ORDER BY 3`, "INVALID_QUERY"],
		[`SELECT nosuch.a ${T}`, "UNKNOWN_COLUMN"],
		[`SELECT a.b ${T}`, "UNKNOWN_COLUMN"],
		[`SELECT a ${T} WHERE a`, "TYPE_MISMATCH"],
		[`SELECT (SELECT a, b ${T})`, "INVALID_QUERY"],
		[`SELECT 1 ${T} WHERE (a, b) IN (SELECT a ${T})`, "TYPE_MISMATCH"],
		["SELECT COUNT(DISTINCT *) FROM (VALUES (1)) AS t(a)", undefined],
	] as const)("%s", (sql, code) => {
		expect(() => columns(sql)).toThrow(expect.objectContaining(code === undefined ? {} : { code }));
	});

	test("a group window's bound of another window", () => {
		const table = "CREATE TABLE t1 (a INT, d TIMESTAMP(3), WATERMARK FOR d AS d) WITH ('connector'='datagen')";
		const query = (bound: string) => `SELECT ${bound}, COUNT(*) FROM t1 GROUP BY TUMBLE(d, INTERVAL '1' HOUR)`;
		expect(columns(query("TUMBLE_END(d, INTERVAL '1' HOUR)"), false, [table])).toContain("TIMESTAMP(3) NOT NULL");
		expect(() => columns(query("TUMBLE_START(d, INTERVAL '2' HOUR)"), false, [table])).toThrow(/GROUP BY/);
		expect(() => columns(query("HOP_END(d, INTERVAL '1' HOUR, INTERVAL '2' HOUR)"), false, [table])).toThrow(
			/GROUP BY/,
		);
	});
});

describe("errors say where and what", () => {
	test("a misspelt column", () => {
		expect(() => columns("SELECT pric FROM (VALUES (1)) AS t(price)")).toThrow(
			expect.objectContaining({
				code: "UNKNOWN_COLUMN",
				position: expect.objectContaining({ line: 1, column: 8 }),
				remedy: "Did you mean `price`?",
			}),
		);
	});
	test("wrong arguments list the signatures", () => {
		expect(() => columns("SELECT\n  UPPER(1)")).toThrow(
			expect.objectContaining({
				code: "TYPE_MISMATCH",
				position: expect.objectContaining({ line: 2, column: 3 }),
				expected: expect.stringContaining("UPPER("),
			}),
		);
	});
});

describe("INSERT", () => {
	const insert = (types: string, sql: string) => () =>
		columns(sql, true, [`CREATE TABLE s (${types}) WITH ('connector'='blackhole')`]);
	test.each([
		["a DATE", "INSERT INTO s SELECT TIMESTAMP '2020-01-01 00:00:00'"],
		["a DECIMAL(5,2)", "INSERT INTO s SELECT 1.23456"],
		["a INT NOT NULL", "INSERT INTO s SELECT CAST(NULL AS INT)"],
		["a BIGINT, b STRING, c DOUBLE", "INSERT INTO s (c, a) SELECT 1, 2"],
		["a VARCHAR(2)", "INSERT INTO s SELECT 'abc'"],
	])("%s takes %s", (types, sql) => expect(insert(types, sql)).not.toThrow());
	test.each([
		["a SMALLINT", "INSERT INTO s SELECT 1"],
		["a INT", "INSERT INTO s SELECT 'a'"],
		["a STRING", "INSERT INTO s SELECT 1"],
		["a STRING", "INSERT INTO s SELECT TIMESTAMP '2020-01-01 00:00:00'"],
		["a INT", "INSERT INTO s SELECT TRUE"],
		["a TIMESTAMP(3)", "INSERT INTO s SELECT DATE '2020-01-01'"],
		["a INT", "INSERT INTO s SELECT 1e0"],
		["a INT, b STRING NOT NULL", "INSERT INTO s (a) SELECT 1"],
		["a INT, b INT", "INSERT INTO s SELECT 1"],
		["a INT", "INSERT INTO s (b) SELECT 1"],
		["a INT", "INSERT INTO s VALUES (NULL)"],
	])("%s refuses %s", (types, sql) => expect(insert(types, sql)).toThrow(Error));
});
