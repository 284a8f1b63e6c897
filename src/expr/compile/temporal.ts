// Fields, roundings, formats and shifts of dates and timestamps. Kernels work on days and wall-clock milliseconds; calendars beyond them
// (weeks, months added, zones other than UTC) run in JavaScript, once per distinct value, day, minute …
import { MS_PER_DAY, MS_PER_HOUR, MS_PER_MINUTE, MS_PER_SECOND } from "../../types/datetime.js";
import type { CallExpr, Expr } from "../../types/expr.js";
import { BIGINT, DATE, INTEGER, isTimestamp, type SqlType } from "../../types/sql-type.js";
import { timestampUnit } from "../../types/value.js";
import { castNode } from "./cast.js";
import { columnOf } from "./gather.js";
import { allocateValues, bothValid, isConstant, Mode, makeNode, type Node, retyped } from "./node.js";
import type { Scope } from "./scope.js";
import { compileScript } from "./script.js";

const UNITS_PER_MS = { ms: 1, us: 1000, ns: 1_000_000 } as const;

/** How many of a TIMESTAMP's units make a millisecond. */
export const unitsPerMs = (type: SqlType): number =>
	UNITS_PER_MS[timestampUnit((type as { precision: number }).precision)];

const isUtc = (scope: Scope) => ["UTC", "Z", "GMT", "Etc/UTC"].includes(scope.program.functions.timeZone);

/** Whether the type's milliseconds are a wall clock. */
const isWallClock = (scope: Scope, type: SqlType) =>
	type.kind === "TIMESTAMP" || (type.kind === "TIMESTAMP_LTZ" && isUtc(scope));

const DATE_FIELDS: Readonly<Record<string, number>> = {
	YEAR: 0,
	QUARTER: 1,
	MONTH: 2,
	DAY: 3,
	DAYOFMONTH: 3,
	DOY: 4,
	DAYOFYEAR: 4,
	DOW: 5,
	DAYOFWEEK: 5,
};

/** The length of what a clock field counts within, and of its unit. */
const CLOCK_FIELDS: Readonly<Record<string, readonly [within: number, unit: number]>> = {
	HOUR: [MS_PER_DAY, MS_PER_HOUR],
	MINUTE: [MS_PER_HOUR, MS_PER_MINUTE],
	SECOND: [MS_PER_MINUTE, MS_PER_SECOND],
	MILLISECOND: [MS_PER_SECOND, 1],
};

/** EXTRACT(unit FROM value) and YEAR(value) … SECOND(value). */
export function compileExtract(scope: Scope, expr: CallExpr): Node | undefined {
	const isExtract = expr.function === "EXTRACT";
	const [symbol, value] = isExtract ? expr.args : [undefined, expr.args[0]];
	const field = symbol === undefined ? expr.function : symbol.kind === "literal" ? String(symbol.value) : "";
	const { type } = value as Expr;
	if (type.kind !== "DATE" && !isWallClock(scope, type)) return undefined;
	const dateField = DATE_FIELDS[field];
	const clockField = type.kind === "DATE" ? undefined : CLOCK_FIELDS[field];
	if (dateField === undefined && clockField === undefined) return undefined;
	const input = columnOf(scope.compile(value as Expr));
	const { dateFields, clockFields } = scope.program.region.kernels;
	if (dateField !== undefined) {
		const days = type.kind === "DATE" ? input : daysOf(scope, input);
		return makeNode(expr.type, [days], (frame, self) => {
			self.data = allocateValues(frame, 8);
			self.validity = days.validity;
			dateFields(dateField, days.data, frame.rows, self.data);
		});
	}
	const [within, unit] = clockField as readonly [number, number];
	const millis = millisOf(scope, input);
	return makeNode(
		expr.type,
		[millis],
		(frame, self) => {
			self.data = allocateValues(frame, 8);
			self.validity = millis.validity;
			clockFields(millis.data, within, unit, frame.rows, self.data);
		},
		{ cost: 4 },
	);
}

/** A timestamp's milliseconds, rounded down, as BIGINT. */
function millisOf(scope: Scope, input: Node): Node {
	const units = unitsPerMs(input.type);
	return units === 1 ? retyped(input, BIGINT) : quotient(scope, input, units, BIGINT);
}

/** Quotients rounded down. */
function quotient(scope: Scope, input: Node, divisor: number, type: SqlType): Node {
	const { floorDivide } = scope.program.region.kernels;
	return makeNode(
		type,
		[input],
		(frame, self) => {
			self.data = allocateValues(frame, 8);
			self.validity = input.validity;
			floorDivide(input.data, divisor, frame.rows, self.data);
		},
		{ cost: 4 },
	);
}

function timesConstant(scope: Scope, input: Node, factor: number, type: SqlType): Node {
	const { arithmeticI64 } = scope.program.region.kernels;
	const constant = scope.literal(BigInt(factor), BIGINT);
	return makeNode(type, [input], (frame, self) => {
		self.data = allocateValues(frame, 8);
		self.validity = input.validity;
		arithmeticI64(2, Mode.RIGHT_CONSTANT, input.data, constant.data, frame.rows, self.data);
	});
}

/** The day of a wall clock: before 1970 toward zero, as Flink divides. */
function daysOf(scope: Scope, input: Node): Node {
	const millis = millisOf(scope, input);
	const { divideI64 } = scope.program.region.kernels;
	const day = scope.literal(BigInt(MS_PER_DAY), BIGINT);
	const days = makeNode(
		BIGINT,
		[millis],
		(frame, self) => {
			self.data = allocateValues(frame, 8);
			self.validity = millis.validity;
			divideI64(0, Mode.RIGHT_CONSTANT, millis.data, day.data, 0, frame.rows, self.data);
		},
		{ cost: 4 },
	);
	return retyped(castNode(scope, days, INTEGER), DATE);
}

