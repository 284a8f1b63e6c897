// Comparison: = <> < <= > >=, IS [NOT] DISTINCT FROM, IN, IS [NOT] NULL. Doubles compare by IEEE (NaN equals nothing).
import { comparisonType, leastCommonType } from "../../types/coercion.js";
import { type Comparator, comparatorOf, compareStrings, keyText } from "../../types/compare.js";
import { commonDecimal, compareDecimals, exactDigits } from "../../types/decimal.js";
import {
	BOOLEAN,
	decimal,
	isCharacter,
	isNested,
	MAX_DECIMAL_PRECISION,
	notNull,
	type SqlType,
	withNullability,
	withoutAttribute,
} from "../../types/sql-type.js";
import type { Value } from "../../types/value.js";
import { ANY, type Definition, family, resolution } from "../define.js";
import type { Argument, BoundCall, Resolution, ScalarImplementation } from "../function.js";

/** The types in which two operands are compared: one common type, or two exact numbers that have none without loss. */
function operandTypes(left: SqlType, right: SqlType, equality: boolean): readonly [SqlType, SqlType] | undefined {
	const a = exactDigits(left);
	const b = exactDigits(right);
	if (a !== undefined && b !== undefined && (left.kind === "DECIMAL" || right.kind === "DECIMAL")) {
		const integerDigits = Math.max(a.precision - a.scale, b.precision - b.scale);
		if (integerDigits + Math.max(a.scale, b.scale) > MAX_DECIMAL_PRECISION) {
			return [decimal(a.precision, a.scale), decimal(b.precision, b.scale)];
		}
		const common = commonDecimal(a, b);
		return [common, common];
	}
	// Text never equals a BOOLEAN; for an order it is cast.
	if (equality && isCharacter(left) && right.kind === "BOOLEAN") return [left, right];
	if (equality && isCharacter(right) && left.kind === "BOOLEAN") return [left, right];
	if (!equality && (isNested(left) || isNested(right))) return undefined;
	// Text of different lengths compares as it is.
	if (isCharacter(left) && isCharacter(right)) return [left, right];
	const common = comparisonType(left, right, equality);
	return common && [common, common];
}

const resolveComparison = (equality: boolean, nullable?: boolean) => (args: readonly Argument[]) => {
	const [left, right] = args;
	if (left === undefined || right === undefined || args.length !== 2) return undefined;
	const types = operandTypes(withoutAttribute(left.type), withoutAttribute(right.type), equality);
	if (types === undefined) return undefined;
	const found = resolution(args, types, BOOLEAN);
	if (types[0].kind === "ROW" && types[0].fields.some((field) => field.type.nullable)) {
		return { ...found, result: withNullability(BOOLEAN, nullable ?? true) };
	}
	return nullable === undefined ? found : { ...found, result: withNullability(found.result, nullable) };
};

/** Order of two values that are not NULL; NaN against anything gives NaN, so that every test of it is false. */
function comparisonOf(left: SqlType, right: SqlType): Comparator {
	if (left.kind === "DECIMAL" && right.kind === "DECIMAL" && left.scale !== right.scale) {
		return (a, b) => compareDecimals(a as bigint, left.scale, b as bigint, right.scale);
	}
	if (left.kind !== right.kind && (left.kind === "BOOLEAN" || right.kind === "BOOLEAN")) return () => Number.NaN;
	switch (left.kind) {
		case "FLOAT":
		case "DOUBLE":
			return (a, b) => {
				const x = a as number;
				const y = b as number;
				return x < y ? -1 : x > y ? 1 : x === y ? 0 : Number.NaN;
			};
		case "CHAR":
		case "VARCHAR":
			return (a, b) => (a === b ? 0 : compareStrings(a as string, b as string));
		default:
			return comparatorOf(left);
	}
}

function comparison(
	name: string,
	signature: string,
	doc: string,
	example: string,
	test: (order: number) => boolean,
): Definition {
	return {
		name,
		signatures: signature,
		doc,
		example,
		resolve: resolveComparison(name === "=" || name === "<>"),
		implement: ({ args }) => {
			const { type } = args[0] as Argument;
			const order = comparisonOf(type, (args[1] as Argument).type);
			return (left, right) => test(order(left as Value, right as Value));
		},
	};
}

