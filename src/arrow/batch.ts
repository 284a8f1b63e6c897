// A batch: columns of equal length in a task's linear memory. What operators pass on; layouts are drawn here.
import type { Schema, SqlType } from "../types/sql-type.js";
import { PHYSICAL_WIDTH, type PhysicalType, physicalType } from "../types/value.js";
import type { Region } from "../wasm/region.js";
import type { NarrowValues } from "./narrow.js";

/** Rows per batch that sources and operators aim at; a batch may hold any number from 0 up. */
export const BATCH_ROWS = 8192;

/**
 * One column.
 *
 * `data`: `length` little-endian values of PHYSICAL_WIDTH bytes (booleans: one byte, 0 or 1), 16-byte aligned. The value of a
 * NULL is undefined but readable (views of NULLs are valid views: length 0).
 * `validity`: Arrow's bitmap (bit i of byte i >> 3 is 1 when row i is not NULL), 8-byte aligned; 0 when there are no NULLs.
 *
 * A string or binary value is a 16-byte view:
 *
 *     length ≤ 12   | length u32 | bytes, zero-padded to 12           |
 *     length > 12   | length u32 | first 4 bytes | 0 u32 | address u32 |
 *
 * so that two views of equal short strings are equal bytes. Addresses point into the same linear memory; they live as long as
 * the batch. Buffers may be read up to 16 bytes past their end.
 */
export interface Column {
	readonly type: SqlType;
	readonly physical: PhysicalType;
	readonly data: number;
	readonly validity: number;
	/** The same values in 64 bits, when they are known to fit: reading `data` costs more then. */
	readonly narrow?: NarrowValues | undefined;
	/**
	 * Every row holds the same value, as told by whoever has looked: exchanges send it once. None is NULL, and strings are no longer than
	 * their views. Absent where nobody has looked.
	 */
	readonly same?: boolean | undefined;
}

/** Borrowed: valid until the call that received it returns. Operators copy what they keep. */
export interface Batch {
	readonly length: number;
	readonly columns: readonly Column[];
	/** Address of one RowKind byte per row; 0: all rows are +I. */
	readonly kinds: number;
}

/**
 * The column with other NULLs. Columns are always made with their properties in this order, and never by spreading: V8 has one shape for all of
 * them then, where every place that spreads has its own, and compiles what reads them for it alone.
 */
export const withValidity = ({ type, physical, data }: Column, validity: number): Column => ({
	type,
	physical,
	data,
	validity,
});

/** The column, told that all its rows hold the same value. */
export const asSame = ({ type, physical, data }: Column): Column => ({
	type,
	physical,
	data,
	validity: 0,
	narrow: undefined,
	same: true,
});

/** Whether all rows, of which there are some, hold the same value, byte for byte, and none is NULL. Ends at the first that differs. */
export const isSame = ({ kernels }: Region, { same, physical, data, validity }: Column, rows: number): boolean =>
	same === true || (validity === 0 && kernels.areSame(data, PHYSICAL_WIDTH[physical], rows));

export const VIEW_BYTES = 16;
export const VIEW_INLINE_BYTES = 12;

/** Whether the first value is all there is to it: a long string lies beside its view. */
export const isWhole = ({ u32 }: Region, { physical, data }: Column): boolean =>
	physical !== "view" || u32[data >>> 2]! <= VIEW_INLINE_BYTES;

export const validityBytes = (rows: number) => ((rows + 63) >>> 6) << 3;

/** A column with room for `rows` values in the arena, contents undefined; with `nullable`, a bitmap of undefined contents too. */
export function allocateColumn(region: Region, type: SqlType, rows: number, nullable: boolean): Column {
	const physical = physicalType(type);
	return {
		type,
		physical,
		data: region.arena.allocate(rows * PHYSICAL_WIDTH[physical]),
		validity: nullable ? region.arena.allocate(validityBytes(rows)) : 0,
	};
}

/** Columns for a schema, see allocateColumn; nullable columns get bitmaps. */
export function allocateColumns(region: Region, schema: Schema, rows: number): Column[] {
	return schema.map((field) => allocateColumn(region, field.type, rows, field.type.nullable));
}

export const emptyBatch = (schema: Schema): Batch => ({
	length: 0,
	columns: schema.map(({ type }) => ({ type, physical: physicalType(type), data: 0, validity: 0 })),
	kinds: 0,
});
