// CAST and TRY_CAST against rows that Flink 2.3 gave.
import { describe, expect, test } from "vitest";
import { canCast, canCastImplicitly, castFunction } from "../../src/types/cast.js";
import {
	array,
	BIGINT,
	BOOLEAN,
	BYTES,
	char,
	DATE,
	DOUBLE,
	decimal,
	FLOAT,
	INTEGER,
	map,
	row,
	type SqlType,
	STRING,
	TINYINT,
	time,
	timestamp,
	timestampLtz,
	varchar,
} from "../../src/types/sql-type.js";
import type { Value } from "../../src/types/value.js";
import { valueText } from "../../src/types/value-text.js";

const cast = (value: Value, from: SqlType, to: SqlType, timeZone = "UTC") =>
	valueText(castFunction(from, to, { timeZone })(value), to);
const tryCast = (text: string, to: SqlType) => valueText(castFunction(STRING, to, { safe: true })(text), to);

test.each([
	["1.5", "1", "1.50", "1.5"],
	["1e2", "NULL", "100.00", "100.0"],
	[".5", "0", "0.50", "0.5"],
	["5.", "5", "5.00", "5.0"],
	[" 3.5 ", "3", "3.50", "3.5"],
	["999.995", "999", "1000.00", "999.995"],
	["0x10", "NULL", "NULL", "NULL"],
	["1,000", "NULL", "NULL", "NULL"],
	["", "NULL", "NULL", "NULL"],
	["NaN", "NULL", "NULL", "NaN"],
	["-Infinity", "NULL", "NULL", "-Infinity"],
	["1.5f", "NULL", "1.50", "1.5"],
	["2147483648", "NULL", "NULL", "2.147483648E9"],
	["- 1", "NULL", "NULL", "NULL"],
])("'%s' as INT, DECIMAL(5, 2), DOUBLE", (text, integer, exact, double) => {
	expect(tryCast(text, INTEGER)).toBe(integer);
	expect(tryCast(text, decimal(5, 2))).toBe(exact);
	expect(tryCast(text, DOUBLE)).toBe(double);
});

test("digits of other scripts, and Flink's count of leading zeros", () => {
	expect(tryCast("१२३", decimal(38, 18))).toBe("123.000000000000000000");
	expect(tryCast("0.3", decimal(3, 3))).toBe("NULL");
	expect(tryCast(".3", decimal(3, 3))).toBe("0.300");
});

test("BOOLEAN texts", () => {
	for (const text of ["true", "T", "Yes", "y", "1"]) expect(tryCast(text, BOOLEAN), text).toBe("true");
	for (const text of ["false", "f", "NO", "n", "0"]) expect(tryCast(text, BOOLEAN), text).toBe("false");
	for (const text of ["on", " true ", "", "2"]) expect(tryCast(text, BOOLEAN), text).toBe("NULL");
});

test("a bad text is an error that says what was wanted", () => {
	expect(() => castFunction(STRING, INTEGER)("abc")).toThrow(/'abc' is no value of INT/);
});

describe("numbers", () => {
	test("integers wrap, doubles saturate first", () => {
		expect(cast(123_456, INTEGER, TINYINT)).toBe("64");
		expect(cast(4_294_967_296n, BIGINT, INTEGER)).toBe("0");
		expect(cast(1e10, DOUBLE, INTEGER)).toBe("2147483647");
		expect(cast(1e10, DOUBLE, TINYINT)).toBe("-1");
		expect(cast(Number.NaN, DOUBLE, BIGINT)).toBe("0");
		expect(cast(99_999_999_999_999_999_999_999_999_999_999_999_999n, decimal(38, 18), INTEGER)).toBe("1661992959");
	});

	test("decimals round half up, too big ones are NULL", () => {
		expect(cast(2.5, DOUBLE, decimal(10, 0))).toBe("3");
		expect(cast(-1.5, DOUBLE, decimal(10, 0))).toBe("-2");
		expect(cast(123_456, INTEGER, decimal(5, 2))).toBe("NULL");
		expect(cast(Math.fround(123.456), FLOAT, decimal(38, 18))).toBe("123.456001281738280000");
	});

	test("as text", () => {
		expect(cast(1e7, DOUBLE, STRING)).toBe("1.0E7");
		expect(cast(Math.fround(3.4e38), FLOAT, STRING)).toBe("3.4E38");
		expect(cast(5e-324, DOUBLE, STRING)).toBe("4.9E-324");
		expect(cast(0.001, DOUBLE, STRING)).toBe("0.001");
		expect(cast(true, BOOLEAN, STRING)).toBe("TRUE");
		expect(cast(-12n, decimal(10, 3), STRING)).toBe("-0.012");
	});
});

test("CHAR pads, VARCHAR cuts, both by characters", () => {
	expect(cast("😀😀😀", STRING, char(5))).toBe("😀😀😀  ");
	expect(cast("héllo", STRING, varchar(3))).toBe("hél");
	expect(cast("日本", STRING, BYTES)).toBe("x'e697a5e69cac'");
});

test("dates and times", () => {
	const ms = -1000; // 1969-12-31 23:59:59
	expect(cast(ms, timestamp(0), DATE)).toBe("1970-01-01");
	expect(cast(18_321, DATE, timestamp(9))).toBe("2020-02-29 00:00:00");
	expect(cast(45_296_000, time(0), timestamp(3))).toBe("1970-01-01 12:34:56");
	expect(cast(1_582_979_696_789, timestamp(3), timestampLtz(3), "America/New_York")).toBe("2020-02-29 17:34:56.789Z");
	expect(cast(1_600_000_000_000, timestampLtz(3), STRING, "Asia/Kolkata")).toBe("2020-09-13 17:56:40.000");
});

test("nested values", () => {
	expect(cast([1, 2, null], array(INTEGER), STRING)).toBe("[1, 2, NULL]");
	expect(cast(["1", "2"], array(STRING), array(INTEGER))).toBe("[1, 2]");
	expect(
		cast(
			[
				["k", 1],
				["j", 2],
			],
			map(STRING, INTEGER),
			STRING,
		),
	).toBe("{k=1, j=2}");
	const from = row([
		{ name: "a", type: INTEGER },
		{ name: "b", type: STRING },
	]);
	const to = row([
		{ name: "x", type: STRING },
		{ name: "y", type: INTEGER },
	]);
	expect(cast([1, "2"], from, to)).toBe("(1, 2)");
});

test("which casts there are", () => {
	expect(canCast(DATE, INTEGER)).toBe(false);
	expect(canCast(INTEGER, timestamp(3))).toBe(false);
	expect(canCast(INTEGER, BYTES)).toBe(false);
	expect(canCast(STRING, timestampLtz(3))).toBe(true);
	expect(() => castFunction(INTEGER, timestamp(3))).toThrow(/TO_TIMESTAMP\(FROM_UNIXTIME/);
	expect(canCastImplicitly(INTEGER, BIGINT)).toBe(true);
	expect(canCastImplicitly(BIGINT, INTEGER)).toBe(false);
	expect(canCastImplicitly(decimal(2, 1), INTEGER)).toBe(false);
});
