// DECIMAL arithmetic against exact fractions, and result types against Flink's answers.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
	addDecimals,
	ceilDecimal,
	commonDecimal,
	compareDecimals,
	decimalText,
	divideDecimals,
	floorDecimal,
	multiplyDecimals,
	parseDecimal,
	productType,
	quotientType,
	remainderDecimals,
	remainderType,
	rescale,
	roundDecimal,
	roundedType,
	sumType,
} from "../../src/types/decimal.js";
import { decimal } from "../../src/types/sql-type.js";

const pair = (precision: number, scale: number) => ({ precision, scale });

describe("result types, as Flink 2.3 gives them", () => {
	test.each([
		[pair(5, 2), pair(5, 2), "6,2", "11,4", "13,8", "5,2"],
		[pair(5, 2), pair(10, 0), "13,2", "16,2", "16,13", "5,2"],
		[pair(10, 0), pair(5, 2), "13,2", "16,2", "18,6", "5,2"],
		[pair(18, 9), pair(18, 9), "19,9", "37,18", "38,20", "18,9"],
		[pair(38, 0), pair(5, 2), "38,2", "38,2", "38,6", "5,2"],
		[pair(38, 37), pair(10, 2), "38,29", "38,28", "38,35", "38,37"],
		[pair(38, 20), pair(10, 0), "38,19", "38,9", "38,20", "30,20"],
		[pair(19, 0), pair(19, 0), "20,0", "38,0", "38,19", "19,0"],
		[pair(15, 2), pair(4, 4), "18,4", "20,6", "24,7", "4,4"],
	] as const)("%o and %o", (left, right, sum, product, quotient, remainder) => {
		const text = ({ precision, scale }: { precision: number; scale: number }) => `${precision},${scale}`;
		expect(text(sumType(left, right))).toBe(sum);
		expect(text(productType(left, right))).toBe(product);
		expect(text(quotientType(left, right))).toBe(quotient);
		expect(text(remainderType(left, right))).toBe(remainder);
	});

	test("ROUND and common types", () => {
		expect(roundedType(pair(10, 4), 2)).toEqual(decimal(9, 2));
		expect(roundedType(pair(10, 4), 0)).toEqual(decimal(7, 0));
		expect(roundedType(pair(10, 4), -1)).toEqual(decimal(7, 0));
		expect(roundedType(pair(10, 4), 6)).toEqual(decimal(10, 4));
		expect(commonDecimal(pair(10, 0), pair(2, 1))).toEqual(decimal(11, 1));
	});
});

const number = fc.tuple(fc.bigInt(-(10n ** 18n), 10n ** 18n), fc.integer({ min: 0, max: 12 }));
const wide = pair(38, 12);

/** The nearest unit of `scale` to numerator / denominator, ties away from zero: by comparing doubled distances. */
function nearest(numerator: bigint, denominator: bigint, scale: number): bigint {
	const scaled = numerator * 10n ** BigInt(scale);
	const down = scaled / denominator;
	const size = (value: bigint) => (value < 0n ? -value : value);
	const sign = scaled < 0n === denominator < 0n ? 1n : -1n;
	return 2n * size(scaled - down * denominator) >= size(denominator) ? down + sign : down;
}

describe("arithmetic", () => {
	test("sums and products are exact where the scale holds them", () => {
		fc.assert(
			fc.property(number, number, ([a, s], [b, t]) => {
				const ten = (exponent: number) => 10n ** BigInt(exponent);
				expect(addDecimals(a, s, b, t, pair(38, 12))).toBe(a * ten(12 - s) + b * ten(12 - t));
				const product = multiplyDecimals(a, s, b, t, pair(80, 24));
				expect(product).toBe(a * b * ten(24 - s - t));
			}),
		);
	});

	/** As Flink divides: to 38 significant digits, then to the scale. */
	const roundedTwice = (numerator: bigint, denominator: bigint, scale: number): bigint => {
		const lengthAt = (digits: number) => `${nearest(numerator, denominator, digits)}`.replace("-", "").length;
		let digits = scale;
		while (digits < 100 && lengthAt(digits + 1) <= 38) digits++;
		return nearest(nearest(numerator, denominator, digits), 10n ** BigInt(digits), scale);
	};

	test("quotients are the nearest of 38 digits, remainders have the dividend's sign", () => {
		fc.assert(
			fc.property(number, number, ([a, s], [b, t]) => {
				fc.pre(b !== 0n);
				const numerator = a * 10n ** BigInt(t);
				const denominator = b * 10n ** BigInt(s);
				const quotient = divideDecimals(a, s, b, t, wide);
				const expected = roundedTwice(numerator, denominator, 12);
				if (expected < 10n ** 37n && expected > -(10n ** 37n)) expect(quotient).toBe(expected);
				const remainder = remainderDecimals(a, s, b, t, wide) as bigint;
				expect(remainder === 0n || remainder < 0n === a < 0n).toBe(true);
				expect((rescale(a, s, 12) - remainder) % rescale(b, t, 12)).toBe(0n);
			}),
		);
	});

	test("order, floor and ceiling agree with exact fractions", () => {
		fc.assert(
			fc.property(number, number, ([a, s], [b, t]) => {
				const difference = a * 10n ** BigInt(t) - b * 10n ** BigInt(s);
				expect(compareDecimals(a, s, b, t)).toBe(difference < 0n ? -1 : difference > 0n ? 1 : 0);
				const unit = 10n ** BigInt(s);
				const floor = floorDecimal(a, s);
				expect(floor * unit <= a && a < (floor + 1n) * unit).toBe(true);
				const ceil = ceilDecimal(a, s);
				expect((ceil - 1n) * unit < a && a <= ceil * unit).toBe(true);
			}),
		);
	});

	test("text reads back", () => {
		fc.assert(
			fc.property(number, ([a, s]) => {
				expect(parseDecimal(decimalText(a, s))).toEqual([a, s]);
			}),
		);
	});

	test("rounding is half away from zero, and too big a result is NULL", () => {
		expect(roundDecimal(-25n, 1, 0, 0)).toBe(-3n);
		expect(roundDecimal(1_234_567n, 4, -1, 0)).toBe(120n);
		expect(addDecimals(99n, 0, 1n, 0, pair(2, 0))).toBeNull();
	});
});
