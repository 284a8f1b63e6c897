// Rows of JavaScript values (types/value.ts) ⇄ batches. For sources that make rows, the baseline, collectors and tests.
import { RowKind } from "../types/row-kind.js";
import type { Schema } from "../types/sql-type.js";
import type { Row, Value } from "../types/value.js";
import type { Region } from "../wasm/region.js";
import type { Batch } from "./batch.js";
import { readColumn, writeColumn } from "./values.js";

/** A batch in the arena. `kinds`: one per row; absent: all +I, and the batch carries no kinds. */
export function rowsToBatch(
	region: Region,
	schema: Schema,
	rows: readonly Row[],
	kinds?: readonly RowKind[] | undefined,
): Batch {
	const columns = schema.map(({ type }, index) =>
		writeColumn(
			region,
			type,
			rows.map((row) => row[index] as Value),
		),
	);
	return { length: rows.length, columns, kinds: kinds ? writeKinds(region, kinds) : 0 };
}

function writeKinds(region: Region, kinds: readonly RowKind[]): number {
	const address = region.arena.allocate(kinds.length);
	region.u8.set(kinds, address);
	return address;
}

/** The rows of a batch; the values are copies. */
export function batchToRows(region: Region, batch: Batch): Row[] {
	const columns = batch.columns.map((column) => readColumn(region, column, batch.length));
	const rows = new Array<Row>(batch.length);
	for (let i = 0; i < rows.length; i++) {
		const row = new Array<Value>(columns.length);
		for (let c = 0; c < row.length; c++) row[c] = columns[c]![i] as Value;
		rows[i] = row;
	}
	return rows;
}

/** The row kinds of a batch, all +I when it carries none. */
export function batchKinds(region: Region, batch: Batch): RowKind[] {
	if (batch.kinds === 0) return new Array<RowKind>(batch.length).fill(RowKind.INSERT);
	return Array.from(region.u8.subarray(batch.kinds, batch.kinds + batch.length)) as RowKind[];
}
