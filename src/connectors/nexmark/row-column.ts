// A whole event as one ROW column: for queries that read `bid` itself instead of its fields.
import { allocateColumn, type Column, withValidity } from "../../arrow/batch.js";
import { slotBytes } from "../../arrow/nested.js";
import type { SqlType, TypeOf } from "../../types/sql-type.js";
import type { Region } from "../../wasm/region.js";
import type { EventRows } from "./generator.js";
import { type EventField, fieldNamed } from "./layout.js";

const DESCRIPTOR_BYTES = 12;

export function encodeEventRow(region: Region, rows: EventRows, event: number, type: SqlType): Column {
	const { fields } = type as TypeOf<"ROW">;
	const { arena, kernels } = region;
	const columns = fields.map(({ name }) => rows.column(fieldNamed(event, name) as EventField));
	const descriptors = arena.allocate(columns.length * DESCRIPTOR_BYTES);
	let heapBytes = 16 + rows.length * ((columns.length + 7) >>> 3);
	for (const [index, column] of columns.entries()) {
		const at = descriptors / 4 + index * 3;
		region.u32[at] = column.data;
		region.u32[at + 1] = column.validity;
		region.u32[at + 2] = column.physical === "view" ? 0 : slotBytes(column.type);
		heapBytes += rows.length * slotBytes(column.type);
		if (column.physical === "view") heapBytes += kernels.viewsTotalBytes(column.data, rows.length);
	}
	const column = withValidity(allocateColumn(region, type, rows.length, false), rows.validity(event));
	const heap = arena.allocate(heapBytes);
	kernels.encodeRows(descriptors, columns.length, rows.length, column.validity, column.data, heap);
	return column;
}
