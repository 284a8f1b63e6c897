// Rows of a batch by index: `indices` is the address of u32 row numbers, which may repeat.

import { PHYSICAL_WIDTH } from "../types/value.js";
import type { Region } from "../wasm/region.js";
import { type Batch, type Column, validityBytes } from "./batch.js";

export function takeColumn(region: Region, column: Column, indices: number, n: number): Column {
	const { physical, validity } = column;
	const width = PHYSICAL_WIDTH[physical] as 1 | 2 | 4 | 8 | 16;
	const data = region.arena.allocate(n * width);
	region.kernels[`take${width}`](column.data, indices, n, data);
	if (validity === 0) return { ...column, data };
	const bits = region.arena.allocate(validityBytes(n));
	const nulls = region.kernels.takeValidity(validity, indices, n, bits);
	return { ...column, data, validity: nulls === 0 ? 0 : bits };
}

export function takeBatch(region: Region, batch: Batch, indices: number, n: number): Batch {
	let kinds = 0;
	if (batch.kinds !== 0) {
		kinds = region.arena.allocate(n);
		region.kernels.take1(batch.kinds, indices, n, kinds);
	}
	return { length: n, kinds, columns: batch.columns.map((column) => takeColumn(region, column, indices, n)) };
}
