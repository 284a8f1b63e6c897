// The shape of the tree: one spelling per meaning, places of nodes, what is told apart.
import { describe, expect, test } from "vitest";
import { parse, parseExpression, parseStatement, parseType, print } from "../../src/sql/index.js";
import { withoutPositions } from "./positions.js";

describe("spellings that mean the same give the same tree, printed in one way", () => {
	test.each([
		["a != b", "a <> b"],
		["a = SOME (SELECT 1)", "a = ANY (SELECT 1)"],
		["TRIM(a)", "TRIM(BOTH ' ' FROM a)"],
		["TRIM('x' FROM a)", "TRIM(BOTH 'x' FROM a)"],
		["SUBSTRING(a FROM 1 FOR 2)", "SUBSTRING(a, 1, 2)"],
		["CEILING(a TO DAY)", "CEIL(a TO DAY)"],
		["JSON_OBJECT('a' : 1)", "JSON_OBJECT(KEY 'a' VALUE 1)"],
		["JSON_QUERY(a, '$' WITH WRAPPER)", "JSON_QUERY(a, '$' WITH UNCONDITIONAL ARRAY WRAPPER)"],
		["(a, b)", "ROW(a, b)"],
		["INTERVAL '5' MINUTES", "INTERVAL '5' MINUTE"],
		["CASE a WHEN 1, 2 THEN 'x' END", "CASE a WHEN 1 THEN 'x' WHEN 2 THEN 'x' END"],
		["U&'\\0041b\\+01F600'", "'Ab\u{1F600}'"],
		["E'a\\\\\\'b\\x41\\u00e9\\q'", "'a\\''bAé\\q'"],
		["U&'!0041' UESCAPE '!'", "'A'"],
		["'a'\n  'b'", "'ab'"],
		["x'ab'", "X'AB'"],
		["UNKNOWN", "CAST(NULL AS BOOLEAN)"],
		["a IS JSON", "a IS JSON VALUE"],
		["CAST(a AS INTEGER)", "CAST(a AS INT)"],
		["CONVERT(VARCHAR(5), a)", "CAST(a AS VARCHAR(5))"],
		["DECIMAL '-9.50'", "-9.50"],
		["CAST(a AS NUMERIC(5))", "CAST(a AS DECIMAL(5))"],
		["CAST(a AS TIMESTAMP(3) WITH LOCAL TIME ZONE)", "CAST(a AS TIMESTAMP_LTZ(3))"],
		["CAST(a AS INT ARRAY)", "CAST(a AS ARRAY<INT>)"],
		["CAST(a AS ROW(x INT))", "CAST(a AS ROW<x INT>)"],
		["((a))", "a"],
		["a -- comment\n+ /* another */ b // and one", "a + b"],
		["{d '2020-01-01'}", "DATE '2020-01-01'"],
		["`plain`", "plain"],
		["`value`", "`value`"],
		["`a``b`", "`a``b`"],
	])("%s is %s", (written, canonical) => {
		expect(print(parseExpression(written))).toBe(canonical);
		expect(withoutPositions(parseExpression(canonical))).toEqual(withoutPositions(parseExpression(written)));
	});

	test.each([
		["SELECT a FROM t, u JOIN v ON x", "SELECT a FROM t CROSS JOIN (u JOIN v ON x)"],
		["SELECT a b FROM t c", "SELECT a AS b FROM t AS c"],
		["SELECT ALL a FROM t LIMIT ALL", "SELECT a FROM t"],
		["SELECT a FROM t OFFSET 2 ROWS FETCH NEXT 3 ROWS ONLY", "SELECT a FROM t LIMIT 3 OFFSET 2"],
		[
			"SELECT * FROM TUMBLE(TABLE t, DESCRIPTOR(x), INTERVAL '1' DAY)",
			"SELECT * FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(x), INTERVAL '1' DAY))",
		],
		["(SELECT 1) UNION DISTINCT (SELECT 2)", "SELECT 1 UNION SELECT 2"],
		["SELECT 1 UNION SELECT 2 INTERSECT SELECT 3", "SELECT 1 UNION SELECT 2 INTERSECT SELECT 3"],
		["(SELECT 1 UNION SELECT 2) INTERSECT SELECT 3", "(SELECT 1 UNION SELECT 2) INTERSECT SELECT 3"],
		["SELECT 1 EXCEPT (SELECT 2 EXCEPT SELECT 3)", "SELECT 1 EXCEPT (SELECT 2 EXCEPT SELECT 3)"],
		["VALUES 1, (2), ROW(3)", "VALUES (1), (2), (3)"],
		["EXECUTE INSERT INTO t SELECT 1", "INSERT INTO t SELECT 1"],
		["DESC t", "DESCRIBE t"],
		["DESC `model`.t", "DESCRIBE `model`.t"],
		["USE `catalog`", "USE `catalog`"],
		["EXPLAIN PLAN FOR SELECT 1", "EXPLAIN SELECT 1"],
		["SHOW TABLES IN d", "SHOW TABLES FROM d"],
		["CREATE TABLE t (a INT PRIMARY KEY NOT ENFORCED)", "CREATE TABLE t (a INT, PRIMARY KEY (a) NOT ENFORCED)"],
		["BEGIN STATEMENT SET; INSERT INTO t SELECT 1; END", "EXECUTE STATEMENT SET BEGIN INSERT INTO t SELECT 1; END"],
	])("%s is %s", (written, canonical) => {
		expect(print(parseStatement(written))).toBe(canonical);
		expect(withoutPositions(parseStatement(canonical))).toEqual(withoutPositions(parseStatement(written)));
	});
});

