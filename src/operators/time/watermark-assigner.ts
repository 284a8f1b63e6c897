// WatermarkAssigner: the watermark is the maximum of an expression over the rows so far. As in Flink it starts at 0 and goes out
// between rows when it has risen by more than the interval, else by a processing-time timer. Since only a row behind the watermark can
// tell when it went out, a batch is cut before such rows and nowhere else.
import type { Batch, Column } from "../../arrow/batch.js";
import { takeBatch } from "../../arrow/take.js";
import { EngineError } from "../../errors.js";
import { compileExpressions } from "../../expr/compile.js";
import type { WatermarkAssignerSpec } from "../../job/specs.js";
import type { Expr } from "../../types/expr.js";
import {
	MAX_WATERMARK,
	type Operator,
	type OperatorContext,
	type OperatorDefinition,
	type Output,
	type StateReader,
	type StateWriter,
} from "../operator.js";

/** The state of assembly/window/watermark.ts: three i64. */
const STATE_BYTES = 24;
const HIGHEST = 0;
const DUE = 1;
const SENT = 2;

/** A row's time is `column` less `delay` ms. */
interface Times {
	columnOf(batch: Batch): Column;
	readonly delay: number;
	dispose(): void;
}

class WatermarkAssigner implements Operator {
	readonly #spec: WatermarkAssignerSpec;
	readonly #context: OperatorContext;
	readonly #times: Times;
	readonly #state: number;
	#timerSet = false;
	#idle = false;
	/** Processing time of the last batch. */
	#lastBatch: number;

	constructor(spec: WatermarkAssignerSpec, context: OperatorContext, times: Times) {
		this.#spec = spec;
		this.#context = context;
		this.#times = times;
		this.#state = context.region.heap.allocateZeroed(STATE_BYTES, context.owner);
		this.#lastBatch = context.now();
		if (!context.functions.batch && spec.idleTimeoutMs > 0) this.#setTimer();
	}

	process(batch: Batch, _input: number, out: Output): void {
		const { region, functions } = this.#context;
		if (functions.batch) {
			out.emit(batch);
			return;
		}
		if (this.#spec.idleTimeoutMs > 0) this.#awake(out);
		const rowtime = batch.columns[this.#spec.rowtime] as Column;
		if (rowtime.validity !== 0) this.#checkNulls(rowtime, batch.length);
		const { data, validity } = this.#times.columnOf(batch);
		const { delay } = this.#times;
		const { intervalMs } = this.#spec;
		for (let from = 0; from < batch.length; ) {
			const state = this.#state;
			const to = region.kernels.watermarkCut(
				rowtime.data,
				data,
				validity,
				delay,
				intervalMs,
				state,
				from,
				batch.length,
			);
			if (to > from) out.emit(to - from === batch.length ? batch : this.#slice(batch, from, to));
			if (this.#read(DUE) > this.#read(SENT)) this.#send(this.#read(DUE), out);
			from = to;
		}
		if (this.#read(HIGHEST) > this.#read(SENT)) this.#setTimer();
	}

	/** Watermarks from before are replaced by those made here, but for the end of the input. */
	advance(watermark: number, out: Output): void {
		if (watermark === MAX_WATERMARK) out.watermark(MAX_WATERMARK);
	}

	onTimer(nowMs: number, out: Output): void {
		const { idleTimeoutMs } = this.#spec;
		this.#timerSet = false;
		const highest = this.#read(HIGHEST);
		if (highest > this.#read(SENT)) {
			this.#write(DUE, highest);
			this.#send(highest, out);
		}
		if (idleTimeoutMs <= 0 || this.#idle) return;
		if (nowMs - this.#lastBatch >= idleTimeoutMs) {
			this.#idle = true;
			out.idle(true);
		} else this.#setTimer();
	}

	snapshot(writer: StateWriter): void {
		writer.value("highest", this.#read(HIGHEST));
		writer.value("sent", this.#read(SENT));
	}

	restore(reader: StateReader): void {
		this.#write(HIGHEST, Number(reader.value("highest") ?? 0));
		for (const word of [DUE, SENT]) this.#write(word, Number(reader.value("sent") ?? 0));
	}

	dispose(): void {
		this.#times.dispose();
		this.#context.region.heap.free(this.#state, STATE_BYTES, this.#context.owner);
	}

	#send(watermark: number, out: Output): void {
		this.#write(SENT, watermark);
		out.watermark(watermark);
	}

	#setTimer(): void {
		if (this.#timerSet) return;
		const { intervalMs, idleTimeoutMs } = this.#spec;
		const delays = [intervalMs, idleTimeoutMs].filter((delay) => delay > 0);
		if (delays.length === 0) return;
		this.#timerSet = true;
		this.#context.registerTimer(this.#context.now() + Math.min(...delays));
	}

	#awake(out: Output): void {
		this.#lastBatch = this.#context.now();
		if (!this.#idle) return;
		this.#idle = false;
		out.idle(false);
		this.#setTimer();
	}

	#slice(batch: Batch, from: number, to: number): Batch {
		const { region } = this.#context;
		const indices = region.arena.allocate((to - from) * 4);
		region.kernels.rowsIota(from, 1, to - from, indices);
		return takeBatch(region, batch, indices, to - from);
	}

	#checkNulls({ validity }: Column, rows: number): void {
		const { u8, kernels } = this.#context.region;
		if (kernels.countBits(validity, rows) === rows) return;
		for (let row = 0; row < rows; row++) {
			if (((u8[validity + (row >>> 3)] as number) & (1 << (row & 7))) !== 0) continue;
			throw new EngineError("NULL_ROWTIME", "The event time of a row is NULL", {
				row,
				remedy: "Filter such rows out before the WATERMARK, or give the column a value",
			});
		}
	}

	#read(word: number): number {
		return Number(this.#context.region.i64[(this.#state >>> 3) + word]);
	}

	#write(word: number, time: number): void {
		this.#context.region.i64[(this.#state >>> 3) + word] = BigInt(time);
	}
}

function timesOf(expr: Expr, { inputs, region, functions, owner, user }: OperatorContext): Times {
	const delayed = delayedColumn(expr);
	if (delayed) return { columnOf: (batch) => batch.columns[delayed.column]!, delay: delayed.delay, dispose: () => {} };
	const compiled = compileExpressions([expr], inputs[0]!, region, functions, { owner, user });
	return { columnOf: (batch) => compiled.evaluate(batch)[0]!, delay: 0, dispose: () => compiled.dispose() };
}

/** `ts` and `ts - INTERVAL …`, which need no evaluation. */
function delayedColumn(expr: Expr): { readonly column: number; readonly delay: number } | undefined {
	if (expr.kind === "column") return { column: expr.index, delay: 0 };
	if (expr.kind !== "call" || (expr.function !== "-" && expr.function !== "+")) return undefined;
	const [left, right] = expr.args;
	if (left?.kind !== "column" || right?.kind !== "literal" || right.type.kind !== "INTERVAL_DAY_TIME") return undefined;
	const delay = Number(right.value);
	return { column: left.index, delay: expr.function === "-" ? delay : -delay };
}

export const watermarkAssigner: OperatorDefinition<"WatermarkAssigner"> = {
	name: "WatermarkAssigner",
	create: (spec, context) => new WatermarkAssigner(spec, context, timesOf(spec.expression, context)),
};
