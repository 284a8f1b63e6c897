// The civil calendar against JavaScript's Date, time zones against known transitions, texts against Flink's rows.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
	addMonthsToDays,
	civilFromDays,
	daysFromCivil,
	MS_PER_DAY,
	monthsBetweenDays,
	timestampMs,
	timestampNanos,
	timestampOf,
	timestampToPrecision,
} from "../../src/types/datetime.js";
import { extractFromDays, extractFromMs, isoWeek, roundDays, roundMs } from "../../src/types/datetime-field.js";
import {
	dateText,
	dayTimeText,
	parseDate,
	parseTime,
	parseTimestamp,
	timestampText,
	yearMonthText,
} from "../../src/types/datetime-text.js";
import { findTimeZone, localToUtc, passingOf, timeZoneOf, utcToLocal } from "../../src/types/time-zone.js";

const days = fc.integer({ min: -719_162, max: 2_932_896 }); // years 1 to 9999
const at = (text: string) => (parseTimestamp(text) as { ms: number }).ms;

describe("calendar", () => {
	test("days to dates and back, as Date has them", () => {
		fc.assert(
			fc.property(days, (day) => {
				const { year, month, day: dayOfMonth } = civilFromDays(day);
				const date = new Date(day * MS_PER_DAY);
				expect([year, month, dayOfMonth]).toEqual([date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]);
				expect(daysFromCivil(year, month, dayOfMonth)).toBe(day);
				expect(parseDate(dateText(day))).toBe(day);
			}),
		);
	});

	test("months added are months between, when no day is cut", () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: -500, max: 500 }), (day, months) => {
				fc.pre(civilFromDays(day).day <= 28);
				expect(monthsBetweenDays(addMonthsToDays(day, months), day)).toBe(months);
			}),
		);
	});

	test("31 January and a month is the end of February", () => {
		expect(dateText(addMonthsToDays(parseDate("2020-01-31") as number, 1))).toBe("2020-02-29");
		expect(dateText(addMonthsToDays(parseDate("2020-02-29") as number, 12))).toBe("2021-02-28");
	});

	test("ISO weeks", () => {
		const week = (text: string) => isoWeek(parseDate(text) as number);
		expect(week("2021-01-03")).toEqual({ year: 2020, week: 53 });
		expect(week("2024-12-30")).toEqual({ year: 2025, week: 1 });
		expect(week("2020-02-29")).toEqual({ year: 2020, week: 9 });
	});
});

describe("fields", () => {
	test("EXTRACT divides toward zero before 1970", () => {
		const ms = at("1969-12-31 23:59:59.999");
		expect(extractFromMs("HOUR", ms, 0)).toBe(0);
		expect(extractFromMs("MILLISECOND", ms, 0)).toBe(-1);
		expect(extractFromMs("DECADE", ms, 0)).toBe(197);
		expect(extractFromDays("CENTURY", parseDate("2000-01-01") as number)).toBe(20);
	});

	test("FLOOR and CEIL", () => {
		const floor = (unit: "WEEK" | "CENTURY" | "SECOND") =>
			timestampText(roundMs(unit, at("2020-02-29 12:34:56.789"), false), 0);
		expect(floor("WEEK")).toBe("2020-02-23 00:00:00");
		expect(floor("CENTURY")).toBe("2001-01-01 00:00:00");
		expect(floor("SECOND")).toBe("2020-02-29 12:34:56");
		expect(dateText(roundDays("QUARTER", parseDate("9999-12-31") as number, true))).toBe("+10000-01-01");
		expect(dateText(roundDays("DAY", parseDate("0001-01-01") as number, false))).toBe("0001-01-03");
	});
});

