// Fields of dates, times, timestamps and intervals: EXTRACT, YEAR … SECOND, FLOOR and CEIL (of numbers too).
import { EngineError, nearestName } from "../../errors.js";
import { MS_PER_DAY, timestampMs, timestampNanos, timestampOf } from "../../types/datetime.js";
import {
	EXTRACT_UNITS,
	type ExtractUnit,
	extractFromDays,
	extractFromMs,
	ROUND_UNITS,
	type RoundUnit,
	roundDays,
	roundMs,
	UNIT_MS,
} from "../../types/datetime-field.js";
import { ceilDecimal, floorDecimal } from "../../types/decimal.js";
import { BIGINT, decimal, isDatetime, isInterval, type SqlType } from "../../types/sql-type.js";
import { timeZoneOf, utcToLocal } from "../../types/time-zone.js";
import type { Value } from "../../types/value.js";
import { type Definition, family, matchParameters, NUMERIC, parameter, resolution, UNIT } from "../define.js";
import type { Argument, BoundCall, Resolution, ScalarImplementation } from "../function.js";

/** The unit that a symbol names, checked. */
export function unitOf<T extends string>(arg: Argument | undefined, known: readonly T[]): T {
	const name = String(arg?.literal);
	const unit = known.find((candidate) => candidate === name);
	if (unit !== undefined) return unit;
	const near = nearestName(name, known);
	throw new EngineError("INVALID_ARGUMENT", `'${name}' is not a valid time unit here`, {
		expected: known.join(", "),
		...(near !== undefined && { remedy: `Did you mean ${near}?` }),
	});
}

const MOMENT = parameter((type) => isDatetime(type) || isInterval(type), { kind: "DATE", nullable: true });

/** A field of a value of a type, as a number. */
function fieldReader(type: SqlType, unit: ExtractUnit, timeZone: string): (value: Value) => number {
	switch (type.kind) {
		case "DATE":
			return (value) => extractFromDays(unit, value as number);
		case "TIMESTAMP":
			return (value) => extractFromMs(unit, timestampMs(value, type.precision), timestampNanos(value, type.precision));
		case "TIMESTAMP_LTZ": {
			const zone = timeZoneOf(timeZone);
			// As in Flink EPOCH, too, is that of the wall clock.
			const local = (value: Value) => utcToLocal(zone, timestampMs(value, type.precision));
			return (value) => extractFromMs(unit, local(value), timestampNanos(value, type.precision));
		}
		case "INTERVAL_YEAR_MONTH":
			return unit === "YEAR"
				? (value) => Math.trunc((value as number) / 12) + 0
				: (value) => ((value as number) % 12) + 0;
		case "INTERVAL_DAY_TIME":
			return unit === "DAY"
				? (value) => Math.trunc((value as number) / MS_PER_DAY) + 0
				: (value) => extractFromMs(unit, value as number, 0);
		default:
			return (value) => extractFromMs(unit, value as number, 0);
	}
}

const TIME_UNITS = ["HOUR", "MINUTE", "SECOND", "MILLISECOND", "MICROSECOND", "NANOSECOND", "EPOCH"];
const INTERVAL_UNITS: Readonly<Record<string, readonly string[]>> = {
	TIME: TIME_UNITS,
	INTERVAL_YEAR_MONTH: ["YEAR", "MONTH"],
	INTERVAL_DAY_TIME: ["DAY", ...TIME_UNITS],
};

const suits = (type: SqlType, unit: ExtractUnit) => INTERVAL_UNITS[type.kind]?.includes(unit) ?? true;

const fieldFunction = (name: string, unit: ExtractUnit, doc: string, example: string): Definition => ({
	name,
	signatures: `${name}(datetime) -> BIGINT`,
	doc,
	example,
	parameters: [MOMENT],
	result: ([type]) => (suits(type as SqlType, unit) ? BIGINT : undefined),
	implement: ({ args, context }) => {
		const read = fieldReader((args[0] as Argument).type, unit, context.timeZone);
		return (value) => BigInt(read(value as Value));
	},
});

/** A day has no 24:00, which CEIL would give after 23:00. */
function withinDay(ms: number): number {
	if (ms < MS_PER_DAY) return ms;
	throw new EngineError("INVALID_ARGUMENT", "CEIL of a TIME goes past the end of the day", {
		remedy: "Add the time to a date: CEIL rounds timestamps to the next day",
	});
}

