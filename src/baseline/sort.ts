// Sorting and limiting: Sort of bounded input, TemporalSort in event time, Limit of an append-only stream.
import type { LimitSpec, SortSpec, TemporalSortSpec } from "../job/specs.js";
import { RowKind } from "../types/row-kind.js";
import type { Schema } from "../types/sql-type.js";
import type { Row } from "../types/value.js";
import { getOrCreate, orderOf, type RowComparator } from "./keys.js";
import { MIN_WATERMARK, type RowOutput, StatefulOperator } from "./operator.js";

/** Stable: equal rows keep the order of arrival. */
export class Sort extends StatefulOperator<Row[]> {
	readonly #spec: SortSpec;
	readonly #compare: RowComparator;

	constructor(spec: SortSpec, input: Schema) {
		super([]);
		this.#spec = spec;
		this.#compare = orderOf(spec.order, input);
	}

	process(row: Row): void {
		this.state.push(row);
	}

	finish(out: RowOutput): void {
		const { offset, fetch = Number.POSITIVE_INFINITY } = this.#spec;
		for (const row of this.state.sort(this.#compare).slice(offset, offset + fetch)) out.emit(row, RowKind.INSERT);
		this.state = [];
	}
}

/** How many rows have come. */
export class Limit extends StatefulOperator<number> {
	readonly #spec: LimitSpec;

	constructor(spec: LimitSpec) {
		super(0);
		this.#spec = spec;
	}

	process(row: Row, _kind: RowKind, _input: number, out: RowOutput): void {
		const { offset, fetch } = this.#spec;
		const place = this.state++;
		if (place >= offset && place < offset + fetch) out.emit(row, RowKind.INSERT);
	}
}

interface TemporalSortState {
	/** Rows by time. */
	readonly waiting: Map<number, Row[]>;
	/** The last time emitted: rows at or before it are late. */
	lastTime: number;
}

export class TemporalSort extends StatefulOperator<TemporalSortState> {
	readonly #time: number;
	readonly #compare: RowComparator;

	constructor(spec: TemporalSortSpec, input: Schema) {
		super({ waiting: new Map(), lastTime: MIN_WATERMARK });
		this.#time = spec.order[0]!.column;
		this.#compare = orderOf(spec.order.slice(1), input);
	}

	process(row: Row, _kind: RowKind, _input: number, out: RowOutput): void {
		const time = Number(row[this.#time]);
		if (time <= this.state.lastTime) out.late();
		else getOrCreate(this.state.waiting, time, (): Row[] => []).push(row);
	}

	advance(watermark: number, out: RowOutput): void {
		const due = [...this.state.waiting.keys()].filter((time) => time <= watermark);
		for (const time of due.sort((left, right) => left - right)) {
			for (const row of this.state.waiting.get(time)!.sort(this.#compare)) out.emit(row, RowKind.INSERT);
			this.state.waiting.delete(time);
			this.state.lastTime = time;
		}
	}
}
