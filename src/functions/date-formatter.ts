// java.time.DateTimeFormatter (US English) over wall clocks: DATE_FORMAT prints with it, TO_TIMESTAMP reads with it.
import { civilFromDays, daysFromCivil, daysInMonth, floorMod, MS_PER_DAY, MS_PER_HOUR } from "../types/datetime.js";
import { extractFromDays } from "../types/datetime-field.js";
import type { LocalTimestamp } from "../types/datetime-text.js";
import { cachedByPattern, invalidPattern, MONTHS, type PatternPart, readPattern, WEEKDAYS } from "./date-pattern.js";

const LETTERS = "GuyDMLdQqYwWEecFaBhKkHmsSAnN";

/** The wall clock taken apart, as far as patterns ask. */
class Clock {
	readonly days: number;
	readonly msOfDay: number;
	private civil: ReturnType<typeof civilFromDays> | undefined;

	constructor({ ms, nanos }: LocalTimestamp) {
		this.days = Math.floor(ms / MS_PER_DAY);
		this.msOfDay = ms - this.days * MS_PER_DAY;
		this.nanoOfSecond = (this.msOfDay % 1000) * 1_000_000 + nanos;
		this.nanos = nanos;
	}

	readonly nanoOfSecond: number;
	readonly nanos: number;

	get date() {
		this.civil ??= civilFromDays(this.days);
		return this.civil;
	}

	get hour() {
		return Math.floor(this.msOfDay / MS_PER_HOUR);
	}

	/** Sunday is 0. */
	get weekday() {
		return floorMod(this.days + 4, 7);
	}

	/** The US week: it begins on Sunday, and week 1 has 1 January. */
	get week(): { readonly year: number; readonly week: number } {
		const { year } = this.date;
		const nextYear = daysFromCivil(year + 1, 1, 1);
		if (this.days >= nextYear - floorMod(nextYear + 4, 7)) return { year: year + 1, week: 1 };
		const first = daysFromCivil(year, 1, 1);
		return { year, week: Math.floor((this.days - (first - floorMod(first + 4, 7))) / 7) + 1 };
	}
}

type Print = (clock: Clock) => string;

const padded = (value: number, width: number) =>
	value < 0 ? `-${String(-value).padStart(width, "0")}` : String(value).padStart(width, "0");

/** `yy` is the last two digits; from `yyyy` on a year with more digits has a sign. */
function yearPrinter(count: number, year: (clock: Clock) => number): Print {
	if (count === 2) return (clock) => padded(floorMod(year(clock), 100), 2);
	if (count < 4) return (clock) => padded(year(clock), count);
	return (clock) => {
		const value = year(clock);
		return value >= 10 ** count ? `+${value}` : padded(value, count);
	};
}

const number =
	(count: number, value: (clock: Clock) => number): Print =>
	(clock) =>
		padded(value(clock), count);

/** Numbers for one or two letters, then short, full and narrow text. */
function textual(
	count: number,
	value: (clock: Clock) => number,
	text: (value: number) => string,
	offset: number,
): Print {
	if (count <= 2) return number(count, value);
	const full: Print = (clock) => text(value(clock) - offset);
	return count === 3 ? (clock) => full(clock).slice(0, 3) : count === 4 ? full : (clock) => full(clock).charAt(0);
}

const QUARTERS = ["1st quarter", "2nd quarter", "3rd quarter", "4th quarter"];

function dayPeriod(clock: Clock): string {
	if (clock.msOfDay === 0) return "midnight";
	if (clock.msOfDay === MS_PER_DAY / 2) return "noon";
	if (clock.hour < 6 || clock.hour >= 21) return "at night";
	return clock.hour < 12 ? "in the morning" : clock.hour < 18 ? "in the afternoon" : "in the evening";
}

