// A batch as bytes between two memories. Layout, each part 16-byte aligned, for each column in turn:
//
//     | values: rows × width | validity bitmap, if the flag says so |   …   | kinds, if flagged | bytes of long strings |
//
// preceded by 16-byte-aligned flags: one byte per column (HAS_VALIDITY, HAS_LONG, IS_SAME), one byte for kinds. Views of long strings hold
// offsets into the message. Of a column whose values are all the same there is one.
import { asSame, type Batch, type Column, validityBytes } from "../../arrow/batch.js";
import type { Schema } from "../../types/sql-type.js";
import { PHYSICAL_WIDTH, type PhysicalType, physicalType } from "../../types/value.js";
import type { Region } from "../../wasm/region.js";

const align = (bytes: number) => (bytes + 15) & ~15;

/** A column's flags. */
const HAS_VALIDITY = 1;
/** It has strings of more than 12 bytes, whose views do not hold them. */
const HAS_LONG = 2;
/** There is one value, for all rows. */
const IS_SAME = 4;

/** Bytes of a column's values in a message. */
const valueBytes = ({ physical, same }: Column, rows: number) => (same ? 1 : rows) * PHYSICAL_WIDTH[physical];
/** Bytes of its long strings. */
const longBytes = ({ kernels }: Region, { physical, data, same }: Column, rows: number) =>
	physical === "view" && !same ? kernels.viewsLongBytes(data, rows) : 0;

/** Bytes of the message for `batch`, strings included. */
export function messageBytes(region: Region, batch: Batch): number {
	let bytes = align(batch.columns.length + 1) + (batch.kinds ? align(batch.length) : 0);
	for (const column of batch.columns) {
		bytes += align(valueBytes(column, batch.length)) + longBytes(region, column, batch.length);
		if (column.validity) bytes += align(validityBytes(batch.length));
	}
	return align(bytes);
}

/** A stretch of linear memory. */
export interface Piece {
	readonly address: number;
	readonly bytes: number;
}

/**
 * The message for `batch` in pieces, in order: the batch's own buffers, but for flags, long strings and their views, which are written
 * to the arena. Together they have messageBytes. The batch's own memory is not changed.
 */
export function encodeBatch(region: Region, batch: Batch): Piece[] {
	const { arena, kernels } = region;
	const pieces: Piece[] = [];
	let offset = 0;
	const add = (address: number, size: number) => {
		pieces.push({ address, bytes: align(size) });
		offset += align(size);
	};
	const long = batch.columns.map((column) => longBytes(region, column, batch.length));
	const flags = batch.columns.map(
		({ validity, same }, i) => (validity ? HAS_VALIDITY : 0) | (long[i]! > 0 ? HAS_LONG : 0) | (same ? IS_SAME : 0),
	);
	flags.push(batch.kinds ? 1 : 0);
	const flagsAt = arena.allocate(flags.length);
	region.u8.set(flags, flagsAt);
	add(flagsAt, flags.length);
	const viewsAt: number[] = [];
	for (const [i, column] of batch.columns.entries()) {
		const size = valueBytes(column, batch.length);
		if (long[i]! > 0) {
			const copy = arena.allocate(size);
			kernels.copyBytes(copy, column.data, size);
			viewsAt.push(copy);
			add(copy, size);
		} else add(column.data, size);
		if (column.validity) add(column.validity, validityBytes(batch.length));
	}
	if (batch.kinds) add(batch.kinds, batch.length);
	const strings = long.reduce((sum, bytes) => sum + bytes, 0);
	if (strings > 0) pieces.push(packStrings(region, batch, viewsAt, offset, align(strings)));
	return pieces;
}

/** Gathers the long strings of the views, which become offsets into the message: the strings begin at `offset`. */
function packStrings(
	{ arena, kernels }: Region,
	batch: Batch,
	viewsAt: readonly number[],
	offset: number,
	bytes: number,
): Piece {
	const address = arena.allocate(bytes);
	let at = address;
	for (const views of viewsAt) at += kernels.viewsPack(views, batch.length, at, address - offset);
	return { address, bytes };
}

/** The pieces as one array of its own. */
export function joinPieces(region: Region, pieces: readonly Piece[]): Uint8Array<ArrayBuffer> {
	const whole = new Uint8Array(pieces.reduce((sum, { bytes }) => sum + bytes, 0));
	let at = 0;
	for (const { address, bytes } of pieces) {
		whole.set(region.u8.subarray(address, address + bytes), at);
		at += bytes;
	}
	return whole;
}

interface PartsOfColumn {
	readonly data: number;
	readonly validity: number;
	readonly hasLong: boolean;
	/** There is one value. */
	readonly isSame: boolean;
}

/** Where the parts of a message lie, from its start; 0 where there is none. */
export interface MessageParts {
	readonly columns: readonly PartsOfColumn[];
	readonly kinds: number;
	/** The bytes of long strings, to the end. */
	readonly strings: number;
}

/** Finds the parts of a message that encodeBatch made of `rows` rows of `schema`. */
export function messageParts(schema: Schema, rows: number, payload: Uint8Array): MessageParts {
	let at = align(schema.length + 1);
	const columns = schema.map(({ type }, index): PartsOfColumn => {
		const flags = payload[index]!;
		const isSame = (flags & IS_SAME) !== 0;
		const data = at;
		at += align((isSame ? 1 : rows) * PHYSICAL_WIDTH[physicalType(type)]);
		const validity = flags & HAS_VALIDITY ? at : 0;
		if (validity !== 0) at += align(validityBytes(rows));
		return { data, validity, hasLong: (flags & HAS_LONG) !== 0, isSame };
	});
	const kinds = payload[schema.length] === 1 ? at : 0;
	return { columns, kinds, strings: kinds === 0 ? at : at + align(rows) };
}

/** Copies a message into the arena and makes a batch of it. */
export function decodeBatch(region: Region, schema: Schema, rows: number, payload: Uint8Array): Batch {
	const base = region.arena.allocate(payload.length);
	region.u8.set(payload, base);
	const parts = messageParts(schema, rows, payload);
	const columns = schema.map(({ type }, index): Column => {
		const { data, validity, hasLong, isSame } = parts.columns[index]!;
		const physical = physicalType(type);
		if (isSame) return asSame({ type, physical, data: repeated(region, base + data, physical, rows), validity: 0 });
		if (hasLong) region.kernels.viewsRebase(base + data, rows, base);
		return { type, physical, data: base + data, validity: validity === 0 ? 0 : base + validity };
	});
	return { length: rows, columns, kinds: parts.kinds === 0 ? 0 : base + parts.kinds };
}

/** `rows` times the value. */
function repeated({ arena, kernels }: Region, value: number, physical: PhysicalType, rows: number): number {
	const width = PHYSICAL_WIDTH[physical];
	const values = arena.allocate(rows * width);
	kernels.fillValue(value, width, rows, values);
	return values;
}
