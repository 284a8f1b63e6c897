// Columns ⇄ rows: one kernel call per column. `rows` is the address of u32 row addresses, one per value.
import { type Column, validityBytes } from "../../arrow/batch.js";
import { PHYSICAL_WIDTH } from "../../types/value.js";
import type { Region } from "../../wasm/region.js";
import type { RowField } from "./row-layout.js";

/** Writes a column into rows whose null bits are zero. Views keep pointing where they did. */
export function scatterColumn(region: Region, column: Column, n: number, rows: number, field: RowField): void {
	const scatter = region.byWidth.rowsWrite[PHYSICAL_WIDTH[field.physical]];
	scatter(column.data, column.validity, n, rows, field.offset, field.nullOffset, field.nullMask);
}

/** Like scatterColumn, for the fields of a key: zeros, NaNs and long views in their canonical form. */
export function scatterKeyColumn(region: Region, column: Column, n: number, rows: number, field: RowField): void {
	const { data, validity } = column;
	const { offset, nullOffset, nullMask } = field;
	if (field.physical === "view") {
		region.kernels.rowsWriteKeyView(data, validity, n, rows, offset, nullOffset, nullMask);
	} else if (field.physical === "f32") {
		region.kernels.rowsWriteKeyF32(data, validity, n, rows, offset, nullOffset, nullMask);
	} else if (field.physical === "f64") {
		region.kernels.rowsWriteKeyF64(data, validity, n, rows, offset, nullOffset, nullMask);
	} else {
		scatterColumn(region, column, n, rows, field);
	}
}

/** A column of a field's values, in the arena. */
export function gatherColumn(region: Region, rows: number, n: number, field: RowField, isKey = false): Column {
	const data = region.arena.allocate(n * PHYSICAL_WIDTH[field.physical]);
	const validity = field.nullMask === 0 ? 0 : region.arena.allocate(validityBytes(n));
	const nulls = gatherInto(region, rows, n, field, isKey, data, validity);
	return { type: field.type, physical: field.physical, data, validity: nulls === 0 ? 0 : validity };
}

/** Writes the values and (for a nullable field) validity words; returns the number of NULLs. */
export function gatherInto(
	region: Region,
	rows: number,
	n: number,
	field: RowField,
	isKey: boolean,
	data: number,
	validity: number,
): number {
	if (isKey && field.physical === "view") region.kernels.rowsReadKeyView(rows, n, field.offset, data);
	else region.byWidth.rowsRead[PHYSICAL_WIDTH[field.physical]](rows, n, field.offset, data);
	if (field.nullMask === 0) return 0;
	return region.kernels.rowsReadValidity(rows, n, field.nullOffset, field.nullMask, validity);
}
