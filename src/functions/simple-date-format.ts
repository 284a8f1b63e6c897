// java.text.SimpleDateFormat (lenient, US English), with which Flink reads and prints in TO_DATE, UNIX_TIMESTAMP,
// FROM_UNIXTIME and CONVERT_TZ. Reading takes a prefix of the text and carries fields over: '2020-02-30' is 1 March.
import { floorMod, MS_PER_DAY, MS_PER_HOUR } from "../types/datetime.js";
import { daysFromHistoric, extractFromDays, historicCivil } from "../types/datetime-field.js";
import { localToUtc, type TimeZone, utcToLocal } from "../types/time-zone.js";
import { cachedByPattern, MONTHS, type PatternPart, readPattern, WEEKDAYS } from "./date-pattern.js";

const LETTERS = "GyYMLwWDdFEuaHkKhmsSzZX";

const compiled = cachedByPattern((pattern: string) => readPattern(pattern, LETTERS, false));

/** 1900-01-01: before it java.util.TimeZone knows no change of a zone. */
const FIRST_TRANSITION = -2_208_988_800_000;

/** Without daylight saving, January and July of 2020 being one with and one without. */
const standardOffset = (zone: TimeZone) => Math.min(zone.offsetAt(1_578_268_800_000), zone.offsetAt(1_593_993_600_000));

/** The text of an instant in a zone. */
export function formatSimple(pattern: string, utcMs: number, zone: TimeZone): string {
	const local = utcMs < FIRST_TRANSITION ? utcMs + standardOffset(zone) : utcToLocal(zone, utcMs);
	const days = Math.floor(local / MS_PER_DAY);
	const msOfDay = local - days * MS_PER_DAY;
	let text = "";
	for (const part of compiled(pattern)) {
		if (part.kind === "literal") text += part.text;
		else if (part.kind === "field") text += formatField(part.letter, part.count, days, msOfDay, zone, local - utcMs);
	}
	return text;
}

function formatField(
	letter: string,
	count: number,
	days: number,
	msOfDay: number,
	zone: TimeZone,
	offset: number,
): string {
	const { year, month, day } = historicCivil(days);
	const hour = Math.floor(msOfDay / MS_PER_HOUR);
	const weekday = floorMod(days + 4, 7);
	const number = (value: number) => String(value).padStart(count, "0");
	switch (letter) {
		case "G":
			return year > 0 ? "AD" : "BC";
		case "y":
		case "Y": {
			const shown = year > 0 ? year : 1 - year;
			return count === 2 ? String(shown % 100).padStart(2, "0") : number(shown);
		}
		case "M":
		case "L": {
			const name = MONTHS[month - 1] as string;
			return count >= 4 ? name : count === 3 ? name.slice(0, 3) : number(month);
		}
		case "d":
			return number(day);
		case "D":
			return number(extractFromDays("DOY", days));
		case "w":
			return number(usWeek(days));
		case "W":
			return number(Math.floor((day - 1 + floorMod(weekday - (day - 1), 7)) / 7) + 1);
		case "F":
			return number(Math.floor((day - 1) / 7) + 1);
		case "E":
			return count >= 4 ? (WEEKDAYS[weekday] as string) : (WEEKDAYS[weekday] as string).slice(0, 3);
		case "u":
			return number(weekday === 0 ? 7 : weekday);
		case "a":
			return hour < 12 ? "AM" : "PM";
		case "H":
			return number(hour);
		case "k":
			return number(hour || 24);
		case "K":
			return number(hour % 12);
		case "h":
			return number(hour % 12 || 12);
		case "m":
			return number(Math.floor(msOfDay / 60_000) % 60);
		case "s":
			return number(Math.floor(msOfDay / 1000) % 60);
		case "S":
			return number(msOfDay % 1000);
		default:
			return zoneText(letter, count, zone, offset);
	}
}

function usWeek(days: number): number {
	const { year } = historicCivil(days);
	const next = daysFromHistoric(year + 1, 1, 1);
	if (days >= next - floorMod(next + 4, 7)) return 1;
	const first = daysFromHistoric(year, 1, 1);
	return Math.floor((days - (first - floorMod(first + 4, 7))) / 7) + 1;
}

function zoneText(letter: string, count: number, zone: TimeZone, offset: number): string {
	if (letter === "z") return zone.id;
	const sign = offset < 0 ? "-" : "+";
	const minutes = Math.floor(Math.abs(offset) / 60_000);
	const hour = String(Math.floor(minutes / 60)).padStart(2, "0");
	const minute = String(minutes % 60).padStart(2, "0");
	if (letter === "Z") return sign + hour + minute;
	if (offset === 0) return "Z";
	return count === 1 ? sign + hour : count === 2 ? sign + hour + minute : `${sign}${hour}:${minute}`;
}

interface Fields {
	year: number;
	month: number;
	day: number;
	hour: number;
	minute: number;
	second: number;
	ms: number;
	afternoon: boolean;
	dayOfYear: number | undefined;
	offset: number | undefined;
}

