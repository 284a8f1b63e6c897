// Deduplicate of a stream: the first or the last row per key in time order. By event time the first row is emitted once the watermark
// reaches it, and rows behind the watermark are late; the last row is emitted at once and replaced by rows of the same or a later time.
import type { DeduplicateSpec } from "../job/specs.js";
import { isAddition, RowKind } from "../types/row-kind.js";
import type { Schema } from "../types/sql-type.js";
import type { Row } from "../types/value.js";
import { equalRows, type Key, type KeyOf, keyOf } from "./keys.js";
import { MIN_WATERMARK, type RowOperator, type RowOutput, StatefulOperator } from "./operator.js";
import { TimerQueue } from "./timers.js";

/** First row in the order of arrival: the keys seen. */
export class DeduplicateFirstArrival extends StatefulOperator<Set<Key>> {
	readonly #key: KeyOf;

	constructor(spec: DeduplicateSpec, input: Schema) {
		super(new Set());
		this.#key = keyOf(spec.keys, input);
	}

	process(row: Row, kind: RowKind, _input: number, out: RowOutput): void {
		const key = this.#key(row);
		if (!isAddition(kind) || this.state.has(key)) return;
		this.state.add(key);
		out.emit(row, RowKind.INSERT);
	}
}

interface FirstByTimeState {
	/** The first row per key; null once it has been emitted. */
	readonly first: Map<Key, Row | null>;
	watermark: number;
}

export class DeduplicateFirstByTime implements RowOperator {
	readonly #time: number;
	readonly #key: KeyOf;
	readonly #timers = new TimerQueue<Key>();
	#state: FirstByTimeState = { first: new Map(), watermark: MIN_WATERMARK };

	constructor(spec: DeduplicateSpec, input: Schema) {
		this.#time = spec.order!;
		this.#key = keyOf(spec.keys, input);
	}

	process(row: Row, _kind: RowKind, _input: number, out: RowOutput): void {
		const time = Number(row[this.#time]);
		if (time < this.#state.watermark) {
			out.late();
			return;
		}
		const key = this.#key(row);
		const before = this.#state.first.get(key);
		if (before === null || (before !== undefined && Number(before[this.#time]) <= time)) return;
		this.#state.first.set(key, row);
		this.#timers.register(time, key);
	}

	advance(watermark: number, out: RowOutput): void {
		this.#state.watermark = watermark;
		for (let timer = this.#timers.next(watermark); timer !== undefined; timer = this.#timers.next(watermark)) {
			const row = this.#state.first.get(timer.key);
			if (row === null || row === undefined) continue;
			this.#state.first.set(timer.key, null);
			out.emit(row, RowKind.INSERT);
		}
	}

	snapshot(): unknown {
		return { state: this.#state, timers: this.#timers.snapshot() };
	}

	restore(saved: unknown): void {
		const { state, timers } = saved as { state: FirstByTimeState; timers: unknown };
		this.#state = state;
		this.#timers.restore(timers);
	}
}

export class DeduplicateLast extends StatefulOperator<Map<Key, Row>> {
	readonly #spec: DeduplicateSpec;
	readonly #key: KeyOf;
	readonly #isSame: (left: Row, right: Row) => boolean;

	constructor(spec: DeduplicateSpec, input: Schema) {
		super(new Map());
		this.#spec = spec;
		this.#key = keyOf(spec.keys, input);
		this.#isSame = equalRows(input.map(({ type }) => type));
	}

	process(row: Row, kind: RowKind, _input: number, out: RowOutput): void {
		if (!isAddition(kind)) return;
		const key = this.#key(row);
		const before = this.state.get(key);
		if (before !== undefined && !this.#isLater(row, before)) return;
		this.state.set(key, row);
		if (before === undefined) out.emit(row, RowKind.INSERT);
		else {
			if (this.#spec.updateBefore) out.emit(before, RowKind.UPDATE_BEFORE);
			out.emit(row, RowKind.UPDATE_AFTER);
		}
	}

	#isLater(row: Row, before: Row): boolean {
		const { order } = this.#spec;
		if (order === undefined) return !this.#isSame(row, before);
		return Number(row[order]) >= Number(before[order]);
	}
}

/** ChangelogNormalize: an upsert stream becomes a retract stream, without what changes nothing. */
export class ChangelogNormalize extends StatefulOperator<Map<Key, Row>> {
	readonly #updateBefore: boolean;
	readonly #key: KeyOf;
	readonly #isSame: (left: Row, right: Row) => boolean;

	constructor(spec: { readonly keys: readonly number[]; readonly updateBefore: boolean }, input: Schema) {
		super(new Map());
		this.#updateBefore = spec.updateBefore;
		this.#key = keyOf(spec.keys, input);
		this.#isSame = equalRows(input.map(({ type }) => type));
	}

	process(row: Row, kind: RowKind, _input: number, out: RowOutput): void {
		if (kind === RowKind.UPDATE_BEFORE) return;
		const key = this.#key(row);
		const before = this.state.get(key);
		if (kind === RowKind.DELETE) {
			if (before === undefined) return;
			this.state.delete(key);
			out.emit(before, RowKind.DELETE);
			return;
		}
		if (before === undefined) out.emit(row, RowKind.INSERT);
		else if (this.#isSame(before, row)) return;
		else {
			if (this.#updateBefore) out.emit(before, RowKind.UPDATE_BEFORE);
			out.emit(row, RowKind.UPDATE_AFTER);
		}
		this.state.set(key, row);
	}
}
