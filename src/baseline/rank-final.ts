// Rank and Deduplicate when all rows are there: at the end of bounded input, or when an event-time window closes.
import type { DeduplicateSpec, RankSpec } from "../job/specs.js";
import { RowKind } from "../types/row-kind.js";
import type { Schema } from "../types/sql-type.js";
import type { TimeZone } from "../types/time-zone.js";
import type { Row } from "../types/value.js";
import { getOrCreate, type Key, type KeyOf, keyOf, orderOf, type RowComparator } from "./keys.js";
import { MIN_WATERMARK, type RowOutput, StatefulOperator } from "./operator.js";
import { closingTime, zoneOf } from "./windows.js";

interface FinalRankState {
	/** Rows by window end (0 without windows), then partition. */
	readonly open: Map<number, Map<Key, Row[]>>;
	watermark: number;
}

export class FinalRank extends StatefulOperator<FinalRankState> {
	readonly #spec: RankSpec;
	readonly #key: KeyOf;
	readonly #compare: RowComparator;
	readonly #zone: TimeZone | undefined;

	constructor(spec: RankSpec, input: Schema) {
		super({ open: new Map(), watermark: MIN_WATERMARK });
		this.#spec = spec;
		this.#key = keyOf(spec.partition, input);
		this.#compare = orderOf(spec.order, input);
		this.#zone = zoneOf(spec.timeZone);
	}

	process(row: Row, _kind: RowKind, _input: number, out: RowOutput): void {
		const { windowEnd } = this.#spec;
		const end = windowEnd === undefined ? 0 : Number(row[windowEnd]);
		if (windowEnd !== undefined && closingTime(end, this.#zone) <= this.state.watermark) {
			out.late();
			return;
		}
		const partitions = getOrCreate(this.state.open, end, () => new Map<Key, Row[]>());
		getOrCreate(partitions, this.#key(row), (): Row[] => []).push(row);
	}

	advance(watermark: number, out: RowOutput): void {
		if (this.#spec.windowEnd === undefined || this.#spec.final) return;
		this.state.watermark = watermark;
		const due = [...this.state.open.keys()].filter((end) => closingTime(end, this.#zone) <= watermark);
		for (const end of due.sort((left, right) => left - right)) this.#close(end, out);
	}

	finish(out: RowOutput): void {
		for (const end of [...this.state.open.keys()].sort((left, right) => left - right)) this.#close(end, out);
	}

	#close(end: number, out: RowOutput): void {
		for (const rows of this.state.open.get(end)!.values()) this.#emitRanked(rows.sort(this.#compare), out);
		this.state.open.delete(end);
	}

	#emitRanked(rows: readonly Row[], out: RowOutput): void {
		const { from, to, outputRank } = this.#spec;
		const last = typeof to === "number" ? to : Number(rows[0]?.[to.column]);
		let rank = 0;
		for (const [i, row] of rows.entries()) {
			const isPeer = i > 0 && this.#compare(rows[i - 1]!, row) === 0;
			if (this.#spec.function === "ROW_NUMBER") rank = i + 1;
			else if (!isPeer) rank = this.#spec.function === "RANK" ? i + 1 : rank + 1;
			if (rank > last) return;
			if (rank >= from) out.emit(outputRank ? [...row, BigInt(rank)] : row, RowKind.INSERT);
		}
	}
}

interface FinalDeduplicateState {
	/** The row to keep, by window end (0 without windows), then key. */
	readonly open: Map<number, Map<Key, Row>>;
	watermark: number;
}

/** Among rows of one time the first (keep first) or last (keep last) to arrive is kept. */
export class FinalDeduplicate extends StatefulOperator<FinalDeduplicateState> {
	readonly #spec: DeduplicateSpec;
	readonly #key: KeyOf;
	readonly #zone: TimeZone | undefined;

	constructor(spec: DeduplicateSpec, input: Schema) {
		super({ open: new Map(), watermark: MIN_WATERMARK });
		this.#spec = spec;
		this.#key = keyOf(spec.keys, input);
		this.#zone = zoneOf(spec.timeZone);
	}

	process(row: Row, _kind: RowKind, _input: number, out: RowOutput): void {
		const { windowEnd } = this.#spec;
		const end = windowEnd === undefined ? 0 : Number(row[windowEnd]);
		if (windowEnd !== undefined && closingTime(end, this.#zone) <= this.state.watermark) {
			out.late();
			return;
		}
		const kept = getOrCreate(this.state.open, end, () => new Map<Key, Row>());
		const key = this.#key(row);
		const before = kept.get(key);
		if (before === undefined || this.#isBetter(row, before)) kept.set(key, row);
	}

	#isBetter(row: Row, before: Row): boolean {
		const { order, keep } = this.#spec;
		if (order === undefined) return keep === "last";
		const difference = Number(row[order]) - Number(before[order]);
		return keep === "last" ? difference >= 0 : difference < 0;
	}

	advance(watermark: number, out: RowOutput): void {
		if (this.#spec.windowEnd === undefined || this.#spec.final) return;
		this.state.watermark = watermark;
		const due = [...this.state.open.keys()].filter((end) => closingTime(end, this.#zone) <= watermark);
		for (const end of due.sort((left, right) => left - right)) this.#close(end, out);
	}

	finish(out: RowOutput): void {
		for (const end of [...this.state.open.keys()].sort((left, right) => left - right)) this.#close(end, out);
	}

	#close(end: number, out: RowOutput): void {
		for (const row of this.state.open.get(end)!.values()) out.emit(row, RowKind.INSERT);
		this.state.open.delete(end);
	}
}
