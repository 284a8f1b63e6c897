// The values and types of literals as written in SQL text. What is not a date, a time or a number of the language is an error here.
import { daysFromCivil, daysInMonth, MS_PER_DAY, timestampOf } from "../types/datetime.js";
import { type LiteralExpr, literal } from "../types/expr.js";
import {
	BIGINT,
	DATE,
	decimal,
	INTEGER,
	MAX_DECIMAL_PRECISION,
	notNull,
	type SqlType,
	time,
	timestamp,
} from "../types/sql-type.js";
import type { Value } from "../types/value.js";

const MAX_INT = 2_147_483_647n;
const MAX_BIGINT = 9_223_372_036_854_775_807n;

/** `12` is INT or BIGINT by its size, `1.50` DECIMAL(3, 2); undefined when it has more than 38 digits. */
export function exactLiteral(text: string): LiteralExpr | undefined {
	const point = text.indexOf(".");
	if (point < 0 || point === text.length - 1) return integerLiteral(BigInt(text.replace(".", "")));
	const digits = text.replace(".", "");
	const scale = text.length - 1 - point;
	const precision = Math.min(Math.max(text.length - 1, 1), MAX_DECIMAL_PRECISION);
	const value = BigInt(digits);
	if (scale > MAX_DECIMAL_PRECISION || String(value).length > precision) return undefined;
	return literal(value, notNull(decimal(precision, scale)));
}

export function integerLiteral(value: bigint): LiteralExpr | undefined {
	const magnitude = value < 0n ? -value - 1n : value;
	if (magnitude <= MAX_INT) return literal(Number(value), notNull(INTEGER));
	if (magnitude <= MAX_BIGINT) return literal(value, notNull(BIGINT));
	const precision = String(value).replace("-", "").length;
	return precision <= MAX_DECIMAL_PRECISION ? literal(value, notNull(decimal(precision, 0))) : undefined;
}

const DATE_FORMAT = /^0*(\d{1,4})-0*(\d{1,2})-0*(\d{1,2})$/;
const TIME_FORMAT = /^(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,9}))?$/;

function daysOf(text: string): number | undefined {
	const [, year, month, day] = (DATE_FORMAT.exec(text) ?? []).map(Number);
	if (year === undefined || month === undefined || day === undefined) return undefined;
	if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
	return daysFromCivil(year, month, day);
}

function clockOf(text: string): { ms: number; nanos: number; digits: number } | undefined {
	const match = TIME_FORMAT.exec(text);
	if (match === null) return undefined;
	const [hour, minute, second] = [Number(match[1]), Number(match[2]), Number(match[3])];
	if (hour > 23 || minute > 59 || second > 59) return undefined;
	const fraction = (match[4] ?? "").padEnd(9, "0");
	const ms = ((hour * 60 + minute) * 60 + second) * 1000 + Number(fraction.slice(0, 3));
	return { ms, nanos: Number(fraction.slice(3)), digits: (match[4] ?? "").length };
}

/** DATE '…'; undefined when there is no such day. */
export function dateLiteral(text: string): LiteralExpr | undefined {
	const days = daysOf(text);
	return days === undefined ? undefined : literal(days, notNull(DATE));
}

/** TIME '…' of the precision written. */
export function timeLiteral(text: string): LiteralExpr | undefined {
	const clock = clockOf(text);
	return clock && literal(clock.ms, notNull(time(Math.min(clock.digits, 3))));
}

/** TIMESTAMP '…' of the precision written; a date alone is its midnight. */
export function timestampLiteral(text: string): LiteralExpr | undefined {
	const [date, clock, ...rest] = text.split(" ");
	const days = daysOf(date as string);
	const ofDay = clock === undefined ? { ms: 0, nanos: 0, digits: 0 } : clockOf(clock);
	if (days === undefined || ofDay === undefined || rest.length > 0) return undefined;
	const value = timestampOf(days * MS_PER_DAY + ofDay.ms, ofDay.nanos, ofDay.digits);
	return literal(value, notNull(timestamp(ofDay.digits)));
}

/** Every interval of months has this type, whatever its qualifier; likewise every one of days and seconds. */
export const YEAR_MONTH: SqlType = { kind: "INTERVAL_YEAR_MONTH", unit: "MONTH", precision: 2, nullable: true };
export const DAY_TIME: SqlType = {
	kind: "INTERVAL_DAY_TIME",
	unit: "SECOND",
	precision: 2,
	fraction: 3,
	nullable: true,
};

const MONTHS: Readonly<Record<string, number>> = { YEAR: 12, QUARTER: 3, MONTH: 1 };
const MILLISECONDS: Readonly<Record<string, number>> = {
	WEEK: 7 * MS_PER_DAY,
	DAY: MS_PER_DAY,
	HOUR: 3_600_000,
	MINUTE: 60_000,
	SECOND: 1000,
};
const FIELDS = ["DAY", "HOUR", "MINUTE", "SECOND"];

/** Whether a unit counts months (else milliseconds), and how many. */
export function intervalUnit(unit: string): { readonly type: SqlType; readonly size: number } {
	const months = MONTHS[unit];
	return months === undefined ? { type: DAY_TIME, size: MILLISECONDS[unit] ?? 1 } : { type: YEAR_MONTH, size: months };
}

/** INTERVAL '…' start [TO end]; undefined when the text does not fit the qualifier. */
export function intervalLiteral(text: string, negative: boolean, start: string, end?: string): LiteralExpr | undefined {
	const { type } = intervalUnit(start);
	const sign = /^\s*([+-]?)\s*(.*?)\s*$/s.exec(text) as RegExpExecArray;
	const magnitude = magnitudeOf(sign[2] as string, start, end);
	if (magnitude === undefined) return undefined;
	const value: Value = (sign[1] === "-") !== negative ? -magnitude : magnitude;
	return literal(value === 0 ? 0 : value, notNull(type));
}

function magnitudeOf(text: string, start: string, end: string | undefined): number | undefined {
	const { size } = intervalUnit(start);
	if (end === undefined || end === start) {
		if (start === "SECOND") return seconds(text);
		return /^\d+$/.test(text) ? Number(text) * size : undefined;
	}
	if (start === "YEAR") {
		const match = /^(\d+)-(\d{1,2})$/.exec(text);
		return match === null || Number(match[2]) > 11 ? undefined : Number(match[1]) * 12 + Number(match[2]);
	}
	return dayTime(text, FIELDS.slice(FIELDS.indexOf(start), FIELDS.indexOf(end) + 1));
}

const LIMITS: Readonly<Record<string, number>> = { HOUR: 23, MINUTE: 59, SECOND: 59 };

function dayTime(text: string, fields: readonly string[]): number | undefined {
	const parts = text.split(fields[0] === "DAY" ? /\s+|:/ : /:/);
	if (parts.length !== fields.length) return undefined;
	let total = 0;
	for (const [i, field] of fields.entries()) {
		const part = parts[i] as string;
		if (field !== "SECOND" && !/^\d+$/.test(part)) return undefined;
		const value = field === "SECOND" ? seconds(part) : Number(part) * intervalUnit(field).size;
		if (value === undefined || (i > 0 && value > (LIMITS[field] ?? 0) * intervalUnit(field).size + 999))
			return undefined;
		total += value;
	}
	return total;
}

function seconds(text: string): number | undefined {
	const match = /^(\d+)(?:\.(\d{1,9}))?$/.exec(text);
	if (match === null) return undefined;
	return Number(match[1]) * 1000 + Number((match[2] ?? "").padEnd(3, "0").slice(0, 3));
}
