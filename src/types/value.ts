// How SQL values look in JavaScript inside the engine (row-at-a-time baseline, JavaScript column functions, literals).
import type { SqlType } from "./sql-type.js";

/**
 * | SQL type                     | internal JavaScript value                                       |
 * |------------------------------|-----------------------------------------------------------------|
 * | NULL of any type             | null                                                            |
 * | BOOLEAN                      | boolean                                                         |
 * | TINYINT SMALLINT INTEGER     | number                                                          |
 * | BIGINT                       | bigint                                                          |
 * | FLOAT DOUBLE                 | number (FLOAT already rounded by Math.fround)                   |
 * | DECIMAL(p, s)                | bigint: the value × 10^s                                        |
 * | CHAR VARCHAR                 | string                                                          |
 * | BINARY VARBINARY BITMAP      | Uint8Array                                                      |
 * | DATE                         | number: days since 1970-01-01                                   |
 * | TIME                         | number: milliseconds of the day                                 |
 * | TIMESTAMP, TIMESTAMP_LTZ (p) | p ≤ 3: number, ms since the epoch; p ≤ 6: bigint µs; else bigint ns |
 * | INTERVAL_YEAR_MONTH          | number: months                                                  |
 * | INTERVAL_DAY_TIME            | number: milliseconds                                            |
 * | ARRAY, ROW                   | readonly Value[]                                                |
 * | MAP                          | readonly [key, value][] in insertion order, keys distinct       |
 * | MULTISET                     | readonly [element, count][]                                     |
 */
export type Value = null | boolean | number | bigint | string | Uint8Array | readonly Value[];

export type Row = readonly Value[];

/** The unit of a TIMESTAMP's integer, in memory and in JavaScript, by its precision. Ranges: ms and µs cover years 1–9999, ns 1678–2261. */
export type TimestampUnit = "ms" | "us" | "ns";

export function timestampUnit(precision: number): TimestampUnit {
	return precision <= 3 ? "ms" : precision <= 6 ? "us" : "ns";
}

/** How a type is laid out in a column: fixed-width little-endian values, or 16-byte views for `view`. */
export type PhysicalType = "bool" | "i8" | "i16" | "i32" | "i64" | "i128" | "f32" | "f64" | "view";

/** Bytes per value. Booleans are one byte (0 or 1) inside the engine and become Arrow's bits at the edge. */
export const PHYSICAL_WIDTH: Readonly<Record<PhysicalType, 1 | 2 | 4 | 8 | 16>> = {
	bool: 1,
	i8: 1,
	i16: 2,
	i32: 4,
	i64: 8,
	i128: 16,
	f32: 4,
	f64: 8,
	view: 16,
};

/**
 * The column layout of a SQL type. DECIMAL is i64 up to 18 digits, else i128. Strings and binaries are views; ARRAY, MAP,
 * MULTISET and ROW are one view each over their encoded bytes (arrow/nested.ts), so that operators need not know them.
 */
export function physicalType(type: SqlType): PhysicalType {
	switch (type.kind) {
		case "BOOLEAN":
			return "bool";
		case "NULL":
		case "TINYINT":
			return "i8";
		case "SMALLINT":
			return "i16";
		case "INTEGER":
		case "DATE":
		case "TIME":
		case "INTERVAL_YEAR_MONTH":
			return "i32";
		case "BIGINT":
		case "TIMESTAMP":
		case "TIMESTAMP_LTZ":
		case "INTERVAL_DAY_TIME":
			return "i64";
		case "FLOAT":
			return "f32";
		case "DOUBLE":
			return "f64";
		case "DECIMAL":
			return type.precision <= 18 ? "i64" : "i128";
		default:
			return "view";
	}
}
