// IntervalJoin: rows of both sides within a bound of each other's time. A row is kept as long as the other side may still bring a partner,
// which follows Flink's timers: each side of a key has at most one, set by the first row kept. An outer row without a partner is padded
// when it goes. Times are ms.
import { BATCH_ROWS, type Batch, type Column } from "../../arrow/batch.js";
import { takeBatch, takeColumn } from "../../arrow/take.js";
import type { IntervalJoinSpec } from "../../job/specs.js";
import type { Schema } from "../../types/sql-type.js";
import {
	MAX_WATERMARK,
	type Operator,
	type OperatorContext,
	type OperatorDefinition,
	type Output,
	type StateReader,
	type StateWriter,
} from "../operator.js";
import type { Rows } from "../state/row-store.js";
import { nullRowtime, unitsPerMs } from "../window/slice-parts.js";
import { IntervalSide } from "./interval-side.js";
import { JoinKeys } from "./join-keys.js";
import { nullColumn } from "./kept-rows.js";
import { type Pairs, slicePairs } from "./pairs.js";
import { Residual } from "./residual.js";

/** Candidate pairs looked at together. */
const SPAN_PAIRS = 16_384;
const NAMES = ["left", "right"] as const;
/** How often rows are looked through whose time is the clock's. */
const TICK_MS = 20;

type Side = 0 | 1;

class IntervalJoin implements Operator {
	readonly watermarkDelayMs: number;
	readonly #spec: IntervalJoinSpec;
	readonly #context: OperatorContext;
	readonly #keys: JoinKeys;
	readonly #sides: readonly [IntervalSide, IntervalSide];
	/** Whether rows of a side come out without a match. */
	readonly #padded: readonly [boolean, boolean];
	readonly #filters: boolean;
	readonly #residual: Residual | undefined;
	#watermark = Number.NEGATIVE_INFINITY;

