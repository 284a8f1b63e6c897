// Functions of a row's place among the rows of an OVER window: types and documentation. Operators compute them.
import { leastCommonType } from "../../types/coercion.js";
import {
	BIGINT,
	DOUBLE,
	INTEGER,
	isCharacter,
	isInteger,
	notNull,
	type SqlType,
	withNullability,
	withoutAttribute,
} from "../../types/sql-type.js";
import type { Argument, Resolution } from "../function.js";

export interface WindowFunction {
	readonly name: string;
	readonly family: "window";
	readonly signatures: readonly string[];
	readonly doc: string;
	resolve(args: readonly Argument[]): Resolution | undefined;
}

const ranking = (name: string, type: SqlType, doc: string): WindowFunction => ({
	name,
	family: "window",
	signatures: [`${name}() OVER (… ORDER BY …) -> ${type.kind} NOT NULL`],
	doc,
	resolve: (args) => (args.length === 0 ? { parameters: [], result: notNull(type) } : undefined),
});

/**
 * (value[, offset[, default]]): the value's type, to which the default is cast. NULL outside the window unless there is a default,
 * which alone decides whether Flink says NOT NULL.
 */
function resolveShifted(args: readonly Argument[]): Resolution | undefined {
	const [value, offset, fallback] = args;
	if (value === undefined || args.length > 3 || value.type.kind === "NULL") return undefined;
	if (offset !== undefined && !isInteger(offset.type)) return undefined;
	const type = withoutAttribute(value.type);
	if (fallback !== undefined && !isCastable(withoutAttribute(fallback.type), type)) return undefined;
	const parameters = [type];
	if (offset !== undefined) parameters.push(withNullability(INTEGER, offset.type.nullable));
	if (fallback !== undefined) parameters.push(fallbackType(withoutAttribute(fallback.type), type));
	return { parameters, result: withNullability(type, fallback === undefined || fallback.type.nullable) };
}

/** Numbers and moments that have a common type, and texts of anything; a bare NULL has no type. */
function isCastable(from: SqlType, to: SqlType): boolean {
	if (from.kind === "NULL") return false;
	return isCharacter(from) || isCharacter(to) || leastCommonType([from, to]) !== undefined;
}

/** A text keeps its length. */
const fallbackType = (from: SqlType, to: SqlType) =>
	isCharacter(from) && isCharacter(to) ? from : withNullability(to, from.nullable);

const shifted = (name: string, doc: string): WindowFunction => ({
	name,
	family: "window",
	signatures: [`${name}(any[, offset[, default]]) OVER (… ORDER BY …) -> same`],
	doc,
	resolve: resolveShifted,
});

export const windowFunctions: readonly WindowFunction[] = [
	ranking("ROW_NUMBER", BIGINT, "The row's number in its partition, from 1."),
	ranking("RANK", BIGINT, "One more than the rows that come before the row and its peers."),
	ranking("DENSE_RANK", BIGINT, "One more than the groups of peers that come before."),
	ranking("PERCENT_RANK", DOUBLE, "(rank - 1) / (rows - 1)."),
	ranking("CUME_DIST", DOUBLE, "The share of rows that come before or are peers."),
	{
		name: "NTILE",
		family: "window",
		signatures: ["NTILE(buckets) OVER (… ORDER BY …) -> BIGINT NOT NULL"],
		doc: "The number of the row's bucket, from 1, when the partition is cut into equal buckets.",
		resolve: (args) =>
			args.length === 1 && isInteger((args[0] as Argument).type)
				? { parameters: [(args[0] as Argument).type], result: notNull(BIGINT) }
				: undefined,
	},
	shifted("LAG", "The value some rows (1) before the row."),
	shifted("LEAD", "The value some rows (1) after the row."),
];