const distinct = (name: string, example: string, negated: boolean): Definition => ({
	name,
	signatures: `any ${name} any -> BOOLEAN NOT NULL`,
	doc: negated
		? "Whether two values are the same, NULL being the same as NULL."
		: "Whether two values differ, NULL being the same as NULL.",
	example,
	nulls: "custom",
	resolve: resolveComparison(true, false),
	implement: ({ args }) => {
		const order = comparisonOf((args[0] as Argument).type, (args[1] as Argument).type);
		return (left, right) => {
			const same = left === null || right === null ? left === right : order(left as Value, right as Value) === 0;
			return same === negated;
		};
	},
});

function resolveIn(args: readonly Argument[]): Resolution | undefined {
	const [value, ...candidates] = args.map((arg) => withoutAttribute(arg.type));
	if (value === undefined || candidates.length === 0) return undefined;
	for (const candidate of candidates) if (comparisonType(value, candidate, true) === undefined) return undefined;
	const common = leastCommonType([value, ...candidates]) ?? comparisonType(value, candidates[0] as SqlType, true);
	return (
		common &&
		resolution(
			args,
			args.map(() => common),
			BOOLEAN,
		)
	);
}

/** TRUE when found; NULL when not found but the value or a candidate is NULL. Literal candidates are hashed once. */
function implementIn({ args }: BoundCall): ScalarImplementation {
	const { type } = args[0] as Argument;
	const candidates = args.slice(1);
	if (candidates.every((candidate) => candidate.literal !== undefined)) {
		const known = new Set<string>();
		for (const { literal } of candidates) if (literal !== null) known.add(keyText([literal as Value], [type]));
		const missing = candidates.some((candidate) => candidate.literal === null) ? null : false;
		return (value) => (value === null ? null : known.has(keyText([value as Value], [type])) || missing);
	}
	const order = comparisonOf(type, type);
	return (value, ...others) => {
		if (value === null) return null;
		let unknown = false;
		for (const other of others) {
			if (other === null) unknown = true;
			else if (order(value as Value, other) === 0) return true;
		}
		return unknown ? null : false;
	};
}

const nullTest = (name: string, isNull: boolean): Definition => ({
	name,
	signatures: `any ${name} -> BOOLEAN NOT NULL`,
	doc: isNull ? "Whether a value is NULL." : "Whether a value is not NULL.",
	example: isNull ? "(CAST(NULL AS INT) IS NULL) = TRUE" : "(1 IS NOT NULL) = TRUE",
	nulls: "custom",
	parameters: [ANY],
	result: notNull(BOOLEAN),
	nullable: false,
	run: (value) => (value === null) === isNull,
});

export const comparisonFunctions = family("comparison", [
	comparison("=", "any = any -> BOOLEAN", "Whether two values are equal.", "(1 = 1.0) = TRUE", (order) => order === 0),
	comparison("<>", "any <> any -> BOOLEAN", "Whether two values differ.", "(1 <> 2) = TRUE", (order) => order !== 0),
	comparison(
		"<",
		"any < any -> BOOLEAN",
		"Whether the first value is smaller.",
		"(1 < 2) = TRUE",
		(order) => order < 0,
	),
	comparison(
		"<=",
		"any <= any -> BOOLEAN",
		"Whether the first value is not greater.",
		"(2 <= 2) = TRUE",
		(order) => order <= 0,
	),
	comparison(
		">",
		"any > any -> BOOLEAN",
		"Whether the first value is greater.",
		"(2 > 1) = TRUE",
		(order) => order > 0,
	),
	comparison(
		">=",
		"any >= any -> BOOLEAN",
		"Whether the first value is not smaller.",
		"(2 >= 3) = FALSE",
		(order) => order >= 0,
	),
	distinct("IS DISTINCT FROM", "(1 IS DISTINCT FROM NULL) = TRUE", false),
	distinct("IS NOT DISTINCT FROM", "(1 IS NOT DISTINCT FROM 1) = TRUE", true),
	nullTest("IS NULL", true),
	nullTest("IS NOT NULL", false),
	{
		name: "IN",
		signatures: "any IN (any, ...) -> BOOLEAN",
		doc: "Whether a value equals one of a list; NULL when it does not but the list has a NULL.",
		example: "(2 IN (1, 2, 3)) = TRUE",
		nulls: "custom",
		resolve: resolveIn,
		implement: implementIn,
	},
]);
