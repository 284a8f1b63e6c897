// WindowAggregate over tumbling, hopping, cumulating and attached windows: a group per window and key, emitted once when the watermark
// passes the window's end − 1. A row counts in those of its windows that are still open; a row with none is late.
import type { WindowAggregateSpec } from "../job/specs.js";
import { isAddition, RowKind } from "../types/row-kind.js";
import type { Schema } from "../types/sql-type.js";
import type { Row, Value } from "../types/value.js";
import { Aggregates, type Group } from "./aggregates.js";
import type { OperatorContext } from "./context.js";
import { getOrCreate, type Key, type KeyOf, keyOf, pick } from "./keys.js";
import { MIN_WATERMARK, type RowOperator, type RowOutput } from "./operator.js";
import { Sessions } from "./sessions.js";
import { rowsOf, type SlicedRows, SliceOrder } from "./slice-order.js";
import { type TimeWindow, WindowAssigner } from "./windows.js";

interface WindowGroup {
	readonly window: TimeWindow;
	readonly keys: readonly Value[];
	readonly group: Group;
	/** Rows that are aggregated only when the window closes, where their order counts. */
	readonly slices?: SlicedRows | undefined;
	/** Rows added and not taken back. */
	count: number;
}

export class WindowAggregate implements RowOperator {
	readonly #spec: WindowAggregateSpec;
	readonly #windows: WindowAssigner;
	readonly #aggregates: Aggregates;
	readonly #key: KeyOf;
	readonly #sliceOrder: SliceOrder | undefined;
	/** Groups by window end, then key. */
	#open = new Map<number, Map<Key, WindowGroup>>();
	#watermark = MIN_WATERMARK;

	constructor(spec: WindowAggregateSpec, input: Schema, context: OperatorContext) {
		const { window } = spec;
		this.#spec = spec;
		this.#windows = new WindowAssigner(window, input, context);
		this.#aggregates = new Aggregates(spec.calls, input, !spec.inputUpdates, context);
		const hasFired = (end: number) => this.#windows.closingTime({ start: end, end }) <= this.#watermark;
		this.#sliceOrder = SliceOrder.of(window, spec.calls, hasFired);
		// Attached windows of one end may differ in their start; for all others the end decides.
		this.#key = keyOf(window.kind === "attached" ? [...spec.keys, window.start] : spec.keys, input);
	}

	process(row: Row, kind: RowKind, _input: number, out: RowOutput): void {
		const key = this.#key(row);
		let late = true;
		for (const window of this.#windows.windowsOf(row)) {
			if (this.#windows.closingTime(window) <= this.#watermark) continue;
			late = false;
			this.#add(window, key, row, kind);
		}
		if (late) out.late();
	}

	#add(window: TimeWindow, key: Key, row: Row, kind: RowKind): void {
		const groups = getOrCreate(this.#open, window.end, () => new Map<Key, WindowGroup>());
		let state = groups.get(key);
		if (state === undefined) {
			if (!isAddition(kind)) return;
			const slices: SlicedRows | undefined = this.#sliceOrder && new Map();
			state = { window, keys: pick(row, this.#spec.keys), group: this.#aggregates.create(), slices, count: 0 };
			groups.set(key, state);
		}
		if (state.slices === undefined) state.group.change(row, kind);
		else this.#sliceOrder!.add(state.slices, this.#windows.timeOf(row)!, row, kind);
		state.count += isAddition(kind) ? 1 : -1;
	}

	advance(watermark: number, out: RowOutput): void {
		if (this.#spec.window.eventTime && !this.#spec.final) this.#close(watermark, out);
	}

	tick(now: number, out: RowOutput): void {
		if (!this.#spec.window.eventTime && !this.#spec.final) this.#close(now, out);
	}

	finish(out: RowOutput): void {
		if (this.#spec.final) this.#close(Number.POSITIVE_INFINITY, out);
	}

	#close(time: number, out: RowOutput): void {
		this.#watermark = time;
		const due = [...this.#open.keys()].filter((end) => this.#windows.closingTime({ start: end, end }) <= time);
		for (const end of due.sort((left, right) => left - right)) {
			const groups = this.#open.get(end)!;
			this.#open.delete(end);
			for (const { window, keys, group, slices, count } of groups.values()) {
				if (count <= 0) continue;
				if (slices !== undefined) this.#sliceOrder!.addTo(group, slices);
				const properties = this.#windows.properties(window, this.#spec.properties);
				out.emit([...keys, ...group.results(), ...properties], RowKind.INSERT);
			}
		}
	}

	snapshot(): unknown {
		const open = [...this.#open].map(([end, groups]) => [
			end,
			[...groups].map(([key, state]) => [key, { ...state, group: state.group.snapshot() }]),
		]);
		return { open, watermark: this.#watermark };
	}

	restore(saved: unknown): void {
		const { open, watermark } = saved as { open: [number, [Key, WindowGroup][]][]; watermark: number };
		this.#watermark = watermark;
		this.#open = new Map(
			open.map(([end, groups]) => [
				end,
				new Map(groups.map(([key, state]) => [key, { ...state, group: this.#aggregates.restore(state.group) }])),
			]),
		);
	}
}

/** WindowAggregate over session windows. */
export class SessionAggregate implements RowOperator {
	readonly #spec: WindowAggregateSpec;
	readonly #windows: WindowAssigner;
	readonly #aggregates: Aggregates;
	readonly #key: KeyOf;
	readonly #sessions: Sessions;
	#watermark = MIN_WATERMARK;

	constructor(spec: WindowAggregateSpec, input: Schema, context: OperatorContext) {
		const { window } = spec;
		if (window.kind !== "session") throw new TypeError("not a session window");
		this.#spec = spec;
		this.#windows = new WindowAssigner(window, input, context);
		this.#aggregates = new Aggregates(spec.calls, input, !spec.inputUpdates, context);
		this.#key = keyOf(spec.keys, input);
		this.#sessions = new Sessions(window.gap, this.#windows.zone);
	}

	process(row: Row, kind: RowKind, _input: number, out: RowOutput): void {
		const time = this.#windows.timeOf(row);
		if (time === undefined || !this.#sessions.add(this.#key(row), time, row, kind, this.#watermark)) out.late();
	}

	advance(watermark: number, out: RowOutput): void {
		if (this.#spec.window.eventTime && !this.#spec.final) this.#close(watermark, out);
	}

	tick(now: number, out: RowOutput): void {
		if (!this.#spec.window.eventTime && !this.#spec.final) this.#close(now, out);
	}

	finish(out: RowOutput): void {
		if (this.#spec.final) this.#close(Number.POSITIVE_INFINITY, out);
	}

	#close(time: number, out: RowOutput): void {
		this.#watermark = time;
		for (const [, session] of this.#sessions.closed(time)) {
			const group = this.#aggregates.create();
			let count = 0;
			const rows = rowsOf(session.rows);
			for (const [, kind] of rows) count += isAddition(kind) ? 1 : -1;
			if (count <= 0) continue;
			for (const part of session.rows) {
				if ("merged" in part) group.addSlice(part.merged);
				else group.change(...part);
			}
			const keys = pick(rows[0]![0], this.#spec.keys);
			const properties = this.#windows.properties(session, this.#spec.properties);
			out.emit([...keys, ...group.results(), ...properties], RowKind.INSERT);
		}
	}

	snapshot(): unknown {
		return { watermark: this.#watermark, sessions: this.#sessions.snapshot() };
	}

	restore(state: unknown): void {
		const { watermark, sessions } = state as { watermark: number; sessions: unknown };
		this.#watermark = watermark;
		this.#sessions.restore(sessions);
	}
}
