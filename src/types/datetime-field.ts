// EXTRACT, FLOOR TO and CEIL TO on days and milliseconds, with Flink's roundings: divisions before 1970 go toward zero,
// weeks begin on Sunday in FLOOR and are ISO weeks in EXTRACT, dates before 1582-10-15 floor by the Julian calendar.
import { civilFromDays, daysFromCivil, floorMod, MS_PER_DAY, MS_PER_HOUR, MS_PER_MINUTE } from "./datetime.js";

/** Units that EXTRACT knows. */
export const EXTRACT_UNITS = [
	"MILLENNIUM",
	"CENTURY",
	"DECADE",
	"YEAR",
	"ISOYEAR",
	"QUARTER",
	"MONTH",
	"WEEK",
	"DAY",
	"DOW",
	"ISODOW",
	"DOY",
	"HOUR",
	"MINUTE",
	"SECOND",
	"MILLISECOND",
	"MICROSECOND",
	"NANOSECOND",
	"EPOCH",
] as const;
export type ExtractUnit = (typeof EXTRACT_UNITS)[number];

/** Units that FLOOR and CEIL know. */
export const ROUND_UNITS = [
	"MILLENNIUM",
	"CENTURY",
	"DECADE",
	"YEAR",
	"QUARTER",
	"MONTH",
	"WEEK",
	"DAY",
	"HOUR",
	"MINUTE",
	"SECOND",
	"MILLISECOND",
] as const;
export type RoundUnit = (typeof ROUND_UNITS)[number];

/** Ms of the units below a week. */
export const UNIT_MS: Readonly<Record<string, number>> = {
	WEEK: 7 * MS_PER_DAY,
	DAY: MS_PER_DAY,
	HOUR: MS_PER_HOUR,
	MINUTE: MS_PER_MINUTE,
	SECOND: 1000,
	MILLISECOND: 1,
};

const truncate = (value: number) => Math.trunc(value) + 0;

/** Sunday is 0. */
const dayOfWeek = (days: number) => floorMod(days + 4, 7);

/** ISO week and the year it belongs to. */
export function isoWeek(days: number): { readonly year: number; readonly week: number } {
	const thursday = days - floorMod(days + 3, 7) + 3;
	const { year } = civilFromDays(thursday);
	return { year, week: Math.floor((thursday - daysFromCivil(year, 1, 1)) / 7) + 1 };
}

const divideAway = (year: number, by: number) =>
	year > 0 ? Math.floor((year + by - 1) / by) : -Math.floor((by - 1 - year) / by) + 0;

/** A field of a date. Flink takes the day's number for milliseconds where a minute or less is asked for; so do we. */
export function extractFromDays(unit: ExtractUnit, days: number): number {
	const { year, month, day } = civilFromDays(days);
	switch (unit) {
		case "EPOCH":
			return days * 86_400;
		case "YEAR":
			return year;
		case "MONTH":
			return month;
		case "DAY":
			return day;
		case "QUARTER":
			return Math.ceil(month / 3);
		case "ISOYEAR":
			return isoWeek(days).year;
		case "WEEK":
			return isoWeek(days).week;
		case "DOW":
			return dayOfWeek(days) + 1;
		case "ISODOW":
			return floorMod(days + 3, 7) + 1;
		case "DOY":
			return days - daysFromCivil(year, 1, 1) + 1;
		case "DECADE":
			return truncate(year / 10);
		case "CENTURY":
			return divideAway(year, 100);
		case "MILLENNIUM":
			return divideAway(year, 1000);
		case "MINUTE":
		case "SECOND":
		case "MILLISECOND":
			return extractFromMs(unit, days, 0);
		default:
			return 0;
	}
}

