// Result columns of aggregates, read from group rows.
import { validityBytes, withValidity } from "../../arrow/batch.js";
import type { SqlType } from "../../types/sql-type.js";
import { PHYSICAL_WIDTH, physicalType } from "../../types/value.js";
import type { Region } from "../../wasm/region.js";
import { gatherColumn } from "../state/row-columns.js";
import type { RowField } from "../state/row-layout.js";
import type { ResultReader } from "./accumulator.js";

/** A field's value. A narrower integer type is the low bytes of the field's. */
export function readField(region: Region, field: RowField, type: SqlType): ResultReader {
	const narrowed = { ...field, type, physical: physicalType(type) };
	return (rows, n) => gatherColumn(region, rows, n, narrowed);
}

/** NULL for groups in which nothing was counted. */
export function nullWhenUncounted(region: Region, read: ResultReader, count: RowField): ResultReader {
	return (rows, n) => {
		const validity = region.arena.allocate(validityBytes(n));
		const nulls = region.kernels.resultCounted(rows, n, count.offset, validity);
		const column = read(rows, n);
		return nulls === 0 ? column : withValidity(column, validity);
	};
}

/** NULL for decimal totals of more than 38 digits. */
export function nullWhenOverflown(region: Region, read: ResultReader): ResultReader {
	return (rows, n) => {
		const column = read(rows, n);
		const validity = region.arena.allocate(validityBytes(n));
		if (column.validity === 0) region.kernels.fillBytes(validity, 0xff, validityBytes(n));
		else region.kernels.copyBytes(validity, column.validity, validityBytes(n));
		const overflown = region.kernels.resultOverflow(column.data, n, validity);
		return overflown === 0 ? column : withValidity(column, validity);
	};
}

const AVERAGE_KERNEL = {
	i8: "averageI8",
	i16: "averageI16",
	i32: "averageI32",
	i64: "averageI64",
	f32: "averageF32",
	f64: "averageF64",
} as const;

/** The quotient of a total and a count: integers cut toward zero, decimals rounded half up to the result's scale. */
export function readAverage(region: Region, total: RowField, count: RowField, type: SqlType): ResultReader {
	const physical = physicalType(type);
	const average = region.kernels[AVERAGE_KERNEL[physical as keyof typeof AVERAGE_KERNEL]];
	return (rows, n) => {
		const data = region.arena.allocate(n * PHYSICAL_WIDTH[physical]);
		if (total.type.kind === "DECIMAL") {
			const digits = (type.kind === "DECIMAL" ? type.scale : 0) - total.type.scale;
			region.kernels.averageI128(rows, n, total.offset, count.offset, digits, data);
		} else {
			average(rows, n, total.offset, count.offset, data);
		}
		return { type, physical, data, validity: 0 };
	};
}
