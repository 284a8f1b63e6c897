// The part of a join's condition that its keys do not decide, evaluated on pairs of rows a batch at a time.
import { BATCH_ROWS, type Batch, type Column, emptyBatch } from "../../arrow/batch.js";
import { takeColumn } from "../../arrow/take.js";
import { type CompiledCondition, compileCondition } from "../../expr/compile.js";
import { columnsOf, type Expr } from "../../types/expr.js";
import type { OperatorContext } from "../operator.js";
import type { KeptRows } from "./kept-rows.js";
import { type Pairs, slicePairs } from "./pairs.js";

export class Residual {
	readonly #context: OperatorContext;
	readonly #condition: CompiledCondition;
	/** Columns of the joined row that the condition reads. */
	readonly #columns: readonly number[];
	readonly #leftWidth: number;

	constructor(condition: Expr, context: OperatorContext) {
		const { inputs, region, functions, owner, user } = context;
		this.#context = context;
		this.#condition = compileCondition(condition, inputs.flat(), region, functions, { owner, user });
		this.#columns = columnsOf(condition);
		this.#leftWidth = inputs[0]!.length;
	}

	/** The pairs for which the condition is TRUE; `side` is the input that the batch came on, `kept` the rows of the other. */
	filter(batch: Batch, side: 0 | 1, pairs: Pairs, kept: Pick<KeptRows, "read">): Pairs {
		const { arena, kernels } = this.#context.region;
		const indices = arena.allocate(pairs.count * 4);
		const rows = arena.allocate(pairs.count * 4);
		let count = 0;
		for (let from = 0; from < pairs.count; from += BATCH_ROWS) {
			const mark = arena.mark();
			const part = slicePairs(pairs, from, BATCH_ROWS);
			const selection = this.#condition.select(this.#joined(batch, side, part, kept));
			const at = count * 4;
			if (selection.rowIds === 0) {
				kernels.copyBytes(indices + at, part.indices, selection.rows * 4);
				kernels.copyBytes(rows + at, part.rows, selection.rows * 4);
			} else {
				kernels.take4(part.indices, selection.rowIds, selection.rows, indices + at);
				kernels.take4(part.rows, selection.rowIds, selection.rows, rows + at);
			}
			count += selection.rows;
			arena.release(mark);
		}
		return { indices, rows, count };
	}

	dispose(): void {
		this.#condition.dispose();
	}

	/** Pairs as a batch of joined rows in which only what the condition reads is filled in. */
	#joined(batch: Batch, side: 0 | 1, { indices, rows, count }: Pairs, kept: Pick<KeptRows, "read">): Batch {
		const { region, inputs } = this.#context;
		const columns: Column[] = [...emptyBatch(inputs.flat()).columns];
		const isWhole = count === batch.length && region.kernels.pairsAreRows(indices, count);
		for (const column of this.#columns) {
			const isLeft = column < this.#leftWidth;
			const own = isLeft ? column : column - this.#leftWidth;
			if (isLeft !== (side === 0)) columns[column] = kept.read(own, rows, count, false);
			else if (isWhole) columns[column] = batch.columns[own]!;
			else columns[column] = takeColumn(region, batch.columns[own]!, indices, count);
		}
		return { length: count, columns, kinds: 0 };
	}
}
