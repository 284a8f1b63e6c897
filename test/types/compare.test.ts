// Order, equality and grouping keys of values.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { comparisonType, leastCommonType } from "../../src/types/coercion.js";
import { comparatorOf, compareStrings, equalValues, keyText, orderComparator } from "../../src/types/compare.js";
import {
	array,
	BIGINT,
	BOOLEAN,
	char,
	DATE,
	DOUBLE,
	decimal,
	FLOAT,
	INTEGER,
	map,
	notNull,
	SMALLINT,
	type SqlType,
	STRING,
	timestamp,
	varchar,
} from "../../src/types/sql-type.js";
import { typeText } from "../../src/types/type-text.js";
import type { Value } from "../../src/types/value.js";

test("strings compare as their UTF-8 bytes", () => {
	const point = fc
		.integer({ min: 0, max: 0x10f7ff })
		.map((code) => String.fromCodePoint(code < 0xd800 ? code : code + 0x800));
	const text = fc.array(point).map((points) => points.join(""));
	fc.assert(
		fc.property(text, text, (left, right) => {
			const bytes = Buffer.compare(Buffer.from(left), Buffer.from(right));
			expect(Math.sign(compareStrings(left, right))).toBe(bytes);
		}),
	);
	expect(["b", "B", "é", "😀", "ﬀ", ""].sort(compareStrings)).toEqual(["", "B", "b", "é", "ﬀ", "😀"]);
});

const samples: readonly (readonly [SqlType, fc.Arbitrary<Value>])[] = [
	[DOUBLE, fc.double()],
	[STRING, fc.string()],
	[BIGINT, fc.bigInt()],
	[array(INTEGER), fc.array(fc.option(fc.integer()))],
	[map(STRING, INTEGER), fc.uniqueArray(fc.tuple(fc.string(), fc.integer()), { selector: ([key]) => key })],
];

describe.each(samples.map(([type, values]) => [typeText(type), type, values] as const))("%s", (_, type, values) => {
	test("keys are equal exactly when values are", () => {
		fc.assert(
			fc.property(fc.option(values), fc.option(values), (left, right) => {
				expect(keyText([left], [type]) === keyText([right], [type])).toBe(equalValues(left, right, type));
			}),
		);
	});

	test("the order is total", () => {
		const compare = comparatorOf(type);
		fc.assert(
			fc.property(values, values, values, (a, b, c) => {
				expect(Math.sign(compare(a, b))).toBe(-Math.sign(compare(b, a)) + 0);
				if (compare(a, b) <= 0 && compare(b, c) <= 0) expect(compare(a, c)).toBeLessThanOrEqual(0);
			}),
		);
	});
});

test("zeros are one group, NaN equals NaN and lies above Infinity, NULLs are first ascending and last descending", () => {
	expect(keyText([0, Number.NaN], [DOUBLE, DOUBLE])).toBe(keyText([-0, Number.NaN], [DOUBLE, DOUBLE]));
	const values = [Number.NaN, null, Number.POSITIVE_INFINITY, -1];
	expect([...values].sort(orderComparator(DOUBLE, false))).toEqual([null, -1, Number.POSITIVE_INFINITY, Number.NaN]);
	expect([...values].sort(orderComparator(DOUBLE, true))).toEqual([Number.NaN, Number.POSITIVE_INFINITY, -1, null]);
	expect([...values].sort(orderComparator(DOUBLE, true, false))[0]).toBeNull();
});

test("maps are equal whatever the order of their entries", () => {
	const type = map(STRING, INTEGER);
	const left = [["a", 1] as const, ["b", 2] as const];
	expect(equalValues(left, [...left].reverse(), type)).toBe(true);
});

test("keys of several columns do not run into each other", () => {
	expect(keyText(["a", "bc"], [STRING, STRING])).not.toBe(keyText(["ab", "c"], [STRING, STRING]));
	expect(keyText([null, "~"], [STRING, STRING])).not.toBe(keyText(["~", null], [STRING, STRING]));
});

test("least common types, as Flink finds them", () => {
	const common = (...types: SqlType[]) => {
		const found = leastCommonType(types.map(notNull));
		return found && typeText(found);
	};
	expect(common(INTEGER, decimal(2, 1))).toBe("DECIMAL(11, 1) NOT NULL");
	expect(common(BIGINT, decimal(3, 2))).toBe("DECIMAL(21, 2) NOT NULL");
	expect(common(SMALLINT, INTEGER)).toBe("INT NOT NULL");
	expect(common(FLOAT, decimal(2, 1))).toBe("DOUBLE NOT NULL");
	expect(common(FLOAT, DOUBLE)).toBe("FLOAT NOT NULL");
	expect(common(char(1), char(3))).toBe("VARCHAR(3) NOT NULL");
	expect(common(char(3), varchar(5))).toBe("VARCHAR(5) NOT NULL");
	expect(common(timestamp(0), timestamp(3))).toBe("TIMESTAMP(3) NOT NULL");
	expect(common(array(INTEGER), array(BIGINT))).toBe("ARRAY<BIGINT> NOT NULL");
	expect(common(INTEGER, STRING)).toBeUndefined();
	expect(leastCommonType([notNull(INTEGER), INTEGER])?.nullable).toBe(true);
});

test("what can be compared", () => {
	expect(comparisonType(INTEGER, STRING, true)).toBeUndefined();
	expect(comparisonType(INTEGER, STRING, false)?.kind).toBe("INTEGER");
	expect(comparisonType(DATE, timestamp(0), false)).toBeUndefined();
	expect(comparisonType(DATE, STRING, true)?.kind).toBe("DATE");
	// Flink: CAST(0.1 AS FLOAT) = 0.1e0 holds, 0.1e0 = CAST(0.1 AS FLOAT) does not.
	expect(comparisonType(FLOAT, DOUBLE, true)?.kind).toBe("FLOAT");
	expect(comparisonType(DOUBLE, FLOAT, true)?.kind).toBe("DOUBLE");
	expect(comparisonType(FLOAT, DOUBLE, false)?.kind).toBe("DOUBLE");
	expect(comparisonType(BOOLEAN, INTEGER, true)).toBeUndefined();
});
