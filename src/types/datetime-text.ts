// DATE, TIME, TIMESTAMP and intervals as Flink writes them (CAST to STRING) and reads them (CAST from STRING).
// Readers return undefined for what Flink refuses.
import {
	civilFromDays,
	daysFromCivil,
	daysInMonth,
	floorMod,
	MS_PER_DAY,
	MS_PER_HOUR,
	MS_PER_MINUTE,
	timestampMs,
	timestampNanos,
	timestampOf,
} from "./datetime.js";
import { trimControls } from "./double-text.js";
import type { Value } from "./value.js";

const two = (value: number) => (value < 10 ? `0${value}` : String(value));

const fourYear = (year: number) =>
	year < 0 ? `-${String(-year).padStart(4, "0")}` : year > 9999 ? `+${year}` : String(year).padStart(4, "0");

/** `2020-02-29`; years past 9999 with a sign, as java.time. */
export function dateText(days: number): string {
	const { year, month, day } = civilFromDays(days);
	return `${fourYear(year)}-${two(month)}-${two(day)}`;
}

function clock(msOfDay: number): string {
	const hours = Math.floor(msOfDay / MS_PER_HOUR);
	const minutes = Math.floor(msOfDay / MS_PER_MINUTE) % 60;
	return `${two(hours)}:${two(minutes)}:${two(Math.floor(msOfDay / 1000) % 60)}`;
}

/** CAST(TIME(p) AS STRING): `12:34:56`, with a fraction only up to the last digit that is not 0 (but at least one, if p > 0). */
export function timeText(value: number, precision: number): string {
	const ms = floorMod(value, MS_PER_DAY);
	if (precision === 0) return clock(ms);
	const fraction = String(ms % 1000)
		.padStart(3, "0")
		.slice(0, Math.min(precision, 3));
	return `${clock(ms)}.${fraction.replace(/0+$/, "") || "0"}`;
}

/** CAST(TIMESTAMP(p) AS STRING): all `precision` digits of the fraction. */
export function timestampText(value: Value, precision: number): string {
	const ms = timestampMs(value, precision);
	const days = Math.floor(ms / MS_PER_DAY);
	const msOfDay = ms - days * MS_PER_DAY;
	const head = `${dateText(days)} ${clock(msOfDay)}`;
	if (precision === 0) return head;
	const nanos = (msOfDay % 1000) * 1_000_000 + timestampNanos(value, precision);
	return `${head}.${String(nanos).padStart(9, "0").slice(0, precision)}`;
}

/** CAST(INTERVAL … AS STRING): `+1-06`. */
export function yearMonthText(months: number): string {
	const magnitude = Math.abs(months);
	return `${months < 0 ? "-" : "+"}${Math.floor(magnitude / 12)}-${two(magnitude % 12)}`;
}

/** CAST(INTERVAL … AS STRING): `+1 02:03:04.567`. */
export function dayTimeText(ms: number): string {
	const magnitude = Math.abs(ms);
	const days = Math.floor(magnitude / MS_PER_DAY);
	const rest = magnitude - days * MS_PER_DAY;
	return `${ms < 0 ? "-" : "+"}${days} ${clock(rest)}.${String(rest % 1000).padStart(3, "0")}`;
}

const integerOf = (text: string): number | undefined => {
	const trimmed = trimControls(text);
	return /^\d{1,9}$/.test(trimmed) ? Number(trimmed) : undefined;
};

/** Days of `2020`, `2020-2`, `2020-2-9`, and of these followed by a blank and anything. */
export function parseDate(text: string): number | undefined {
	const blank = text.indexOf(" ");
	const parts = (blank > 0 ? text.slice(0, blank) : text).split("-");
	if (parts.length > 3) return undefined;
	const [year, month, day] = [parts[0] ?? "", parts[1] ?? "1", parts[2] ?? "1"].map(integerOf);
	if (year === undefined || month === undefined || day === undefined) return undefined;
	if (year > 9999 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
	return daysFromCivil(year, month, day);
}

/** Ms of `12`, `12:34`, `12:34:56`, `12:34:56.789`; finer digits are cut. */
export function parseTime(text: string): number | undefined {
	const match = /^\s*(\d+)\s*(?::\s*(\d+)\s*(?::\s*(\d+)(?:\.(\d*))?)?)?\s*$/.exec(text);
	if (match === null) return undefined;
	const [, hour, minute = "0", second = "0", fraction = ""] = match;
	if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
	const ms = Number(fraction.slice(0, 3).padEnd(3, "0"));
	return Number(hour) * MS_PER_HOUR + Number(minute) * MS_PER_MINUTE + Number(second) * 1000 + ms;
}

/** A wall clock without zone. */
export interface LocalTimestamp {
	readonly ms: number;
	/** Nanoseconds beyond `ms`, 0–999999. */
	readonly nanos: number;
}

const TIMESTAMP = /^(\d{4})-(\d{1,2})-(\d{1,2})(?: (\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{0,9}))?)?$/;

/** `yyyy-M-d[ H:m:s[.fffffffff]]`; a day past the month's end (30 February) is its last day, 24:00:00 the next day. */
export function parseTimestamp(text: string): LocalTimestamp | undefined {
	const match = TIMESTAMP.exec(text);
	if (match === null) return undefined;
	const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [
		number,
		number,
		number,
		number,
		number,
		number,
	];
	if (year < 1 || month < 1 || month > 12 || day < 1 || day > 31) return undefined;
	const nanosOfSecond = Number((match[7] ?? "").padEnd(9, "0"));
	const endOfDay = hour === 24 && minute === 0 && second === 0 && nanosOfSecond === 0;
	if ((hour > 23 && !endOfDay) || minute > 59 || second > 59) return undefined;
	const days = daysFromCivil(year, month, Math.min(day, daysInMonth(year, month)));
	const nanos = nanosOfSecond % 1_000_000;
	const msOfSecond = (nanosOfSecond - nanos) / 1_000_000;
	return {
		ms: days * MS_PER_DAY + hour * MS_PER_HOUR + minute * MS_PER_MINUTE + second * 1000 + msOfSecond,
		nanos,
	};
}

/** The value of a parsed wall clock at a precision, finer digits cut downwards. */
export function localTimestampValue({ ms, nanos }: LocalTimestamp, precision: number): number | bigint {
	if (precision > 3) {
		const step = 10 ** (9 - precision);
		return timestampOf(ms, nanos - (nanos % step), precision);
	}
	return ms - floorMod(ms, 10 ** (3 - precision));
}
