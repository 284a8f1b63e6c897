// DECIMALs of more than 18 digits are computed in 64 bits while the values of a batch allow it. The same program sees batches of small,
// large and mixed values; results are the row evaluator's.
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { batchToRows, rowsToBatch } from "../../src/arrow/rows.js";
import { compileExpressions } from "../../src/expr/compile.js";
import { compileRow } from "../../src/expr/evaluate.js";
import { column, type Expr, literal } from "../../src/types/expr.js";
import * as sql from "../../src/types/sql-type.js";
import type { Row, Value } from "../../src/types/value.js";
import { Region } from "../../src/wasm/region.js";
import { bound, CONTEXT, text } from "./differential.js";

const TYPES = [
	sql.decimal(12, 2),
	sql.decimal(15, 2),
	sql.decimal(18, 0),
	sql.notNull(sql.decimal(18, 4)),
	sql.decimal(19, 2),
	sql.decimal(38, 4),
	sql.BIGINT,
] as const;
const schema = TYPES.map((type, i) => ({ name: `c${i}`, type }));

const maximum = (type: sql.SqlType): bigint =>
	type.kind === "DECIMAL" ? 10n ** BigInt(type.precision) - 1n : 2n ** 63n - 1n;

/** Around a power of two, of ten, or anything: up to `bits` bits. */
const integer = (bits: number): fc.Arbitrary<bigint> => {
	const near = fc.tuple(fc.integer({ min: 0, max: bits }), fc.bigInt({ min: -2n, max: 2n }), fc.boolean());
	const exact = near.map(([power, off, negative]) => (negative ? -1n : 1n) * (2n ** BigInt(power) + off));
	return fc.oneof(exact, fc.bigInt({ min: -(2n ** BigInt(bits)), max: 2n ** BigInt(bits) }));
};

const value = (type: sql.SqlType, bits: number): fc.Arbitrary<Value> => {
	const limit = maximum(type);
	const inside = integer(bits).map((n) => (n > limit ? limit : n < -limit ? -limit : n));
	return type.nullable ? fc.option(inside, { freq: 8 }) : inside;
};

const batch = fc.constantFrom(6, 30, 31, 32, 59, 62, 126).chain((bits) => {
	const row = fc.tuple(...TYPES.map((type) => value(type, bits)));
	return fc.array(row as unknown as fc.Arbitrary<Row>, { maxLength: 40 });
});

const leaf: fc.Arbitrary<Expr> = fc.oneof(
	{ weight: 4, arbitrary: fc.nat(TYPES.length - 1).map((i) => column(i, TYPES[i] as sql.SqlType)) },
	{ weight: 1, arbitrary: integer(40).map((n) => literal(n, sql.notNull(sql.decimal(14, 2)))) },
	{ weight: 1, arbitrary: integer(3).map((n) => literal(n, sql.notNull(sql.decimal(19, 3)))) },
);

const arithmetic = (depth: number): fc.Arbitrary<Expr> => {
	if (depth === 0) return leaf;
	const below = arithmetic(depth - 1);
	const operation = fc
		.tuple(fc.constantFrom("+", "-", "*", "*"), below, below)
		.map(([name, left, right]) => bound(name, left, right));
	const choice = fc.tuple(comparison(depth - 1), operation).map(
		([when, then]): Expr => ({
			kind: "case",
			branches: [{ when, then }],
			otherwise: literal(then.type.kind === "DOUBLE" ? 0 : 0n, sql.notNull(then.type)),
			type: then.type,
		}),
	);
	const cast = fc
		.tuple(operation, fc.constantFrom(sql.decimal(38, 2), sql.decimal(18, 2), sql.decimal(30, 8), sql.DOUBLE))
		.map(([input, type]): Expr => ({ kind: "cast", input, type, safe: false }));
	return fc.oneof(
		{ weight: 1, arbitrary: leaf },
		{ weight: 6, arbitrary: operation },
		{ weight: 1, arbitrary: choice },
		{ weight: depth > 1 ? 0 : 1, arbitrary: cast },
	);
};

const comparison = (depth: number): fc.Arbitrary<Expr> =>
	fc
		.tuple(fc.constantFrom("<", "=", ">="), arithmetic(depth), arithmetic(depth))
		.map(([name, left, right]) => bound(name, left, right));

describe.each(["release", "debug"] as const)("%s kernels", (build) => {
	let region: Region;
	beforeAll(async () => {
		region = await Region.create({ build });
	});
	const numRuns = build === "release" ? Number(process.env.RUNS ?? 300) : 60;

	test("arithmetic on DECIMAL over batches of differing size of values", () => {
		const expr = fc.oneof({ weight: 3, arbitrary: arithmetic(3) }, { weight: 1, arbitrary: comparison(2) });
		const batches = fc.array(batch, { minLength: 1, maxLength: 4 });
		fc.assert(
			fc.property(expr, batches, (each, inputs) => expectSameColumns(region, each, inputs)),
			{ seed: 7, numRuns, endOnFailure: true },
		);
	});

	test("a column is read in both widths", () => {
		const [price, discount] = [column(0, TYPES[0]), column(1, TYPES[1])];
		const product = bound("*", price, discount);
		const mark = region.arena.mark();
		const program = compileExpressions([product, bound("*", product, discount)], schema, region, CONTEXT);
		const rows = [3n, -7n, null].map((n): Row => [n, n, 0n, 0n, 0n, 0n, 0n]);
		const [first, second] = program.evaluate(rowsToBatch(region, schema, rows));
		expect(first?.narrow).toBeDefined();
		expect(second?.narrow).toBeDefined();
		const read = () => batchToRows(region, { length: 3, columns: [first!, second!], kinds: 0 });
		const wanted = [
			[9n, 27n],
			[49n, -343n],
			[null, null],
		];
		expect(read()).toEqual(wanted);
		expect(read()).toEqual(wanted);
		expect({ ...first }.narrow).toBeUndefined();
		program.dispose();
		region.arena.release(mark);
	});
});

function expectSameColumns(region: Region, expr: Expr, inputs: readonly (readonly Row[])[]): void {
	const byRow = compileRow(expr, CONTEXT);
	const mark = region.arena.mark();
	const program = compileExpressions([expr], schema, region, CONTEXT);
	for (const rows of inputs) {
		const columns = program.evaluate(rowsToBatch(region, schema, rows));
		const found = batchToRows(region, { length: rows.length, columns, kinds: 0 }).map(([each]) => each);
		expect({ found, expr: text(expr) }).toEqual({ found: rows.map((row) => byRow(row)), expr: text(expr) });
	}
	program.dispose();
	region.arena.release(mark);
}
