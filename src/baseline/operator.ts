// What the baseline's driver knows of an operator: rows pushed in one at a time, rows pushed out, time in band.
import type { RowKind } from "../types/row-kind.js";
import type { Row } from "../types/value.js";

/** The watermark after which no row comes: the end of the input. */
export const MAX_WATERMARK = Number.POSITIVE_INFINITY;
export const MIN_WATERMARK = Number.NEGATIVE_INFINITY;

/** Where an operator's results go. Rows are never changed after they were emitted. */
export interface RowOutput {
	emit(row: Row, kind: RowKind): void;
	/** Only for operators with `ownWatermarks`; the driver forwards the watermarks of all others. */
	watermark(time: number): void;
	/** Whether this output holds back the watermarks of consumers with other inputs. */
	idle(idle: boolean): void;
	/** A row came too late and was dropped. */
	late(): void;
}

/** Calls never overlap. The driver merges the watermarks of several inputs (minimum of those that are not idle). */
export interface RowOperator {
	/** Set: watermarks go on only when the operator emits them. */
	readonly ownWatermarks?: boolean;
	/** Set: rows may come out this much behind the watermark, so the driver forwards it reduced by as much. */
	readonly watermarkDelayMs?: number;
	process(row: Row, kind: RowKind, input: number, out: RowOutput): void;
	/** The watermark of all inputs has risen to `watermark`; the driver forwards it afterwards. */
	advance?(watermark: number, out: RowOutput): void;
	/** Processing time has risen to `now` (ms). */
	tick?(now: number, out: RowOutput): void;
	/** No more rows come on `input`; its last watermark was MAX_WATERMARK. */
	endInput?(input: number, out: RowOutput): void;
	/** All inputs have ended. */
	finish?(out: RowOutput): void;
	/** Results that wait for the outside world; the driver awaits them before it pushes more. */
	pending?(): Promise<void> | undefined;
	/** The state as structured-clonable data, valid until the next call. Emits nothing. */
	snapshot(): unknown;
	/** Called on a fresh operator of the same spec, before any row. */
	restore(state: unknown): void;
}

/** An operator that remembers nothing from row to row. */
export abstract class StatelessOperator implements RowOperator {
	abstract process(row: Row, kind: RowKind, input: number, out: RowOutput): void;
	snapshot(): undefined {}
	restore(): void {}
}

/** An operator whose state is one plain value. */
export abstract class StatefulOperator<State> implements RowOperator {
	protected state: State;
	constructor(initial: State) {
		this.state = initial;
	}
	abstract process(row: Row, kind: RowKind, input: number, out: RowOutput): void;
	snapshot(): State {
		return this.state;
	}
	restore(state: State): void {
		this.state = state;
	}
}
