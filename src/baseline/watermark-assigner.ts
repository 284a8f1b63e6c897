// WatermarkAssigner: the watermark is the maximum of an expression over the rows so far. As in Flink it starts at 0, goes out between
// rows when it has risen by more than the interval, else by a processing-time timer; in batch there is none before the end.
import { EngineError } from "../errors.js";
import type { WatermarkAssignerSpec } from "../job/specs.js";
import type { RowKind } from "../types/row-kind.js";
import type { Row } from "../types/value.js";
import type { OperatorContext, RowFunction } from "./context.js";
import { MAX_WATERMARK, type RowOutput, StatefulOperator } from "./operator.js";

interface AssignerState {
	current: number;
	emitted: number;
	/** Processing time of the last row, and of the last periodic emission. */
	lastRow: number;
	lastEmission: number;
	idle: boolean;
}

export class WatermarkAssigner extends StatefulOperator<AssignerState> {
	readonly ownWatermarks = true;
	readonly #spec: WatermarkAssignerSpec;
	readonly #expression: RowFunction;
	readonly #batch: boolean;

	constructor(spec: WatermarkAssignerSpec, context: OperatorContext) {
		const now = context.now();
		super({ current: 0, emitted: 0, lastRow: now, lastEmission: now, idle: false });
		this.#spec = spec;
		this.#expression = context.compile(spec.expression);
		this.#batch = context.functions.batch;
		this.#now = () => context.now();
	}

	readonly #now: () => number;

	process(row: Row, kind: RowKind, _input: number, out: RowOutput): void {
		if (this.#batch) {
			out.emit(row, kind);
			return;
		}
		const { state } = this;
		if (row[this.#spec.rowtime] === null) throw nullRowtime();
		if (this.#spec.idleTimeoutMs > 0) this.#awake(out);
		const time = this.#expression(row);
		out.emit(row, kind);
		if (time === null) return;
		state.current = Math.max(state.current, Number(time));
		if (state.current - state.emitted > this.#spec.intervalMs) this.#emit(out);
	}

	#awake(out: RowOutput): void {
		this.state.lastRow = this.#now();
		if (this.state.idle) {
			this.state.idle = false;
			out.idle(false);
		}
	}

	#emit(out: RowOutput): void {
		this.state.emitted = this.state.current;
		out.watermark(this.state.current);
	}

	tick(now: number, out: RowOutput): void {
		const { state } = this;
		const { intervalMs, idleTimeoutMs } = this.#spec;
		if (this.#batch) return;
		if (intervalMs > 0 && now - state.lastEmission >= intervalMs) {
			state.lastEmission = now;
			if (state.current > state.emitted) this.#emit(out);
		}
		if (idleTimeoutMs > 0 && !state.idle && now - state.lastRow >= idleTimeoutMs) {
			state.idle = true;
			out.idle(true);
		}
	}

	/** Watermarks from before are replaced by those made here, but for the end of the input. */
	advance(watermark: number, out: RowOutput): void {
		if (watermark === MAX_WATERMARK) out.watermark(MAX_WATERMARK);
	}
}

export function nullRowtime(): EngineError {
	return new EngineError("NULL_ROWTIME", "The event time of a row is NULL", {
		remedy: "Filter such rows out before the WATERMARK, or give the column a value",
	});
}
