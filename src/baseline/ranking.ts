// Window functions that need a row's place among the rows of its partition: ROW_NUMBER, RANK, LAG and the like.
import type { AggregateCall } from "../job/specs.js";
import type { Row, Value } from "../types/value.js";
import { argumentsOf } from "./aggregates.js";

/**
 * The rows of a partition in order, and for each the bounds [first, last] of the rows equal to it in that order and how many such groups
 * come before.
 */
export interface Partition {
	readonly rows: readonly Row[];
	readonly firstPeer: readonly number[];
	readonly lastPeer: readonly number[];
	readonly group: readonly number[];
}

/** The value of a call for the row at `index`. */
export type RankingFunction = (partition: Partition, index: number) => Value;

const SIMPLE: Readonly<Record<string, RankingFunction>> = {
	ROW_NUMBER: (_, index) => BigInt(index + 1),
	RANK: ({ firstPeer }, index) => BigInt(firstPeer[index]! + 1),
	DENSE_RANK: ({ group }, index) => BigInt(group[index]! + 1),
	PERCENT_RANK: ({ rows, firstPeer }, index) => (rows.length === 1 ? 0 : firstPeer[index]! / (rows.length - 1)),
	CUME_DIST: ({ rows, lastPeer }, index) => (lastPeer[index]! + 1) / rows.length,
};

/** The function of a call that is decided by a row's place; undefined for aggregates, which work on the frame. */
export function rankingFunction(call: AggregateCall): RankingFunction | undefined {
	switch (call.function) {
		case "LAG":
			return shifted(call, -1);
		case "LEAD":
			return shifted(call, 1);
		case "NTILE":
			return tiles(call);
		default:
			return SIMPLE[call.function];
	}
}

/** LAG and LEAD (value[, offset[, default]]): the default stands for a row that is not there, not for a NULL. */
function shifted(call: AggregateCall, direction: 1 | -1): RankingFunction {
	const argsOf = argumentsOf(call);
	return ({ rows }, index) => {
		const [, offset = 1, otherwise = null] = argsOf(rows[index]!);
		const other = rows[index + direction * Number(offset)];
		return other === undefined ? otherwise : (argsOf(other)[0] ?? null);
	};
}

/** NTILE(n): the first rows.length % n buckets are one row longer. */
function tiles(call: AggregateCall): RankingFunction {
	const argsOf = argumentsOf(call);
	return ({ rows }, index) => {
		const count = Number(argsOf(rows[0]!)[0]);
		const size = Math.floor(rows.length / count);
		const longer = rows.length % count;
		const inLonger = longer * (size + 1);
		const tile = index < inLonger ? Math.floor(index / (size + 1)) : longer + Math.floor((index - inLonger) / size);
		return BigInt(tile + 1);
	};
}