function printer(letter: string, count: number, pattern: string): Print {
	const month = (clock: Clock) => clock.date.month;
	const quarter = (clock: Clock) => Math.ceil(clock.date.month / 3);
	const weekdayName = (clock: Clock) => WEEKDAYS[clock.weekday] as string;
	switch (letter) {
		case "G":
			return (clock) => {
				const after = clock.date.year > 0;
				if (count === 4) return after ? "Anno Domini" : "Before Christ";
				return count === 5 ? (after ? "A" : "B") : after ? "AD" : "BC";
			};
		case "u":
			return yearPrinter(count, (clock) => clock.date.year);
		case "y":
			return yearPrinter(count, ({ date: { year } }) => (year > 0 ? year : 1 - year));
		case "Y":
			return yearPrinter(count, (clock) => clock.week.year);
		case "M":
		case "L":
			return textual(count, month, (index) => MONTHS[index] as string, 1);
		case "Q":
		case "q":
			if (count === 3) return (clock) => `Q${quarter(clock)}`;
			return count <= 2
				? number(count, quarter)
				: (clock) => (count === 4 ? (QUARTERS[quarter(clock) - 1] as string) : String(quarter(clock)));
		case "D":
			return number(count, (clock) => extractFromDays("DOY", clock.days));
		case "d":
			return number(count, (clock) => clock.date.day);
		case "w":
			return number(count, (clock) => clock.week.week);
		case "W":
			return number(
				count,
				({ date: { day }, weekday }) => Math.floor((day - 1 + floorMod(weekday - (day - 1), 7)) / 7) + 1,
			);
		case "F":
			return number(count, (clock) => ((clock.date.day - 1) % 7) + 1);
		case "E":
			return count <= 3
				? (clock) => weekdayName(clock).slice(0, 3)
				: count === 4
					? weekdayName
					: (clock) => weekdayName(clock).charAt(0);
		case "e":
		case "c":
			return textual(
				count,
				(clock) => clock.weekday + 1,
				(index) => WEEKDAYS[index] as string,
				1,
			);
		case "a":
			if (count > 1) throw invalidPattern(pattern, "too many letters a");
			return (clock) => (clock.hour < 12 ? "AM" : "PM");
		case "B":
			return dayPeriod;
		default:
			return clockPrinter(letter, count);
	}
}

function clockPrinter(letter: string, count: number): Print {
	switch (letter) {
		case "H":
			return number(count, (clock) => clock.hour);
		case "k":
			return number(count, (clock) => clock.hour || 24);
		case "K":
			return number(count, (clock) => clock.hour % 12);
		case "h":
			return number(count, (clock) => clock.hour % 12 || 12);
		case "m":
			return number(count, (clock) => Math.floor(clock.msOfDay / 60_000) % 60);
		case "s":
			return number(count, (clock) => Math.floor(clock.msOfDay / 1000) % 60);
		case "S":
			return (clock) => padded(clock.nanoOfSecond, 9).padEnd(count, "0").slice(0, count);
		case "n":
			return number(count, (clock) => clock.nanoOfSecond);
		case "A":
			return number(count, (clock) => clock.msOfDay);
		default:
			return (clock) => (BigInt(clock.msOfDay) * 1_000_000n + BigInt(clock.nanos)).toString().padStart(count, "0");
	}
}

function printParts(parts: readonly PatternPart[], pattern: string): Print {
	const prints = parts.map((part): Print => {
		if (part.kind === "literal") return () => part.text;
		return part.kind === "optional" ? printParts(part.parts, pattern) : printer(part.letter, part.count, pattern);
	});
	return (clock) => {
		let text = "";
		for (const print of prints) text += print(clock);
		return text;
	};
}

/** A pattern as a function from a wall clock to its text. Cached. */
export const formatterOf = cachedByPattern((pattern: string) => {
	const print = printParts(readPattern(pattern, LETTERS, true), pattern);
	return (time: LocalTimestamp) => print(new Clock(time));
});

/** Fields read so far, by letter; numbers. */
type Fields = Map<string, number>;

/** Reads at a position; gives the next position, or -1 where the text does not fit. */
type Reader = (text: string, at: number, fields: Fields) => number;

const NUMERIC_LETTERS = "uyYDMLdQqwWFhHkKmsSAnNec";

const isNumeric = (part: PatternPart | undefined) =>
	part?.kind === "field" &&
	NUMERIC_LETTERS.includes(part.letter) &&
	!("MLQqec".includes(part.letter) && part.count > 2);

/** Digits `min` to `max`, `reserved` of them left for the fields that follow without a gap. */
function digitsReader(letter: string, min: number, max: number, reserved: number): Reader {
	return (text, at, fields) => {
		let end = at;
		while (end < text.length && end - at < max + reserved && text.charCodeAt(end) >= 48 && text.charCodeAt(end) <= 57)
			end++;
		end = Math.max(at, end - reserved);
		if (end - at < min || end - at > max) return -1;
		const value = Number(text.slice(at, end));
		fields.set(letter, letter === "S" ? value * 10 ** (9 - (end - at)) : value);
		return end;
	};
}

function namesReader(letter: string, names: readonly string[], first: number): Reader {
	return (text, at, fields) => {
		const index = names.findIndex((name) => text.startsWith(name, at));
		if (index < 0) return -1;
		fields.set(letter, first + index);
		return at + (names[index] as string).length;
	};
}

/** A zone's offset is read, but a wall clock has no use for it. */
const ZONE_LETTERS = "XxZ";

function zoneReader(letter: string, count: number): Reader {
	const minutes = count === 1 && letter !== "Z" ? "(?:\\d\\d)?" : count === 2 || letter === "Z" ? "\\d\\d" : ":\\d\\d";
	const offset = new RegExp(`${letter === "X" ? "Z|" : ""}[+-]\\d\\d${minutes}`, "y");
	return (text, at) => {
		offset.lastIndex = at;
		return offset.test(text) ? offset.lastIndex : -1;
	};
}

