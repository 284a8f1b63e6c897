// The values of OVER calls for all rows of one sorted partition: the frame of each row, and the aggregates over it.
import type { FrameBound, OverAggregateSpec, OverFrame, SortKey } from "../job/specs.js";
import { MS_PER_DAY } from "../types/datetime.js";
import type { Schema, SqlType } from "../types/sql-type.js";
import { type Row, timestampUnit, type Value } from "../types/value.js";
import { Aggregates } from "./aggregates.js";
import type { OperatorContext } from "./context.js";
import { orderOf, type RowComparator } from "./keys.js";
import { type Partition, type RankingFunction, rankingFunction } from "./ranking.js";

interface CompiledGroup {
	readonly frame: OverFrame;
	readonly aggregates: Aggregates;
	/** Per call: a ranking function, or where among the aggregates' results its value is. */
	readonly calls: readonly (RankingFunction | number)[];
}

export class OverFrames {
	readonly compare: RowComparator;
	readonly #order: readonly SortKey[];
	readonly #groups: readonly CompiledGroup[];
	readonly #hasRankings: boolean;
	/** What one unit of the first order column's values is in the unit of range offsets (ms for times). */
	readonly #unit: number;

	constructor(spec: OverAggregateSpec, input: Schema, context: OperatorContext) {
		this.compare = orderOf(spec.order, input);
		this.#order = spec.order;
		this.#unit = rangeUnit(spec.order[0] && input[spec.order[0].column]!.type);
		this.#groups = spec.groups.map(({ frame, calls }) => {
			const rankings = calls.map(rankingFunction);
			const aggregates = new Aggregates(
				calls.filter((_, i) => rankings[i] === undefined),
				input,
				true,
				context,
			);
			let next = 0;
			return { frame, aggregates, calls: rankings.map((ranking) => ranking ?? next++) };
		});
		this.#hasRankings = this.#groups.some(({ calls }) => calls.some((call) => typeof call !== "number"));
	}

	/** How many rows after a row its frame can reach to: a change of a row changes the values of no others, its peers apart. */
	get reach(): number {
		return this.#hasRankings ? Number.POSITIVE_INFINITY : Math.max(...this.#groups.map(({ frame }) => reachOf(frame)));
	}

	/**
	 * The calls' values for the sorted rows from index `from`, which is the first of its peers, up to, not including, `to`. The other
	 * rows count in their frames only.
	 */
	evaluate(rows: readonly Row[], from = 0, to = rows.length): Value[][] {
		const partition = withPeers(rows, this.compare, this.#hasRankings ? 0 : from, to);
		const results: Value[][] = Array.from({ length: to - from }, () => []);
		for (const group of this.#groups) this.#evaluateGroup(group, partition, from, results);
		return results;
	}

	#evaluateGroup(
		{ frame, aggregates, calls }: CompiledGroup,
		partition: Partition,
		from: number,
		results: Value[][],
	): void {
		const { rows } = partition;
		let running = aggregates.create();
		let start = -1;
		let end = -1;
		for (let index = from; index < from + results.length; index++) {
			const first = Math.max(0, this.#bound(frame.start, frame.unit, partition, index, true));
			const last = Math.min(rows.length - 1, this.#bound(frame.end, frame.unit, partition, index, false));
			if (first !== start || last < end) {
				running = aggregates.create();
				start = first;
				end = first - 1;
			}
			while (end < last) running.add(rows[++end]!);
			const values = running.results();
			for (const call of calls) {
				results[index - from]!.push(typeof call === "number" ? values[call]! : call(partition, index));
			}
		}
	}

	/** The index of the first (`isStart`) or last row of the frame; may lie outside the partition. */
	#bound(bound: FrameBound, unit: OverFrame["unit"], partition: Partition, index: number, isStart: boolean): number {
		switch (bound.kind) {
			case "unboundedPreceding":
				return 0;
			case "unboundedFollowing":
				return partition.rows.length - 1;
			case "currentRow":
				if (unit === "rows") return index;
				return isStart ? partition.firstPeer[index]! : partition.lastPeer[index]!;
		}
		const offset = bound.kind === "preceding" ? -bound.offset : bound.offset;
		return unit === "rows" ? index + offset : this.#rangeBound(partition, index, offset, isStart);
	}

	#rangeBound({ rows, firstPeer, lastPeer }: Partition, index: number, offset: number, isStart: boolean): number {
		const { column, ascending } = this.#order[0]!;
		const origin = rows[index]![column]!;
		if (origin === null) return isStart ? firstPeer[index]! : lastPeer[index]!;
		const distance = (row: Row) => {
			const value = row[column]!;
			if (value === null) return undefined;
			const difference =
				typeof value === "bigint" ? Number(value - (origin as bigint)) : Number(value) - Number(origin);
			return (ascending ? difference : -difference) * this.#unit;
		};
		const isInside = (row: Row) => {
			const along = distance(row);
			return along !== undefined && (isStart ? along >= offset : along <= offset);
		};
		const found = isStart ? rows.findIndex(isInside) : rows.findLastIndex(isInside);
		return found < 0 && isStart ? rows.length : found;
	}
}

function rangeUnit(type: SqlType | undefined): number {
	switch (type?.kind) {
		case "DECIMAL":
			return 10 ** -type.scale;
		case "DATE":
			return MS_PER_DAY;
		case "TIMESTAMP":
		case "TIMESTAMP_LTZ":
			return { ms: 1, us: 1e-3, ns: 1e-6 }[timestampUnit(type.precision)];
		default:
			return 1;
	}
}

/** Rows after a row whose frames hold it. */
function reachOf({ unit, start }: OverFrame): number {
	if (start.kind === "currentRow") return 0;
	return unit === "rows" && start.kind === "preceding" ? start.offset : Number.POSITIVE_INFINITY;
}

/** Peers of the rows from index `from` to index `to`. */
function withPeers(rows: readonly Row[], compare: RowComparator, from: number, to: number): Partition {
	const firstPeer: number[] = [];
	const lastPeer: number[] = [];
	for (let first = from; first < to; ) {
		let end = first + 1;
		while (end < rows.length && compare(rows[first]!, rows[end]!) === 0) end++;
		for (let i = first; i < end; i++) {
			firstPeer[i] = first;
			lastPeer[i] = end - 1;
		}
		first = end;
	}
	return { rows, firstPeer, lastPeer };
}
