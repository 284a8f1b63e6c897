// Conditions that bound columns from below and above: whatever ranges they are compiled to, the rows are those of the row evaluator.
import fc from "fast-check";
import { beforeAll, test } from "vitest";
import { column, type Expr, literal } from "../../src/types/expr.js";
import { BIGINT, DATE, DOUBLE, INTEGER, notNull, type Schema, type SqlType } from "../../src/types/sql-type.js";
import type { Value } from "../../src/types/value.js";
import { Region } from "../../src/wasm/region.js";
import { bound, expectSameRows } from "./differential.js";

let region: Region;
beforeAll(async () => {
	region = await Region.create({ build: "debug" });
});

const few = fc.integer({ min: -4, max: 4 });
const integers = fc.oneof(few, few, fc.constantFrom(-(2 ** 31), 2 ** 31 - 1, 1 - 2 ** 31, 2 ** 31 - 2));
const longs = fc.oneof(
	few.map(BigInt),
	fc.constantFrom(-(2n ** 63n), 2n ** 63n - 1n, 1n - 2n ** 63n, 2n ** 63n - 2n, 2n ** 32n),
);
const floats = fc.oneof(
	few.map((value) => value / 2),
	fc.constantFrom(-0, Number.NaN, Infinity, -Infinity, Number.MIN_VALUE, -Number.MIN_VALUE, Number.MAX_VALUE, 1e-310),
);

const kinds: readonly (readonly [SqlType, fc.Arbitrary<Value>])[] = [
	[INTEGER, integers],
	[BIGINT, longs],
	[DOUBLE, floats],
	[DATE, few],
];
const schema: Schema = kinds.map(([type], i) => ({ name: `c${i}`, type }));

/** A whole number compared with a floating-point column, as `quantity < 24` is bound. */
const castComparison: fc.Arbitrary<Expr> = fc
	.record({ operator: fc.constantFrom("<", "<=", ">", ">=", "="), value: integers })
	.map(({ operator, value }) => {
		const input = literal(value, notNull(INTEGER));
		return bound(operator, column(2, DOUBLE), { kind: "cast", input, type: notNull(DOUBLE), safe: false });
	});

const comparison: fc.Arbitrary<Expr> = fc
	.nat(kinds.length - 1)
	.chain((index) =>
		fc.record({
			index: fc.constant(index),
			operator: fc.constantFrom("<", "<=", ">", ">=", "=", "<>"),
			value: kinds[index]![1],
			isMirrored: fc.boolean(),
		}),
	)
	.map(({ index, operator, value, isMirrored }) => {
		const [type] = kinds[index]!;
		const operands = [column(index, type), literal(value, notNull(type))] as [Expr, Expr];
		return bound(operator, ...(isMirrored ? (operands.toReversed() as [Expr, Expr]) : operands));
	});

const rows = fc.array(fc.tuple(...kinds.map(([, values]) => fc.option(values, { freq: 8 }))), {
	minLength: 1,
	maxLength: 70,
});

/** The rows, each behind so many that no comparison lets through: few of many. */
const spread = (values: readonly Value[][], nulls: number): Value[][] =>
	values.flatMap((row) => [...Array.from({ length: nulls }, () => kinds.map(() => null)), row]);

test("conjunctions of comparisons with literals select the rows that the row evaluator finds TRUE", () => {
	fc.assert(
		fc.property(
			fc.array(fc.oneof({ weight: 4, arbitrary: comparison }, castComparison), { minLength: 1, maxLength: 6 }),
			rows,
			fc.constantFrom(0, 0, 2, 20),
			(conjuncts, values, nulls) => {
				const condition = conjuncts.reduce((left, right) => bound("AND", left, right));
				expectSameRows(region, schema, spread(values, nulls), condition);
			},
		),
		{ seed: 7, numRuns: 1000 },
	);
});