function fieldReader(letter: string, count: number, reserved: number): Reader {
	if (letter === "u" || letter === "y" || letter === "Y") {
		if (count !== 2) return digitsReader(letter, count, count >= 4 ? count : 19, reserved);
		const read = digitsReader(letter, 2, 2, 0);
		return (text, at, fields) => {
			const end = read(text, at, fields);
			if (end >= 0) fields.set(letter, 2000 + (fields.get(letter) as number));
			return end;
		};
	}
	if (letter === "M" || letter === "L") {
		if (count === 3)
			return namesReader(
				letter,
				MONTHS.map((name) => name.slice(0, 3)),
				1,
			);
		if (count >= 4) return namesReader(letter, MONTHS, 1);
	}
	if (letter === "a") return namesReader(letter, ["AM", "PM"], 0);
	if (letter === "G") return namesReader(letter, count === 4 ? ["Before Christ", "Anno Domini"] : ["BC", "AD"], 0);
	if (letter === "E") return namesReader(letter, count >= 4 ? WEEKDAYS : WEEKDAYS.map((name) => name.slice(0, 3)), 0);
	if (letter === "S") return digitsReader(letter, count, count, 0);
	if (ZONE_LETTERS.includes(letter)) return zoneReader(letter, count);
	return digitsReader(letter, count, count === 1 ? 19 : count, count === 1 ? reserved : 0);
}

function readParts(parts: readonly PatternPart[]): Reader {
	const readers = parts.map((part, i): Reader => {
		if (part.kind === "literal") return (text, at) => (text.startsWith(part.text, at) ? at + part.text.length : -1);
		if (part.kind === "optional") {
			const inner = readParts(part.parts);
			return (text, at, fields) => {
				const trial: Fields = new Map(fields);
				const end = inner(text, at, trial);
				if (end < 0) return at;
				for (const [letter, value] of trial) fields.set(letter, value);
				return end;
			};
		}
		let reserved = 0;
		for (let next = i + 1; isNumeric(parts[next]); next++) reserved += (parts[next] as { count: number }).count;
		return fieldReader(part.letter, part.count, reserved);
	});
	return (text, start, fields) => {
		let at = start;
		for (const read of readers) {
			at = read(text, at, fields);
			if (at < 0) return -1;
		}
		return at;
	};
}

const RANGES: Readonly<Record<string, readonly [number, number]>> = {
	M: [1, 12],
	L: [1, 12],
	d: [1, 31],
	D: [1, 366],
	H: [0, 24],
	k: [0, 24],
	K: [0, 11],
	h: [0, 12],
	m: [0, 59],
	s: [0, 59],
	y: [1, 999_999_999],
};

/** The wall clock that the fields say; what is missing is 1970-01-01 00:00. A day past the month's end is its last. */
function resolve(fields: Fields): LocalTimestamp | undefined {
	for (const [letter, value] of fields) {
		const range = RANGES[letter];
		if (range !== undefined && (value < range[0] || value > range[1])) return undefined;
	}
	const year = fields.get("u") ?? fields.get("y") ?? 1970;
	const month = fields.get("M") ?? fields.get("L") ?? 1;
	const day = fields.get("d") ?? 1;
	const dayOfYear = fields.get("D");
	const days =
		dayOfYear === undefined
			? daysFromCivil(year, month, Math.min(day, daysInMonth(year, month)))
			: daysFromCivil(year, 1, 1) + dayOfYear - 1;
	const hour = hourOf(fields);
	const minute = fields.get("m") ?? 0;
	const second = fields.get("s") ?? 0;
	const nanoOfSecond = fields.get("n") ?? fields.get("S") ?? 0;
	if (hour === 24 && (minute !== 0 || second !== 0 || nanoOfSecond !== 0)) return undefined;
	const nanos = nanoOfSecond % 1_000_000;
	const ms = hour * MS_PER_HOUR + minute * 60_000 + second * 1000 + (nanoOfSecond - nanos) / 1_000_000;
	return { ms: days * MS_PER_DAY + (fields.get("A") ?? ms), nanos };
}

function hourOf(fields: Fields): number {
	const half = fields.get("h") ?? fields.get("K");
	const whole = fields.get("H") ?? fields.get("k");
	if (whole !== undefined) return fields.has("k") && whole === 24 ? 0 : whole;
	if (half === undefined || !fields.has("a")) return 0;
	return (half % 12) + (fields.get("a") === 1 ? 12 : 0);
}

/** A pattern as a reader of wall clocks; undefined for text that does not fit wholly. Cached. */
export const parserOf = cachedByPattern((pattern: string) => {
	const read = readParts(readPattern(pattern, LETTERS + ZONE_LETTERS, true));
	return (text: string): LocalTimestamp | undefined => {
		const fields: Fields = new Map();
		return read(text, 0, fields) === text.length ? resolve(fields) : undefined;
	};
});