/** Rounds a value of a date or time type to a unit. */
function rounder(type: SqlType, unit: RoundUnit, up: boolean, timeZone: string): (value: Value) => Value {
	if (type.kind === "DATE") return (value) => roundDays(unit, value as number, up);
	if (type.kind === "TIME") {
		if ((UNIT_MS[unit] ?? MS_PER_DAY) >= MS_PER_DAY) return (value) => value;
		return (value) => withinDay(roundMs(unit, value as number, up));
	}
	const { precision } = type as { precision: number };
	if (type.kind === "TIMESTAMP" || (UNIT_MS[unit] ?? MS_PER_DAY) < 3_600_000) {
		return (value) => timestampOf(roundMs(unit, timestampMs(value, precision), up), 0, precision);
	}
	const zone = timeZoneOf(timeZone);
	return (value) => {
		const ms = timestampMs(value, precision);
		const offset = zone.offsetAt(ms);
		return timestampOf(roundMs(unit, ms + offset, up) - offset, 0, precision);
	};
}

function resolveRound(args: readonly Argument[]): Resolution | undefined {
	if (args.length === 1) {
		const types = matchParameters([NUMERIC], 0, undefined, args);
		const type = types?.[0];
		return type && resolution(args, [type], type.kind === "DECIMAL" ? decimal(type.precision, 0) : type);
	}
	const [moment, unit] = args;
	if (args.length !== 2 || moment === undefined || !isDatetime(moment.type) || unit?.type.kind !== "SYMBOL")
		return undefined;
	unitOf(unit, ROUND_UNITS);
	return resolution(args, [moment.type, unit.type], moment.type);
}

function implementRound({ args, context }: BoundCall, up: boolean): ScalarImplementation {
	const { type } = args[0] as Argument;
	if (args.length === 2) {
		const round = rounder(type, unitOf(args[1], ROUND_UNITS), up, context.timeZone);
		return (value) => round(value as Value);
	}
	if (type.kind === "DECIMAL") {
		return (value) => (up ? ceilDecimal : floorDecimal)(value as bigint, type.scale);
	}
	if (type.kind === "FLOAT" || type.kind === "DOUBLE") return (value) => (up ? Math.ceil : Math.floor)(value as number);
	return (value) => value as Value;
}

const roundFunction = (name: string, aliases: readonly string[], up: boolean, example: string): Definition => ({
	name,
	aliases,
	signatures: [`${name}(numeric) -> same`, `${name}(datetime TO unit) -> same`],
	doc: `The ${up ? "next" : "last"} integer, or the ${up ? "next" : "last"} begin of a time unit.`,
	example,
	resolve: resolveRound,
	implement: (call) => implementRound(call, up),
});

export const roundingFunctions = family("math", [
	roundFunction("FLOOR", [], false, "FLOOR(DATE '2020-02-29' TO MONTH) = DATE '2020-02-01'"),
	roundFunction("CEIL", ["CEILING"], true, "CEIL(1.2) = 2"),
]);

export const temporalFieldFunctions = family("temporal", [
	{
		name: "EXTRACT",
		signatures: "EXTRACT(unit FROM datetime or interval) -> BIGINT",
		doc: "A field of a date, time, timestamp or interval.",
		example: "EXTRACT(DAY FROM DATE '2006-06-05') = 5",
		parameters: [UNIT, MOMENT],
		result: ([, type], args) => (suits(type as SqlType, unitOf(args[0], EXTRACT_UNITS)) ? BIGINT : undefined),
		implement: ({ args, context }) => {
			const read = fieldReader((args[1] as Argument).type, unitOf(args[0], EXTRACT_UNITS), context.timeZone);
			return (_, value) => BigInt(read(value as Value));
		},
	},
	fieldFunction("YEAR", "YEAR", "The year.", "YEAR(DATE '1994-09-27') = 1994"),
	fieldFunction("QUARTER", "QUARTER", "The quarter, 1–4.", "QUARTER(DATE '1994-09-27') = 3"),
	fieldFunction("MONTH", "MONTH", "The month, 1–12.", "MONTH(DATE '1994-09-27') = 9"),
	fieldFunction("WEEK", "WEEK", "The ISO week, 1–53.", "WEEK(DATE '1994-09-27') = 39"),
	fieldFunction("DAYOFYEAR", "DOY", "The day of the year, 1–366.", "DAYOFYEAR(DATE '1994-09-27') = 270"),
	fieldFunction("DAYOFMONTH", "DAY", "The day of the month, 1–31.", "DAYOFMONTH(DATE '1994-09-27') = 27"),
	fieldFunction("DAYOFWEEK", "DOW", "The day of the week; Sunday is 1.", "DAYOFWEEK(DATE '1994-09-27') = 3"),
	fieldFunction("HOUR", "HOUR", "The hour, 0–23.", "HOUR(TIMESTAMP '1994-09-27 13:14:15') = 13"),
	fieldFunction("MINUTE", "MINUTE", "The minute, 0–59.", "MINUTE(TIMESTAMP '1994-09-27 13:14:15') = 14"),
	fieldFunction("SECOND", "SECOND", "The second, 0–59.", "SECOND(TIMESTAMP '1994-09-27 13:14:15') = 15"),
]);
