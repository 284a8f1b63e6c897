// Top-N of rows that are taken back, and of those that top-n.ts has no room or no words for: all rows are kept in order. Streaming sends,
// after each batch, how the first rows of the partitions it touched changed; batch sends all first rows at the end.
import { BATCH_ROWS, type Batch, type Column } from "../../arrow/batch.js";
import type { RankSpec } from "../../job/specs.js";
import { RowKind } from "../../types/row-kind.js";
import { BIGINT, notNull, type Schema } from "../../types/sql-type.js";
import type { Operator, OperatorContext, Output, StateReader, StateWriter } from "../operator.js";
import type { Rows } from "../state/row-store.js";
import { OrderWords } from "./order-words.js";
import { type Placed, RowTree } from "./row-tree.js";

const TABLE = "rows";

export type RetractableTopNPlan = Pick<
	RankSpec,
	| "function"
	| "partition"
	| "order"
	| "from"
	| "to"
	| "outputRank"
	| "inputUpdates"
	| "inputUpsertKey"
	| "updateBefore"
	| "final"
>;

/** Undefined where there are no kernels: order by nested values, a column of limits that is neither BIGINT nor INT. */
export function retractableTopN(plan: RetractableTopNPlan, context: OperatorContext): Operator | undefined {
	const input = context.inputs[0] as Schema;
	const limit = typeof plan.to === "number" ? undefined : input[plan.to.column]?.type;
	if (limit !== undefined && limit.kind !== "BIGINT" && limit.kind !== "INTEGER") return undefined;
	const words = OrderWords.withTexts(plan.order, input);
	return words && new RetractableTopN(plan, words, context);
}

class RetractableTopN implements Operator {
	readonly #plan: RetractableTopNPlan;
	readonly #context: OperatorContext;
	readonly #input: Schema;
	readonly #tree: RowTree;

	constructor(plan: RetractableTopNPlan, words: OrderWords, context: OperatorContext) {
		const { region, owner, inputs } = context;
		const { partition, from, to, final, inputUpdates, function: numbering } = plan;
		this.#plan = plan;
		this.#context = context;
		this.#input = inputs[0] as Schema;
		this.#tree = new RowTree(region, owner, {
			input: this.#input,
			partition,
			words,
			// With a column of limits rows of equal rank are left out only at the end.
			updates: inputUpdates || (numbering !== "ROW_NUMBER" && typeof to !== "number"),
			upsertKey: inputUpdates ? plan.inputUpsertKey : undefined,
			from: final ? 1 : from,
			to,
			numbering,
		});
	}

	process(batch: Batch, _input: number, out: Output): void {
		if (batch.length === 0) return;
		if (this.#plan.final) {
			this.#tree.add(batch);
			return;
		}
		const placed = this.#tree.place(batch);
		this.#emit(placed, out);
		this.#tree.settle(placed);
	}

	finish(_input: number, out: Output): void {
		if (!this.#plan.final) return;
		for (const { rows, ranks, count } of this.#tree.ranked(this.#plan.from)) {
			out.emit({ length: count, columns: this.#columns(rows, ranks, count), kinds: 0 });
		}
	}

	snapshot(writer: StateWriter): void {
		writer.table(TABLE, this.#input, this.#savedBatches(), this.#plan.partition);
	}

	restore(reader: StateReader): void {
		for (const batch of reader.table(TABLE)) {
			if (this.#plan.final) {
				this.#tree.add(batch);
				continue;
			}
			const placed = this.#tree.place(batch);
			// What is among the first was sent before.
			this.#tree.rowChanges(placed);
			this.#tree.settle(placed);
		}
	}

	dispose(): void {
		this.#tree.dispose();
	}

	*#savedBatches(): Generator<Batch> {
		for (const { rows, count } of this.#tree.scan()) {
			yield { length: count, columns: this.#tree.gather(rows, count), kinds: 0 };
		}
	}

	/** A single place, or one that is told, changes its row; else rows come and go. */
	#emit(placed: Placed, out: Output): void {
		const { to, outputRank, updateBefore } = this.#plan;
		if (outputRank || to === 1) {
			const { rows, kinds, ranks, count } = this.#tree.placeChanges(placed, updateBefore);
			for (const [at, n] of parts(count)) this.#send(rows + at * 4, n, kinds + at, ranks + at * 8, out);
			return;
		}
		const [hidden, added] = this.#tree.rowChanges(placed);
		this.#emitRows(hidden, RowKind.DELETE, out);
		this.#emitRows(added, RowKind.INSERT, out);
	}

	#emitRows({ rows, count }: Rows, kind: RowKind, out: Output): void {
		const { arena, kernels } = this.#context.region;
		const kinds = arena.allocate(BATCH_ROWS);
		kernels.fillBytes(kinds, kind, BATCH_ROWS);
		for (const [at, n] of parts(count)) this.#send(rows + at * 4, n, kinds, 0, out);
	}

	#send(rows: number, length: number, kinds: number, ranks: number, out: Output): void {
		const { arena } = this.#context.region;
		const mark = arena.mark();
		out.emit({ length, columns: this.#columns(rows, ranks, length), kinds });
		arena.release(mark);
	}

	#columns(rows: number, ranks: number, n: number): Column[] {
		const columns = this.#tree.gather(rows, n);
		if (!this.#plan.outputRank) return columns;
		return [...columns, { type: notNull(BIGINT), physical: "i64", data: ranks, validity: 0 }];
	}
}

/** Where batches of `count` rows begin, and their lengths. */
function* parts(count: number): Generator<readonly [at: number, length: number]> {
	for (let at = 0; at < count; at += BATCH_ROWS) yield [at, Math.min(BATCH_ROWS, count - at)];
}