const UNIT_MS: Readonly<Record<string, number>> = {
	HOUR: MS_PER_HOUR,
	MINUTE: MS_PER_MINUTE,
	SECOND: MS_PER_SECOND,
	MILLISECOND: 1,
};

/** FLOOR(timestamp TO unit): units below a day divide; others are looked up once per day. */
export function compileFloor(scope: Scope, expr: CallExpr): Node | undefined {
	const [value, symbol] = expr.args;
	if (value === undefined || symbol?.kind !== "literal" || !isTimestamp(value.type)) return undefined;
	const step = UNIT_MS[String(symbol.value)];
	const units = unitsPerMs(value.type);
	if (step === undefined)
		return isWallClock(scope, value.type) ? compileScript(scope, expr, MS_PER_DAY * units) : undefined;
	if (step === MS_PER_HOUR && !isWallClock(scope, value.type)) return undefined;
	const input = columnOf(scope.compile(value));
	return timesConstant(scope, quotient(scope, input, step * units, BIGINT), step * units, expr.type);
}

/** DATE_FORMAT with a literal pattern: once per distinct day, hour, minute or second, whichever the pattern shows at most. */
export function compileDateFormat(scope: Scope, expr: CallExpr): Node | undefined {
	const [value, pattern] = expr.args;
	if (value === undefined || !isTimestamp(value.type) || pattern?.kind !== "literal") return undefined;
	const finest = patternUnit(String(pattern.value));
	if (finest === undefined) return undefined;
	// A zone's offset changes on whole seconds.
	const unit = isWallClock(scope, value.type) ? finest : Math.min(finest, MS_PER_SECOND);
	return compileScript(scope, expr, unit * unitsPerMs(value.type));
}

/** Milliseconds of the finest unit that a pattern may show; undefined: finer than seconds. */
function patternUnit(pattern: string): number | undefined {
	if (/[SAnNB]/.test(pattern)) return undefined;
	if (/s/.test(pattern)) return MS_PER_SECOND;
	if (/m/.test(pattern)) return MS_PER_MINUTE;
	return /[HhkKa]/.test(pattern) ? MS_PER_HOUR : MS_PER_DAY;
}

/** A timestamp moved by a day-time interval. Months, dates and times move in JavaScript. */
export function compileShift(scope: Scope, expr: CallExpr): Node | undefined {
	const [left, right] = expr.args as [Expr, Expr];
	const [moment, interval] = isTimestamp(left.type) ? [left, right] : [right, left];
	if (!isTimestamp(moment.type) || interval.type.kind !== "INTERVAL_DAY_TIME" || !isTimestamp(expr.type))
		return undefined;
	if (unitsPerMs(moment.type) !== unitsPerMs(expr.type)) return undefined;
	const input = columnOf(scope.compile(moment));
	const by = inUnits(scope, scope.compile(interval), unitsPerMs(moment.type));
	const { arithmeticI64 } = scope.program.region.kernels;
	const mode = isConstant(by) ? Mode.RIGHT_CONSTANT : Mode.COLUMNS;
	const operator = expr.function === "-" ? 1 : 0;
	return makeNode(expr.type, [input, by], (frame, self) => {
		self.data = allocateValues(frame, 8);
		self.validity = bothValid(frame, input.validity, by.validity);
		arithmeticI64(operator, mode, input.data, by.data, frame.rows, self.data);
	});
}

/** An interval's milliseconds in a timestamp's units. */
function inUnits(scope: Scope, interval: Node, units: number): Node {
	if (isConstant(interval)) return scope.literal(BigInt((interval.constant as number) * units), BIGINT);
	return units === 1 ? interval : timesConstant(scope, interval, units, BIGINT);
}

/** CAST between timestamps, and of dates; undefined where digits are cut, zones matter or nanoseconds may not hold the year. */
export function castTime(scope: Scope, input: Node, type: SqlType): Node | undefined {
	const from = input.type;
	const isNanos = isTimestamp(type) && unitsPerMs(type) === UNITS_PER_MS.ns;
	if (isNanos && !(isTimestamp(from) && unitsPerMs(from) === UNITS_PER_MS.ns)) return undefined;
	if (from.kind === "DATE" && type.kind === "TIMESTAMP") {
		const days = castNode(scope, retyped(input, INTEGER), BIGINT);
		return timesConstant(scope, days, MS_PER_DAY * unitsPerMs(type), type);
	}
	if (!isTimestamp(from)) return undefined;
	if (type.kind === "DATE") return from.kind === "TIMESTAMP" ? retyped(daysOf(scope, input), type) : undefined;
	if (!isTimestamp(type) || (type.kind !== from.kind && !isUtc(scope))) return undefined;
	return castPrecision(scope, input, type);
}

function castPrecision(scope: Scope, input: Node, type: SqlType): Node | undefined {
	const [from, to] = [input.type, type].map((each) => (each as { precision: number }).precision) as [number, number];
	const factor = unitsPerMs(type) / unitsPerMs(input.type);
	if (to >= from) return factor === 1 ? retyped(input, type) : timesConstant(scope, input, factor, type);
	return to === 3 || (to === 6 && factor < 1) ? quotient(scope, input, 1 / factor, type) : undefined;
}