test("every node knows its place", () => {
	const sql = "SELECT a,\n  SUM(b + 1) OVER w AS total\nFROM db.t AS x";
	const query = parseStatement(sql);
	const texts = new Map<string, string>();
	const visit = (node: unknown): void => {
		if (Array.isArray(node)) node.forEach(visit);
		if (node === null || typeof node !== "object" || Array.isArray(node)) return;
		const { kind, position } = node as { kind?: string; position?: { start: number; end: number } };
		if (kind !== undefined && position !== undefined) texts.set(kind, sql.slice(position.start, position.end));
		Object.values(node).forEach(visit);
	};
	visit(query);
	expect(texts.get("Query")).toBe(sql);
	expect(texts.get("FunctionCall")).toBe("SUM(b + 1) OVER w");
	expect(texts.get("BinaryOperation")).toBe("b + 1");
	expect(texts.get("SelectItem")).toBe("SUM(b + 1) OVER w AS total");
	expect(texts.get("TableName")).toBe("db.t AS x");
	expect(query.position).toEqual({ line: 1, column: 1, start: 0, end: sql.length });
});

test("the tree is plain JSON", () => {
	const statements = parse(
		"CREATE TABLE t (a ARRAY<INT> NOT NULL) WITH ('k' = 'v'); SELECT a[1] FROM t WHERE b IN (1, ?)",
	);
	expect(JSON.parse(JSON.stringify(statements))).toEqual(statements);
});

test("parameters are numbered anew in each statement", () => {
	const kinds = JSON.stringify(withoutPositions(parse("SELECT ?, ?; SELECT ?")));
	expect(kinds.match(/"index":\d/g)).toEqual(['"index":0', '"index":1', '"index":0']);
});

test("a dotted path is one reference; a field of anything else is an access", () => {
	expect(parseExpression("a.b.c").kind).toBe("ColumnReference");
	expect(parseExpression("(a.b).c")).toMatchObject({ kind: "FieldAccess", operand: { kind: "ColumnReference" } });
	expect(parseExpression("a.b[1].c")).toMatchObject({ kind: "FieldAccess", operand: { kind: "ItemAccess" } });
	expect(print(parseExpression("(a.b).c"))).toBe("(a.b).c");
});

test("special functions are plain calls with a fixed order of arguments", () => {
	const kindsOf = (text: string) => {
		const call = parseExpression(text);
		return call.kind === "FunctionCall" ? [call.name.names[0]?.text, ...call.args.map((arg) => arg.kind)] : [];
	};
	expect(kindsOf("EXTRACT(DAY FROM a)")).toEqual(["EXTRACT", "SymbolArgument", "ColumnReference"]);
	expect(kindsOf("timestampadd(DAY, 1, a)")).toEqual([
		"TIMESTAMPADD",
		"SymbolArgument",
		"NumericLiteral",
		"ColumnReference",
	]);
	expect(kindsOf("trim(a)")).toEqual(["TRIM", "SymbolArgument", "StringLiteral", "ColumnReference"]);
	expect(kindsOf("OVERLAY(a PLACING 'x' FROM 1)")).toEqual([
		"OVERLAY",
		"ColumnReference",
		"StringLiteral",
		"NumericLiteral",
	]);
	expect(kindsOf("count(*)")).toEqual(["count", "Star"]);
	expect(parseExpression("CURRENT_DATE")).toMatchObject({ kind: "FunctionCall", niladic: true, args: [] });
});

test("types", () => {
	const type = "ROW<a INT NOT NULL 'doc', b MAP<STRING, ARRAY<DECIMAL(10, 2)>>> NOT NULL";
	expect(print(parseType(type))).toBe(type);
	expect(parseType("DOUBLE PRECISION")).toMatchObject({ kind: "SimpleType", name: "DOUBLE", nullable: true });
	expect(parseType("INTERVAL DAY(3) TO SECOND(6)")).toMatchObject({
		kind: "IntervalType",
		qualifier: { start: "DAY", precision: 3, end: "SECOND", fractionalPrecision: 6 },
	});
});

test("words that are not reserved are names, and print so that they stay names", () => {
	const sql = "SELECT data, name, type, version, key, map, first, last, `date`, dateTime FROM session AS view";
	expect(print(parseStatement(sql))).toBe(
		"SELECT data, name, type, version, key, `map`, first, last, `date`, `dateTime` FROM session AS view",
	);
	expect(print(parseExpression("`MAP`[1]"))).toBe("`MAP`[1]");
	expect(print(parseExpression("`CAST`(a)"))).toBe("`CAST`(a)");
	expect(print(parseExpression("`TRIM`(a, b)"))).toBe("`TRIM`(a, b)");
});

test("a chain of joins nests to the left and the printed text needs no parentheses", () => {
	const sql = "SELECT * FROM a JOIN b ON x LEFT JOIN c USING (y) CROSS JOIN d NATURAL FULL JOIN e";
	expect(print(parseStatement(sql))).toBe(sql);
});
