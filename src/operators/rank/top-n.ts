// Top-N of rows that are only added: Rank, Deduplicate and ORDER BY … LIMIT are this with other parameters. Streaming sends, after each
// batch, how the first rows of the partitions it touched changed; batch sends all first rows at the end.
import { BATCH_ROWS, type Batch, type Column } from "../../arrow/batch.js";
import type { SortKey } from "../../job/specs.js";
import { BIGINT, notNull, type Schema } from "../../types/sql-type.js";
import type { Operator, OperatorContext, Output, StateReader, StateWriter } from "../operator.js";
import { OrderWords } from "./order-words.js";
import { type Placed, RankedRows } from "./ranked-rows.js";

/** The state of a partition has room for so many rows from the start. */
export const MAX_CAPACITY = 1024;
const TABLE = "rows";

export interface TopNPlan {
	readonly partition: readonly number[];
	readonly order: readonly SortKey[];
	/** Ranks sent: 1-based, inclusive. */
	readonly from: number;
	readonly to: number;
	/** Of equal rows the latest is first; with `to` 1 only. */
	readonly latest: boolean;
	readonly outputRank: boolean;
	readonly updateBefore: boolean;
	readonly final: boolean;
}

/** Undefined where there are no kernels: order by strings, many rows per partition. */
export function topN(plan: TopNPlan, context: OperatorContext): Operator | undefined {
	const { from, to, order } = plan;
	if (from < 1 || to < from || to > MAX_CAPACITY) return undefined;
	const words = OrderWords.of(order, context.inputs[0] as Schema);
	return words && new TopN(plan, words, context);
}

class TopN implements Operator {
	readonly #plan: TopNPlan;
	readonly #context: OperatorContext;
	readonly #input: Schema;
	readonly #ranked: RankedRows;

	constructor(plan: TopNPlan, words: OrderWords, context: OperatorContext) {
		const { region, owner, inputs } = context;
		const { partition, to, latest } = plan;
		this.#plan = plan;
		this.#context = context;
		this.#input = inputs[0] as Schema;
		this.#ranked = new RankedRows(region, owner, { input: this.#input, partition, words, capacity: to, latest });
	}

	process(batch: Batch, _input: number, out: Output): void {
		if (batch.length === 0) return;
		const placed = this.#ranked.place(batch);
		if (!this.#plan.final) this.#emitChanges(placed, out);
		this.#ranked.settle(placed);
	}

	finish(_input: number, out: Output): void {
		if (!this.#plan.final) return;
		for (const { rows, ranks, count } of this.#ranked.scan(this.#plan.from)) {
			out.emit({ length: count, columns: this.#columns(rows, ranks, count), kinds: 0 });
		}
	}

	snapshot(writer: StateWriter): void {
		writer.table(TABLE, this.#input, this.#savedBatches(), this.#plan.partition);
	}

	restore(reader: StateReader): void {
		for (const batch of reader.table(TABLE)) this.#ranked.add(batch);
	}

	dispose(): void {
		this.#ranked.dispose();
	}

	*#savedBatches(): Generator<Batch> {
		for (const { rows, count } of this.#ranked.scan(1)) {
			yield { length: count, columns: this.#ranked.gather(rows, count), kinds: 0 };
		}
	}

	#emitChanges({ partitions, before, count }: Placed, out: Output): void {
		const { arena } = this.#context.region;
		const { to } = this.#plan;
		const step = Math.max(1, Math.floor(BATCH_ROWS / to));
		for (let at = 0; at < count; at += step) {
			const mark = arena.mark();
			this.#emitSome(partitions + at * 4, before + at * (to + 1) * 4, Math.min(step, count - at), out);
			arena.release(mark);
		}
	}

	#emitSome(partitions: number, before: number, n: number, out: Output): void {
		const { arena, kernels } = this.#context.region;
		const { from, to, outputRank, updateBefore } = this.#plan;
		const most = n * to * 2 + 1;
		const rows = arena.allocate(most * 4);
		const kinds = arena.allocate(most);
		const ranks = arena.allocate(most * 8);
		const { list } = this.#ranked;
		const first = from - 1;
		// The only row of a partition is replaced as a ranked one is; others come and go.
		const count =
			outputRank || to === 1
				? kernels.topPlaceChanges(partitions, before, n, to, list, first, updateBefore, rows, kinds, ranks)
				: kernels.topRowChanges(partitions, before, n, to, list, first, rows, kinds);
		if (count > 0) out.emit({ length: count, columns: this.#columns(rows, ranks, count), kinds });
	}

	#columns(rows: number, ranks: number, n: number): Column[] {
		const columns = this.#ranked.gather(rows, n);
		if (!this.#plan.outputRank) return columns;
		return [...columns, { type: notNull(BIGINT), physical: "i64", data: ranks, validity: 0 }];
	}
}
