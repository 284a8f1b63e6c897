// + - * / % and the sign, on numbers (integers wrap, decimals give NULL when too big), on intervals, and of dates,
// times and timestamps with intervals.
import { EngineError } from "../../errors.js";
import { wrapBigint, wrapInteger } from "../../types/cast-number.js";
import { leastCommonType } from "../../types/coercion.js";
import {
	addMonthsToDays,
	addMonthsToMs,
	floorMod,
	MS_PER_DAY,
	timestampMs,
	timestampNanos,
	timestampOf,
} from "../../types/datetime.js";
import {
	addDecimals,
	type DecimalType,
	divideDecimals,
	exactDigits,
	multiplyDecimals,
	productType,
	quotientType,
	remainderDecimals,
	remainderType,
	sumType,
} from "../../types/decimal.js";
import {
	BIGINT,
	decimal,
	isDatetime,
	isInteger,
	isInterval,
	isNumeric,
	type SqlType,
	withoutAttribute,
} from "../../types/sql-type.js";
import type { Value } from "../../types/value.js";
import { type Definition, family, NUMERIC, parameter, resolution, sameAs } from "../define.js";
import type { Argument, BoundCall, Resolution, ScalarImplementation } from "../function.js";

type Sign = "+" | "-" | "*" | "/" | "%";

const decimalResult = { "+": sumType, "-": sumType, "*": productType, "/": quotientType, "%": remainderType };

function resolveNumbers(sign: Sign, args: readonly Argument[], left: SqlType, right: SqlType): Resolution | undefined {
	const common = leastCommonType([left, right]) as SqlType;
	if (isInteger(common)) return resolution(args, [common, common], sign === "%" ? right : common);
	const a = exactDigits(left);
	const b = exactDigits(right);
	if (a === undefined || b === undefined) return sign === "%" ? undefined : resolution(args, [common, common], common);
	// Of two numbers without a fraction the remainder has the divisor's type, be that DECIMAL or INT.
	const result = sign === "%" && a.scale === 0 && b.scale === 0 ? right : decimalResult[sign](a, b);
	return resolution(args, [decimal(a.precision, a.scale), decimal(b.precision, b.scale)], result);
}

function resolveArithmetic(sign: Sign, args: readonly Argument[]): Resolution | undefined {
	if (args.length !== 2) return undefined;
	const [left, right] = args.map((arg) => withoutAttribute(arg.type)) as [SqlType, SqlType];
	if (isNumeric(left) && isNumeric(right)) return resolveNumbers(sign, args, left, right);
	if (sign === "*") {
		if (isInterval(left) && isInteger(right)) return resolution(args, [left, right], left);
		return isInteger(left) && isInterval(right) ? resolution(args, [left, right], right) : undefined;
	}
	if (sign === "/" || sign === "%") return undefined;
	if (isInterval(left) && left.kind === right.kind) {
		const common = leastCommonType([left, right]);
		return common && resolution(args, [left, right], common);
	}
	if (isDatetime(left) && isInterval(right)) return resolveShift(args, left, right, left);
	return sign === "+" && isInterval(left) && isDatetime(right) ? resolveShift(args, left, right, right) : undefined;
}

/** Months leave a time of day as it is. */
const resolveShift = (args: readonly Argument[], left: SqlType, right: SqlType, moment: SqlType) =>
	resolution(args, [left, right], moment);

type Pair = (left: number, right: number) => number;
type BigPair = (left: bigint, right: bigint) => bigint;

const smallOperations: Record<Sign, Pair> = {
	"+": (a, b) => a + b,
	"-": (a, b) => a - b,
	"*": Math.imul,
	"/": (a, b) => (b === 0 ? divisionByZero() : a / b),
	"%": (a, b) => (b === 0 ? divisionByZero() : a % b),
};
const bigOperations: Record<Sign, BigPair> = {
	"+": (a, b) => a + b,
	"-": (a, b) => a - b,
	"*": (a, b) => a * b,
	"/": (a, b) => (b === 0n ? divisionByZero() : a / b),
	"%": (a, b) => (b === 0n ? divisionByZero() : a % b),
};
const doubleOperations: Record<Sign, Pair> = { ...smallOperations, "*": (a, b) => a * b, "/": (a, b) => a / b };

function divisionByZero(): never {
	throw new EngineError("DIVISION_BY_ZERO", "Division by zero", {
		remedy: "Divide by NULLIF(divisor, 0) to get NULL instead",
	});
}

function decimalOperation(sign: Sign, left: DecimalType, right: DecimalType, to: DecimalType): ScalarImplementation {
	const [s, t] = [left.scale, right.scale];
	switch (sign) {
		case "+":
			return (a, b) => addDecimals(a as bigint, s, b as bigint, t, to);
		case "-":
			return (a, b) => addDecimals(a as bigint, s, -(b as bigint), t, to);
		case "*":
			return (a, b) => multiplyDecimals(a as bigint, s, b as bigint, t, to);
		case "/":
			return (a, b) => (b === 0n ? divisionByZero() : divideDecimals(a as bigint, s, b as bigint, t, to));
		case "%":
			return (a, b) => (b === 0n ? divisionByZero() : remainderDecimals(a as bigint, s, b as bigint, t, to));
	}
}

