// How SQL's harder constructs look as logical plans. The trees are read by people: a change here is a change of meaning.
import { expect, test } from "vitest";
import { explainPlan } from "../../src/plan/explain.js";
import { openSession } from "./session.js";

const SETUP = [
	"CREATE TABLE t1 (a INT, b STRING, c INT) WITH ('connector' = 'datagen')",
	"CREATE TABLE t2 (a INT, b STRING, c INT) WITH ('connector' = 'datagen')",
	"CREATE TABLE bid (auction BIGINT, price BIGINT, ts TIMESTAMP(3), p AS PROCTIME(), WATERMARK FOR ts AS ts - INTERVAL '1' SECOND) WITH ('connector' = 'datagen')",
];

function explained(sql: string): string[] {
	const session = openSession(false);
	for (const statement of SETUP) session.run(statement);
	return explainPlan(session.run(sql)!).trimEnd().replaceAll("default_catalog.default_database.", "").split("\n");
}

test("whole conjuncts become semi and anti joins, correlated columns refer to the Apply", () => {
	const sql =
		"SELECT a FROM t1 WHERE c > 0 AND EXISTS (SELECT 1 FROM t2 WHERE t2.b = t1.b) AND a NOT IN (SELECT a FROM t2)";
	expect(explained(sql)).toEqual([
		"Project(select=[a])",
		"+- Apply(type=[anti], id=[1], condition=[=(a, a0)], nullAware=[true])",
		"   :- Apply(type=[semi], id=[0])",
		"   :  :- Filter(condition=[>(c, 0)])",
		"   :  :  +- Scan(table=[t1], fields=[a, b, c])",
		"   :  +- Project(select=[1 AS EXPR$0])",
		"   :     +- Filter(condition=[=(b, $cor0.$1)])",
		"   :        +- Scan(table=[t2], fields=[a, b, c])",
		"   +- Project(select=[a])",
		"      +- Scan(table=[t2], fields=[a, b, c])",
	]);
});

test("inside larger expressions they are marks; ALL is NOT ANY of the opposite", () => {
	expect(explained("SELECT a IN (SELECT c FROM t2) OR c > ALL (SELECT c FROM t2) AS f FROM t1")).toEqual([
		"Project(select=[OR($mark, NOT($mark0)) AS f])",
		"+- Apply(type=[mark], id=[1], condition=[<=(c, c0)], nullAware=[true])",
		"   :- Apply(type=[mark], id=[0], condition=[=(a, c0)], nullAware=[true])",
		"   :  :- Scan(table=[t1], fields=[a, b, c])",
		"   :  +- Project(select=[c])",
		"   :     +- Scan(table=[t2], fields=[a, b, c])",
		"   +- Project(select=[c])",
		"      +- Scan(table=[t2], fields=[a, b, c])",
	]);
});

test("HAVING with a scalar subquery, ORDER BY of what is not selected", () => {
	const sql =
		"SELECT b, SUM(c) AS s FROM t1 GROUP BY b HAVING COUNT(*) > (SELECT MAX(a) FROM t2) ORDER BY MAX(c) DESC LIMIT 3";
	expect(explained(sql)).toEqual([
		"Project(select=[b, s])",
		"+- Sort(orderBy=[$sort0 DESC], fetch=[3])",
		"   +- Project(select=[b, EXPR$0 AS s, EXPR$2 AS $sort0])",
		"      +- Filter(condition=[>(EXPR$1, CAST(EXPR$00 AS BIGINT))])",
		"         +- Apply(type=[single], id=[0])",
		"            :- Aggregate(groupBy=[b], select=[SUM(c) AS EXPR$0, COUNT(*) AS EXPR$1, MAX(c) AS EXPR$2])",
		"            :  +- Scan(table=[t1], fields=[a, b, c])",
		"            +- Project(select=[EXPR$0])",
		"               +- Aggregate(select=[MAX(a) AS EXPR$0])",
		"                  +- Scan(table=[t2], fields=[a, b, c])",
	]);
});

test("a group window keeps its bounds as properties, above computed columns and watermark", () => {
	const sql =
		"SELECT auction, TUMBLE_END(ts, INTERVAL '1' HOUR) AS e, COUNT(*) AS n FROM bid GROUP BY auction, TUMBLE(ts, INTERVAL '1' HOUR)";
	expect(explained(sql)).toEqual([
		"Project(select=[auction, window_end AS e, EXPR$0 AS n])",
		"+- Aggregate(groupBy=[auction], window=[TUMBLE(time_col=[ts], size=[1 h])], properties=[end], select=[COUNT(*) AS EXPR$0])",
		"   +- Watermark(rowtime=[ts], watermark=[-(ts, 1000:INTERVAL SECOND)])",
		"      +- Project(select=[auction, price, ts, PROCTIME() AS p])",
		"         +- Scan(table=[bid], fields=[auction, price, ts])",
	]);
});

test("grouping sets, and a lookup at processing time", () => {
	expect(explained("SELECT a, b, COUNT(*) FROM t1 GROUP BY a, ROLLUP (b)")[1]).toBe(
		"+- Aggregate(groupBy=[a, b], sets=[{a, b}, {a}], select=[COUNT(*) AS EXPR$0])",
	);
	expect(explained("SELECT r.b FROM bid JOIN t1 FOR SYSTEM_TIME AS OF bid.p AS r ON bid.auction = r.a")).toEqual([
		"Project(select=[b])",
		"+- Join(type=[inner], condition=[=(auction, CAST(a AS BIGINT))])",
		"   :- Watermark(rowtime=[ts], watermark=[-(ts, 1000:INTERVAL SECOND)])",
		"   :  +- Project(select=[auction, price, ts, PROCTIME() AS p])",
		"   :     +- Scan(table=[bid], fields=[auction, price, ts])",
		"   +- Snapshot(time=[$3], attribute=[proctime])",
		"      +- Scan(table=[t1], fields=[a, b, c])",
	]);
});
