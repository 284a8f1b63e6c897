// Columns of which all rows hold the same value: the day of a second's rows, the count of 1 that each row stands for. They travel as that value.
import { asSame, type Batch, type Column, isSame, isWhole } from "../../arrow/batch.js";
import type { Region } from "../../wasm/region.js";

/** Looking at fewer rows saves nothing. */
const FEWEST_ROWS = 64;

/** The batch, its columns told whether their values are all the same. Other columns cost no more than the rows before the first that differs. */
export function withSameTold(region: Region, batch: Batch): Batch {
	const { length, columns, kinds } = batch;
	if (length < FEWEST_ROWS) return batch;
	const tell = (column: Column) =>
		!column.same && isWhole(region, column) && isSame(region, column, length) ? asSame(column) : column;
	return { length, columns: columns.map(tell), kinds };
}
