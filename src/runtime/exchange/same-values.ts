// Columns of which all rows hold the same value: the day of a second's rows, the count of 1 that each row stands for. They travel as that value.
import { asSame, type Batch, type Column, VIEW_INLINE_BYTES } from "../../arrow/batch.js";
import { PHYSICAL_WIDTH } from "../../types/value.js";
import type { Region } from "../../wasm/region.js";

/** Looking at fewer rows saves nothing. */
const FEWEST_ROWS = 64;

/** The batch, its columns told whether their values are all the same. Other columns cost no more than the rows before the first that differs. */
export function withSameTold(region: Region, batch: Batch): Batch {
	const { length, columns, kinds } = batch;
	if (length < FEWEST_ROWS || !columns.some((column) => isSame(region, column, length))) return batch;
	return {
		length,
		columns: columns.map((column) => (isSame(region, column, length) ? asSame(column) : column)),
		kinds,
	};
}

function isSame({ kernels, u32 }: Region, { physical, data, validity, same }: Column, rows: number): boolean {
	if (same) return true;
	if (validity !== 0 || (physical === "view" && u32[data >>> 2]! > VIEW_INLINE_BYTES)) return false;
	return kernels.areSame(data, PHYSICAL_WIDTH[physical], rows);
}
