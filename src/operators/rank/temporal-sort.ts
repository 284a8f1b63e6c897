// TemporalSort: rows wait for the watermark and come out in order of time, further keys between rows of one time. Rows whose time has
// been sent are late.
import { BATCH_ROWS, type Batch } from "../../arrow/batch.js";
import { takeBatch } from "../../arrow/take.js";
import type { TemporalSortSpec } from "../../job/specs.js";
import type { Schema } from "../../types/sql-type.js";
import type { Operator, OperatorContext, OperatorDefinition, Output, StateReader, StateWriter } from "../operator.js";
import { nullRowtime, unitsPerMs } from "../window/slice-parts.js";
import { DueRows } from "./due-rows.js";

const TABLE = "rows";
const LAST_TIME = "last time";

class TemporalSort implements Operator {
	readonly #time: number;
	readonly #context: OperatorContext;
	readonly #due: DueRows;
	#lastTime = Number.MIN_SAFE_INTEGER;

	constructor(time: number, due: DueRows, context: OperatorContext) {
		this.#time = time;
		this.#context = context;
		this.#due = due;
	}

	process(batch: Batch): void {
		const { region, metrics } = this.#context;
		const { data, validity } = batch.columns[this.#time]!;
		if (validity !== 0) throw nullRowtime();
		const n = batch.length;
		const kept = region.arena.allocate(n * 4 + 4);
		const count = region.kernels.timesAfter(data, n, this.#lastTime, kept);
		metrics.lateRecordsDropped += n - count;
		if (count > 0) this.#due.add(count === n ? batch : takeBatch(region, batch, kept, count));
	}

	advance(watermark: number, out: Output): void {
		const { region } = this.#context;
		const { rows, count } = this.#due.take(watermark);
		for (let at = 0; at < count; at += BATCH_ROWS) {
			const mark = region.arena.mark();
			const length = Math.min(BATCH_ROWS, count - at);
			const columns = this.#due.gather(rows + at * 4, length);
			const last = columns[this.#time]!.data + (length - 1) * 8;
			this.#lastTime = Number(region.data.getBigInt64(last, true));
			out.emit({ length, columns, kinds: 0 });
			region.arena.release(mark);
		}
		this.#due.rows.remove(rows, count);
	}

	snapshot(writer: StateWriter): void {
		writer.value(LAST_TIME, this.#lastTime);
		writer.table(TABLE, this.#context.inputs[0] as Schema, this.#due.saved());
	}

	restore(reader: StateReader): void {
		this.#lastTime = Number(reader.value(LAST_TIME) ?? Number.MIN_SAFE_INTEGER);
		for (const batch of reader.table(TABLE)) this.#due.add(batch);
	}

	dispose(): void {
		this.#due.dispose();
	}
}

/** None for order by nested values. */
function create({ order }: TemporalSortSpec, context: OperatorContext): Operator | undefined {
	const input = context.inputs[0] as Schema;
	const [time, ...more] = order;
	if (time === undefined || unitsPerMs(input[time.column]!.type) !== 1) return undefined;
	const keys = [{ ...time, ascending: true, nullsFirst: true }, ...more];
	const due = DueRows.of(context.region, context.owner, input, keys);
	return due && new TemporalSort(time.column, due, context);
}

export const temporalSort: OperatorDefinition<"TemporalSort"> = { name: "TemporalSort", create };