function implementArithmetic(sign: Sign, { args, result }: BoundCall): ScalarImplementation {
	const [left, right] = args.map((arg) => arg.type) as [SqlType, SqlType];
	if (left.kind === "DECIMAL" && right.kind === "DECIMAL") {
		if (result.kind === "DECIMAL") return decimalOperation(sign, left, right, result);
		const remainder = decimalOperation(sign, left, right, right);
		return (a, b) => {
			const value = remainder(a as Value, b as Value) as bigint;
			return result.kind === "BIGINT" ? value : Number(value);
		};
	}
	if (left.kind === "BIGINT" && right.kind === "BIGINT") {
		const operate = bigOperations[sign];
		if (result.kind === "BIGINT") return (a, b) => wrapBigint(operate(a as bigint, b as bigint));
		const wrap = wrapInteger(result.kind);
		return (a, b) => wrap(Number(BigInt.asIntN(32, operate(a as bigint, b as bigint))));
	}
	if (isInteger(left) && isInteger(right)) {
		const operate = smallOperations[sign];
		const wrap = wrapInteger(result.kind);
		return (a, b) => wrap(operate(a as number, b as number));
	}
	if (isNumeric(left) && isNumeric(right)) {
		const operate = doubleOperations[sign];
		if (result.kind === "FLOAT") return (a, b) => Math.fround(operate(a as number, b as number));
		return (a, b) => operate(a as number, b as number);
	}
	return implementInterval(sign, left, right);
}

function implementInterval(sign: Sign, left: SqlType, right: SqlType): ScalarImplementation {
	if (isDatetime(left)) {
		const shift = shiftOf(left, right);
		return sign === "-" ? (a, b) => shift(a as Value, -(b as number)) : (a, b) => shift(a as Value, b as number);
	}
	if (isDatetime(right)) {
		const shift = shiftOf(right, left);
		return (a, b) => shift(b as Value, a as number);
	}
	if (sign === "+") return (a, b) => (a as number) + (b as number);
	if (sign === "-") return (a, b) => (a as number) - (b as number);
	return (a, b) => Number(a) * Number(b);
}

/** Adds an interval to a date, time or timestamp. */
export function shiftOf(moment: SqlType, interval: SqlType): (value: Value, by: number) => Value {
	const months = interval.kind === "INTERVAL_YEAR_MONTH";
	if (moment.kind === "DATE") {
		return months
			? (value, by) => addMonthsToDays(value as number, by)
			: (value, by) => (value as number) + Math.trunc(by / MS_PER_DAY);
	}
	if (moment.kind === "TIME") {
		return months ? (value) => value : (value, by) => floorMod((value as number) + by, MS_PER_DAY);
	}
	const { precision } = moment as { precision: number };
	const move = months ? addMonthsToMs : (ms: number, by: number) => ms + by;
	if (precision <= 3) return (value, by) => move(value as number, by);
	return (value, by) =>
		timestampOf(move(timestampMs(value, precision), by), timestampNanos(value, precision), precision);
}

const operation = (
	sign: Sign,
	doc: string,
	signatures: readonly string[],
	example: string,
	aliases: readonly string[] = [],
): Definition => ({
	name: sign,
	aliases,
	signatures,
	doc,
	example,
	resolve: (args) => resolveArithmetic(sign, args),
	implement: (call) => implementArithmetic(sign, call),
});

const NUMBER_OR_INTERVAL = parameter((type) => isNumeric(type) || isInterval(type), BIGINT);

export const arithmeticFunctions = family("arithmetic", [
	operation(
		"+",
		"Sum; a date, time or timestamp moved by an interval.",
		["numeric + numeric", "datetime + interval", "interval + interval"],
		"1 + 2 = 3",
	),
	operation(
		"-",
		"Difference; a date, time or timestamp moved back by an interval.",
		["numeric - numeric", "datetime - interval", "interval - interval"],
		"3 - 2 = 1",
	),
	operation("*", "Product.", ["numeric * numeric", "interval * numeric"], "2 * 3 = 6"),
	operation("/", "Quotient; of integers toward zero.", ["numeric / numeric"], "7 / 2 = 3"),
	operation(
		"%",
		"Remainder with the sign of the dividend.",
		["numeric % numeric", "MOD(numeric, numeric)"],
		"MOD(-7, 2) = -1",
		["MOD"],
	),
	{
		name: "NEGATE",
		signatures: ["- numeric", "- interval"],
		doc: "The number or interval with the other sign.",
		example: "- 1 = -1",
		parameters: [NUMBER_OR_INTERVAL],
		result: sameAs(0),
		implement: ({ result }) => negation(result),
	},
	{
		name: "ABS",
		signatures: "ABS(numeric) -> same",
		doc: "The absolute value.",
		example: "ABS(-1.5) = 1.5",
		parameters: [NUMERIC],
		result: sameAs(0),
		implement: ({ result }) => {
			const negate = negation(result);
			return (value) =>
				(value as number | bigint) < 0 || Object.is(value, -0) ? negate(value as Value) : (value as Value);
		},
	},
]);

function negation(type: SqlType): ScalarImplementation {
	switch (type.kind) {
		case "BIGINT":
			return (value) => wrapBigint(-(value as bigint));
		case "DECIMAL":
			return (value) => -(value as bigint);
		case "TINYINT":
		case "SMALLINT":
		case "INTEGER": {
			const wrap = wrapInteger(type.kind);
			return (value) => wrap(-(value as number));
		}
		case "FLOAT":
		case "DOUBLE":
			return (value) => -(value as number);
		default:
			return (value) => -(value as number) + 0;
	}
}