/** The instant that the beginning of a text names; undefined when the text does not fit the pattern. */
export function parseSimple(pattern: string, text: string, zone: TimeZone): number | undefined {
	const parts = compiled(pattern);
	const fields: Fields = {
		year: 1970,
		month: 1,
		day: 1,
		hour: 0,
		minute: 0,
		second: 0,
		ms: 0,
		afternoon: false,
		dayOfYear: undefined,
		offset: undefined,
	};
	let at = 0;
	for (const [i, part] of parts.entries()) {
		if (part.kind === "literal") {
			if (!text.startsWith(part.text, at)) return undefined;
			at += part.text.length;
		} else if (part.kind === "field") {
			at = parseField(part, followedByNumber(parts, i), text, at, fields);
			if (at < 0) return undefined;
		}
	}
	return instantOf(fields, zone);
}

function instantOf(fields: Fields, zone: TimeZone): number {
	const { year, month, day, hour, minute, second, ms, afternoon, dayOfYear, offset } = fields;
	const days =
		dayOfYear === undefined ? daysFromHistoric(year, month, day) : daysFromHistoric(year, 1, 1) + dayOfYear - 1;
	const hours = hour + (afternoon ? 12 : 0);
	const local = days * MS_PER_DAY + hours * MS_PER_HOUR + minute * 60_000 + second * 1000 + ms;
	if (offset !== undefined) return local - offset;
	return local < FIRST_TRANSITION ? local - standardOffset(zone) : localToUtc(zone, local, true);
}

const NUMERIC = "yYMLwWDdFuHkKhmsS";

const isNumber = (part: PatternPart | undefined) =>
	part?.kind === "field" && NUMERIC.includes(part.letter) && !("ML".includes(part.letter) && part.count > 2);

/** A number takes only its own width when another number follows, or when it follows such a one. */
function followedByNumber(parts: readonly PatternPart[], index: number): boolean {
	return isNumber(parts[index + 1]) || isNumber(parts[index - 1]);
}

function parseField(
	part: { readonly letter: string; readonly count: number },
	fixedWidth: boolean,
	text: string,
	start: number,
	fields: Fields,
): number {
	let at = start;
	while (text.charAt(at) === " " || text.charAt(at) === "\t") at++;
	const { letter, count } = part;
	if (!isNumber({ kind: "field", letter, count })) return parseName(letter, text, at, fields);
	const width = fixedWidth ? count : text.length;
	const match = /^-?\d+/.exec(text.slice(at, at + width));
	if (match === null) return -1;
	const value = Number(match[0]);
	setNumber(letter, count, match[0].length, value, fields);
	return at + match[0].length;
}

function parseName(letter: string, text: string, at: number, fields: Fields): number {
	const rest = text.slice(at).toLowerCase();
	const find = (names: readonly string[]) => names.findIndex((name) => rest.startsWith(name.toLowerCase()));
	const longOrShort = (names: readonly string[]): [index: number, length: number] => {
		const full = find(names);
		return full >= 0 ? [full, (names[full] as string).length] : [find(names.map((name) => name.slice(0, 3))), 3];
	};
	switch (letter) {
		case "M":
		case "L": {
			const [index, length] = longOrShort(MONTHS);
			fields.month = index + 1;
			return index < 0 ? -1 : at + length;
		}
		case "E": {
			const [index, length] = longOrShort(WEEKDAYS);
			return index < 0 ? -1 : at + length;
		}
		case "a": {
			const index = find(["AM", "PM"]);
			fields.afternoon = index === 1;
			return index < 0 ? -1 : at + 2;
		}
		case "G": {
			const index = find(["BC", "AD"]);
			if (index === 0) fields.year = 1 - fields.year;
			return index < 0 ? -1 : at + 2;
		}
		default:
			return parseZone(text, at, fields);
	}
}

function parseZone(text: string, at: number, fields: Fields): number {
	const match = /^(?:Z|UTC|(?:GMT)?([+-])(\d{1,2}):?(\d{2})?|GMT)/.exec(text.slice(at));
	if (match === null) return -1;
	const [whole, sign, hours = "0", minutes = "0"] = match;
	const magnitude = Number(hours) * MS_PER_HOUR + Number(minutes) * 60_000;
	fields.offset = sign === "-" ? -magnitude : magnitude;
	return at + whole.length;
}

/** Two-digit years lie within 80 years before and 20 after now. */
function fullYear(value: number): number {
	const now = new Date().getUTCFullYear();
	const century = now - (now % 100);
	const year = century + value;
	return year > now + 20 ? year - 100 : year <= now - 80 ? year + 100 : year;
}

function setNumber(letter: string, count: number, width: number, value: number, fields: Fields): void {
	switch (letter) {
		case "y":
		case "Y":
			fields.year = count <= 2 && width === 2 && value >= 0 ? fullYear(value) : value;
			break;
		case "M":
		case "L":
			fields.month = value;
			break;
		case "d":
			fields.day = value;
			break;
		case "D":
			fields.dayOfYear = value;
			break;
		case "H":
			fields.hour = value;
			break;
		case "k":
			fields.hour = value === 24 ? 0 : value;
			break;
		case "K":
			fields.hour = value;
			break;
		case "h":
			fields.hour = value === 12 ? 0 : value;
			break;
		case "m":
			fields.minute = value;
			break;
		case "s":
			fields.second = value;
			break;
		case "S":
			fields.ms = value;
			break;
	}
}
