// Runs an operator of the row-at-a-time baseline inside a dataflow of batches: the way of operators that have no kernels yet.
// docs/operators.md lists which these are. Correct, but each row becomes JavaScript values and back.

import { BATCH_ROWS, type Batch } from "../arrow/batch.js";
import { batchKinds, batchToRows, rowsToBatch } from "../arrow/rows.js";
import { MAX_WATERMARK as ROW_MAX_WATERMARK, type RowOperator, type RowOutput } from "../baseline/operator.js";
import {
	MAX_WATERMARK,
	type Operator,
	type OperatorContext,
	type Output,
	type StateReader,
	type StateWriter,
} from "../operators/operator.js";
import { RowKind } from "../types/row-kind.js";
import type { Row } from "../types/value.js";

/** How often operators with processing-time work are called. */
const TICK_MS = 20;

export class RowBridge implements Operator {
	readonly watermarkDelayMs: number;
	readonly ownWatermarks: boolean;
	readonly #operator: RowOperator;
	readonly #context: OperatorContext;
	readonly #collected: CollectingOutput;
	#openInputs: number;

	constructor(operator: RowOperator, context: OperatorContext) {
		this.#operator = operator;
		this.#context = context;
		this.watermarkDelayMs = operator.watermarkDelayMs ?? 0;
		this.ownWatermarks = operator.ownWatermarks ?? false;
		this.#openInputs = context.inputs.length;
		this.#collected = new CollectingOutput(context);
		this.#scheduleTick();
	}

	process(batch: Batch, input: number, out: Output): void {
		const { region } = this.#context;
		const rows = batchToRows(region, batch);
		const kinds = batch.kinds ? batchKinds(region, batch) : undefined;
		this.#collect(out, (rowOut) => {
			for (let i = 0; i < rows.length; i++) {
				this.#operator.process(rows[i]!, kinds?.[i] ?? RowKind.INSERT, input, rowOut);
			}
		});
	}

	advance(watermark: number, out: Output): void {
		const time = watermark === MAX_WATERMARK ? ROW_MAX_WATERMARK : watermark;
		this.#collect(out, (rowOut) => this.#operator.advance?.(time, rowOut));
	}

	finish(input: number, out: Output): void {
		this.#collect(out, (rowOut) => {
			this.#operator.endInput?.(input, rowOut);
			if (--this.#openInputs === 0) this.#operator.finish?.(rowOut);
		});
	}

	onTimer(nowMs: number, out: Output): void {
		this.#collect(out, (rowOut) => this.#operator.tick?.(nowMs, rowOut));
		this.#scheduleTick();
	}

	snapshot(writer: StateWriter): void {
		writer.value("state", this.#operator.snapshot());
	}

	restore(reader: StateReader): void {
		this.#operator.restore(reader.value("state"));
	}

	dispose(): void {}

	#scheduleTick(): void {
		if (this.#operator.tick) this.#context.registerTimer(this.#context.now() + TICK_MS);
	}

	#collect(out: Output, work: (rowOut: RowOutput) => void): void {
		this.#collected.target = out;
		work(this.#collected);
		this.#collected.flush();
	}
}

/** Gathers rows into batches; a watermark goes out after the rows that came before it. */
class CollectingOutput implements RowOutput {
	target: Output | undefined;
	readonly #context: OperatorContext;
	#rows: Row[] = [];
	#kinds: RowKind[] = [];
	#insertOnly = true;

	constructor(context: OperatorContext) {
		this.#context = context;
	}

	emit(row: Row, kind: RowKind): void {
		this.#rows.push(row);
		this.#kinds.push(kind);
		if (kind !== RowKind.INSERT) this.#insertOnly = false;
		if (this.#rows.length >= BATCH_ROWS) this.flush();
	}

	watermark(time: number): void {
		this.flush();
		this.target!.watermark(time === ROW_MAX_WATERMARK ? MAX_WATERMARK : time);
	}

	idle(idle: boolean): void {
		this.flush();
		this.target!.idle(idle);
	}

	late(): void {
		this.#context.metrics.lateRecordsDropped++;
	}

	flush(): void {
		if (this.#rows.length === 0) return;
		const { region, vertex } = this.#context;
		const mark = region.arena.mark();
		const batch = rowsToBatch(region, vertex.schema, this.#rows, this.#insertOnly ? undefined : this.#kinds);
		this.#rows = [];
		this.#kinds = [];
		this.#insertOnly = true;
		this.target!.emit(batch);
		region.arena.release(mark);
	}
}
