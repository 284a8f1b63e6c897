// The rows that a join keeps of one side, in lists by join key: what both ways of keeping them (append-side, updating-side) share.
import { type Batch, type Column, validityBytes } from "../../arrow/batch.js";
import type { Schema, SqlType } from "../../types/sql-type.js";
import { INTEGER, notNull } from "../../types/sql-type.js";
import { PHYSICAL_WIDTH, physicalType } from "../../types/value.js";
import type { Region } from "../../wasm/region.js";
import { gatherColumn } from "../state/row-columns.js";
import type { RowField } from "../state/row-layout.js";

/** Where a kept row has its links, counters and columns. Offsets of u32 words in data rows unless said otherwise. */
export interface KeptLayout {
	/** In key rows: head and length of the side's list. */
	readonly head: number;
	/** Next and previous. */
	readonly link: number;
	/** How often the row is there; 0: once. */
	readonly count: number;
	/** Rows of the other side that match, then the mark of the last batch that changed it; 0: not kept. */
	readonly matches: number;
	readonly columns: readonly KeptColumn[];
}

export interface KeptColumn extends RowField {
	readonly isKey: boolean;
}

export interface KeptRows extends KeptLayout {
	/** A row of NULLs, for padding; 0 when the side is never padded. */
	readonly padding: number;
	/** Takes in the batch's changes. `matched`: u32 matches per row, or 0. */
	keep(batch: Batch, keyRows: number, matched: number): void;
	/** Columns that a snapshot holds after those of the side: multiplicity and matches. */
	readonly counters: Schema;
	saveCounters(rows: number, n: number): Column[];
	load(columns: readonly Column[], n: number, keyRows: number): void;
	dispose(): void;
}

export const COUNTERS: Schema = ["count", "matches"].map((name) => ({ name, type: notNull(INTEGER) }));

export function readKept(region: Region, { columns }: KeptLayout, rows: number, n: number): Column[] {
	return columns.map((column) => gatherColumn(region, rows, n, column, column.isKey));
}

/** The counters as INTEGER columns: 1 and 0 where they are not kept. */
export function readCounters(region: Region, { count, matches }: KeptLayout, rows: number, n: number): Column[] {
	const read = (offset: number, otherwise: number): Column => {
		const data = region.arena.allocate(n * 4);
		if (offset > 0) region.kernels.rowsRead4(rows, n, offset, data);
		else region.u32.fill(otherwise, data >>> 2, (data >>> 2) + n);
		return { type: notNull(INTEGER), physical: "i32", data, validity: 0 };
	};
	return [read(count, 1), read(matches, 0)];
}

/** A column of NULLs. */
export function nullColumn(region: Region, type: SqlType, n: number): Column {
	const physical = physicalType(type);
	const bytes = n * PHYSICAL_WIDTH[physical];
	const data = region.arena.allocate(bytes);
	const validity = region.arena.allocate(validityBytes(n));
	region.kernels.fillBytes(data, 0, bytes);
	region.kernels.fillBytes(validity, 0, validityBytes(n));
	return { type, physical, data, validity };
}

/** A zero row with every null bit set. */
export function writePadding(region: Region, row: number, stride: number, columns: readonly RowField[]): void {
	region.kernels.fillBytes(row, 0, stride);
	for (const { nullOffset, nullMask } of columns) (region.u8[row + nullOffset] as number) |= nullMask;
}
