// Time zones: offsets of IANA zones through Intl (cached per day), fixed offsets directly. Ambiguous and skipped local
// times are resolved as java.time does.
import { EngineError } from "../errors.js";
import { MS_PER_DAY, MS_PER_HOUR, MS_PER_MINUTE } from "./datetime.js";

/** A zone as a function from UTC ms to its offset in ms (east positive). */
export interface TimeZone {
	readonly id: string;
	offsetAt(utcMs: number): number;
}

const zones = new Map<string, TimeZone | undefined>();

/** The zone of an IANA name (`Europe/Paris`), an abbreviation that Intl knows, or an offset (`GMT+8`, `+05:30`). */
export function findTimeZone(id: string): TimeZone | undefined {
	if (!zones.has(id)) zones.set(id, fixedZone(id) ?? namedZone(id));
	return zones.get(id);
}

export function timeZoneOf(id: string): TimeZone {
	const zone = findTimeZone(id);
	if (zone !== undefined) return zone;
	throw new EngineError("INVALID_ARGUMENT", `Unknown time zone '${id}'`, {
		expected: "an IANA name such as 'Europe/Berlin', or an offset such as 'GMT+08:00'",
	});
}

export const UTC: TimeZone = { id: "UTC", offsetAt: () => 0 };

function fixedZone(id: string): TimeZone | undefined {
	if (/^(?:UTC|GMT|UT|Z)$/i.test(id)) return UTC;
	const match = /^(?:UTC|GMT|UT)?([+-])(\d{1,2})(?::?(\d{2}))?(?::?(\d{2}))?$/i.exec(id);
	if (match === null) return undefined;
	const [, sign, hours, minutes = "0", seconds = "0"] = match;
	if (Number(hours) > 18 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
	const magnitude = Number(hours) * MS_PER_HOUR + Number(minutes) * MS_PER_MINUTE + Number(seconds) * 1000;
	const offset = sign === "-" ? -magnitude : magnitude;
	return { id, offsetAt: () => offset };
}

function namedZone(id: string): TimeZone | undefined {
	let format: Intl.DateTimeFormat;
	try {
		format = new Intl.DateTimeFormat("en-US", {
			timeZone: id,
			calendar: "iso8601",
			numberingSystem: "latn",
			hourCycle: "h23",
			era: "short",
			year: "numeric",
			month: "numeric",
			day: "numeric",
			hour: "numeric",
			minute: "numeric",
			second: "numeric",
		});
	} catch {
		return undefined;
	}
	const exact = (utcMs: number) => intlOffset(format, utcMs);
	/** Days in which the offset does not change; a zone changes at most once a day. */
	const steady = new Map<number, number | null>();
	return {
		id,
		offsetAt(instant) {
			// Before there were zones each place had its own time; Intl reckons the dates of old in another calendar.
			const utcMs = Math.max(instant, BEFORE_ZONES);
			const day = Math.floor(utcMs / MS_PER_DAY);
			let known = steady.get(day);
			if (known === undefined) {
				const start = exact(day * MS_PER_DAY);
				known = start === exact((day + 1) * MS_PER_DAY) ? start : null;
				steady.set(day, known);
			}
			return known ?? exact(utcMs);
		},
	};
}

/** 1800-01-01. */
const BEFORE_ZONES = -5_364_662_400_000;

function intlOffset(format: Intl.DateTimeFormat, utcMs: number): number {
	const seconds = Math.floor(utcMs / 1000) * 1000;
	const field: Record<string, number> = {};
	let before = false;
	for (const part of format.formatToParts(seconds)) {
		if (part.type === "era") before = part.value.startsWith("B");
		else if (part.type !== "literal") field[part.type] = Number(part.value);
	}
	const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = field;
	const local = new Date(0);
	local.setUTCFullYear(before ? 1 - year : year, month - 1, day);
	local.setUTCHours(hour, minute, second);
	return local.getTime() - seconds;
}

/** The local wall-clock ms of an instant. */
export const utcToLocal = (zone: TimeZone, utcMs: number): number => utcMs + zone.offsetAt(utcMs);

/**
 * The instant of a local wall clock. A time that a change to summer time skips counts on by the offset before it; of two
 * instants with the same wall clock the earlier one, or the later with `later` (java.util.Calendar's choice).
 */
export function localToUtc(zone: TimeZone, localMs: number, later = false): number {
	const before = zone.offsetAt(localMs - MS_PER_DAY);
	const after = zone.offsetAt(localMs + MS_PER_DAY);
	if (before === after) return localMs - before;
	const first = localMs - before;
	const second = localMs - after;
	const firstHolds = zone.offsetAt(first) === before;
	const secondHolds = zone.offsetAt(second) === after;
	if (firstHolds && secondHolds) return later ? Math.max(first, second) : Math.min(first, second);
	return secondHolds ? second : first;
}

/**
 * When a local wall clock has passed a time for good: of two instants the later one, and for a time that the clocks skip the instant at
 * which they do. A later time never passes earlier.
 */
export function passingOf(zone: TimeZone, localMs: number): number {
	const instant = localToUtc(zone, localMs, true);
	const skipped = utcToLocal(zone, instant) - localMs;
	return skipped > 0 ? changeBetween(zone, instant - skipped, instant) : instant;
}

/** The first instant in (from, to] whose offset is not that of `from`; the offset changes once between them. */
export function changeBetween(zone: TimeZone, from: number, to: number): number {
	const before = zone.offsetAt(from);
	let [same, other] = [from, to];
	while (other - same > 1) {
		const middle = Math.floor((same + other) / 2);
		if (zone.offsetAt(middle) === before) same = middle;
		else other = middle;
	}
	return other;
}
