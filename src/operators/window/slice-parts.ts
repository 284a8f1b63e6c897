// Cuts a batch by slices of time.
import type { Batch, Column } from "../../arrow/batch.js";
import { takeColumn } from "../../arrow/take.js";
import { EngineError } from "../../errors.js";
import { isTimestamp, type SqlType } from "../../types/sql-type.js";
import { timestampUnit } from "../../types/value.js";
import type { Region } from "../../wasm/region.js";
export interface SlicePart {
	/** Start of the slice, ms. */
	readonly slice: number;
	readonly batch: Batch;
	/** The numbers of its rows in the batch that was cut, in order; 0: all of them. */
	readonly rows: number;
}

/** Units of a time column per ms. */
export function unitsPerMs(type: SqlType): number {
	const unit = isTimestamp(type) ? timestampUnit((type as { precision: number }).precision) : "ms";
	return unit === "ms" ? 1 : unit === "us" ? 1000 : 1_000_000;
}

/** The rows of each slice in order; rows whose time is NULL are left out. `used`: the columns that anyone will read. */
export function sliceParts(
	region: Region,
	batch: Batch,
	times: Column,
	unit: number,
	offset: number,
	used: ReadonlySet<number>,
): SlicePart[] {
	const { arena, kernels } = region;
	const n = batch.length;
	const starts = arena.allocate(n * 8);
	const counts = arena.allocate(n * 4);
	const numbers = arena.allocate(n * 4);
	const scale = unitsPerMs(times.type);
	const slices = kernels.sliceSplit(times.data, times.validity, scale, n, unit, offset, starts, counts, numbers);
	const startOf = (slice: number) => Number(region.i64[(starts >>> 3) + slice]);
	const countOf = (slice: number) => region.u32[(counts >>> 2) + slice] as number;
	if (slices === 1 && countOf(0) === n) return [{ slice: startOf(0), batch, rows: 0 }];
	const ends = arena.allocate(slices * 4);
	const order = arena.allocate(n * 4);
	kernels.sliceOrder(numbers, n, counts, slices, ends, order);
	const parts: SlicePart[] = [];
	for (let slice = 0, from = 0; slice < slices; slice++) {
		const count = countOf(slice);
		const rows = order + from * 4;
		parts.push({ slice: startOf(slice), batch: takeUsed(region, batch, rows, count, used), rows });
		from += count;
	}
	return parts;
}

/** The numbers of the rows of several parts of a batch of `n` rows, in order. */
export function rowsOfParts(region: Region, parts: readonly SlicePart[], n: number): number {
	const { arena, kernels } = region;
	const [first] = parts;
	if (parts.length === 1) return first!.rows;
	const marks = arena.allocate(n);
	kernels.fillBytes(marks, 0, n);
	for (const { rows, batch } of parts) kernels.lateMark(rows, batch.length, marks);
	const rows = arena.allocate(n * 4);
	kernels.kindsOtherThan(marks, n, 0, rows);
	return rows;
}

/** Columns that nobody reads are left as they are. */
function takeUsed(region: Region, batch: Batch, rows: number, n: number, used: ReadonlySet<number>): Batch {
	let kinds = 0;
	if (batch.kinds !== 0) {
		kinds = region.arena.allocate(n);
		region.kernels.take1(batch.kinds, rows, n, kinds);
	}
	const columns = batch.columns.map((column, i) => (used.has(i) ? takeColumn(region, column, rows, n) : column));
	return { length: n, columns, kinds };
}

export function nullRowtime(): EngineError {
	return new EngineError("NULL_ROWTIME", "The event time of a row is NULL", {
		remedy: "Filter such rows out before the window, or give the column a value",
	});
}
