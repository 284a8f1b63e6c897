// Mathematical functions. Elementary ones are DOUBLE; rounding ones keep the type (decimals: Flink's rules).
import { wrapBigint, wrapInteger } from "../../types/cast-number.js";
import {
	type DecimalType,
	exactToDecimal,
	fitPrecision,
	parseDecimal,
	powerOfTen,
	roundDecimal,
	roundedType,
	truncateDecimal,
} from "../../types/decimal.js";
import { doubleText } from "../../types/double-text.js";
import { DOUBLE, notNull, type SqlType } from "../../types/sql-type.js";
import { AS_DOUBLE, AS_INTEGER, type Definition, family, NUMERIC, sameAs } from "../define.js";
import type { Argument, BoundCall, ScalarImplementation } from "../function.js";

const elementary = (
	name: string,
	doc: string,
	example: string,
	run: (value: number) => number,
	aliases: readonly string[] = [],
): Definition => ({
	name,
	aliases,
	signatures: `${name}(numeric) -> DOUBLE`,
	doc,
	example,
	parameters: [AS_DOUBLE],
	result: DOUBLE,
	run: (value) => run(value as number),
});

const binary = (
	name: string,
	signature: string,
	doc: string,
	example: string,
	run: (a: number, b: number) => number,
): Definition => ({
	name,
	signatures: signature,
	doc,
	example,
	parameters: [AS_DOUBLE, AS_DOUBLE],
	result: DOUBLE,
	run: (a, b) => run(a as number, b as number),
});

const constant = (name: string, doc: string, value: number): Definition => ({
	name,
	signatures: `${name}() -> DOUBLE NOT NULL`,
	doc,
	example: `ROUND(${name}(), 2) = ${Math.round(value * 100) / 100}e0`,
	parameters: [],
	result: notNull(DOUBLE),
	nullable: false,
	run: () => value,
});

/** The type of ROUND and TRUNCATE: decimals lose the digits that a literal says. */
function roundType(types: readonly SqlType[], args: readonly Argument[]): SqlType | undefined {
	const [type] = types;
	if (type?.kind !== "DECIMAL") return type;
	if (args.length === 1) return roundedType(type, 0);
	const digits = args[1]?.literal;
	return typeof digits === "number" ? roundedType(type, digits) : type;
}

type DecimalRound = (value: bigint, scale: number, digits: number, toScale: number) => bigint;

/** Rounds through decimal digits: doubles by their shortest text, so that 1.005 is not 1.00499… */
function implementRound({ args, result }: BoundCall, round: DecimalRound): ScalarImplementation {
	const { type } = args[0] as Argument;
	switch (type.kind) {
		case "DECIMAL": {
			const { precision, scale } = result as DecimalType;
			return (value, digits = 0) =>
				fitPrecision(round(value as bigint, type.scale, digits as number, scale), precision);
		}
		case "BIGINT":
			return (value, digits = 0) => wrapBigint(round(value as bigint, 0, digits as number, 0));
		case "FLOAT":
		case "DOUBLE": {
			const narrow = type.kind === "FLOAT" ? Math.fround : (value: number) => value;
			return (value, digits = 0) => narrow(roundDouble(value as number, digits as number, round));
		}
		default: {
			const wrap = wrapInteger(type.kind);
			return (value, digits = 0) =>
				wrap(Number(BigInt.asIntN(32, round(BigInt(value as number), 0, digits as number, 0))));
		}
	}
}

function roundDouble(value: number, digits: number, round: DecimalRound): number {
	const exact = parseDecimal(doubleText(value));
	if (exact === undefined) return value;
	const [unscaled, scale] = exact;
	const plain = scale < 0 ? unscaled * powerOfTen(-scale) : unscaled;
	const kept = Math.max(0, Math.min(digits, Math.max(0, scale)));
	return Number(`${round(plain, Math.max(0, scale), digits, kept)}e-${kept}`);
}

/** Flink truncates doubles as DECIMAL(38, 18). */
function truncateDouble(value: number, digits: number): number {
	const exact = parseDecimal(doubleText(value));
	const fixed = exact && exactToDecimal(exact, { precision: 38, scale: 18 });
	if (fixed === undefined || fixed === null) return value;
	return Number(`${truncateDecimal(fixed, 18, Math.min(digits, 18), 18)}e-18`);
}

function implementSign({ args }: BoundCall): ScalarImplementation {
	const { type } = args[0] as Argument;
	if (type.kind === "DECIMAL") {
		// DECIMAL(38, 38) has no 1. Up to 18 digits Flink does not look.
		const one = type.precision > 18 ? fitPrecision(powerOfTen(type.scale), type.precision) : powerOfTen(type.scale);
		if (one === null) return (value) => (value === 0n ? 0n : null);
		return (value) => ((value as bigint) > 0n ? one : (value as bigint) < 0n ? -one : 0n);
	}
	if (type.kind === "BIGINT") return (value) => ((value as bigint) > 0n ? 1n : (value as bigint) < 0n ? -1n : 0n);
	return (value) => Math.sign(value as number);
}

const toDegrees = (value: number) => value * (180 / Math.PI);
const toRadians = (value: number) => (value / 180) * Math.PI;

/** The next bits of java.util.Random. */
function randomBits(seed: number): (bits: number) => number {
	let state = (BigInt(Math.trunc(seed)) ^ 0x5deece66dn) & 0xffffffffffffn;
	return (bits) => {
		state = (state * 0x5deece66dn + 0xbn) & 0xffffffffffffn;
		return Number(state >> BigInt(48 - bits));
	};
}

function random(seed: number): () => number {
	const next = randomBits(seed);
	return () => (next(26) * 2 ** 27 + next(27)) / 2 ** 53;
}

