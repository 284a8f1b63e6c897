// TemporalJoin: each left row meets the version of the right row that held at its time. In event time left rows wait for the watermark
// and versions that no waiting or coming row can ask for are forgotten, but for the newest; in processing time the latest version counts.
import type { TemporalJoinSpec } from "../job/specs.js";
import { isAddition, RowKind } from "../types/row-kind.js";
import type { Schema } from "../types/sql-type.js";
import type { Row } from "../types/value.js";
import type { OperatorContext } from "./context.js";
import { JoinRows } from "./join-rows.js";
import { getOrCreate, type Key } from "./keys.js";
import { MIN_WATERMARK, type RowOperator, type RowOutput, StatefulOperator } from "./operator.js";
import { TimerQueue } from "./timers.js";

/** From `time` on the row holds; undefined: there is none. */
interface Version {
	readonly time: number;
	readonly row: Row | undefined;
}

interface Waiting {
	readonly time: number;
	readonly row: Row;
	readonly kind: RowKind;
}

interface KeyState {
	waiting: Waiting[];
	/** Ascending, one per time. */
	versions: Version[];
}

/** Stands for keys with a NULL, which no version matches; joinKeyOf never gives it where such keys can be. */
const NO_KEY = null;

export class TemporalJoin implements RowOperator {
	readonly #spec: TemporalJoinSpec;
	readonly #rows: JoinRows;
	readonly #rightTime: number;
	#keys = new Map<Key, KeyState>();
	readonly #timers = new TimerQueue<Key>();
	#watermark = MIN_WATERMARK;

	constructor(spec: TemporalJoinSpec, inputs: readonly Schema[], context: OperatorContext) {
		this.#spec = spec;
		this.#rows = new JoinRows({ ...spec, nullSafe: [] }, inputs[0]!, inputs[1]!, context);
		this.#rightTime = spec.rightTime!;
	}

	process(row: Row, kind: RowKind, input: number, _out: RowOutput): void {
		const key = this.#rows.keys[input as 0 | 1](row);
		if (input === 1) {
			if (kind === RowKind.UPDATE_BEFORE || key === undefined) return;
			const time = Number(row[this.#rightTime]);
			setVersion(this.#stateOf(key).versions, { time, row: isAddition(kind) ? row : undefined });
			this.#timers.register(time, key);
		} else {
			const time = Number(row[this.#spec.leftTime]);
			this.#stateOf(key ?? NO_KEY).waiting.push({ time, row, kind });
			this.#timers.register(time, key ?? NO_KEY);
		}
	}

	#stateOf(key: Key): KeyState {
		return getOrCreate(this.#keys, key, (): KeyState => ({ waiting: [], versions: [] }));
	}

	advance(watermark: number, out: RowOutput): void {
		this.#watermark = watermark;
		for (let timer = this.#timers.next(watermark); timer !== undefined; timer = this.#timers.next(watermark)) {
			const state = this.#keys.get(timer.key);
			if (state !== undefined) this.#fire(timer.key, state, out);
		}
	}

	#fire(key: Key, state: KeyState, out: RowOutput): void {
		const due = state.waiting.filter(({ time }) => time <= this.#watermark);
		state.waiting = state.waiting.filter(({ time }) => time > this.#watermark);
		for (const { time, row, kind } of due) {
			const version = state.versions.findLast((candidate) => candidate.time <= time)?.row;
			const joined = version && this.#rows.join(row, version);
			if (joined !== undefined) out.emit(joined, kind);
			else if (this.#spec.type === "left") out.emit(this.#rows.padRight(row), kind);
		}
		const newest = state.versions.findLastIndex(({ time }) => time <= this.#watermark);
		if (newest > 0) state.versions.splice(0, newest);
		if (state.versions.length === 0 && state.waiting.length === 0) this.#keys.delete(key);
	}

	snapshot(): unknown {
		return { keys: this.#keys, timers: this.#timers.snapshot(), watermark: this.#watermark };
	}

	restore(saved: unknown): void {
		const { keys, timers, watermark } = saved as { keys: Map<Key, KeyState>; timers: unknown; watermark: number };
		this.#keys = keys;
		this.#timers.restore(timers);
		this.#watermark = watermark;
	}
}

/** A later arrival replaces the version of the same time. */
function setVersion(versions: Version[], version: Version): void {
	const at = versions.findLastIndex(({ time }) => time <= version.time);
	if (versions[at]?.time === version.time) versions[at] = version;
	else versions.splice(at + 1, 0, version);
}

export class ProcessingTimeTemporalJoin extends StatefulOperator<Map<Key, Row>> {
	readonly #left: boolean;
	readonly #rows: JoinRows;

	constructor(spec: TemporalJoinSpec, inputs: readonly Schema[], context: OperatorContext) {
		super(new Map());
		this.#left = spec.type === "left";
		this.#rows = new JoinRows({ ...spec, nullSafe: [] }, inputs[0]!, inputs[1]!, context);
	}

	process(row: Row, kind: RowKind, input: number, out: RowOutput): void {
		const key = this.#rows.keys[input as 0 | 1](row);
		if (input === 1) {
			if (key === undefined) return;
			if (isAddition(kind)) this.state.set(key, row);
			else this.state.delete(key);
			return;
		}
		const version = key === undefined ? undefined : this.state.get(key);
		const joined = version && this.#rows.join(row, version);
		if (joined !== undefined) out.emit(joined, kind);
		else if (this.#left) out.emit(this.#rows.padRight(row), kind);
	}
}
