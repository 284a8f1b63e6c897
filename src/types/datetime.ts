// Civil calendar (proleptic Gregorian) and the three units of TIMESTAMP values. All arithmetic goes through
// milliseconds and the nanoseconds within one, as in Flink, so that years 1–9999 are safe in a number.
import type { Value } from "./value.js";

export const MS_PER_SECOND = 1000;
export const MS_PER_MINUTE = 60_000;
export const MS_PER_HOUR = 3_600_000;
export const MS_PER_DAY = 86_400_000;

export interface CivilDate {
	readonly year: number;
	/** 1–12 */
	readonly month: number;
	/** 1–31 */
	readonly day: number;
}

/** Days since 1970-01-01; months outside 1–12 are carried into the year. */
export function daysFromCivil(year: number, month: number, day: number): number {
	const months = year * 12 + (month - 1);
	const y = Math.floor(months / 12);
	const m = months - y * 12 + 1;
	const shifted = m <= 2 ? y - 1 : y;
	const era = Math.floor(shifted / 400);
	const yearOfEra = shifted - era * 400;
	const dayOfYear = Math.floor((153 * (m > 2 ? m - 3 : m + 9) + 2) / 5) + day - 1;
	const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
	return era * 146_097 + dayOfEra - 719_468;
}

export function civilFromDays(days: number): CivilDate {
	const shifted = days + 719_468;
	const era = Math.floor(shifted / 146_097);
	const dayOfEra = shifted - era * 146_097;
	const yearOfEra = Math.floor(
		(dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
	);
	const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
	const monthIndex = Math.floor((5 * dayOfYear + 2) / 153);
	const month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9;
	return {
		year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
		month,
		day: dayOfYear - Math.floor((153 * monthIndex + 2) / 5) + 1,
	};
}

export const isLeapYear = (year: number) => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

export function daysInMonth(year: number, month: number): number {
	if (month === 2) return isLeapYear(year) ? 29 : 28;
	return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

export const floorMod = (dividend: number, divisor: number) => dividend - Math.floor(dividend / divisor) * divisor;

/** A date some months later; the day is cut to the month's end. */
export function addMonthsToDays(days: number, months: number): number {
	const { year, month, day } = civilFromDays(days);
	const total = year * 12 + (month - 1) + months;
	const y = Math.floor(total / 12);
	const m = floorMod(total, 12) + 1;
	return daysFromCivil(y, m, Math.min(day, daysInMonth(y, m)));
}

export function addMonthsToMs(ms: number, months: number): number {
	const days = Math.floor(ms / MS_PER_DAY);
	return addMonthsToDays(days, months) * MS_PER_DAY + (ms - days * MS_PER_DAY);
}

/** Whole months from `from` to `to` (both days since the epoch); negative when `to` is earlier. */
export function monthsBetweenDays(to: number, from: number): number {
	if (to < from) return -monthsBetweenDays(from, to) || 0;
	let months = Math.floor((to - from) / 31);
	while (addMonthsToDays(from, months) < to && addMonthsToDays(from, months + 1) <= to) months++;
	return months;
}

/** Whole months between two instants in ms; one less where `to` has the earlier time of day, as in Flink for negative ones too. */
export function monthsBetweenMs(to: number, from: number): number {
	const toDay = Math.floor(to / MS_PER_DAY);
	const fromDay = Math.floor(from / MS_PER_DAY);
	const timeOfTo = to - toDay * MS_PER_DAY;
	const timeOfFrom = from - fromDay * MS_PER_DAY;
	const months = monthsBetweenDays(toDay, fromDay);
	const reached = addMonthsToDays(fromDay, months);
	return reached === toDay && timeOfTo < timeOfFrom ? months - 1 : months;
}

/** The ms since the epoch (rounded down) of a TIMESTAMP value of a precision. */
export function timestampMs(value: Value, precision: number): number {
	if (precision <= 3) return value as number;
	const unit = precision <= 6 ? 1000n : 1_000_000n;
	const integer = value as bigint;
	const quotient = integer / unit;
	return Number(integer < 0n && quotient * unit !== integer ? quotient - 1n : quotient);
}

/** The nanoseconds beyond timestampMs, 0–999999. */
export function timestampNanos(value: Value, precision: number): number {
	if (precision <= 3) return 0;
	const unit = precision <= 6 ? 1000n : 1_000_000n;
	const rest = (value as bigint) % unit;
	return Number(rest < 0n ? rest + unit : rest) * (precision <= 6 ? 1000 : 1);
}

/** The TIMESTAMP value of a precision; finer digits than its unit holds are dropped. */
export function timestampOf(ms: number, nanos: number, precision: number): number | bigint {
	if (precision <= 3) return ms;
	if (precision <= 6) return BigInt(ms) * 1000n + BigInt(Math.floor(nanos / 1000));
	return BigInt(ms) * 1_000_000n + BigInt(nanos);
}

/**
 * A timestamp at another precision. Digits go toward zero down to ms, and downwards below ms: that is what Flink does
 * ('1969-12-31 23:59:59.999' AS TIMESTAMP(0) is 1970-01-01 00:00:00).
 */
export function timestampToPrecision(from: number, to: number): (value: Value) => number | bigint {
	if (to >= from) {
		if (from <= 3 === to <= 3 && from <= 6 === to <= 6) return (value) => value as number | bigint;
		return (value) => timestampOf(timestampMs(value, from), timestampNanos(value, from), to);
	}
	if (to > 3) {
		const step = 10 ** (9 - to);
		return (value) => {
			const nanos = timestampNanos(value, from);
			return timestampOf(timestampMs(value, from), nanos - (nanos % step), to);
		};
	}
	const step = 10 ** (3 - to);
	return (value) => {
		const ms = timestampMs(value, from);
		return ms - (ms % step) + 0;
	};
}
