// DDL takes effect and is shown as Flink 2.3 shows it: the expected rows are Flink's answers.
import { describe, expect, test } from "vitest";
import { openSession, type TestSession } from "../plan-bind/session.js";

function given(...statements: readonly string[]): TestSession {
	const session = openSession(false);
	for (const statement of statements) session.run(statement);
	return session;
}

const T1 =
	"CREATE TABLE t1 (a INT, b STRING COMMENT 'bee', c AS a + 1, d TIMESTAMP(3), e BIGINT METADATA FROM 'offset' VIRTUAL, " +
	"f ROW<x INT, y STRING NOT NULL>, WATERMARK FOR d AS d - INTERVAL '5' SECOND, CONSTRAINT pk PRIMARY KEY (a) NOT ENFORCED) " +
	"COMMENT 'hello' PARTITIONED BY (b) WITH ('connector'='datagen','rows-per-second'='5')";

describe("DESCRIBE", () => {
	test("a table with every kind of column", () => {
		expect(given(T1).rows("DESCRIBE t1")).toEqual([
			["a", "INT", false, "PRI(a)", null, null, null],
			["b", "STRING", true, null, null, null, "bee"],
			["c", "INT", false, null, "AS `a` + 1", null, null],
			["d", "TIMESTAMP(3) *ROWTIME*", true, null, null, "`d` - INTERVAL '5' SECOND", null],
			["e", "BIGINT", true, null, "METADATA FROM 'offset' VIRTUAL", null, null],
			["f", "ROW<`x` INT, `y` STRING NOT NULL>", true, null, null, null, null],
		]);
	});
	test("time attributes through views", () => {
		const session = given(
			"CREATE TABLE t1 (a INT, d TIMESTAMP(3), p AS PROCTIME(), WATERMARK FOR d AS d) WITH ('connector'='datagen')",
			"CREATE VIEW v (x, y, z) AS SELECT a, d, p FROM t1",
			"CREATE VIEW w AS SELECT * FROM TUMBLE(TABLE t1, DESCRIPTOR(d), INTERVAL '1' HOUR)",
		);
		expect(session.rows("DESCRIBE v").map((row) => row.slice(0, 3))).toEqual([
			["x", "INT", true],
			["y", "TIMESTAMP(3) *ROWTIME*", true],
			["z", "TIMESTAMP_LTZ(3) *PROCTIME*", false],
		]);
		expect(session.rows("DESCRIBE w").map((row) => row[1])).toEqual([
			"INT",
			"TIMESTAMP(3) *ROWTIME*",
			"TIMESTAMP_LTZ(3) *PROCTIME*",
			"TIMESTAMP(3)",
			"TIMESTAMP(3)",
			"TIMESTAMP(3) *ROWTIME*",
		]);
	});
	test("after ALTER TABLE", () => {
		const session = given(
			"CREATE TABLE t1 (a INT, b STRING, d TIMESTAMP(3)) WITH ('connector'='datagen')",
			"ALTER TABLE t1 ADD (c INT COMMENT 'see' FIRST, e AS a + 1 AFTER b, PRIMARY KEY (a) NOT ENFORCED, WATERMARK FOR d AS d - INTERVAL '1' SECOND)",
			"ALTER TABLE t1 MODIFY (b BIGINT, c STRING AFTER d)",
			"ALTER TABLE t1 RENAME b TO bb",
			"ALTER TABLE t1 SET ('k'='v')",
		);
		expect(session.rows("DESCRIBE t1")).toEqual([
			["a", "INT", false, "PRI(a)", null, null, null],
			["bb", "BIGINT", true, null, null, null, null],
			["e", "INT", false, null, "AS `a` + 1", null, null],
			["d", "TIMESTAMP(3) *ROWTIME*", true, null, null, "`d` - INTERVAL '1' SECOND", null],
			["c", "STRING", true, null, null, null, "see"],
		]);
	});
});

