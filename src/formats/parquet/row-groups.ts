// Which row groups can hold rows that pass a scan's filters, by the least and greatest value of each column that the file's footer tells.
// A group without such values, and any condition that is not understood, counts as passing.
import type { Statistics } from "hyparquet";
import type { Expr, LiteralExpr } from "../../types/expr.js";
import type { SqlType } from "../../types/sql-type.js";
import type { Value } from "../../types/value.js";

/** Both ends inclusive; numbers or texts. */
interface Range {
	readonly min: number | string;
	readonly max: number | string;
}

/** The statistics of an output column in a row group. */
export type StatisticsOf = (column: number) => Statistics | undefined;

export const mayPassAll = (filters: readonly Expr[], statistics: StatisticsOf): boolean =>
	filters.every((filter) => mayPass(filter, statistics));

function mayPass(filter: Expr, statistics: StatisticsOf): boolean {
	if (filter.kind !== "call") return true;
	const { args } = filter;
	const [first, second] = args;
	switch (filter.function) {
		case "AND":
			return mayPassAll(args, statistics);
		case "OR":
			return args.some((arg) => mayPass(arg, statistics));
		case "IN":
			return args.slice(1).some((candidate) => compares("=", first, candidate, statistics));
		default:
			if (first?.kind === "literal") return compares(MIRRORED[filter.function], second, first, statistics);
			return compares(filter.function, first, second, statistics);
	}
}

const MIRRORED: Readonly<Record<string, string>> = { "=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<=" };

function compares(operator: string | undefined, left: Expr | undefined, right: Expr | undefined, of: StatisticsOf) {
	if (operator === undefined || left?.kind !== "column" || right?.kind !== "literal") return true;
	const value = comparable(right);
	const range = rangeOf(left.type, of(left.index));
	if (value === undefined || range === undefined || typeof value !== typeof range.min) return true;
	switch (operator) {
		case "=":
			return range.min <= value && value <= range.max;
		case "<":
			return range.min < value;
		case "<=":
			return range.min <= value;
		case ">":
			return range.max > value;
		case ">=":
			return range.max >= value;
		default:
			return true;
	}
}

const NUMBERS: readonly SqlType["kind"][] = ["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "DECIMAL", "DATE"];
/** Doubles stand for 64-bit integers and decimals: what they may be off by. */
const SLACK = 1e-12;

function rangeOf(type: SqlType, statistics: Statistics | undefined): Range | undefined {
	const min = statistics?.min_value ?? statistics?.min;
	const max = statistics?.max_value ?? statistics?.max;
	if (NUMBERS.includes(type.kind)) {
		const [low, high] = [numberOf(min), numberOf(max)];
		if (low === undefined || high === undefined) return undefined;
		return { min: low - slackOf(low, type), max: high + slackOf(high, type) };
	}
	// The order of JavaScript's texts is that of bytes for these alone. `min` and `max` of old files are in no certain order.
	if (type.kind !== "VARCHAR" || statistics?.min_value === undefined) return undefined;
	return isAscii(min) && isAscii(max) ? { min, max } : undefined;
}

const slackOf = (value: number, type: SqlType): number =>
	type.kind === "DECIMAL" || !Number.isSafeInteger(value) ? Math.abs(value) * SLACK : 0;

const numberOf = (value: unknown): number | undefined =>
	typeof value === "number" || typeof value === "bigint" ? Number(value) : undefined;

const isAscii = (value: unknown): value is string => typeof value === "string" && /^[\0-\x7f]*$/.test(value);

function comparable({ value, type }: LiteralExpr): number | string | undefined {
	if (type.kind === "DECIMAL") return typeof value === "bigint" ? Number(value) / 10 ** type.scale : undefined;
	if (NUMBERS.includes(type.kind)) return numberOf(value satisfies Value);
	return isAscii(value) ? value : undefined;
}