/** Below `bound`, each with the same chance. */
function randomInteger(seed: number): (bound: number) => number {
	const next = randomBits(seed);
	return (bound) => {
		if ((bound & -bound) === bound) return Math.floor((bound * next(31)) / 2 ** 31);
		for (;;) {
			const bits = next(31);
			const value = bits % bound;
			if (bits - value + (bound - 1) < 2 ** 31) return value;
		}
	};
}

export const mathFunctions = family("math", [
	elementary("SQRT", "The square root; NaN of negatives.", "SQRT(9) = 3e0", Math.sqrt),
	elementary("EXP", "e to a power.", "EXP(0) = 1e0", Math.exp),
	elementary("LN", "The natural logarithm.", "LN(1) = 0e0", Math.log),
	elementary("LOG10", "The logarithm to base 10.", "LOG10(1000) = 3e0", Math.log10),
	elementary("LOG2", "The logarithm to base 2.", "LOG2(8) = 3e0", Math.log2),
	{
		name: "LOG",
		signatures: ["LOG(numeric) -> DOUBLE", "LOG(base, numeric) -> DOUBLE"],
		doc: "The natural logarithm, or that to a base.",
		example: "LOG(10, 100) = 2e0",
		parameters: [AS_DOUBLE, AS_DOUBLE],
		optional: 1,
		result: DOUBLE,
		run: (base, value) =>
			value === undefined ? Math.log(base as number) : Math.log(value as number) / Math.log(base as number),
	},
	binary(
		"POWER",
		"POWER(numeric, numeric) -> DOUBLE",
		"A number to a power.",
		"POWER(2, 10) = 1024e0",
		(a, b) => a ** b,
	),
	elementary("SIN", "The sine.", "SIN(0) = 0e0", Math.sin),
	elementary("COS", "The cosine.", "COS(0) = 1e0", Math.cos),
	elementary("TAN", "The tangent.", "TAN(0) = 0e0", Math.tan),
	elementary("COT", "The cotangent.", "COT(1) > 0.64e0", (value) => 1 / Math.tan(value)),
	elementary("SINH", "The hyperbolic sine.", "SINH(0) = 0e0", Math.sinh),
	elementary("COSH", "The hyperbolic cosine.", "COSH(0) = 1e0", Math.cosh),
	elementary("TANH", "The hyperbolic tangent.", "TANH(0) = 0e0", Math.tanh),
	elementary("ASIN", "The arc sine.", "ASIN(0) = 0e0", Math.asin),
	elementary("ACOS", "The arc cosine.", "ACOS(1) = 0e0", Math.acos),
	elementary("ATAN", "The arc tangent.", "ATAN(0) = 0e0", Math.atan),
	binary("ATAN2", "ATAN2(y, x) -> DOUBLE", "The angle of a point.", "ATAN2(0, 1) = 0e0", Math.atan2),
	elementary("DEGREES", "Radians as degrees.", "DEGREES(PI()) = 180e0", toDegrees),
	elementary("RADIANS", "Degrees as radians.", "RADIANS(180) = PI()", toRadians),
	constant("PI", "The number π.", Math.PI),
	constant("E", "Euler's number.", Math.E),
	{
		name: "SIGN",
		signatures: "SIGN(numeric) -> same",
		doc: "-1, 0 or 1.",
		example: "SIGN(-3) = -1",
		parameters: [NUMERIC],
		result: sameAs(0),
		implement: implementSign,
	},
	{
		name: "ROUND",
		signatures: "ROUND(numeric[, digits]) -> same",
		doc: "Rounded half away from zero, to digits after the point (before it, if negative).",
		example: "ROUND(-2.5) = -3",
		parameters: [NUMERIC, AS_INTEGER],
		optional: 1,
		result: roundType,
		implement: (call) => implementRound(call, roundDecimal),
	},
	{
		name: "TRUNCATE",
		signatures: "TRUNCATE(numeric[, digits]) -> same",
		doc: "Cut toward zero to digits after the point.",
		example: "TRUNCATE(42.345, 2) = 42.34",
		parameters: [NUMERIC, AS_INTEGER],
		optional: 1,
		result: roundType,
		implement: (call) => {
			const kind = call.args[0]?.type.kind;
			if (kind === "FLOAT")
				return (value, digits = 0) => Math.fround(truncateDouble(value as number, digits as number));
			if (kind === "DOUBLE") return (value, digits = 0) => truncateDouble(value as number, digits as number);
			return implementRound(call, truncateDecimal);
		},
	},
	{
		name: "RAND",
		signatures: "RAND([seed]) -> DOUBLE NOT NULL",
		doc: "A random number from 0 up to, but not, 1; with a seed a fixed sequence.",
		example: "RAND() < 1e0",
		determinism: "row",
		parameters: [AS_INTEGER],
		optional: 1,
		result: notNull(DOUBLE),
		implement: ({ args }) => {
			const seed = args[0]?.literal;
			return typeof seed === "number" ? random(seed) : Math.random;
		},
	},
	{
		name: "RAND_INTEGER",
		signatures: "RAND_INTEGER([seed, ]bound) -> INT NOT NULL",
		doc: "A random integer from 0 up to, but not, a bound; with a seed a fixed sequence.",
		example: "RAND_INTEGER(1) = 0",
		determinism: "row",
		parameters: [AS_INTEGER, AS_INTEGER],
		optional: 1,
		result: notNull({ kind: "INTEGER", nullable: false }),
		implement: ({ args }) => {
			const seed = args.length === 2 ? args[0]?.literal : undefined;
			const below =
				typeof seed === "number" ? randomInteger(seed) : (bound: number) => Math.floor(Math.random() * bound);
			return (...values) => below(values[values.length - 1] as number);
		},
	},
]);
