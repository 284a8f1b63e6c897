// WindowTableFunction: appends window_start, window_end, window_time. Rows pass whatever their lateness, but for sessions, whose rows
// wait until their session closes.
import type { WindowTableFunctionSpec } from "../job/specs.js";
import type { RowKind } from "../types/row-kind.js";
import type { Schema } from "../types/sql-type.js";
import type { Row } from "../types/value.js";
import type { OperatorContext } from "./context.js";
import { type KeyOf, keyOf } from "./keys.js";
import { MIN_WATERMARK, type RowOperator, type RowOutput, StatelessOperator } from "./operator.js";
import { Sessions } from "./sessions.js";
import { rowsOf } from "./slice-order.js";
import { WindowAssigner } from "./windows.js";

const PROPERTIES = ["start", "end", "time"] as const;

export class WindowTableFunction extends StatelessOperator {
	readonly #windows: WindowAssigner;

	constructor(spec: WindowTableFunctionSpec, input: Schema, context: OperatorContext) {
		super();
		this.#windows = new WindowAssigner(spec.window, input, context);
	}

	process(row: Row, kind: RowKind, _input: number, out: RowOutput): void {
		for (const window of this.#windows.windowsOf(row)) {
			out.emit([...row, ...this.#windows.properties(window, PROPERTIES)], kind);
		}
	}
}

export class SessionTableFunction implements RowOperator {
	readonly #windows: WindowAssigner;
	readonly #eventTime: boolean;
	readonly #key: KeyOf;
	readonly #sessions: Sessions;
	#watermark = MIN_WATERMARK;

	constructor(spec: WindowTableFunctionSpec, input: Schema, context: OperatorContext) {
		const { window } = spec;
		if (window.kind !== "session") throw new TypeError("not a session window");
		this.#windows = new WindowAssigner(window, input, context);
		this.#eventTime = window.eventTime;
		this.#key = keyOf(window.partition, input);
		this.#sessions = new Sessions(window.gap, this.#windows.zone);
	}

	process(row: Row, kind: RowKind, _input: number, out: RowOutput): void {
		const time = this.#windows.timeOf(row);
		if (time === undefined) return;
		if (!this.#sessions.add(this.#key(row), time, row, kind, this.#watermark)) out.late();
	}

	advance(watermark: number, out: RowOutput): void {
		if (this.#eventTime) this.#close(watermark, out);
	}

	tick(now: number, out: RowOutput): void {
		if (!this.#eventTime) this.#close(now, out);
	}

	#close(time: number, out: RowOutput): void {
		this.#watermark = time;
		for (const [, session] of this.#sessions.closed(time)) {
			const properties = this.#windows.properties(session, PROPERTIES);
			for (const [row, kind] of rowsOf(session.rows)) out.emit([...row, ...properties], kind);
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
