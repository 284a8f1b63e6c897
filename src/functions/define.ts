// Declares functions briefly: parameters as patterns, a result rule, an implementation. Everything here produces the
// contracts of function.ts.
import {
	array,
	BIGINT,
	BOOLEAN,
	BYTES,
	DATE,
	DOUBLE,
	INTEGER,
	isBinary,
	isCharacter,
	isDatetime,
	isInteger,
	isInterval,
	isNumeric,
	isTimestamp,
	map,
	type SqlType,
	STRING,
	timestamp,
	withNullability,
	withoutAttribute,
} from "../types/sql-type.js";
import { takesBareNull } from "./bare-null.js";
import type { Argument, BoundCall, Resolution, ScalarFunction, ScalarImplementation } from "./function.js";

/** What a parameter makes of an argument's type: the type it is cast to, or undefined when it does not fit. */
export interface Parameter {
	accept(type: SqlType): SqlType | undefined;
	/** The type that a bare NULL gets. */
	readonly fallback: SqlType;
}

export const parameter = (
	fits: (type: SqlType) => boolean,
	fallback: SqlType,
	as: (type: SqlType) => SqlType = (type) => type,
): Parameter => ({ accept: (type) => (fits(type) ? as(type) : undefined), fallback });

export const ANY = parameter(() => true, { kind: "NULL", nullable: true });
export const TEXT = parameter(isCharacter, STRING);
export const BINARY_STRING = parameter(isBinary, BYTES);
export const TEXT_OR_BINARY = parameter((type) => isCharacter(type) || isBinary(type), STRING);
export const NUMERIC = parameter(isNumeric, INTEGER);
export const INTEGRAL = parameter(isInteger, INTEGER);
export const TRUTH = parameter((type) => type.kind === "BOOLEAN", BOOLEAN);
export const DAY = parameter((type) => type.kind === "DATE", DATE);
export const STAMP = parameter(isTimestamp, timestamp(3));
export const DATETIME = parameter(isDatetime, timestamp(3));
export const INTERVAL = parameter(isInterval, {
	kind: "INTERVAL_DAY_TIME",
	unit: "SECOND",
	precision: 2,
	fraction: 3,
	nullable: true,
});
export const UNIT = parameter((type) => type.kind === "SYMBOL", { kind: "SYMBOL", nullable: false });
export const LIST = parameter((type) => type.kind === "ARRAY", array({ kind: "NULL", nullable: true }));
export const MAPPING = parameter((type) => type.kind === "MAP", map(STRING, STRING));
/** Any number, cast to a type. */
export const AS_DOUBLE = parameter(isNumeric, DOUBLE, () => DOUBLE);
export const AS_INTEGER = parameter(isInteger, INTEGER, () => INTEGER);
export const AS_BIGINT = parameter(isInteger, BIGINT, () => BIGINT);

export type ResultRule = SqlType | ((types: readonly SqlType[], args: readonly Argument[]) => SqlType | undefined);

interface Documentation {
	readonly name: string;
	readonly aliases?: readonly string[];
	readonly signatures: string | readonly string[];
	readonly doc: string;
	readonly example: string;
}

interface Behaviour {
	readonly nulls?: "strict" | "custom";
	readonly determinism?: "pure" | "query" | "row";
	/** One of the two: an implementation for all types, or one made for the types of a call. */
	readonly run?: ScalarImplementation;
	readonly implement?: (call: BoundCall) => ScalarImplementation;
}

export interface ScalarDefinition extends Documentation, Behaviour {
	readonly parameters: readonly Parameter[];
	/** How many of the last parameters may be left out. */
	readonly optional?: number;
	/** Further arguments of any number. */
	readonly rest?: Parameter;
	readonly result: ResultRule;
	/** Whether the result may be NULL; by default when an argument may. */
	readonly nullable?: boolean;
}

/** A definition whose type rule is written out. */
export interface RuleDefinition extends Documentation, Behaviour {
	resolve(args: readonly Argument[]): Resolution | undefined;
}

export type Definition = ScalarDefinition | RuleDefinition;

/** The functions of one family, in the order of the documentation. */
export const family = (name: string, definitions: readonly Definition[]): readonly ScalarFunction[] =>
	definitions.map((definition) => scalarOf(name, definition));

function scalarOf(familyName: string, definition: Definition): ScalarFunction {
	const { name, aliases, signatures, doc, example, nulls = "strict", determinism, run, implement } = definition;
	const resolve =
		"resolve" in definition
			? (args: readonly Argument[]) => definition.resolve(args)
			: (args: readonly Argument[]) => resolvePattern(definition, args);
	return {
		name,
		...(aliases && { aliases }),
		family: familyName,
		signatures: typeof signatures === "string" ? [signatures] : signatures,
		doc,
		example,
		nulls,
		...(determinism && { determinism }),
		resolve,
		implement: implement ?? (() => run as ScalarImplementation),
	};
}

/** The parameter types for the arguments of a pattern, or undefined when number or types do not fit. */
export function matchParameters(
	parameters: readonly Parameter[],
	optional: number,
	rest: Parameter | undefined,
	args: readonly Argument[],
): SqlType[] | undefined {
	if (args.length < parameters.length - optional || (rest === undefined && args.length > parameters.length)) {
		return undefined;
	}
	const types: SqlType[] = [];
	for (const [i, arg] of args.entries()) {
		const wanted = parameters[i] ?? (rest as Parameter);
		const type = arg.type.kind === "NULL" ? wanted.fallback : wanted.accept(withoutAttribute(arg.type));
		if (type === undefined) return undefined;
		types.push(withNullability(type, arg.type.nullable));
	}
	return types;
}

export const hasBareNull = (args: readonly Argument[]): boolean => args.some((arg) => arg.type.kind === "NULL");

export const anyNullable = (args: readonly Argument[]): boolean => args.some((arg) => arg.type.nullable);

function resolvePattern(definition: ScalarDefinition, args: readonly Argument[]): Resolution | undefined {
	const types = matchParameters(definition.parameters, definition.optional ?? 0, definition.rest, args);
	if (types === undefined || (hasBareNull(args) && !takesBareNull(definition.name))) return undefined;
	const { result } = definition;
	const type = typeof result === "function" ? result(types, args) : result;
	if (type === undefined) return undefined;
	return { parameters: types, result: withNullability(type, definition.nullable ?? anyNullable(args)) };
}

/** The type of argument `index`. */
export const sameAs =
	(index: number) =>
	(types: readonly SqlType[]): SqlType | undefined =>
		types[index];

/** All arguments cast to `parameters`; result nullable when an argument is. */
export const resolution = (args: readonly Argument[], parameters: readonly SqlType[], result: SqlType): Resolution => ({
	parameters: parameters.map((type, i) => withNullability(type, args[i]?.type.nullable ?? true)),
	result: withNullability(result, anyNullable(args)),
});
