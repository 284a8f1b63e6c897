// The rows of all variants: the same numbers by the same formulas in JavaScript and in DuckDB's SQL. Row i of N.

/** Evenly mixed 32 bits of the row number: Knuth's multiplicative hash. */
export const mixed = (i: number): number => Math.imul(i, 2_654_435_761) >>> 0;
export const MIXED = "((i * 2654435761) % 4294967296)";

/** FROM range(N) with the row number as i. */
export const rowsOf = (rows: number): string => `(SELECT range AS i FROM range(${rows}))`;

export const keys = (rows: number, groups: number): BigInt64Array<ArrayBuffer> => {
	const values = new BigInt64Array(rows);
	const words = new Int32Array(values.buffer);
	for (let i = 0; i < rows; i++) words[i * 2] = mixed(i) % groups;
	return values;
};
export const keysSql = (groups: number): string => `CAST(${MIXED} % ${groups} AS BIGINT)`;

export const doubles = (rows: number, distinct: number): Float64Array<ArrayBuffer> =>
	Float64Array.from({ length: rows }, (_, i) => (i % distinct) * 0.5);
export const doublesSql = (distinct: number): string => `CAST((i % ${distinct}) * 0.5 AS DOUBLE)`;

/** Strings of 8 to 24 bytes: the number, then dots. */
export const textOf = (key: number): string => String(key).padStart(8, "k") + ".".repeat(key % 17);
export const textSql = (key: string): string =>
	`lpad(CAST(${key} AS VARCHAR), 8, 'k') || repeat('.', CAST(${key} AS INTEGER) % 17)`;

/** Strings of rows whose key is `mixed(i) % distinct`, as UTF-8. */
export function texts(
	rows: number,
	distinct: number,
): { bytes: Uint8Array<ArrayBuffer>; offsets: Uint32Array<ArrayBuffer> } {
	const encoder = new TextEncoder();
	const words = Array.from({ length: distinct }, (_, key) => encoder.encode(textOf(key)));
	const offsets = new Uint32Array(rows + 1);
	for (let i = 0; i < rows; i++)
		offsets[i + 1] = (offsets[i] as number) + (words[mixed(i) % distinct] as Uint8Array).length;
	const bytes = new Uint8Array(offsets[rows] as number);
	for (let i = 0; i < rows; i++) bytes.set(words[mixed(i) % distinct] as Uint8Array, offsets[i]);
	return { bytes, offsets };
}
