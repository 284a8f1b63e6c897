// Moving and subtracting dates, times and timestamps: TIMESTAMPADD, TIMESTAMPDIFF, (a - b) unit, OVERLAPS.
import { MS_PER_DAY, monthsBetweenMs, timestampMs } from "../../types/datetime.js";
import { UNIT_MS } from "../../types/datetime-field.js";
import {
	BOOLEAN,
	INTEGER,
	isDatetime,
	isInterval,
	isTimestamp,
	type SqlType,
	timestamp,
	withoutAttribute,
} from "../../types/sql-type.js";
import type { Value } from "../../types/value.js";
import { DATETIME, family, parameter, resolution, UNIT } from "../define.js";
import type { Argument, Resolution } from "../function.js";
import { shiftOf } from "./arithmetic.js";
import { unitOf } from "./temporal-field.js";

const MONTHS: Readonly<Record<string, number>> = { YEAR: 12, QUARTER: 3, MONTH: 1 };
const UNITS = ["YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND", "MILLISECOND"] as const;
const DIFFERENCE_UNITS = [...UNITS, "MICROSECOND"] as const;

export const DAY_TIME: SqlType = {
	kind: "INTERVAL_DAY_TIME",
	unit: "SECOND",
	precision: 2,
	fraction: 3,
	nullable: true,
};
export const YEAR_MONTH: SqlType = { kind: "INTERVAL_YEAR_MONTH", unit: "MONTH", precision: 2, nullable: true };

type Read = (value: Value) => number;

/** A date, time or timestamp on one line of ms. */
function msReader(type: SqlType): Read {
	if (type.kind === "DATE") return (value) => (value as number) * MS_PER_DAY;
	if (isTimestamp(type)) return (value) => timestampMs(value, (type as { precision: number }).precision);
	return (value) => value as number;
}

function resolveAdd(args: readonly Argument[]): Resolution | undefined {
	const [unit, count, moment] = args;
	if (args.length !== 3 || unit === undefined || count === undefined || moment === undefined) return undefined;
	if (!isDatetime(moment.type) || count.type.kind === "NULL") return undefined;
	const name = unitOf(unit, UNITS);
	const { type } = moment;
	const belowDay = (UNIT_MS[name] ?? MS_PER_DAY) < MS_PER_DAY;
	if (type.kind === "DATE") {
		if (name === "MILLISECOND") return undefined;
		const result = belowDay ? timestamp(6) : type;
		return resolution(args, [unit.type, INTEGER, result], result);
	}
	const result =
		name === "MILLISECOND" && isTimestamp(type) && type.precision < 3
			? { ...type, precision: 3 }
			: withoutAttribute(type);
	return resolution(args, [unit.type, INTEGER, result], result);
}

const SECONDS_PER_WEEK = 604_800;

/**
 * `b - a` in whole units, toward zero, as in Flink: milliseconds and microseconds count whole seconds only, weeks divide an
 * INT of seconds, which wraps after 68 years.
 */
function difference(name: string, from: SqlType, to: SqlType): (a: Value, b: Value) => number {
	const readFrom = msReader(from);
	const readTo = msReader(to);
	const months = MONTHS[name];
	if (months !== undefined) return (a, b) => Math.trunc(monthsBetweenMs(readTo(b), readFrom(a)) / months);
	if (name === "WEEK")
		return (a, b) => Math.trunc(wrap(Math.trunc((readTo(b) - readFrom(a)) / 1000)) / SECONDS_PER_WEEK) + 0;
	const unit = Math.max(1000, UNIT_MS[name] ?? 0);
	const scale = name === "MILLISECOND" ? 1000 : name === "MICROSECOND" ? 1_000_000 : 1;
	return (a, b) => Math.trunc((readTo(b) - readFrom(a)) / unit) * scale;
}

const isMixed = (a?: SqlType, b?: SqlType) =>
	a !== undefined && b !== undefined && a.kind !== b.kind && (a.kind === "TIMESTAMP_LTZ" || b.kind === "TIMESTAMP_LTZ");

const wrap = (value: number) => Number(BigInt.asIntN(32, BigInt(value)));