describe("SHOW CREATE", () => {
	test("a table", () => {
		expect(given(T1).rows("SHOW CREATE TABLE t1")).toEqual([
			[
				"CREATE TABLE `default_catalog`.`default_database`.`t1` (\n  `a` INT NOT NULL,\n  `b` VARCHAR(2147483647) COMMENT 'bee',\n" +
					"  `c` AS `a` + 1,\n  `d` TIMESTAMP(3),\n  `e` BIGINT METADATA FROM 'offset' VIRTUAL,\n" +
					"  `f` ROW<`x` INT, `y` VARCHAR(2147483647) NOT NULL>,\n  WATERMARK FOR `d` AS `d` - INTERVAL '5' SECOND,\n" +
					"  CONSTRAINT `pk` PRIMARY KEY (`a`) NOT ENFORCED\n)\nCOMMENT 'hello'\nPARTITIONED BY (`b`)\n" +
					"WITH (\n  'connector' = 'datagen',\n  'rows-per-second' = '5'\n)\n",
			],
		]);
	});
	test("a temporary one with a distribution and an unnamed key", () => {
		const session = given(
			"CREATE TEMPORARY TABLE t1 (a INT, PRIMARY KEY (a) NOT ENFORCED) DISTRIBUTED BY HASH(a) INTO 4 BUCKETS WITH ('connector'='datagen')",
		);
		expect(session.rows("SHOW CREATE TABLE t1")[0]?.[0]).toBe(
			"CREATE TEMPORARY TABLE `default_catalog`.`default_database`.`t1` (\n  `a` INT NOT NULL,\n" +
				"  CONSTRAINT `PK_a` PRIMARY KEY (`a`) NOT ENFORCED\n)\nDISTRIBUTED BY HASH(`a`) INTO 4 BUCKETS\nWITH (\n  'connector' = 'datagen'\n)\n",
		);
	});
	test("after dropping and renaming", () => {
		const session = given(
			"CREATE TABLE t1 (a INT, b STRING, d TIMESTAMP(3), PRIMARY KEY (a) NOT ENFORCED) WITH ('connector'='datagen','x'='1')",
			"ALTER TABLE t1 DROP (b)",
			"ALTER TABLE t1 DROP PRIMARY KEY",
			"ALTER TABLE t1 RESET ('x')",
			"ALTER TABLE t1 SET ('k'='v')",
			"ALTER TABLE t1 RENAME TO t2",
		);
		expect(session.rows("SHOW CREATE TABLE t2")[0]?.[0]).toBe(
			"CREATE TABLE `default_catalog`.`default_database`.`t2` (\n  `a` INT NOT NULL,\n  `d` TIMESTAMP(3)\n)\nWITH (\n  'connector' = 'datagen',\n  'k' = 'v'\n)\n",
		);
	});
	test("LIKE with exclusions", () => {
		const session = given(
			"CREATE TABLE t1 (a INT, b STRING, d TIMESTAMP(3), c AS a + 1, WATERMARK FOR d AS d - INTERVAL '5' SECOND, PRIMARY KEY (a) NOT ENFORCED) WITH ('connector'='datagen','rows-per-second'='3')",
			"CREATE TABLE t2 (e INT, WATERMARK FOR d AS d) WITH ('connector'='print') LIKE t1 (EXCLUDING WATERMARKS EXCLUDING OPTIONS)",
			"CREATE TABLE t3 (e INT) WITH ('connector'='print') LIKE t1 (EXCLUDING CONSTRAINTS EXCLUDING WATERMARKS EXCLUDING GENERATED)",
		);
		expect(session.rows("SHOW CREATE TABLE t2")[0]?.[0]).toBe(
			"CREATE TABLE `default_catalog`.`default_database`.`t2` (\n  `a` INT NOT NULL,\n  `b` VARCHAR(2147483647),\n  `d` TIMESTAMP(3),\n" +
				"  `c` AS `a` + 1,\n  `e` INT,\n  WATERMARK FOR `d` AS `d`,\n  CONSTRAINT `PK_a` PRIMARY KEY (`a`) NOT ENFORCED\n)\n" +
				"WITH (\n  'connector' = 'print'\n)\n",
		);
		expect(session.rows("SHOW CREATE TABLE t3")[0]?.[0]).toContain("'rows-per-second' = '3'");
	});
});

describe("SHOW", () => {
	const session = given(
		"CREATE TABLE t1 (a INT) WITH ('connector'='datagen')",
		"CREATE TEMPORARY TABLE tmp (x INT) WITH ('connector'='datagen')",
		"CREATE VIEW v1 AS SELECT a FROM t1",
		"CREATE DATABASE zdb",
		"CREATE DATABASE adb",
	);
	test.each([
		["SHOW TABLES", ["t1", "tmp", "v1"]],
		["SHOW TABLES FROM default_database LIKE 't_'", ["t1"]],
		["SHOW TABLES NOT LIKE 't%'", ["v1"]],
		["SHOW VIEWS", ["v1"]],
		["SHOW DATABASES", ["adb", "default_database", "zdb"]],
		["SHOW CATALOGS", ["default_catalog"]],
		["SHOW CURRENT DATABASE", ["default_database"]],
		["SHOW CURRENT CATALOG", ["default_catalog"]],
		["SHOW MODULES", ["core"]],
		["SHOW USER FUNCTIONS", []],
	] as const)("%s", (sql, names) => expect(session.rows(sql).map((row) => row[0])).toEqual(names));
});

