// Top-N within windows: Rank and Deduplicate per window are this with other parameters. The first rows of a window, whose end is one more
// key of the partition, are sent when the watermark closes it. Rows whose window has closed before are late.
import { BATCH_ROWS, type Batch, type Column } from "../../arrow/batch.js";
import { takeBatch } from "../../arrow/take.js";
import type { RankSpec } from "../../job/specs.js";
import { BIGINT, notNull, type Schema } from "../../types/sql-type.js";
import type { Operator, OperatorContext, Output, StateReader, StateWriter } from "../operator.js";
import type { GroupIndex } from "../state/group-index.js";
import type { Rows } from "../state/row-store.js";
import { lastClosedEnd, ZoneClock } from "../window/zone-clock.js";
import { OrderWords } from "./order-words.js";
import { type Ranked, RankedRows } from "./ranked-rows.js";
import { RowTree } from "./row-tree.js";
import { MAX_CAPACITY } from "./top-n.js";

const TABLE = "rows";
const WATERMARK = "watermark";
/** Windows that are sent one after the other; when more close at once, the others come together. */
const SINGLE_WINDOWS = 4;

export interface WindowTopNPlan
	extends Pick<RankSpec, "function" | "partition" | "order" | "from" | "outputRank" | "timeZone"> {
	readonly to: number;
	readonly windowEnd: number;
	/** Of equal rows the latest is first; with `to` 1 only. */
	readonly latest: boolean;
}

/** What both ways to keep rows in order have. */
interface Store {
	/** The end of the window is the first key. */
	readonly partitions: GroupIndex;
	add(batch: Batch): void;
	gather(rows: number, n: number): Column[];
	/** Takes out partitions: gives their rows from rank `from` on. */
	take(partitions: Rows, from: number): Generator<Ranked>;
	/** All rows. */
	scan(from: number): Generator<Rows>;
	dispose(): void;
}

/** Undefined where there are no kernels: order by nested values. */
export function windowTopN(plan: WindowTopNPlan, context: OperatorContext): Operator | undefined {
	const store = storeOf(plan, context);
	return store && new WindowTopN(plan, store, context);
}

function storeOf(plan: WindowTopNPlan, { region, owner, inputs }: OperatorContext): Store | undefined {
	const { from, to, order, latest, function: numbering, windowEnd } = plan;
	const input = inputs[0] as Schema;
	const partition = [windowEnd, ...plan.partition];
	const few = numbering === "ROW_NUMBER" && from <= to && to <= MAX_CAPACITY ? OrderWords.of(order, input) : undefined;
	if (few) return new RankedRows(region, owner, { input, partition, words: few, capacity: to, latest });
	const words = OrderWords.withTexts(order, input);
	const rest = { updates: false, upsertKey: undefined, from: 1 };
	return words && new RowTree(region, owner, { input, partition, words, to, numbering, ...rest });
}

class WindowTopN implements Operator {
	readonly #plan: WindowTopNPlan;
	readonly #store: Store;
	readonly #context: OperatorContext;
	readonly #clock: ZoneClock | undefined;
	#watermark = Number.MIN_SAFE_INTEGER;
	/** The last end of a window that has closed. */
	#closed = Number.MIN_SAFE_INTEGER;
	/** The first end of a window with rows. */
	#first = Number.POSITIVE_INFINITY;

	constructor(plan: WindowTopNPlan, store: Store, context: OperatorContext) {
		this.#plan = plan;
		this.#store = store;
		this.#context = context;
		this.#clock = ZoneClock.of(context.region, plan.timeZone);
	}

	process(batch: Batch): void {
		const { region, metrics } = this.#context;
		const { length: n } = batch;
		const kept = region.arena.allocate(n * 4 + 4);
		const count = region.kernels.timesAfter(this.#endsOf(batch), n, this.#closed, kept);
		metrics.lateRecordsDropped += n - count;
		if (count > 0) this.#add(count === n ? batch : takeBatch(region, batch, kept, count));
	}

	advance(watermark: number, out: Output): void {
		this.#passTo(watermark);
		for (let windows = 1; this.#first <= this.#closed; windows++) {
			this.#close(windows > SINGLE_WINDOWS ? this.#closed : this.#first, out);
		}
	}

	snapshot(writer: StateWriter): void {
		writer.value(WATERMARK, this.#watermark);
		writer.table(TABLE, this.#context.inputs[0] as Schema, this.#savedBatches(), this.#plan.partition);
	}

	restore(reader: StateReader): void {
		this.#passTo(Number(reader.value(WATERMARK) ?? Number.MIN_SAFE_INTEGER));
		for (const batch of reader.table(TABLE)) this.#add(batch);
	}

	dispose(): void {
		this.#store.dispose();
	}

	#endsOf({ columns }: Batch): number {
		return columns[this.#plan.windowEnd]!.data;
	}

	#add(batch: Batch): void {
		this.#first = this.#context.region.kernels.timesLeast(this.#endsOf(batch), batch.length, this.#first);
		this.#store.add(batch);
	}

	#passTo(watermark: number): void {
		this.#watermark = watermark;
		this.#closed = lastClosedEnd(watermark, this.#clock);
	}

	/** Sends the rows of windows that end by `limit`. */
	#close(limit: number, out: Output): void {
		const { arena } = this.#context.region;
		const mark = arena.mark();
		const { from, outputRank } = this.#plan;
		for (const { rows, ranks, count } of this.#store.take(this.#over(limit), from)) {
			const columns = this.#store.gather(rows, count);
			if (outputRank) columns.push({ type: notNull(BIGINT), physical: "i64", data: ranks, validity: 0 });
			if (count > 0) out.emit({ length: count, columns, kinds: 0 });
		}
		arena.release(mark);
	}

	/** The partitions of windows that end by `limit`; the first end after it is the first then. */
	#over(limit: number): Rows {
		const { region } = this.#context;
		const { partitions } = this.#store;
		const rows = region.arena.allocate(partitions.size * 4 + 4);
		const first = region.arena.allocate(8);
		region.f64[first >>> 3] = Number.POSITIVE_INFINITY;
		const endAt = partitions.fields[0]!.offset;
		let count = 0;
		for (const some of partitions.scan(BATCH_ROWS)) {
			count += region.kernels.windowsOver(some.rows, some.count, endAt, limit, rows + count * 4, first);
		}
		this.#first = region.f64[first >>> 3]!;
		return { rows, count };
	}

	*#savedBatches(): Generator<Batch> {
		for (const { rows, count } of this.#store.scan(1)) {
			yield { length: count, columns: this.#store.gather(rows, count), kinds: 0 };
		}
	}
}
