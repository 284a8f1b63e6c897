// A batch as bytes between two memories. Layout, each part 16-byte aligned, for each column in turn:
//
//     | values: rows × width | validity bitmap, if the flag says so |   …   | kinds, if flagged | bytes of long strings |
//
// preceded by 16-byte-aligned flags: one byte per column (1: has validity), one byte for kinds. Views hold offsets into the message.
import type { Batch, Column } from "../../arrow/batch.js";
import { validityBytes } from "../../arrow/batch.js";
import type { Schema } from "../../types/sql-type.js";
import { PHYSICAL_WIDTH, physicalType } from "../../types/value.js";
import type { Region } from "../../wasm/region.js";

const align = (bytes: number) => (bytes + 15) & ~15;

/** Bytes of the message for `batch`, strings included. */
export function messageBytes(region: Region, batch: Batch): number {
	let bytes = align(batch.columns.length + 1) + (batch.kinds ? align(batch.length) : 0);
	for (const column of batch.columns) {
		bytes += align(batch.length * PHYSICAL_WIDTH[column.physical]);
		if (column.validity) bytes += align(validityBytes(batch.length));
		if (column.physical === "view") bytes += region.kernels.viewsLongBytes(column.data, batch.length);
	}
	return align(bytes);
}

/**
 * Writes the message for `batch` into the arena and returns its address; its size is messageBytes. The batch's own memory is not
 * changed.
 */
export function encodeBatch(region: Region, batch: Batch, bytes: number): number {
	const { kernels } = region;
	const base = region.arena.allocate(bytes);
	const flags = [...batch.columns.map((column) => (column.validity ? 1 : 0)), batch.kinds ? 1 : 0];
	region.u8.set(flags, base);
	let at = base + align(flags.length);
	const viewsAt: number[] = [];
	for (const column of batch.columns) {
		const size = batch.length * PHYSICAL_WIDTH[column.physical];
		kernels.copyBytes(at, column.data, size);
		if (column.physical === "view") viewsAt.push(at);
		at += align(size);
		if (!column.validity) continue;
		kernels.copyBytes(at, column.validity, validityBytes(batch.length));
		at += align(validityBytes(batch.length));
	}
	if (batch.kinds) {
		kernels.copyBytes(at, batch.kinds, batch.length);
		at += align(batch.length);
	}
	for (const views of viewsAt) at += kernels.viewsPack(views, batch.length, at, base);
	return base;
}

/** Copies a message into the arena and makes a batch of it. */
export function decodeBatch(region: Region, schema: Schema, rows: number, payload: Uint8Array): Batch {
	const base = region.arena.allocate(payload.length);
	region.u8.set(payload, base);
	let at = base + align(schema.length + 1);
	const columns: Column[] = schema.map(({ type }, index) => {
		const physical = physicalType(type);
		const data = at;
		at += align(rows * PHYSICAL_WIDTH[physical]);
		let validity = 0;
		if (payload[index] === 1) {
			validity = at;
			at += align(validityBytes(rows));
		}
		if (physical === "view") region.kernels.viewsRebase(data, rows, base);
		return { type, physical, data, validity };
	});
	return { length: rows, columns, kinds: payload[schema.length] === 1 ? at : 0 };
}
