// The values of OVER calls for all rows of one sorted partition: the frame of each row, and the aggregates over it.
import type { AggregateCall, FrameBound, OverAggregateSpec, OverFrame, SortKey } from "../job/specs.js";
import { MS_PER_DAY } from "../types/datetime.js";
import { isInteger, type Schema, type SqlType } from "../types/sql-type.js";
import { type Row, timestampUnit, type Value } from "../types/value.js";
import { Aggregates } from "./aggregates.js";
import type { OperatorContext } from "./context.js";
import { orderOf, partitionPoint, type RowComparator } from "./keys.js";
import { type Partition, type RankingFunction, rankingFunction } from "./ranking.js";

interface CompiledGroup {
	readonly frame: OverFrame;
	readonly aggregates: Aggregates;
	/** Rows that leave the frame can be taken back; else it is added up anew when its first row moves on. */
	readonly slides: boolean;
	/** Per call: a ranking function, or where among the aggregates' results its value is. */
	readonly calls: readonly (RankingFunction | number)[];
}

export class OverFrames {
	readonly compare: RowComparator;
	/** Rows equal in the order share values; not so in frames of rows. */
	readonly hasPeers: boolean;
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
			const overFrame = calls.filter((_, i) => rankings[i] === undefined);
			const slides = overFrame.every(takesBackExactly);
			const aggregates = new Aggregates(overFrame, input, !slides, context);
			let next = 0;
			return { frame, aggregates, slides, calls: rankings.map((ranking) => ranking ?? next++) };
		});
		this.#hasRankings = this.#groups.some(({ calls }) => calls.some((call) => typeof call !== "number"));
		this.hasPeers = this.#hasRankings || this.#groups.some(({ frame }) => frame.unit !== "rows");
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
		const first = this.#hasRankings ? 0 : from;
		const partition = this.hasPeers ? withPeers(rows, this.compare, first, to) : withoutPeers(rows);
		const results = this.#groups.map((group) => this.#evaluateGroup(group, partition, from, to));
		const [only] = results;
		if (only !== undefined && results.length === 1) return only;
		return Array.from({ length: to - from }, (_, i) => results.flatMap((values) => values[i]!));
	}

	#evaluateGroup(
		{ frame, aggregates, slides, calls }: CompiledGroup,
		partition: Partition,
		from: number,
		to: number,
	): Value[][] {
		const { rows } = partition;
		const results: Value[][] = [];
		let running = aggregates.create();
		let start = Number.POSITIVE_INFINITY;
		let end = -1;
		for (let index = from; index < to; index++) {
			const first = Math.max(0, this.#bound(frame.start, frame.unit, partition, index, true));
			const last = Math.min(rows.length - 1, this.#bound(frame.end, frame.unit, partition, index, false));
			const movesOn = slides && first > start && first <= end + 1;
			if ((first !== start && !movesOn) || last < end) {
				running = aggregates.create();
				start = first;
				end = first - 1;
			}
			while (end < last) running.add(rows[++end]!);
			while (start < first) running.retract(rows[start++]!);
			const values = running.results();
			results.push(calls.map((call) => (typeof call === "number" ? values[call]! : call(partition, index))));
		}
		return results;
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
		const { column, ascending, nullsFirst } = this.#order[0]!;
		const origin = rows[index]![column]!;
		if (origin === null) return isStart ? firstPeer[index]! : lastPeer[index]!;
		const isBefore = (row: Row) => {
			const value = row[column]!;
			if (value === null) return nullsFirst;
			const difference =
				typeof value === "bigint" ? Number(value - (origin as bigint)) : aboveAll(value) - Number(origin);
			const distance = (ascending ? difference : -difference) * this.#unit;
			return isStart ? distance < offset : distance <= offset;
		};
		const found = partitionPoint(rows, isBefore);
		return isStart ? found : found - 1;
	}
}

/** NaN is sorted above all numbers. */
const aboveAll = (value: Value) => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : Number(value));

const SUMS = new Set(["COUNT", "SUM", "$SUM0", "AVG"]);

/** A row added and taken back leaves no trace: sums of integers wrap, while doubles round and decimals overflow for good. */
function takesBackExactly({ function: name, user, argTypes, distinct, orderBy = [] }: AggregateCall): boolean {
	return user === undefined && SUMS.has(name) && !distinct && orderBy.length === 0 && argTypes.every(isInteger);
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

const withoutPeers = (rows: readonly Row[]): Partition => ({ rows, firstPeer: [], lastPeer: [], group: [] });

/** Peers of the rows from index `from` to index `to`. */
function withPeers(rows: readonly Row[], compare: RowComparator, from: number, to: number): Partition {
	const firstPeer = new Array<number>(to);
	const lastPeer = new Array<number>(to);
	const group = new Array<number>(to);
	let groups = 0;
	for (let first = from; first < to; ) {
		let end = first + 1;
		while (end < rows.length && compare(rows[first]!, rows[end]!) === 0) end++;
		firstPeer.fill(first, first, end);
		lastPeer.fill(end - 1, first, end);
		group.fill(groups++, first, end);
		first = end;
	}
	return { rows, firstPeer, lastPeer, group };
}
