// Variance, standard deviation and percentiles. Whatever the type of the argument, they are computed as DOUBLE and cast.
import { castFunction } from "../../types/cast.js";
import { numberOf } from "../../types/cast-number.js";
import { array, DOUBLE, decimal, isApproximate, isInteger, isNumeric, type SqlType } from "../../types/sql-type.js";
import type { Value } from "../../types/value.js";
import { NUMERIC, parameter } from "../define.js";
import type { Argument, BoundCall, RowAccumulator } from "../function.js";
import { type AggregateDefinition, accumulator, aggregateFamily } from "./define-aggregate.js";

/** Welford's running mean and sum of squared differences from it; both directions are exact inverses. */
interface Moments {
	count: number;
	mean: number;
	squares: number;
}

function step(state: Moments, value: number, by: 1 | -1): void {
	const before = state.mean;
	state.count += by;
	if (state.count === 0) {
		state.mean = 0;
		state.squares = 0;
		return;
	}
	state.mean += (by * (value - before)) / state.count;
	state.squares = state.count === 1 ? 0 : state.squares + by * (value - before) * (value - state.mean);
}

function spread({ args, result }: BoundCall, sample: boolean, root: boolean): RowAccumulator {
	const toNumber = numberOf((args[0] as Argument).type) as (value: Value) => number;
	const cast = castFunction(DOUBLE, result);
	return accumulator<Moments>(
		{ count: 0, mean: 0, squares: 0 },
		(state, [value], by) => {
			if (value !== null && value !== undefined) step(state, toNumber(value), by);
		},
		({ count, squares }) => {
			const divisor = sample ? count - 1 : count;
			if (divisor < 1) return null;
			const variance = Math.max(0, squares) / divisor;
			return cast(root ? Math.sqrt(variance) : variance);
		},
	);
}

const spreadType = ([type]: readonly SqlType[]): SqlType | undefined =>
	type?.kind === "DECIMAL" ? decimal(38, Math.max(6, type.scale)) : type;

const spreadFunction = (
	name: string,
	aliases: readonly string[],
	doc: string,
	sample: boolean,
	root: boolean,
): AggregateDefinition => ({
	name,
	aliases,
	signatures: `${name}(numeric) -> same`,
	doc,
	example: `${name}(x) of 1e0, 3e0 is ${root ? (sample ? "1.4142135623730951" : "1.0") : sample ? "2.0" : "1.0"}`,
	parameters: [NUMERIC],
	result: spreadType,
	create: (call) => spread(call, sample, root),
});

const SHARE = parameter(
	(type) => isNumeric(type) || (type.kind === "ARRAY" && isNumeric(type.element)),
	DOUBLE,
	(type) => (type.kind === "ARRAY" ? array(DOUBLE) : DOUBLE),
);
const FREQUENCY = parameter(isInteger, { kind: "BIGINT", nullable: true }, () => ({ kind: "BIGINT", nullable: true }));

function percentileType([value, share]: readonly SqlType[], args: readonly Argument[]): SqlType | undefined {
	if (value === undefined || !(isInteger(value) || isApproximate(value) || value.kind === "DECIMAL")) return undefined;
	const given = args[1]?.literal;
	const { type } = args[1] as Argument;
	const number = type.kind === "DECIMAL" && typeof given === "bigint" ? Number(given) / 10 ** type.scale : given;
	if (typeof number === "number" && (number < 0 || number > 1)) return undefined;
	return share?.kind === "ARRAY" ? array(DOUBLE) : DOUBLE;
}

/** How often each value came, and the shares of the last row. */
interface Distribution {
	readonly counts: Map<number, number>;
	shares: Value;
}

function percentile({ args }: BoundCall): RowAccumulator {
	const toNumber = numberOf((args[0] as Argument).type) as (value: Value) => number;
	return accumulator<Distribution>(
		{ counts: new Map(), shares: null },
		(state, [value, shares, frequency = 1n], by) => {
			state.shares = shares as Value;
			if (value === null || value === undefined || frequency === null) return;
			const number = toNumber(value);
			const count = (state.counts.get(number) ?? 0) + by * Number(frequency);
			if (count === 0) state.counts.delete(number);
			else state.counts.set(number, count);
		},
		({ counts, shares }) => {
			if (counts.size === 0 || shares === null) return null;
			const sorted = [...counts].sort(([a], [b]) => a - b);
			return typeof shares === "number"
				? percentileOf(sorted, shares)
				: (shares as readonly number[]).map((share) => percentileOf(sorted, share));
		},
	);
}

/** Linear between the two values nearest to the share. */
function percentileOf(sorted: readonly (readonly [number, number])[], share: number): number {
	const total = sorted.reduce((sum, [, count]) => sum + count, 0);
	const place = (total - 1) * share;
	const lower = valueAt(sorted, Math.floor(place));
	const upper = valueAt(sorted, Math.ceil(place));
	return lower === upper ? lower : (Math.ceil(place) - place) * lower + (place - Math.floor(place)) * upper;
}

function valueAt(sorted: readonly (readonly [number, number])[], place: number): number {
	let passed = 0;
	for (const [value, count] of sorted) {
		passed += count;
		if (place < passed) return value;
	}
	return (sorted[sorted.length - 1] as readonly [number, number])[0];
}

export const statisticsAggregates = aggregateFamily("statistics", [
	spreadFunction("STDDEV_POP", [], "The standard deviation of the whole.", false, true),
	spreadFunction("STDDEV_SAMP", ["STDDEV"], "The standard deviation of a sample; NULL of one value.", true, true),
	spreadFunction("VAR_POP", [], "The variance of the whole.", false, false),
	spreadFunction("VAR_SAMP", ["VARIANCE"], "The variance of a sample; NULL of one value.", true, false),
	{
		name: "PERCENTILE",
		signatures: "PERCENTILE(numeric, share or array of shares[, frequency]) -> DOUBLE or ARRAY<DOUBLE>",
		doc: "The value below which a share (0 to 1) of the values lies, interpolated.",
		example: "PERCENTILE(x, 0.3) of 1, 2, 10 is 1.6",
		parameters: [NUMERIC, SHARE, FREQUENCY],
		optional: 1,
		result: percentileType,
		nullable: "always",
		create: percentile,
	},
]);