describe("timestamps", () => {
	test("units", () => {
		fc.assert(
			fc.property(fc.integer({ min: -(2 ** 40), max: 2 ** 40 }), fc.integer({ min: 0, max: 999_999 }), (ms, nanos) => {
				const value = timestampOf(ms, nanos, 9);
				expect([timestampMs(value, 9), timestampNanos(value, 9)]).toEqual([ms, nanos]);
				const micros = timestampOf(ms, nanos, 6);
				expect([timestampMs(micros, 6), timestampNanos(micros, 6)]).toEqual([ms, nanos - (nanos % 1000)]);
			}),
		);
	});

	test("precision is cut toward zero down to ms", () => {
		expect(timestampText(timestampToPrecision(3, 0)(at("1900-01-01 00:00:00.001")), 0)).toBe("1900-01-01 00:00:01");
		expect(timestampText(timestampToPrecision(9, 6)(-1n), 6)).toBe("1969-12-31 23:59:59.999999");
	});

	test("text", () => {
		expect(timestampText(at("2020-02-30 00:00:00"), 3)).toBe("2020-02-29 00:00:00.000");
		expect(timestampText(at("2020-02-29 24:00:00"), 0)).toBe("2020-03-01 00:00:00");
		for (const bad of [
			"2020-02-29T12:34:56",
			"2020-02-29 12:34",
			" 2020-02-29",
			"2020-02-29 12:34:56Z",
			"0000-01-01",
		]) {
			expect(parseTimestamp(bad), bad).toBeUndefined();
		}
		expect(parseDate("2020-2-9 whatever")).toBe(daysFromCivil(2020, 2, 9));
		expect(parseDate("2020-02-30")).toBeUndefined();
		expect(parseTime("12:34:56.789")).toBe(45_296_789);
		expect(parseTime("24:00:00")).toBeUndefined();
		expect(yearMonthText(-18)).toBe("-1-06");
		expect(dayTimeText(93_784_567)).toBe("+1 02:03:04.567");
	});
});

describe("time zones", () => {
	test("a time that summer time skips, and one that comes twice", () => {
		const zone = timeZoneOf("America/New_York");
		expect(timestampText(localToUtc(zone, at("2020-03-08 02:30:00")), 0)).toBe("2020-03-08 07:30:00");
		expect(timestampText(localToUtc(zone, at("2020-11-01 01:30:00")), 0)).toBe("2020-11-01 05:30:00");
		expect(timestampText(localToUtc(zone, at("2020-11-01 01:30:00"), true), 0)).toBe("2020-11-01 06:30:00");
	});

	test("a wall clock has passed a time that comes twice the second time, and a skipped one when it skips it", () => {
		const passing = (zone: string, local: string) => timestampText(passingOf(timeZoneOf(zone), at(local)), 3);
		expect(passing("America/New_York", "2020-11-01 01:30:00")).toBe("2020-11-01 06:30:00.000");
		expect(passing("America/New_York", "2020-03-08 01:59:59.999")).toBe("2020-03-08 06:59:59.999");
		expect(passing("America/New_York", "2020-03-08 02:00:00")).toBe("2020-03-08 07:00:00.000");
		expect(passing("America/New_York", "2020-03-08 02:59:59.999")).toBe("2020-03-08 07:00:00.000");
		expect(passing("America/New_York", "2020-03-08 03:00:00.001")).toBe("2020-03-08 07:00:00.001");
		expect(passing("Australia/Lord_Howe", "2021-10-03 02:20:00")).toBe("2021-10-02 15:30:00.000");
	});

	test("fixed offsets, unknown names", () => {
		expect(timeZoneOf("GMT+05:30").offsetAt(0)).toBe(19_800_000);
		expect(timeZoneOf("Asia/Kolkata").offsetAt(0)).toBe(19_800_000);
		expect(findTimeZone("Bad/Zone")).toBeUndefined();
		expect(() => timeZoneOf("Bad/Zone")).toThrow(/Unknown time zone/);
	});

	test("to local time and back, away from changes", () => {
		const zone = timeZoneOf("Europe/Paris");
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 50 * 365 }), (day) => {
				const utc = day * MS_PER_DAY + MS_PER_DAY / 2;
				expect(localToUtc(zone, utcToLocal(zone, utc))).toBe(utc);
			}),
		);
	});
});
