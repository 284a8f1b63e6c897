// Random SQL text from a small grammar, for tests that compare a statement with itself printed and for mutation.
import { random } from "./positions.js";

const COLUMNS = ["a", "b", "t.a", "t.r.f", "`value`", "`a b`", "d"];
const LITERALS = ["1", "1.5", "1e3", "'it''s'", "TRUE", "NULL", "X'AB'", "DATE '2020-01-01'", "INTERVAL '1' DAY", "?"];
const TYPES = [
	"INT",
	"VARCHAR(5)",
	"ARRAY<INT NOT NULL>",
	"MAP<STRING, INT>",
	"ROW<a INT, b STRING NOT NULL 'c'>",
	"TIMESTAMP_LTZ(3)",
];
const TABLES = [
	"t",
	"c.db.t",
	"s AS x",
	"t AS y (p, q)",
	"t /*+ OPTIONS('a' = 'b') */",
	"t FOR SYSTEM_TIME AS OF a AS o",
];
const FUNCTION_TABLES = [
	"TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' HOUR))",
	"SESSION(TABLE t PARTITION BY (a, b), DESCRIPTOR(ts), INTERVAL '5' MINUTE)",
	"UNNEST(a) WITH ORDINALITY AS u (x, i)",
	"t MATCH_RECOGNIZE (ORDER BY ts MEASURES FINAL LAST(A.x) AS x PATTERN (A+? (B | C){2,} $) DEFINE A AS a > 1) AS m",
];

export function generateStatement(seed: number): string {
	return new Generator(random(seed)).statement();
}

class Generator {
	private budget = 30;

	constructor(private readonly next: () => number) {}

	private below(limit: number): number {
		return Math.floor(this.next() * limit);
	}

	private pick<Item>(items: readonly Item[]): Item {
		return items[this.below(items.length)] as Item;
	}

	/** Sometimes the text, sometimes nothing. */
	private maybe(text: () => string): string {
		return this.next() < 0.4 ? text() : "";
	}

	statement(): string {
		switch (this.below(8)) {
			case 0:
				return `INSERT INTO t ${this.maybe(() => "(a, b)")} ${this.query()}`;
			case 1:
				return `CREATE TABLE t (a ${this.pick(TYPES)}, b AS ${this.expression()}, WATERMARK FOR ts AS ${this.expression()}) WITH ('k' = 'v')`;
			case 2:
				return `UPDATE t SET a = ${this.expression()} WHERE ${this.expression()}`;
			case 3:
				return `CREATE ${this.maybe(() => "TEMPORARY ")}VIEW v AS ${this.query()}`;
			case 4:
				return `EXPLAIN ${this.maybe(() => "CHANGELOG_MODE ")}${this.query()}`;
			default:
				return this.query();
		}
	}

	private query(): string {
		if (--this.budget < 0) return "SELECT 1";
		switch (this.below(8)) {
			case 0:
				return `${this.select()} ${this.pick(["UNION", "UNION ALL", "EXCEPT", "INTERSECT ALL"])} ${this.select()}`;
			case 1:
				return `(${this.query()}) UNION (${this.query()})`;
			case 2:
				return `${this.select()} ORDER BY ${this.expression()} ${this.maybe(() => "DESC NULLS LAST")} ${this.maybe(() => "LIMIT 5")}`;
			case 3:
				return `WITH c AS (${this.query()}) ${this.select()}`;
			case 4:
				return `VALUES (${this.expression()}, ${this.expression()}), ROW(1, 2)`;
			default:
				return this.select();
		}
	}

	private select(): string {
		const items = this.pick([() => "*", () => `${this.expression()} AS x`, () => `t.*, ${this.expression()}`])();
		const group = this.pick([
			"",
			"",
			" GROUP BY a, CUBE(b, (c, d))",
			" GROUP BY GROUPING SETS ((a, b), (), ROLLUP(a))",
		]);
		return `SELECT ${this.maybe(() => "DISTINCT ")}${items} FROM ${this.table()}${this.maybe(() => ` WHERE ${this.expression()}`)}${group}`;
	}

