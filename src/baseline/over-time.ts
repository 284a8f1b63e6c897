// OverAggregate in time order: frames end at the current row, and a row's values never change once emitted. In event time rows wait for
// the watermark. What is late depends on the frame, as in Flink: an unbounded frame compares with the watermark, a bounded one with the
// last time emitted for the key, a memory that bounded ranges lose when the key has been idle.
import type { OverAggregateSpec } from "../job/specs.js";
import { RowKind } from "../types/row-kind.js";
import type { Schema } from "../types/sql-type.js";
import type { Row } from "../types/value.js";
import type { OperatorContext } from "./context.js";
import { getOrCreate, type Key, type KeyOf, keyOf } from "./keys.js";
import { MIN_WATERMARK, type RowOperator, type RowOutput } from "./operator.js";
import { OverWindow, type RunningWindow } from "./over-window.js";
import { TimerQueue } from "./timers.js";

interface KeyState {
	/** Rows by time, until the watermark passes it. */
	readonly waiting: Map<number, Row[]>;
	/** The last time emitted; rows at or before it are late for a bounded frame. */
	lastTime: number;
	/** When a bounded range forgets the key. */
	forgetAt: number | undefined;
	window: RunningWindow;
}

export class TimeOver implements RowOperator {
	readonly #eventTime: boolean;
	readonly #time: number;
	readonly #key: KeyOf;
	readonly #window: OverWindow;
	readonly #now: () => number;
	#keys = new Map<Key, KeyState>();
	readonly #timers = new TimerQueue<Key>();
	#watermark = MIN_WATERMARK;

	constructor(spec: OverAggregateSpec, input: Schema, context: OperatorContext) {
		this.#eventTime = spec.time === "rowtime";
		this.#time = spec.order[0]!.column;
		this.#key = keyOf(spec.partition, input);
		this.#window = new OverWindow(spec, input, context);
		this.#now = () => context.now();
	}

	process(row: Row, _kind: RowKind, _input: number, out: RowOutput): void {
		const key = this.#key(row);
		const state = getOrCreate(this.#keys, key, () => this.#newKey());
		if (!this.#eventTime) {
			this.#emit(state, this.#now(), [row], out);
			return;
		}
		const time = Number(row[this.#time]);
		if (time <= (this.#window.isBounded ? state.lastTime : this.#watermark)) {
			out.late();
			return;
		}
		getOrCreate(state.waiting, time, (): Row[] => []).push(row);
		this.#timers.register(time, key);
		if (this.#window.range !== undefined) this.#postponeForgetting(state, key, time, this.#window.range);
	}

	#newKey(): KeyState {
		return { waiting: new Map(), lastTime: 0, forgetAt: undefined, window: this.#window.create() };
	}

	#postponeForgetting(state: KeyState, key: Key, time: number, range: number): void {
		if (state.forgetAt !== undefined && state.forgetAt >= time + range + 1) return;
		state.forgetAt = time + Math.floor(range * 1.5) + 1;
		this.#timers.register(state.forgetAt, key);
	}

	advance(watermark: number, out: RowOutput): void {
		this.#watermark = watermark;
		for (let timer = this.#timers.next(watermark); timer !== undefined; timer = this.#timers.next(watermark)) {
			const state = this.#keys.get(timer.key);
			if (state === undefined) continue;
			if (state.forgetAt !== undefined && state.forgetAt <= timer.time) {
				this.#keys.delete(timer.key);
				continue;
			}
			const rows = state.waiting.get(timer.time);
			if (rows !== undefined) {
				state.waiting.delete(timer.time);
				this.#emit(state, timer.time, rows, out);
			}
			state.lastTime = timer.time;
		}
	}

	#emit(state: KeyState, time: number, rows: readonly Row[], out: RowOutput): void {
		const results = this.#window.advance(state.window, time, rows);
		for (const [i, row] of rows.entries()) out.emit([...row, ...results[i]!], RowKind.INSERT);
	}

	snapshot(): unknown {
		const keys = [...this.#keys].map(([key, state]) => [
			key,
			{ ...state, window: this.#window.snapshot(state.window) },
		]);
		return { keys, timers: this.#timers.snapshot(), watermark: this.#watermark };
	}

	restore(saved: unknown): void {
		const { keys, timers, watermark } = saved as { keys: [Key, KeyState][]; timers: unknown; watermark: number };
		this.#keys = new Map(keys.map(([key, state]) => [key, { ...state, window: this.#window.restore(state.window) }]));
		this.#timers.restore(timers);
		this.#watermark = watermark;
	}
}
