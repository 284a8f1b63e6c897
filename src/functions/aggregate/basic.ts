// COUNT, SUM, AVG, MIN, MAX, FIRST_VALUE, LAST_VALUE: NULLs are skipped, every one takes rows back exactly.
import { wrapBigint, wrapInteger } from "../../types/cast-number.js";
import { comparatorOf } from "../../types/compare.js";
import { addDecimals, type DecimalType, divideDecimals } from "../../types/decimal.js";
import {
	BIGINT,
	DOUBLE,
	decimal,
	INTEGER,
	isCharacter,
	isDatetime,
	isNumeric,
	type SqlType,
} from "../../types/sql-type.js";
import type { Value } from "../../types/value.js";
import { ANY, NUMERIC, parameter, sameAs } from "../define.js";
import type { Argument, BoundCall, RowAccumulator } from "../function.js";
import {
	type AggregateDefinition,
	accumulator,
	aggregateFamily,
	type CountedValues,
	countValue,
	sequenceValue,
	type ValueSequence,
} from "./define-aggregate.js";

const COMPARABLE = parameter(
	(type) => isNumeric(type) || isCharacter(type) || isDatetime(type) || type.kind === "BOOLEAN",
	INTEGER,
);

/** Rows in which the argument is not NULL (all rows without one). */
function count(): RowAccumulator {
	return accumulator(
		{ rows: 0 },
		(state, args, by) => {
			if (!args.includes(null)) state.rows += by;
		},
		(state) => BigInt(state.rows),
	);
}

type Plus = (left: Value, right: Value) => Value;

/** Addition in the type itself: integers wrap, decimals overflow to NULL. */
function additionOf(type: SqlType): {
	readonly zero: Value;
	readonly plus: Plus;
	readonly negate: (value: Value) => Value;
} {
	const negate = (value: Value) => -(value as number | bigint);
	switch (type.kind) {
		case "BIGINT":
			return { zero: 0n, negate, plus: (a, b) => wrapBigint((a as bigint) + (b as bigint)) };
		case "DECIMAL":
			return {
				zero: 0n,
				negate,
				plus: (a, b) => addDecimals(a as bigint, type.scale, b as bigint, type.scale, type),
			};
		case "DOUBLE":
			return { zero: 0, negate, plus: (a, b) => (a as number) + (b as number) };
		case "FLOAT":
			return { zero: 0, negate, plus: (a, b) => Math.fround((a as number) + (b as number)) };
		default: {
			const wrap = type.kind.startsWith("INTERVAL") ? (value: number) => value : wrapInteger(type.kind);
			return { zero: 0, negate, plus: (a, b) => wrap((a as number) + (b as number)) };
		}
	}
}

/** The running sum; once it has overflowed a decimal it stays NULL. */
interface Total {
	total: Value;
	rows: number;
}

function step(state: Total, term: Value, plus: Plus): void {
	if (state.total !== null) state.total = plus(state.total, term);
}

function sum({ result }: BoundCall, empty: (zero: Value) => Value): RowAccumulator {
	const { zero, plus, negate } = additionOf(result);
	return accumulator<Total>(
		{ total: zero, rows: 0 },
		(state, [value], by) => {
			if (value === null || value === undefined) return;
			state.rows += by;
			step(state, by === 1 ? value : negate(value), plus);
		},
		(state) => (state.rows === 0 ? empty(zero) : state.total),
	);
}

/** Integers divide toward zero and stay in their type; the sum of integers is kept in 64 bits. */
function average({ args, result }: BoundCall): RowAccumulator {
	const { type } = args[0] as Argument;
	const exact = type.kind === "DECIMAL";
	const approximate = type.kind === "FLOAT" || type.kind === "DOUBLE";
	const sumType: SqlType = exact ? decimal(38, type.scale) : approximate ? DOUBLE : BIGINT;
	const { zero, plus, negate } = additionOf(sumType);
	const widen = approximate || exact ? (value: Value) => value : (value: Value) => BigInt(value as number | bigint);
	return accumulator<Total>(
		{ total: zero, rows: 0 },
		(state, [value], by) => {
			if (value === null || value === undefined) return;
			state.rows += by;
			const term = widen(value);
			step(state, by === 1 ? term : negate(term), plus);
		},
		({ total, rows }) => (rows === 0 || total === null ? null : quotient(total, BigInt(rows), type, result)),
	);
}

function quotient(total: Value, rows: bigint, type: SqlType, result: SqlType): Value {
	if (type.kind === "DECIMAL") return divideDecimals(total as bigint, type.scale, rows, 0, result as DecimalType);
	if (type.kind === "DOUBLE") return (total as number) / Number(rows);
	if (type.kind === "FLOAT") return Math.fround((total as number) / Number(rows));
	const mean = (total as bigint) / rows;
	return type.kind === "BIGINT" ? mean : wrapInteger(type.kind)(Number(BigInt.asIntN(32, mean)));
}

/**
 * Of values that are only added a NaN loses against a number that came before it, and wins against none: the comparison is by IEEE. Where
 * they may be taken back it is Java's of doubles, NaN is the greatest and -0 less than 0. Values are counted then, so that one taken
 * back uncovers the next one.
 */