	private table(): string {
		if (--this.budget < 0) return "t";
		switch (this.below(8)) {
			case 0:
				return `(${this.query()}) AS z`;
			case 1:
				return `${this.table()} ${this.pick(["", "LEFT ", "FULL OUTER "])}JOIN ${this.pick(TABLES)} ON ${this.expression()}`;
			case 2:
				return `${this.table()}, ${this.table()}`;
			case 3:
				return this.pick(FUNCTION_TABLES);
			case 4:
				return `${this.table()} LEFT JOIN LATERAL TABLE(f(${this.expression()})) AS l (m) ON TRUE`;
			default:
				return this.pick(TABLES);
		}
	}

	private expression(): string {
		if (--this.budget < 0) return this.pick(COLUMNS);
		const operand = () => this.expression();
		return this.pick([
			() => this.pick(COLUMNS),
			() => this.pick(LITERALS),
			() => `${operand()} ${this.pick(["+", "-", "*", "/", "%", "||"])} ${operand()}`,
			() => `${operand()} ${this.pick(["=", "<>", "<", "<=", ">", ">=", "!="])} ${operand()}`,
			() => `${operand()} ${this.pick(["AND", "OR"])} ${operand()}`,
			() => `${this.pick(["NOT ", "- ", "+"])}${operand()}`,
			() => `${operand()} IS ${this.pick(["NULL", "NOT TRUE", "NOT DISTINCT FROM a", "JSON ARRAY"])}`,
			() => `${operand()} ${this.pick(["", "NOT "])}BETWEEN ${operand()} AND ${operand()}`,
			() =>
				`${operand()} ${this.pick(["LIKE", "NOT LIKE", "SIMILAR TO"])} ${operand()}${this.maybe(() => " ESCAPE '!'")}`,
			() => `${operand()} ${this.pick(["IN", "NOT IN"])} (${this.pick([operand, () => this.query()])()})`,
			() => `${operand()} = ${this.pick(["ANY", "ALL"])} (${this.query()})`,
			() =>
				`CASE ${this.maybe(operand)} WHEN ${operand()} THEN ${operand()} ${this.maybe(() => `ELSE ${operand()}`)} END`,
			() => `${this.pick(["CAST", "TRY_CAST"])}(${operand()} AS ${this.pick(TYPES)})`,
			() => `${this.pick(["f", "db.f", "COALESCE", "LEFT"])}(${operand()}, ${operand()})`,
			() =>
				`SUM(${this.maybe(() => "DISTINCT ")}${operand()}) ${this.maybe(() => `FILTER (WHERE ${operand()}) `)}OVER (PARTITION BY a ORDER BY b ROWS 5 PRECEDING)`,
			() => `(${operand()})`,
			() => `(${operand()}, ${operand()})`,
			() => `${this.pick(["(a).f", "f(a).g", "a[1].f", "ARRAY[1, 2][1]", "MAP['a', b]['a']"])}`,
			() => `EXISTS (${this.query()})`,
			() => `(${this.query()})`,
			() => `TRIM(${this.pick(["", "BOTH 'x' FROM ", "LEADING "])}${operand()})`,
			() => `EXTRACT(DAY FROM ${operand()}) + CEIL(${operand()} TO HOUR) + POSITION('a' IN ${operand()})`,
			() => `JSON_VALUE(${operand()}, '$.a' RETURNING INT DEFAULT ${operand()} ON EMPTY NULL ON ERROR)`,
			() => `JSON_OBJECT(KEY 'a' VALUE ${operand()}, 'b' : ${operand()} ABSENT ON NULL)`,
			() => `SUBSTRING(${operand()} FROM 2 FOR 3) || OVERLAY(${operand()} PLACING 'x' FROM 1)`,
		])();
	}
}
