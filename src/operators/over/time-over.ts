// OverAggregate in order of time: frames end at the current row, and what was sent never changes. By event time rows wait for the
// watermark. What is late depends on the frame, as in Flink: an unbounded frame compares with the watermark, a bounded one with the last
// time sent for the partition, a memory that bounded ranges lose when the partition has been idle.
import type { Batch } from "../../arrow/batch.js";
import { takeBatch } from "../../arrow/take.js";
import type { OverAggregateSpec } from "../../job/specs.js";
import { BIGINT, notNull, type Schema } from "../../types/sql-type.js";
import type { Operator, OperatorContext, Output, StateReader, StateWriter } from "../operator.js";
import { DueRows } from "../rank/due-rows.js";
import { TimeHeap } from "../state/time-heap.js";
import { nullRowtime, unitsPerMs } from "../window/slice-parts.js";
import { hasTimeFrames, TimeFrames } from "./time-frames.js";

const WAITING = "waiting";
const PARTITIONS = "partitions";
const HELD = "held";
const TIMERS = "timers";
const WATERMARK = "watermark";

/** Undefined where there are no kernels. */
export function timeOver(spec: OverAggregateSpec, context: OperatorContext): Operator | undefined {
	const input = context.inputs[0] as Schema;
	const [time] = spec.order;
	if (time === undefined || !hasTimeFrames(spec)) return undefined;
	if (spec.time === "rowtime" ? unitsPerMs(input[time.column]!.type) !== 1 : hasBoundedRange(spec)) return undefined;
	const due = DueRows.of(context.region, context.owner, input, [{ ...time, ascending: true, nullsFirst: true }]);
	return due && new TimeOver(spec, due, context);
}

/** By processing time that would be of the clock, which rows do not hold. */
const hasBoundedRange = ({ groups }: OverAggregateSpec) =>
	groups.some(({ frame: { unit, start } }) => unit === "range" && start.kind !== "unboundedPreceding");

class TimeOver implements Operator {
	readonly #context: OperatorContext;
	readonly #spec: OverAggregateSpec;
	readonly #input: Schema;
	readonly #time: number;
	readonly #due: DueRows;
	readonly #frames: TimeFrames;
	readonly #timers: TimeHeap;
	#watermark = Number.NEGATIVE_INFINITY;

	constructor(spec: OverAggregateSpec, due: DueRows, context: OperatorContext) {
		this.#context = context;
		this.#spec = spec;
		this.#input = context.inputs[0] as Schema;
		this.#time = spec.order[0]!.column;
		this.#due = due;
		this.#frames = new TimeFrames(spec, due, context);
		this.#timers = new TimeHeap(context.region, context.owner);
	}

	process(batch: Batch, _input: number, out: Output): void {
		if (batch.length === 0) return;
		if (this.#spec.time === "proctime") this.#processNow(batch, out);
		else this.#wait(batch);
	}

	advance(watermark: number, out: Output): void {
		if (this.#spec.time !== "rowtime") return;
		this.#watermark = watermark;
		const due = this.#due.take(watermark);
		if (due.count > 0) this.#frames.enter(due, true, (batch) => out.emit(batch));
		this.#frames.forget(this.#timers.header, watermark);
	}

	snapshot(writer: StateWriter): void {
		const { partition } = this.#spec;
		const own = [...partition.keys()];
		writer.value(WATERMARK, this.#watermark);
		writer.table(WAITING, this.#input, this.#due.saved(), partition);
		writer.table(PARTITIONS, this.#frames.savedSchema, this.#frames.saved(), own);
		this.#frames.saveSets(writer, PARTITIONS);
		writer.table(HELD, this.#input, this.#frames.held(), partition);
		writer.table(TIMERS, this.#timerSchema(), this.#savedTimers(), own);
	}

	restore(reader: StateReader): void {
		const { region } = this.#context;
		const watermark = reader.value(WATERMARK);
		this.#watermark = typeof watermark === "number" ? watermark : Number.NEGATIVE_INFINITY;
		for (const batch of reader.table(PARTITIONS)) this.#frames.load(batch);
		this.#frames.loadSets(reader, PARTITIONS);
		// By event time they are in order of time, by processing time in that of arrival.
		for (const batch of reader.table(HELD)) this.#due.add(batch);
		const mark = region.arena.mark();
		const held = this.#due.takeAll();
		this.#frames.hold(held.rows, held.count);
		region.arena.release(mark);
		for (const batch of reader.table(WAITING)) this.#due.add(batch);
		for (const { columns, length } of reader.table(TIMERS)) {
			const partitions = this.#frames.findKeys(columns.slice(0, -1), length);
			this.#timers.reserve(length);
			region.kernels.overArm(this.#timers.header, columns.at(-1)!.data, partitions, length);
		}
	}

	dispose(): void {
		this.#frames.dispose();
		this.#due.dispose();
		this.#timers.dispose();
	}

	#processNow(batch: Batch, out: Output): void {
		this.#frames.enter(this.#due.keep(batch), false, (results) => out.emit(results));
	}

	#wait(batch: Batch): void {
		const { region, metrics } = this.#context;
		const { arena, kernels } = region;
		const { data, validity } = batch.columns[this.#time]!;
		if (validity !== 0) throw nullRowtime();
		const n = batch.length;
		const { range, isBounded, at } = this.#frames;
		this.#timers.reserve(n);
		const kept = arena.allocate(n * 4 + 4);
		const { header } = this.#timers;
		const partitions = this.#frames.find(batch);
		const count = kernels.overAccept(partitions, n, at, data, this.#watermark, isBounded, range, header, kept);
		metrics.lateRecordsDropped += n - count;
		if (count > 0) this.#due.add(count === n ? batch : takeBatch(region, batch, kept, count));
	}

	#timerSchema(): Schema {
		const types = [...this.#frames.keyTypes, notNull(BIGINT)];
		return types.map((type, i) => ({ name: `f${i}`, type }));
	}

	*#savedTimers(): Generator<Batch> {
		const { region } = this.#context;
		const length = this.#timers.size;
		if (length === 0) return;
		const [data, partitions] = [region.arena.allocate(length * 8), region.arena.allocate(length * 4)];
		region.kernels.overTimers(this.#timers.header, data, partitions);
		const times = { type: notNull(BIGINT), physical: "i64", data, validity: 0 } as const;
		yield { length, columns: [...this.#frames.keysOf(partitions, length), times], kinds: 0 };
	}
}