const END = parameter((type) => isDatetime(type) || isInterval(type), timestamp(3));

/** The end of a period given by its begin and its end or length. */
function endReader(start: SqlType, end: SqlType): (start: Value, end: Value) => number {
	if (isDatetime(end)) {
		const read = msReader(end);
		return (_, value) => read(value);
	}
	const shift = shiftOf(start, end);
	const read = msReader(start);
	return (from, length) => read(shift(from, length as number));
}

export const temporalArithmeticFunctions = family("temporal", [
	{
		name: "TIMESTAMPADD",
		signatures: "TIMESTAMPADD(unit, integer, datetime) -> datetime",
		doc: "A date, time or timestamp some units later.",
		example: "TIMESTAMPADD(WEEK, 1, DATE '2003-01-02') = DATE '2003-01-09'",
		resolve: resolveAdd,
		implement: ({ args }) => {
			const name = unitOf(args[0], UNITS);
			const months = MONTHS[name];
			const shift = shiftOf((args[2] as Argument).type, months === undefined ? DAY_TIME : YEAR_MONTH);
			const scale = months ?? (UNIT_MS[name] as number);
			return (_, count, moment) => shift(moment as Value, (count as number) * scale);
		},
	},
	{
		name: "TIMESTAMPDIFF",
		signatures: "TIMESTAMPDIFF(unit, datetime, datetime) -> INT",
		doc: "How many whole units lie between the first and the second.",
		example: "TIMESTAMPDIFF(DAY, TIMESTAMP '2003-01-02 10:00:00', TIMESTAMP '2003-01-03 10:00:00') = 1",
		parameters: [UNIT, DATETIME, DATETIME],
		result: ([, a, b]) => (isMixed(a, b) ? undefined : INTEGER),
		implement: ({ args }) => {
			const subtract = difference(
				unitOf(args[0], DIFFERENCE_UNITS),
				(args[1] as Argument).type,
				(args[2] as Argument).type,
			);
			return (_, a, b) => wrap(subtract(a as Value, b as Value));
		},
	},
	{
		name: "MINUS_DATE",
		signatures: "(datetime - datetime) unit -> INTERVAL",
		doc: "The time between two moments as an interval of months or of milliseconds.",
		example: "(DATE '2020-03-01' - DATE '2020-02-01') MONTH = INTERVAL '1' MONTH",
		parameters: [UNIT, DATETIME, DATETIME],
		result: ([, a, b], [unit]) =>
			a?.kind !== b?.kind ? undefined : MONTHS[String(unit?.literal)] === undefined ? DAY_TIME : YEAR_MONTH,
		implement: ({ args, result }) => {
			const [readA, readB] = args.slice(1).map((arg) => msReader(arg.type)) as [Read, Read];
			if (result.kind === "INTERVAL_YEAR_MONTH")
				return (_, a, b) => monthsBetweenMs(readA(a as Value), readB(b as Value));
			return (_, a, b) => readA(a as Value) - readB(b as Value);
		},
	},
	{
		name: "OVERLAPS",
		aliases: ["TEMPORAL_OVERLAPS"],
		signatures: "(start, end or length) OVERLAPS (start, end or length) -> BOOLEAN",
		doc: "Whether two periods have a moment in common.",
		example: "(DATE '2020-01-01', DATE '2020-01-10') OVERLAPS (DATE '2020-01-05', INTERVAL '10' DAY) = TRUE",
		parameters: [DATETIME, END, DATETIME, END],
		result: BOOLEAN,
		implement: ({ args }) => {
			const [start1, end1, start2, end2] = args.map((arg) => arg.type) as [SqlType, SqlType, SqlType, SqlType];
			const reads = [msReader(start1), msReader(start2)] as const;
			const ends = [endReader(start1, end1), endReader(start2, end2)] as const;
			return (a, b, c, d) => {
				const first = [reads[0](a as Value), ends[0](a as Value, b as Value)] as const;
				const second = [reads[1](c as Value), ends[1](c as Value, d as Value)] as const;
				return Math.max(...first) >= Math.min(...second) && Math.max(...second) >= Math.min(...first);
			};
		},
	},
]);