function extreme({ args, appendOnly }: BoundCall, sign: number): RowAccumulator {
	const { type } = args[0] as Argument;
	const order = comparatorOf(type);
	const better = (value: Value, best: Value) => {
		if (typeof value !== "number") return order(value, best) * sign > 0;
		if (appendOnly) return !Number.isNaN(value) && !Number.isNaN(best) && order(value, best) * sign > 0;
		const zeros = Object.is(value, best) ? 0 : Object.is(value, -0) ? -1 : 1;
		return (order(value, best) || zeros) * sign > 0;
	};
	if (appendOnly) {
		return accumulator<{ best: Value }>(
			{ best: null },
			(state, [value]) => {
				if (value === null || value === undefined) return;
				if (state.best === null || better(value, state.best)) state.best = value;
			},
			({ best }) => best,
		);
	}
	return accumulator<{ values: CountedValues; best: Value; known: boolean }>(
		{ values: new Map(), best: null, known: true },
		(state, [value], by) => {
			if (value === null || value === undefined) return;
			countValue(state.values, value, type, by);
			if (by === -1) state.known = false;
			else if (state.best === null || better(value, state.best)) state.best = value;
		},
		(state) => {
			if (!state.known) {
				state.best = null;
				for (const { value, count } of state.values.values()) {
					if (count > 0 && (state.best === null || better(value, state.best))) state.best = value;
				}
				state.known = true;
			}
			return state.best;
		},
	);
}

function edge({ args, appendOnly }: BoundCall, first: boolean): RowAccumulator {
	const { type } = args[0] as Argument;
	if (appendOnly) {
		return accumulator<{ value: Value }>(
			{ value: null },
			(state, [value]) => {
				if (value !== null && value !== undefined && !(first && state.value !== null)) state.value = value;
			},
			({ value }) => value,
		);
	}
	return accumulator<{ values: ValueSequence }>(
		{ values: [] },
		({ values }, [value], by) => {
			if (value !== null && value !== undefined) sequenceValue(values, value, type, by);
		},
		({ values }) => (first ? values[0] : values[values.length - 1])?.value ?? null,
	);
}

const sumTypeOf = ([type]: readonly SqlType[]): SqlType | undefined =>
	type?.kind === "DECIMAL" ? decimal(38, type.scale) : type;

const averageTypeOf = ([type]: readonly SqlType[]): SqlType | undefined =>
	type?.kind === "DECIMAL" ? decimal(38, Math.max(6, type.scale)) : type;

const definitions: readonly AggregateDefinition[] = [
	{
		name: "COUNT",
		signatures: ["COUNT(*) -> BIGINT NOT NULL", "COUNT([DISTINCT] any) -> BIGINT NOT NULL"],
		doc: "How many rows, or how many in which the argument is not NULL.",
		example: "COUNT(*) of 3 rows is 3",
		parameters: [],
		rest: ANY,
		result: BIGINT,
		nullable: "never",
		create: count,
	},
	{
		name: "SUM",
		signatures: "SUM([DISTINCT] numeric) -> same",
		doc: "The sum; integers stay in their type and wrap; NULL of no values.",
		example: "SUM(x) of 1, 2, 3 is 6",
		parameters: [NUMERIC],
		result: sumTypeOf,
		create: (call) => sum(call, () => null),
	},
	{
		name: "$SUM0",
		signatures: "$SUM0(numeric) -> same NOT NULL",
		doc: "The sum; 0 of no values. Plans use it, SQL text cannot.",
		example: "$SUM0(x) of no rows is 0",
		parameters: [NUMERIC],
		result: sumTypeOf,
		nullable: "never",
		create: (call) => sum(call, (zero) => zero),
	},
	{
		name: "AVG",
		signatures: "AVG([DISTINCT] numeric) -> same",
		doc: "The mean; of integers an integer, cut toward zero.",
		example: "AVG(x) of 1, 2 is 1",
		parameters: [NUMERIC],
		result: averageTypeOf,
		create: average,
	},
	{
		name: "MIN",
		signatures: "MIN(comparable) -> same",
		doc: "The smallest value.",
		example: "MIN(x) of 3, 1, 2 is 1",
		ignoresDuplicates: true,
		parameters: [COMPARABLE],
		result: sameAs(0),
		create: (call) => extreme(call, -1),
	},
	{
		name: "MAX",
		signatures: "MAX(comparable) -> same",
		doc: "The greatest value.",
		example: "MAX(x) of 3, 1, 2 is 3",
		ignoresDuplicates: true,
		parameters: [COMPARABLE],
		result: sameAs(0),
		create: (call) => extreme(call, 1),
	},
	{
		name: "FIRST_VALUE",
		signatures: "FIRST_VALUE(any) -> same",
		doc: "The value that arrived first and is not NULL.",
		example: "FIRST_VALUE(x) of 3, 1 is 3",
		parameters: [ANY],
		result: sameAs(0),
		create: (call) => edge(call, true),
	},
	{
		name: "LAST_VALUE",
		signatures: "LAST_VALUE(any) -> same",
		doc: "The value that arrived last and is not NULL.",
		example: "LAST_VALUE(x) of 3, 1 is 1",
		parameters: [ANY],
		result: sameAs(0),
		create: (call) => edge(call, false),
	},
];

export const basicAggregates = aggregateFamily("aggregate", definitions);
