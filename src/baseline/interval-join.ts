// IntervalJoin: rows of both sides within a bound of each other's time. A row is kept as long as the other side may still bring a
// partner; an outer row without one is padded when it goes. No row is late as such: it meets whatever is still kept. Which rows are
// still kept follows Flink's timers: each side of a key has at most one, set by the first row kept.
import type { IntervalJoinSpec } from "../job/specs.js";
import { RowKind } from "../types/row-kind.js";
import type { Schema } from "../types/sql-type.js";
import type { Row } from "../types/value.js";
import type { OperatorContext } from "./context.js";
import { JoinRows } from "./join-rows.js";
import { getOrCreate, type Key } from "./keys.js";
import { MAX_WATERMARK, MIN_WATERMARK, type RowOperator, type RowOutput } from "./operator.js";
import { TimerQueue } from "./timers.js";

interface Kept {
	readonly row: Row;
	matched: boolean;
}

/** One side of one key: rows by time, and the time of its cleanup timer. */
interface Cache {
	readonly rows: Map<number, Kept[]>;
	timer: number | undefined;
}

type Side = 0 | 1;

interface IntervalJoinState {
	caches: readonly [Map<Key, Cache>, Map<Key, Cache>];
	/** Kept rows of a side at or before this time are of no more use. */
	expired: [number, number];
	watermark: number;
}

/** Stands for keys with a NULL that match nothing (joinKeyOf never gives it where such keys can be): their rows wait like others. */
const NO_KEY = null;

export class IntervalJoin implements RowOperator {
	readonly watermarkDelayMs: number;
	readonly #spec: IntervalJoinSpec;
	readonly #rows: JoinRows;
	readonly #now: () => number;
	/** How far back in time the rows of a side are of use for the other: left rows by -lower, right ones by upper. */
	readonly #reach: readonly [number, number];
	readonly #padded: readonly [boolean, boolean];
	readonly #timers = new TimerQueue<readonly [Side, Key]>();
	#state: IntervalJoinState = {
		caches: [new Map(), new Map()],
		expired: [MIN_WATERMARK, MIN_WATERMARK],
		watermark: MIN_WATERMARK,
	};

	constructor(spec: IntervalJoinSpec, inputs: readonly Schema[], context: OperatorContext) {
		this.#spec = spec;
		this.#rows = new JoinRows(spec, inputs[0]!, inputs[1]!, context);
		this.#now = () => context.now();
		this.#reach = [-spec.lowerMs, spec.upperMs];
		this.watermarkDelayMs = spec.eventTime ? Math.max(-spec.lowerMs, spec.upperMs) : 0;
		const { type } = spec;
		this.#padded = [type === "left" || type === "full" || type === "anti", type === "right" || type === "full"];
	}

	process(row: Row, _kind: RowKind, input: number, out: RowOutput): void {
		const side = input as Side;
		const other = side === 0 ? 1 : 0;
		const time = this.#timeOf(row, side);
		const operatorTime = this.#spec.eventTime ? this.#state.watermark : time;
		const key = this.#rows.keys[side](row);
		const kept = { row, matched: false };
		const upper = time + this.#reach[side];
		if (this.#state.expired[other] < upper) {
			this.#state.expired[other] = this.#expiration(operatorTime, other);
			if (key !== undefined) this.#joinWithKept(kept, side, key, time, out);
		}
		if (operatorTime < upper) this.#keep(kept, side, key ?? NO_KEY, time);
		else if (!kept.matched && this.#padded[side]) this.#emitPadded(row, side, out);
	}

	#timeOf(row: Row, side: Side): number {
		if (!this.#spec.eventTime) return this.#now();
		return Number(row[side === 0 ? this.#spec.leftTime : this.#spec.rightTime]);
	}

	/** The last time of a side's rows that no row of the other side can reach any more. */
	#expiration(operatorTime: number, side: Side): number {
		return operatorTime === MAX_WATERMARK ? MAX_WATERMARK : operatorTime - this.#reach[side] - 1;
	}

	#joinWithKept(kept: Kept, side: Side, key: Key, time: number, out: RowOutput): void {
		const other = side === 0 ? 1 : 0;
		const cache = this.#state.caches[other].get(key);
		if (cache === undefined) return;
		for (const [otherTime, rows] of cache.rows) {
			if (otherTime >= time - this.#reach[other] && otherTime <= time + this.#reach[side]) {
				for (const partner of rows) this.#joinPair(side === 0 ? kept : partner, side === 0 ? partner : kept, out);
			}
			if (otherTime <= this.#state.expired[other]) this.#drop(cache, otherTime, other, out);
		}
	}

	#joinPair(left: Kept, right: Kept, out: RowOutput): void {
		const { type } = this.#spec;
		const joined = this.#rows.join(left.row, right.row);
		if (joined === undefined) return;
		if (type === "semi") {
			if (!left.matched) out.emit(left.row, RowKind.INSERT);
		} else if (type !== "anti") out.emit(joined, RowKind.INSERT);
		left.matched = true;
		right.matched = true;
	}

	#keep(kept: Kept, side: Side, key: Key, time: number): void {
		const cache = getOrCreate(this.#state.caches[side], key, (): Cache => ({ rows: new Map(), timer: undefined }));
		getOrCreate(cache.rows, time, (): Kept[] => []).push(kept);
		if (cache.timer === undefined) this.#setTimer(cache, side, key, time);
	}

	#setTimer(cache: Cache, side: Side, key: Key, time: number): void {
		cache.timer = time + this.#reach[side] + 1;
		this.#timers.register(cache.timer, [side, key]);
	}

	#drop(cache: Cache, time: number, side: Side, out: RowOutput): void {
		if (this.#padded[side]) {
			for (const { row, matched } of cache.rows.get(time)!) if (!matched) this.#emitPadded(row, side, out);
		}
		cache.rows.delete(time);
	}

	#emitPadded(row: Row, side: Side, out: RowOutput): void {
		if (this.#spec.type === "anti") out.emit(row, RowKind.INSERT);
		else out.emit(side === 0 ? this.#rows.padRight(row) : this.#rows.padLeft(row), RowKind.INSERT);
	}

	advance(watermark: number, out: RowOutput): void {
		if (!this.#spec.eventTime && watermark !== MAX_WATERMARK) return;
		this.#state.watermark = watermark;
		this.#fire(watermark, out);
	}

	tick(now: number, out: RowOutput): void {
		if (!this.#spec.eventTime) this.#fire(now, out);
	}

	#fire(operatorTime: number, out: RowOutput): void {
		for (let due = this.#timers.next(operatorTime); due !== undefined; due = this.#timers.next(operatorTime)) {
			const [side, key] = due.key;
			const cache = this.#state.caches[side].get(key);
			if (cache === undefined || cache.timer !== due.time) continue;
			const expired = this.#expiration(operatorTime, side);
			this.#state.expired[side] = expired;
			let earliest = MAX_WATERMARK;
			for (const time of cache.rows.keys()) {
				if (time <= expired) this.#drop(cache, time, side, out);
				else earliest = Math.min(earliest, time);
			}
			cache.timer = undefined;
			if (cache.rows.size === 0) this.#state.caches[side].delete(key);
			else this.#setTimer(cache, side, key, earliest);
		}
	}

	snapshot(): unknown {
		return { state: this.#state, timers: this.#timers.snapshot() };
	}

	restore(saved: unknown): void {
		const { state, timers } = saved as { state: IntervalJoinState; timers: unknown };
		this.#state = state;
		this.#timers.restore(timers);
	}
}
