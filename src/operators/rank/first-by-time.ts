// Deduplicate that keeps the first row of a key by event time: a row goes out when the watermark reaches it, and no other of its key after
// it. A row that an earlier one has overtaken waits on, and is dropped when its time comes. Rows behind the watermark are late.
import { BATCH_ROWS, type Batch, type Column } from "../../arrow/batch.js";
import { takeBatch } from "../../arrow/take.js";
import type { DeduplicateSpec } from "../../job/specs.js";
import type { Schema } from "../../types/sql-type.js";
import type { Operator, OperatorContext, Output, StateReader, StateWriter } from "../operator.js";
import { GroupIndex } from "../state/group-index.js";
import { keyLayout } from "../state/key-layout.js";
import { RowLayout } from "../state/row-layout.js";
import { nullRowtime, unitsPerMs } from "../window/slice-parts.js";
import { DueRows } from "./due-rows.js";

const SENT = "sent";
const WAITING = "waiting";
const WATERMARK = "watermark";

/** Undefined where there are no kernels: times finer than ms. */
export function firstByTime({ keys, order: time }: DeduplicateSpec, context: OperatorContext): Operator | undefined {
	const input = context.inputs[0] as Schema;
	if (time === undefined || unitsPerMs(input[time]!.type) !== 1) return undefined;
	const due = DueRows.of(context.region, context.owner, input, [{ column: time, ascending: true, nullsFirst: true }]);
	return due && new FirstByTime(keys, time, due, context);
}

class FirstByTime implements Operator {
	readonly #key: readonly number[];
	readonly #time: number;
	readonly #due: DueRows;
	readonly #context: OperatorContext;
	readonly #input: Schema;
	readonly #keys: GroupIndex;
	/** Offset of what is kept per key. */
	readonly #at: number;
	#watermark = Number.MIN_SAFE_INTEGER;

	constructor(key: readonly number[], time: number, due: DueRows, context: OperatorContext) {
		const { region, owner, inputs } = context;
		this.#key = key;
		this.#time = time;
		this.#due = due;
		this.#context = context;
		this.#input = inputs[0] as Schema;
		const packed = keyLayout(key.map((column) => this.#input[column]!.type));
		const layout = new RowLayout(packed.bytes);
		this.#at = layout.reserve(8);
		layout.reserve(4);
		this.#keys = new GroupIndex(region, owner, packed, layout.stride);
	}

	process(batch: Batch): void {
		const { region, metrics } = this.#context;
		const { data, validity } = batch.columns[this.#time]!;
		const n = batch.length;
		if (validity !== 0 && region.kernels.countBits(validity, n) < n) throw nullRowtime();
		const kept = region.arena.allocate(n * 4 + 4);
		const count = region.kernels.timesAfter(data, n, this.#watermark - 1, kept);
		metrics.lateRecordsDropped += n - count;
		if (count > 0) this.#wait(count === n ? batch : takeBatch(region, batch, kept, count));
	}

	advance(watermark: number, out: Output): void {
		const { region } = this.#context;
		const { arena, kernels } = region;
		this.#watermark = watermark;
		const { rows, count } = this.#due.take(watermark);
		const first = arena.allocate(count * 4 + 4);
		const total = kernels.firstDue(rows, count, this.#at, first);
		for (let at = 0; at < total; at += BATCH_ROWS) {
			const mark = arena.mark();
			const length = Math.min(BATCH_ROWS, total - at);
			out.emit({ length, columns: this.#due.gather(first + at * 4, length), kinds: 0 });
			arena.release(mark);
		}
		this.#due.rows.remove(rows, count);
	}

	snapshot(writer: StateWriter): void {
		const keys = this.#key.map((column) => this.#input[column]!);
		writer.value(WATERMARK, this.#watermark);
		writer.table(SENT, keys, this.#sentKeys(), [...keys.keys()]);
		writer.table(WAITING, this.#input, this.#due.saved(), this.#key);
	}

	restore(reader: StateReader): void {
		this.#watermark = Number(reader.value(WATERMARK) ?? Number.MIN_SAFE_INTEGER);
		for (const { columns, length } of reader.table(SENT)) {
			this.#context.region.kernels.firstMark(this.#find(columns, length), length, this.#at);
		}
		for (const batch of reader.table(WAITING)) this.#wait(batch);
	}

	dispose(): void {
		this.#keys.dispose();
		this.#due.dispose();
	}

	#wait(batch: Batch): void {
		const { region } = this.#context;
		const { arena, kernels } = region;
		const { columns, length: n } = batch;
		const keys = this.#find(
			this.#key.map((column) => columns[column]!),
			n,
		);
		const [numbers, keyOf] = [arena.allocate(n * 4 + 4), arena.allocate(n * 4 + 4)];
		const count = kernels.firstWait(keys, n, this.#at, columns[this.#time]!.data, numbers, keyOf);
		if (count === 0) return;
		const { rows } = this.#due.add(count === n ? batch : takeBatch(region, batch, numbers, count));
		kernels.rowsWrite4(keyOf, 0, count, rows, 0, 0, 0);
	}

	#find(keys: readonly Column[], n: number): number {
		return this.#keys.find(keys, n).rows;
	}

	*#sentKeys(): Generator<Batch> {
		const { arena, kernels } = this.#context.region;
		for (const { rows, count } of this.#keys.scan(BATCH_ROWS)) {
			const sent = arena.allocate(count * 4 + 4);
			const length = kernels.firstSent(rows, count, this.#at, sent);
			if (length > 0) yield { length, columns: this.#keys.gatherKeys(sent, length), kinds: 0 };
		}
	}
}
