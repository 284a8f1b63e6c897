// Comparisons of decimal multiples of integers: whatever form they are compiled to, the rows are those of exact arithmetic.
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { solvedComparison } from "../../src/expr/compile/linear-comparison.js";
import { column, type Expr, literal } from "../../src/types/expr.js";
import { BIGINT, decimal, INTEGER, notNull, type Schema } from "../../src/types/sql-type.js";
import { Region } from "../../src/wasm/region.js";
import { bound, expectSameRows, expectSameValues } from "./differential.js";

const OPERATORS = ["<", "<=", ">", ">="] as const;

const asDecimal = (input: Expr, precision: number): Expr => ({
	kind: "cast",
	input,
	type: { ...decimal(precision, 0), nullable: true },
	safe: false,
});

const number = (value: bigint, precision: number, scale: number) => literal(value, notNull(decimal(precision, scale)));

let region: Region;
beforeAll(async () => {
	region = await Region.create();
});

const bigints = fc.oneof(
	fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
	fc.bigInt({ min: -3000n, max: 3000n }),
	fc.constantFrom(0n, 1n, -1n, 1101321n, 1101322n, -1101321n, -1101322n),
);

test("agree with the row evaluator for random factors, bounds and values", () => {
	const cases = fc.record({
		factor: fc.bigInt({ min: -9999n, max: 9999n }),
		bound: fc.oneof(fc.bigInt({ min: -5000n, max: 5000n }), fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n })),
		scale: fc.integer({ min: 0, max: 4 }),
		operator: fc.constantFrom(...OPERATORS),
		isMirrored: fc.boolean(),
		isSmall: fc.boolean(),
		values: fc.array(fc.option(bigints), { minLength: 1, maxLength: 40 }),
	});
	fc.assert(
		fc.property(cases, ({ factor, bound: limit, scale, operator, isMirrored, isSmall, values }) => {
			const schema: Schema = [{ name: "x", type: isSmall ? INTEGER : BIGINT }];
			const x = asDecimal(column(0, isSmall ? INTEGER : BIGINT), isSmall ? 10 : 19);
			const product = bound("*", number(factor, 4, 3), x);
			const most = number(limit, 18, scale);
			const expr = isMirrored ? bound(operator, most, product) : bound(operator, product, most);
			const rows = values.map((value) => [value === null ? null : isSmall ? Number(BigInt.asIntN(32, value)) : value]);
			expectSameValues(region, schema, rows, expr);
			expectSameRows(region, schema, rows, expr);
		}),
		{ seed: 3, numRuns: 600 },
	);
});

test("0.908 * price > 1000000 is a comparison of the price", () => {
	const price = column(0, BIGINT);
	const expr = bound(">", bound("*", number(908n, 4, 3), asDecimal(price, 19)), number(1_000_000_000n, 24, 3));
	expect(solvedComparison(expr)).toMatchObject({ function: ">", args: [price, { value: 1_101_321n }] });
});

test("a product that may be too large for its type, and so NULL, stays", () => {
	const x = asDecimal(column(0, BIGINT), 19);
	const product: Expr = { ...bound("*", number(908n, 4, 3), x), type: decimal(20, 3) } as Expr;
	const expr = bound(">", product, number(1n, 24, 3));
	expect(solvedComparison(expr)).toBe(expr);
});
