// Functions of columns that hold one value, or one day, in all rows of a batch: they run once, and the result is known to be one value.
import { beforeAll, expect, test } from "vitest";
import { rowsToBatch } from "../../src/arrow/rows.js";
import { compileExpressions } from "../../src/expr/compile.js";
import { column, type Expr, literal } from "../../src/types/expr.js";
import { BIGINT, INTEGER, notNull, type Schema, STRING, timestamp } from "../../src/types/sql-type.js";
import type { Row, Value } from "../../src/types/value.js";
import { Region } from "../../src/wasm/region.js";
import { bound, CONTEXT, expectSameValues } from "./differential.js";

let region: Region;
beforeAll(async () => {
	region = await Region.create({ build: "debug" });
});

const DAY = 86_400_000;
const schema: Schema = [
	{ name: "at", type: timestamp(3) },
	{ name: "text", type: STRING },
	{ name: "id", type: notNull(BIGINT) },
];
const at = column(0, timestamp(3));
const text = column(1, STRING);

/** Whether the result is known to hold one value; it equals the row evaluator's. */
function isKnown(expr: Expr, rows: readonly Row[]): boolean | undefined {
	expectSameValues(region, schema, rows, expr);
	const program = compileExpressions([expr], schema, region, CONTEXT);
	const [result] = program.evaluate(rowsToBatch(region, schema, rows));
	program.dispose();
	return result!.same;
}

const of = (times: readonly Value[]): Row[] => times.map((time, i) => [time, "x", BigInt(i)]);
const count = (n: number, value: (i: number) => Value) => of(Array.from({ length: n }, (_, i) => value(i)));

const format = (pattern: string) => bound("DATE_FORMAT", at, literal(pattern, notNull(STRING)));

test.each([1, 2, 17, 512, 513, 2000])("the day of %i times", (n) => {
	const day = format("yyyy-MM-dd");
	const last = n - 1;
	expect(
		isKnown(
			day,
			count(n, (i) => 20_000 * DAY + i * 43),
		),
	).toBe(true);
	expect(
		isKnown(
			day,
			count(n, (i) => 20_000 * DAY + (i === last ? DAY - 1 : 0)),
		),
	).toBe(true);
	expect(
		isKnown(
			day,
			count(n, (i) => i),
		),
	).toBe(true);
	if (n < 2) return;
	expect(
		isKnown(
			day,
			count(n, (i) => 20_000 * DAY + (i === last ? DAY : 5)),
		),
	).toBeUndefined();
	expect(
		isKnown(
			day,
			count(n, (i) => 20_000 * DAY - (i === last ? 1 : 0)),
		),
	).toBeUndefined();
	expect(
		isKnown(
			day,
			count(n, (i) => (i === last ? -1 : 1)),
		),
	).toBeUndefined();
	expect(
		isKnown(
			day,
			count(n, (i) => -1 - i),
		),
	).toBeUndefined();
	expect(
		isKnown(
			day,
			count(n, (i) => (i === last ? null : 20_000 * DAY)),
		),
	).toBeUndefined();
});

test("times at both ends of what 64 bits hold have no day in common", () => {
	const nanos: Schema = [{ name: "at", type: timestamp(9) }];
	const day = bound("DATE_FORMAT", column(0, timestamp(9)), literal("yyyy-MM-dd", notNull(STRING)));
	expectSameValues(region, nanos, [[2n ** 63n - 1n], [-(2n ** 63n) + 1000n]], day);
});

test("a day with more letters than a view holds travels by row", () => {
	expect(
		isKnown(
			format("'on the 'yyyy-MM-dd"),
			count(700, (i) => 20_000 * DAY + i),
		),
	).toBeUndefined();
});

test("texts: one, another in the end, none, and a result that is NULL", () => {
	const decoded = bound("SPLIT_INDEX", text, literal(",", notNull(STRING)), literal(2, notNull(INTEGER)));
	const texts = (value: (i: number) => Value): Row[] => Array.from({ length: 600 }, (_, i) => [0, value(i), 0n]);
	for (const expr of [decoded, bound("MD5", text), bound("TO_DATE", text), bound("INITCAP", text)]) {
		isKnown(
			expr,
			texts(() => "a,b,c"),
		);
		isKnown(
			expr,
			texts(() => "2020-02-29"),
		);
		isKnown(
			expr,
			texts((i) => (i === 599 ? "z" : "a,b,c")),
		);
		isKnown(
			expr,
			texts(() => null),
		);
		isKnown(
			expr,
			texts(() => "one of more than twelve bytes"),
		);
	}
	expect(
		isKnown(
			bound("TO_DATE", text),
			texts(() => "2020-02-29"),
		),
	).toBe(true);
	expect(
		isKnown(
			bound("TO_DATE", text),
			texts(() => "no date"),
		),
	).toBeUndefined();
});