/** A field of a wall clock (or of a time of day, or a day-time interval) in ms and the nanoseconds beyond. */
export function extractFromMs(unit: ExtractUnit, ms: number, nanos: number): number {
	switch (unit) {
		case "EPOCH":
			return truncate(ms / 1000);
		case "HOUR":
			return truncate((ms % MS_PER_DAY) / MS_PER_HOUR);
		case "MINUTE":
			return truncate((ms % MS_PER_HOUR) / MS_PER_MINUTE);
		case "SECOND":
			return truncate((ms % MS_PER_MINUTE) / 1000);
		case "MILLISECOND":
			return (ms % 1000) + 0;
		case "MICROSECOND":
			return (ms % 1000) * 1000 + Math.floor(nanos / 1000);
		case "NANOSECOND":
			return (ms % 1000) * 1_000_000 + nanos;
		default:
			return extractFromDays(unit, truncate(ms / MS_PER_DAY));
	}
}

/** Julian day numbers up to this one are read by the Julian calendar. */
const LAST_JULIAN_DAY = 2_299_160;
const EPOCH_JULIAN_DAY = 2_440_588;

/** The date of a day in the calendar that java.util uses. */
export function historicCivil(days: number) {
	const julian = days + EPOCH_JULIAN_DAY;
	if (julian > LAST_JULIAN_DAY) return civilFromDays(days);
	const c = julian + 32_082;
	const d = Math.floor((4 * c + 3) / 1461);
	const e = c - Math.floor((1461 * d) / 4);
	const m = Math.floor((5 * e + 2) / 153);
	return {
		day: e - Math.floor((153 * m + 2) / 5) + 1,
		month: m + 3 - 12 * Math.floor(m / 10),
		year: d - 4800 + Math.floor(m / 10),
	};
}

/** The date at which a unit of a day or more begins (`up` false) or next begins. CEIL TO DAY is always the next day. */
export function roundDays(unit: RoundUnit, days: number, up: boolean): number {
	const { year, month, day } = historicCivil(days);
	const past = month > 1 || day > 1;
	const yearStart = (start: number) => daysFromCivil(start, 1, 1);
	switch (unit) {
		case "MILLENNIUM":
			return yearStart(1000 * Math.floor((year + 999) / 1000) + (up ? 1 : -999));
		case "CENTURY":
			return yearStart(100 * Math.floor((year + 99) / 100) + (up ? 1 : -99));
		case "DECADE":
			return yearStart(10 * (truncate(year / 10) + (up ? 1 : 0)));
		case "YEAR":
			return yearStart(up && past ? year + 1 : year);
		case "QUARTER": {
			const quarter = Math.ceil(month / 3) + (up && past ? 1 : 0);
			return daysFromCivil(year, quarter * 3 - 2, 1);
		}
		case "MONTH":
			return daysFromCivil(year, up && day > 1 ? month + 1 : month, 1);
		case "WEEK": {
			const weekday = dayOfWeek(days);
			return daysFromCivil(year, month, day) - (up && weekday > 0 ? weekday - 7 : weekday);
		}
		case "DAY":
			return daysFromCivil(year, month, day) + (up ? 1 : 0);
		default:
			return days;
	}
}

/** A wall clock in ms rounded to a unit. */
export function roundMs(unit: RoundUnit, ms: number, up: boolean): number {
	const step = unit === "WEEK" ? undefined : UNIT_MS[unit];
	if (step === undefined) return roundDays(unit, truncate(ms / MS_PER_DAY), up) * MS_PER_DAY;
	return (up ? Math.ceil(ms / step) : Math.floor(ms / step)) * step + 0;
}

/** Days of a date of the calendar that java.util uses: Julian before 1582-10-15. Lenient: months and days may be outside. */
export function daysFromHistoric(year: number, month: number, day: number): number {
	const gregorian = daysFromCivil(year, month, 1) + day - 1;
	if (gregorian + EPOCH_JULIAN_DAY > LAST_JULIAN_DAY) return gregorian;
	const months = year * 12 + (month - 1);
	const y = Math.floor(months / 12);
	const m = months - y * 12 + 1;
	const shift = m <= 2 ? 1 : 0;
	const years = y + 4800 - shift;
	const shifted = m + 12 * shift - 3;
	return day + Math.floor((153 * shifted + 2) / 5) + 365 * years + Math.floor(years / 4) - 32_083 - EPOCH_JULIAN_DAY;
}
