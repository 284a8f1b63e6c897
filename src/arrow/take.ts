// Rows of a batch by index: `indices` is the address of u32 row numbers, which may repeat.

import { PHYSICAL_WIDTH } from "../types/value.js";
import type { Region } from "../wasm/region.js";
import { type Batch, type Column, validityBytes } from "./batch.js";

export function takeColumn(region: Region, column: Column, indices: number, n: number): Column {
	const { type, physical, validity } = column;
	const data = takeData(region, column, indices, n);
	return { type, physical, data, validity: validity === 0 ? 0 : takeBits(region, validity, indices, n) };
}

/** The values of the rows. */
export function takeData(
	region: Region,
	{ physical, data }: Pick<Column, "physical" | "data">,
	indices: number,
	n: number,
): number {
	const width = PHYSICAL_WIDTH[physical];
	const out = region.arena.allocate(n * width);
	region.byWidth.take[width](data, indices, n, out);
	return out;
}

/** The bitmap of the rows; 0 when none is NULL. */
export function takeBits(region: Region, validity: number, indices: number, n: number): number {
	const bits = region.arena.allocate(validityBytes(n));
	return region.kernels.takeValidity(validity, indices, n, bits) === 0 ? 0 : bits;
}

/** Columns whose values are all the same lie where they lay in `batch`. */
export function takeBatch(region: Region, batch: Batch, indices: number, n: number): Batch {
	let kinds = 0;
	if (batch.kinds !== 0) {
		kinds = region.arena.allocate(n);
		region.kernels.take1(batch.kinds, indices, n, kinds);
	}
	const take = (column: Column) => (column.same && n <= batch.length ? column : takeColumn(region, column, indices, n));
	return { length: n, columns: batch.columns.map(take), kinds };
}
