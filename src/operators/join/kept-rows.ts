// The rows that a join keeps of one side, found by join key: what both ways of keeping them (append-side, updating-side) share. Rows are
// named by u32: ids or addresses.
import { type Batch, type Column, validityBytes } from "../../arrow/batch.js";
import type { Schema, SqlType } from "../../types/sql-type.js";
import { INTEGER, notNull } from "../../types/sql-type.js";
import { PHYSICAL_WIDTH, physicalType } from "../../types/value.js";
import type { Region } from "../../wasm/region.js";
import type { Pairs } from "./pairs.js";

/** What is found for the keys of a batch. Valid until the side changes. */
export interface Probe {
	/** Address of a list per batch row, 0 where there is none. */
	readonly lists: number;
	/** All pairs, where lists do not have them all. */
	readonly all?: Pairs;
}

/** Reads a column of the only rows that match those of a batch, into the arena. */
export type PartnerReader = (column: number) => Column;

export interface KeptBatch {
	readonly rows: number;
	readonly count: number;
	readonly columns: readonly Column[];
	readonly counters: readonly Column[];
}

export interface KeptRows {
	/** Offset of the first row and the length in lists. */
	readonly head: number;
	/** Offset in rows of how often a row is there, a u32; 0: once. */
	readonly count: number;
	/** Offset in cells of the number of rows of the other side that match, then the mark of the last batch that changed it; 0: not kept. */
	readonly matches: number;
	/** A row of NULLs, for padding. */
	readonly padding: number;
	probe(keys: readonly Column[], n: number): Probe;
	/** Set when each of the keys is known to have exactly one row: reads those rows. */
	partners?(keys: readonly Column[], n: number): PartnerReader | undefined;
	/** Every batch row `from` … `to` with every row of its list. */
	pairs(lists: number, from: number, to: number): Pairs;
	/** Takes in the batch's changes. `matched`: u32 matches per row, or 0. */
	keep(batch: Batch, keys: readonly Column[], matched: number): void;
	/** No more rows come. */
	complete(): void;
	/** The length of the longest list of some keys that are kept. */
	longestList(keys: readonly Column[], n: number): number;
	/** A column of rows, in the arena; `padded`: the row of NULLs may be among them. */
	read(column: number, rows: number, n: number, padded: boolean): Column;
	/** Addresses of the cells that hold the counters of rows, and back. */
	cellsOf(rows: number, n: number): number;
	rowsOf(cells: number, n: number): number;
	/** Columns that a snapshot holds after those of the side: multiplicity and matches. */
	readonly counters: Schema;
	/** All rows; the arena is the caller's to release. */
	batches(): Generator<KeptBatch>;
	/** Takes in rows of a snapshot: columns of the side, then counters. */
	load(columns: readonly Column[], n: number, keys: readonly Column[]): void;
	dispose(): void;
}

export const COUNTERS: Schema = ["count", "matches"].map((name) => ({ name, type: notNull(INTEGER) }));

/** `n` u32 of one value, in the arena. */
export function fillCounter(region: Region, n: number, value: number): number {
	const data = region.arena.allocate(n * 4);
	region.u32.fill(value, data >>> 2, (data >>> 2) + n);
	return data;
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
