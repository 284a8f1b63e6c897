// A batch's rows as they are about to be kept: sort words and columns, one row after the other in the arena.
import type { Batch } from "../../arrow/batch.js";
import type { Region } from "../../wasm/region.js";
import { scatterColumn } from "../state/row-columns.js";
import type { PackedFields } from "../state/row-layout.js";
import type { OrderWords } from "./order-words.js";

/** Address of the first of the rows, which lie `stride` apart, their words at `wordsAt`; strings are the batch's. */
export function batchRows(
	region: Region,
	batch: Batch,
	words: OrderWords,
	wordsAt: number,
	{ fields }: PackedFields,
	stride: number,
): number {
	const { arena, kernels } = region;
	const { length: n, columns } = batch;
	const source = arena.allocate(n * stride);
	const rows = arena.allocate(n * 4);
	kernels.rowsIota(source, stride, n, rows);
	kernels.rowsClear(rows, n, 0, stride);
	words.write(region, batch, rows, wordsAt);
	for (const [i, field] of fields.entries()) scatterColumn(region, columns[i]!, n, rows, field);
	return source;
}