test("CREATE TABLE AS takes the query's columns", () => {
	const session = given(
		"CREATE TABLE s (a INT NOT NULL, b STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector'='datagen')",
		"CREATE TABLE c1 WITH ('connector'='blackhole') AS SELECT a AS x, 'lit' AS y, 1.5 AS z, ts, b FROM s",
	);
	expect(session.rows("DESCRIBE c1").map((row) => row.slice(0, 3))).toEqual([
		["x", "INT", false],
		["y", "CHAR(3)", false],
		["z", "DECIMAL(2, 1)", false],
		["ts", "TIMESTAMP(3)", true],
		["b", "STRING", true],
	]);
});

test("temporary tables hide permanent ones until dropped", () => {
	const session = given(
		"CREATE TABLE t (a INT) WITH ('connector'='datagen')",
		"CREATE TEMPORARY TABLE t (b INT) WITH ('connector'='datagen')",
	);
	expect(session.rows("DESCRIBE t")[0]?.[0]).toBe("b");
	expect(() => session.run("DROP TABLE t")).toThrow(/hides/);
	session.run("DROP TEMPORARY TABLE t");
	expect(session.rows("DESCRIBE t")[0]?.[0]).toBe("a");
});

test("options are set, listed and reset", () => {
	const session = given("SET 'b' = '2'", "SET 'a' = '1'");
	expect(session.rows("SET")).toEqual([
		["a", "1"],
		["b", "2"],
	]);
	session.run("RESET 'a'");
	expect(session.rows("SET")).toEqual([["b", "2"]]);
});

describe("refused", () => {
	const T = "CREATE TABLE t (a INT, b INT, c AS a + 1) WITH ('connector'='datagen')";
	test.each([
		[[T, T], /exists already/],
		[["DROP TABLE nosuch"], /does not exist/],
		[[T, "DROP TABLE tt"], /Did you mean `t`/],
		[[T, "DROP VIEW t"], /It is a table/],
		[[T, "ALTER TABLE t DROP a"], /computed column 'c' uses it/],
		[[T, "ALTER TABLE t ADD (a INT)"], /already/],
		[[T, "ALTER TABLE t RENAME x TO y"], /no column 'x'/],
		[["CREATE TABLE t (a INT, a INT) WITH ('connector'='datagen')"], /twice/],
		[["CREATE TABLE t (a INT, PRIMARY KEY (a)) WITH ('connector'='datagen')"], /NOT ENFORCED/],
		[["CREATE TABLE t (a INT, c AS nosuch) WITH ('connector'='datagen')"], /'nosuch' not found/],
		[["CREATE TABLE t (a STRING, WATERMARK FOR a AS a) WITH ('connector'='datagen')"], /TIMESTAMP/],
		[["USE nosuch"], /does not exist/],
		[["DROP DATABASE default_database"], /in use/],
		[["CREATE DATABASE d", "CREATE TABLE d.t (a INT) WITH ('connector'='x')", "DROP DATABASE d RESTRICT"], /not empty/],
		[["CREATE VIEW v AS SELECT * FROM nosuch"], /'nosuch' does not exist/],
	] as const)("%j", (statements, message) => expect(() => given(...statements)).toThrow(message));

	test("but not with IF EXISTS, IF NOT EXISTS and OR REPLACE", () => {
		const session = given(
			T,
			"CREATE TABLE IF NOT EXISTS t (z INT) WITH ('connector'='datagen')",
			"DROP TABLE IF EXISTS nosuch",
			"DROP VIEW IF EXISTS nosuch",
			"DROP FUNCTION IF EXISTS nosuch",
			"CREATE DATABASE IF NOT EXISTS default_database",
			"CREATE OR REPLACE TABLE t (r INT) WITH ('connector'='datagen')",
		);
		expect(session.rows("DESCRIBE t")[0]?.[0]).toBe("r");
	});
});