	constructor(spec: IntervalJoinSpec, context: OperatorContext) {
		this.#spec = spec;
		this.#context = context;
		const { type, lowerMs, upperMs, eventTime } = spec;
		const { region, owner, inputs } = context;
		this.watermarkDelayMs = eventTime ? Math.max(-lowerMs, upperMs) : 0;
		this.#filters = type === "semi" || type === "anti";
		this.#padded = [type === "left" || type === "full" || type === "anti", type === "right" || type === "full"];
		this.#residual = spec.condition && new Residual(spec.condition, context);
		this.#keys = new JoinKeys(region, spec, inputs);
		const side = (input: Side, reach: number) =>
			new IntervalSide(region, owner, inputs[input] as Schema, this.#keys, reach);
		this.#sides = [side(0, -lowerMs), side(1, upperMs)];
		if (!eventTime) context.registerTimer(context.now() + TICK_MS);
	}

	process(batch: Batch, input: number, out: Output): void {
		const n = batch.length;
		if (n === 0) return;
		const { arena, kernels } = this.#context.region;
		const side = input as Side;
		const { eventTime, leftTime, rightTime } = this.#spec;
		if (eventTime && batch.columns[side === 0 ? leftTime : rightTime]!.validity !== 0) throw nullRowtime();
		const [own, other] = [this.#sides[side], this.#sides[1 - side] as IntervalSide];
		const now = this.#spec.eventTime ? this.#watermark : this.#context.now();
		const times = this.#timesOf(batch, side, now);
		const keys = this.#keys.columnsOf(batch.columns, side);
		const valid = this.#keys.validOf(keys, n);
		const lists = other.lookup(keys, n);
		const fresh = expiration(now, other.reach);
		other.expired = kernels.intervalReady(times, n, own.reach, other.expired, fresh, valid, lists);
		const matched = arena.allocate(n * 4);
		kernels.fillBytes(matched, 0, n * 4);
		for (let from = 0; from < n; ) {
			const mark = arena.mark();
			const to = other.span(lists, from, n, SPAN_PAIRS);
			const { pairs, dropped } = other.meet(lists, times, from, to, own.reach);
			this.#join(batch, side, from, to, matched, pairs, out);
			this.#drop((1 - side) as Side, dropped, out);
			arena.release(mark);
			from = to;
		}
		this.#keep(batch, side, { times, valid, matched, now }, out);
	}

	advance(watermark: number, out: Output): void {
		const time = watermark >= MAX_WATERMARK ? Number.POSITIVE_INFINITY : watermark;
		if (!this.#spec.eventTime && time !== Number.POSITIVE_INFINITY) return;
		this.#watermark = time;
		this.#fire(time, out);
	}

	onTimer(nowMs: number, out: Output): void {
		this.#fire(nowMs, out);
		this.#context.registerTimer(this.#context.now() + TICK_MS);
	}

	snapshot(writer: StateWriter): void {
		writer.value("watermark", this.#watermark);
		for (const side of [0, 1] as const) {
			const kept = this.#sides[side];
			const columns = this.#keys.columns[side];
			const schema = [...(this.#context.inputs[side] as Schema), ...kept.tail];
			writer.value(`${NAMES[side]} expired`, kept.expired);
			writer.table(`${NAMES[side]} keys`, kept.keySchema, kept.savedKeys(), [...columns.keys()]);
			writer.table(NAMES[side], schema, kept.savedRows(), columns);
		}
	}

	restore(reader: StateReader): void {
		this.#watermark = finite(reader.value("watermark"));
		for (const side of [0, 1] as const) {
			const kept = this.#sides[side];
			kept.expired = finite(reader.value(`${NAMES[side]} expired`));
			for (const batch of reader.table(`${NAMES[side]} keys`)) kept.loadKeys(batch);
			for (const batch of reader.table(NAMES[side])) {
				kept.loadRows(batch, this.#keys.columnsOf(batch.columns, side));
			}
		}
	}

	dispose(): void {
		this.#residual?.dispose();
		for (const side of this.#sides) side.dispose();
	}

	#timesOf(batch: Batch, side: Side, now: number): number {
		const { eventTime, leftTime, rightTime } = this.#spec;
		if (eventTime) return batch.columns[side === 0 ? leftTime : rightTime]!.data;
		const times = this.#context.region.arena.allocate(batch.length * 8);
		this.#context.region.kernels.sliceFill(times, batch.length, now);
		return times;
	}

	/** Sends what the candidates of rows `from` … `to` mean and counts their matches in `matched`. */
	#join(batch: Batch, side: Side, from: number, to: number, matched: number, candidates: Pairs, out: Output): void {
		const other = this.#sides[1 - side] as IntervalSide;
		const pairs = this.#residual?.filter(batch, side, candidates, other) ?? candidates;
		const { kernels } = this.#context.region;
		kernels.matchCount(pairs.indices, pairs.rows, pairs.count, 0, matched);
		const turned = other.mark(pairs.rows, pairs.count);
		if (!this.#filters) this.#emitPairs(batch, side, pairs, out);
		else if (this.#spec.type === "semi") {
			if (side === 0) this.#emitMatching(batch, from, to, matched, out);
			else this.#emitAlone(0, turned, out);
		}
	}

	/** Rows of a side that have left it. */
	#drop(side: Side, rows: Rows, out: Output): void {
		if (rows.count === 0) return;
		if (this.#padded[side]) this.#emitAlone(side, this.#sides[side].unmatched(rows), out);
		this.#sides[side].free(rows);
	}

	/** Keeps the rows that the other side can still meet; the others go. */
	#keep(batch: Batch, side: Side, { times, valid, matched, now }: Arrived, out: Output): void {
		const { region } = this.#context;
		const { arena, kernels } = region;
		const own = this.#sides[side];
		const n = batch.length;
		const kept = arena.allocate(n * 4);
		const count = now === Number.POSITIVE_INFINITY ? 0 : kernels.timesAfter(times, n, now - own.reach, kept);
		if (this.#padded[side] && count < n) this.#emitGone(batch, side, times, now - own.reach, matched, out);
		const wanted = this.#padded[side] || valid === 0 ? count : kernels.intervalValid(kept, count, valid, kept);
		if (wanted === n) {
			own.keep(batch, this.#keys.columnsOf(batch.columns, side), times, matched);
			return;
		}
		const rows = takeBatch(region, batch, kept, wanted);
		const [keptTimes, keptMatched] = [arena.allocate(wanted * 8), arena.allocate(wanted * 4)];
		kernels.take8(times, kept, wanted, keptTimes);
		kernels.take4(matched, kept, wanted, keptMatched);
		own.keep(rows, this.#keys.columnsOf(rows.columns, side), keptTimes, keptMatched);
	}

	/** Rows that nobody can meet any more and nobody has met. */
	#emitGone(batch: Batch, side: Side, times: number, limit: number, matched: number, out: Output): void {
		const { region } = this.#context;
		const rows = region.arena.allocate(batch.length * 4);
		const count = region.kernels.intervalGone(times, batch.length, limit, matched, rows);
		if (count === 0) return;
		const { columns } = takeBatch(region, batch, rows, count);
		out.emit({ length: count, columns: this.#padding(side, columns, count), kinds: 0 });
	}

	#emitMatching(batch: Batch, from: number, to: number, matched: number, out: Output): void {
		const { region } = this.#context;
		const rows = region.arena.allocate((to - from) * 4);
		const count = region.kernels.matchSelect(matched, from, to, true, rows);
		if (count > 0) out.emit({ ...takeBatch(region, batch, rows, count), kinds: 0 });
	}

	#emitPairs(batch: Batch, side: Side, pairs: Pairs, out: Output): void {
		const { region } = this.#context;
		for (let from = 0; from < pairs.count; from += BATCH_ROWS) {
			const mark = region.arena.mark();
			const { indices, rows, count } = slicePairs(pairs, from, BATCH_ROWS);
			const ours = batch.columns.map((column) => takeColumn(region, column, indices, count));
			const theirs = this.#read((1 - side) as Side, rows, count);
			out.emit({ length: count, columns: side === 0 ? [...ours, ...theirs] : [...theirs, ...ours], kinds: 0 });
			region.arena.release(mark);
		}
	}

	/** Kept rows, padded unless the join filters. */
	#emitAlone(side: Side, { rows, count }: Rows, out: Output): void {
		const { arena } = this.#context.region;
		for (let from = 0; from < count; from += BATCH_ROWS) {
			const mark = arena.mark();
			const n = Math.min(BATCH_ROWS, count - from);
			const columns = this.#padding(side, this.#read(side, rows + from * 4, n), n);
			out.emit({ length: n, columns, kinds: 0 });
			arena.release(mark);
		}
	}

	#padding(side: Side, columns: readonly Column[], n: number): readonly Column[] {
		if (this.#filters) return columns;
		const { region, inputs } = this.#context;
		const missing = (inputs[1 - side] as Schema).map(({ type }) => nullColumn(region, type, n));
		return side === 0 ? [...columns, ...missing] : [...missing, ...columns];
	}

	#read(side: Side, rows: number, n: number): Column[] {
		return (this.#context.inputs[side] as Schema).map((_, column) => this.#sides[side].read(column, rows, n));
	}

	#fire(time: number, out: Output): void {
		for (const side of [0, 1] as const) {
			const kept = this.#sides[side];
			for (const rows of kept.expire(time, expiration(time, kept.reach))) this.#drop(side, rows, out);
		}
	}
}

/** What is known of the rows of a batch that has met the other side. */
interface Arrived {
	readonly times: number;
	readonly valid: number;
	readonly matched: number;
	readonly now: number;
}

/** The last time of a side's rows that no row of the other side can reach any more. */
const expiration = (now: number, reach: number) => now - reach - 1;

const finite = (value: unknown): number => (typeof value === "number" ? value : Number.NEGATIVE_INFINITY);

export const intervalJoin: OperatorDefinition<"IntervalJoin"> = {
	name: "IntervalJoin",
	create: (spec, context) => (isInMilliseconds(spec, context.inputs) ? new IntervalJoin(spec, context) : undefined),
};

function isInMilliseconds(
	{ eventTime, leftTime, rightTime }: IntervalJoinSpec,
	[left, right]: readonly Schema[],
): boolean {
	return !eventTime || [left?.[leftTime], right?.[rightTime]].every((field) => field && unitsPerMs(field.type) === 1);
}
