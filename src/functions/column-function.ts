// Functions over whole columns, called once per batch: the columns that they see are views of the engine's memory.
import type { SqlType } from "../types/sql-type.js";

/** Texts (UTF-8) or binaries: value `i` is `bytes` from `offsets[i]` up to, without, `offsets[i + 1]`. */
export interface BytesColumn {
	readonly bytes: Uint8Array;
	readonly offsets: Uint32Array;
}

export type NumberColumn =
	| Uint8Array
	| Int8Array
	| Int16Array
	| Int32Array
	| BigInt64Array
	| Float32Array
	| Float64Array;

/** Writes a result per row. A row with a NULL argument is NULL whatever is written; the argument is then 0 or empty, or anything. */
export type ColumnFunction = (result: NumberColumn, ...args: readonly (NumberColumn | BytesColumn)[]) => void;

const NUMBERS: ReadonlySet<SqlType["kind"]> = new Set(["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "FLOAT", "DOUBLE"]);
const BYTES: ReadonlySet<SqlType["kind"]> = new Set(["CHAR", "VARCHAR", "BINARY", "VARBINARY"]);

/** Whether a column function may take a type: as numbers, BOOLEAN as bytes 0 and 1, or BytesColumn. */
export const isColumnArgument = ({ kind }: SqlType): boolean =>
	NUMBERS.has(kind) || BYTES.has(kind) || kind === "BOOLEAN";

/** Whether a column function may give a type. BIGINT is written to a Float64Array: making bigints costs more than the function. */
export const isColumnResult = ({ kind }: SqlType): boolean => NUMBERS.has(kind);
