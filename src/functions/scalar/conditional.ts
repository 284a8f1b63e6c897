// COALESCE, IF, NULLIF and their kin. CASE is an expression of its own.
import { castFunction } from "../../types/cast.js";
import { comparisonType, leastCommonType, widestType } from "../../types/coercion.js";
import { comparatorOf } from "../../types/compare.js";
import { parseDouble } from "../../types/double-text.js";
import {
	BOOLEAN,
	isBinary,
	isCharacter,
	isDatetime,
	isNumeric,
	isTimestamp,
	type SqlType,
	withNullability,
	withoutAttribute,
} from "../../types/sql-type.js";
import type { Value } from "../../types/value.js";
import { ANY, anyNullable, type Definition, family, hasBareNull } from "../define.js";
import type { Argument, Resolution } from "../function.js";

const typesOf = (args: readonly Argument[]): SqlType[] => args.map((arg) => withoutAttribute(arg.type));

/** All arguments in their common type; NULL only if all may be (`every`) or if one may be. */
function resolveCommon(args: readonly Argument[], every: boolean): Resolution | undefined {
	const common = args.length > 0 ? widestType(typesOf(args)) : undefined;
	if (common === undefined || common.kind === "NULL") return undefined;
	const nullable = every ? args.every((arg) => arg.type.nullable) : anyNullable(args);
	return {
		parameters: args.map((arg) => withNullability(common, arg.type.nullable)),
		result: withNullability(common, nullable),
	};
}

/** A first argument that is never NULL keeps its length. */
function resolveIfNull(args: readonly Argument[]): Resolution | undefined {
	if (args.length !== 2) return undefined;
	const common = resolveCommon(args, true);
	const [first, second] = typesOf(args) as [SqlType, SqlType];
	if (!common || first.nullable || !(isCharacter(first) || isBinary(first))) return common;
	return { parameters: [first, second], result: first };
}

const firstNotNull = (...values: Value[]): Value => values.find((value) => value !== null) ?? null;

const isSimple = (type: SqlType) =>
	type.kind === "BOOLEAN" || isNumeric(type) || isCharacter(type) || isBinary(type) || isDatetime(type);

function resolveIf(args: readonly Argument[]): Resolution | undefined {
	const [condition, ...branches] = args;
	if (condition?.type.kind !== "BOOLEAN" || branches.length !== 2) return undefined;
	const types = typesOf(branches);
	// Of timestamps the first says the type.
	const common = types.every(isTimestamp) ? types[0] : leastCommonType(types);
	if (common === undefined || !isSimple(common) || hasBareNull(branches)) return undefined;
	return {
		parameters: [condition.type, ...branches.map((branch) => withNullability(common, branch.type.nullable))],
		result: withNullability(common, anyNullable(args)),
	};
}

/** The first argument stays as it is; it is compared in the common type. */
function resolveNullIf(args: readonly Argument[]): Resolution | undefined {
	const [first, second] = typesOf(args);
	if (first === undefined || second === undefined || args.length !== 2) return undefined;
	const common = comparisonType(first, second, true);
	if (common === undefined) return undefined;
	return { parameters: [first, common], result: withNullability(first, true) };
}

const extreme = (name: string, example: string, doc: string, sign: number): Definition => ({
	name,
	signatures: `${name}(any, ...) -> common type`,
	doc,
	example,
	resolve: (args) => (hasBareNull(args) ? undefined : resolveCommon(args, false)),
	implement: ({ result }) => {
		const compare = comparatorOf(result);
		return (...values) => values.reduce((best, value) => (compare(value, best) * sign > 0 ? value : best));
	},
});

const textTest = (
	name: string,
	example: string,
	doc: string,
	test: (text: string) => boolean,
	numbers: boolean,
): Definition => ({
	name,
	signatures: `${name}(string) -> BOOLEAN`,
	doc,
	example,
	nulls: "custom",
	parameters: [ANY],
	result: (types) => (isCharacter(types[0] as SqlType) || isNumeric(types[0] as SqlType) ? BOOLEAN : undefined),
	nullable: false,
	run: (value) => (typeof value === "string" ? value !== "" && test(value) : value !== null && numbers),
});

export const conditionalFunctions = family("conditional", [
	{
		name: "COALESCE",
		signatures: "COALESCE(any, ...) -> common type",
		doc: "The first argument that is not NULL.",
		example: "COALESCE(CAST(NULL AS INT), 2, 3) = 2",
		nulls: "custom",
		resolve: (args) => resolveCommon(args, true),
		run: firstNotNull,
	},
	{
		name: "IFNULL",
		signatures: "IFNULL(any, any) -> common type",
		doc: "The first argument unless it is NULL, else the second.",
		example: "IFNULL(CAST(NULL AS INT), 5) = 5",
		nulls: "custom",
		resolve: resolveIfNull,
		run: firstNotNull,
	},
	{
		name: "IF",
		signatures: "IF(boolean, any, any) -> common type",
		doc: "The second argument when the condition is TRUE, else the third.",
		example: "IF(1 > 0, 'yes', 'no') = 'yes'",
		nulls: "custom",
		resolve: resolveIf,
		run: (condition, yes, no) => (condition === true ? yes : no) as Value,
	},
	{
		name: "NULLIF",
		signatures: "NULLIF(any, any) -> first type",
		doc: "NULL when the two are equal, else the first.",
		example: "NULLIF(1, 2) = 1",
		nulls: "custom",
		resolve: resolveNullIf,
		implement: ({ args: [first, second] }) => {
			const a = (first as Argument).type;
			const b = (second as Argument).type;
			const compare = comparatorOf(b);
			const cast = a.kind === b.kind ? undefined : castFunction(a, b);
			return (value, other) => {
				if (value === null || other === null) return value as Value;
				const comparable = cast === undefined ? (value as Value) : cast(value as Value);
				return comparable !== null && compare(comparable, other as Value) === 0 ? null : (value as Value);
			};
		},
	},
	extreme("GREATEST", "GREATEST(1, 3, 2) = 3", "The greatest argument; NULL if one is.", 1),
	extreme("LEAST", "LEAST(1, 3, 2) = 1", "The smallest argument; NULL if one is.", -1),
	textTest(
		"IS_ALPHA",
		"IS_ALPHA('abc') = TRUE",
		"Whether a text has only letters.",
		(text) => /^\p{L}+$/u.test(text),
		false,
	),
	textTest(
		"IS_DECIMAL",
		"IS_DECIMAL('1.5') = TRUE",
		"Whether a text is a number.",
		(text) => parseDouble(text) !== undefined,
		true,
	),
	textTest(
		"IS_DIGIT",
		"IS_DIGIT('123') = TRUE",
		"Whether a text has only digits.",
		(text) => /^\p{Nd}+$/u.test(text),
		true,
	),
]);
