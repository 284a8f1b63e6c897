// Arrow RecordBatch → Batch: one copy per buffer into the arena, then conversion in place of what Arrow lays out differently.
// Slices, all offsets and dictionaries (decoded) are understood. Nothing of the RecordBatch is referenced afterwards.
import type * as arrow from "apache-arrow";
import type { EngineError } from "../errors.js";
import { isNested, type Schema, type SqlType } from "../types/sql-type.js";
import { PHYSICAL_WIDTH } from "../types/value.js";
import type { Region } from "../wasm/region.js";
import { schemaOfArrow } from "./arrow-type.js";
import { allocateColumn, type Batch, type Column, VIEW_BYTES, validityBytes, withValidity } from "./batch.js";
import { checkSchema } from "./batch-schema.js";
import { DataType } from "./data-type.js";
import { DateUnit, IntervalUnit, TimeUnit } from "./enumerations.js";
import { nestedValues } from "./import-nested.js";
import { bytesPerRow, checkIsData, checkLayout, isAllNull, thawed } from "./layout.js";
import { malformed, type Place, withinRows } from "./malformed.js";
import { isLarge, misplaced, offsetsOf } from "./offsets.js";
import { takeColumn } from "./take.js";
import { readColumn, writeColumn } from "./values.js";

/** Where a kernel reads a machine number: the codes of castTo…. */
const SOURCE = { i8: 0, i16: 1, i32: 2, i64: 3, f32: 4, f64: 5, u8: 6, u16: 7, u32: 8 } as const;

/**
 * The batch in the arena. `schema`, when given, is what the columns are declared as: their number, names and types must be those of
 * the RecordBatch. Without it the types follow from the Arrow types. Throws INVALID_SCHEMA, or INVALID_ARGUMENT where its buffers contradict it.
 */
export function importBatch(region: Region, source: arrow.RecordBatch, schema?: Schema): Batch {
	const found = schemaOfArrow(source.schema);
	if (schema !== undefined) checkSchema(found, schema);
	const { numRows: length, data } = source;
	const columns = (schema ?? found).map(({ name, type }, index) => {
		const place = { column: name, firstRow: 0 };
		return importColumn(region, columnOf(data, index, length, place), type, place);
	});
	return { length, columns, kinds: 0 };
}

/** A column's data; throws INVALID_ARGUMENT unless it has as many rows as the batch. */
export function columnOf({ children }: arrow.Data, index: number, rows: number, place: Place): arrow.Data {
	const column = children[index];
	checkIsData(column, place);
	if (column.length === rows) return column;
	throw malformed(place, undefined, `it has ${column.length} rows`, `${rows}, as many as the batch`);
}

/** One column; `type` is its SQL type. Throws INVALID_ARGUMENT where the buffers do not hold what they should: nothing is read outside them. */
export function importColumn(region: Region, given: arrow.Data, type: SqlType, place: Place): Column {
	const source = thawed(given);
	checkLayout(source, type, place);
	if (DataType.isDictionary(source.type)) return importDictionary(region, source, type, place);
	if (isNested(type)) {
		const childValues = (child: arrow.Data, childType: SqlType, childPlace: Place) =>
			readColumn(region, importColumn(region, child, childType, childPlace), child.length);
		return writeColumn(region, type, nestedValues(source, type, place, childValues));
	}
	const validity = importValidity(region, source);
	const column = { ...allocateColumn(region, type, source.length, false), validity };
	if (source.length === 0) return column;
	// Of a column without any value apache-arrow may have made no buffers.
	if (type.kind === "NULL" || isAllNull(source)) return nullColumn(region, column, source.length);
	if (column.physical === "view") importViews(region, source, column, place);
	else importFixed(region, source, column);
	return column;
}

function nullColumn(region: Region, column: Column, rows: number): Column {
	const validity = region.arena.allocate(validityBytes(rows));
	region.kernels.fillBytes(validity, 0, validityBytes(rows));
	region.kernels.fillBytes(column.data, 0, rows * PHYSICAL_WIDTH[column.physical]);
	return withValidity(column, validity);
}

function importValidity(region: Region, { nullBitmap, nullCount, offset, length }: arrow.Data): number {
	if (nullCount === 0 || !nullBitmap || nullBitmap.length === 0) return 0;
	return importBits(region, nullBitmap, offset, length);
}

/** Bits from any offset as a bitmap of ours. */
function importBits(region: Region, bits: Uint8Array, offset: number, rows: number): number {
	const address = copyIn(region, bits, offset >>> 3, (offset + rows + 7) >>> 3);
	if ((offset & 7) === 0) return address;
	const shifted = region.arena.allocate(validityBytes(rows));
	region.kernels.copyBits(address, offset & 7, rows, shifted);
	return shifted;
}

/** A buffer's bytes from `from` to `to`, in the arena. */
function copyIn(region: Region, values: ArrayBufferView | undefined, from: number, to: number): number {
	const address = region.arena.allocate(to - from);
	copyTo(region, address, values, from, to);
	return address;
}

/** Bytes that the buffer does not have, which are of NULLs, become zero. */
function copyTo(region: Region, address: number, values: ArrayBufferView | undefined, from: number, to: number): void {
	const held = Math.max(Math.min(to, values?.byteLength ?? 0), from);
	if (values && held > from)
		region.u8.set(new Uint8Array(values.buffer, values.byteOffset + from, held - from), address);
	if (held < to) region.u8.fill(0, address + held - from, address + to - from);
}

function importFixed(region: Region, source: arrow.Data, column: Column): void {
	const { type, length, values } = source;
	const { kernels } = region;
	const bytes = length * bytesPerRow(type);
	if (isLaidOutAlike(type, column)) copyTo(region, column.data, values, 0, bytes);
	else if (DataType.isBool(type)) {
		kernels.bitsToMask(importBits(region, values, source.offset, length), 0, length, column.data);
	} else if (DataType.isFloat(type)) {
		const halves = Float32Array.from({ length }, (_, row) => halfToFloat(values[row] as number));
		region.u8.set(new Uint8Array(halves.buffer), column.data);
	} else convertFixed(region, type, copyIn(region, values, 0, bytes), length, column);
}

/** Whether a value of the column has the bytes of Arrow's. */
const isLaidOutAlike = (type: arrow.DataType, { physical }: Column): boolean =>
	bytesPerRow(type) === PHYSICAL_WIDTH[physical] && timeFactor(type) === 1 && !isDayTime(type);

const isDayTime = (type: arrow.DataType): boolean => DataType.isInterval(type) && type.unit === IntervalUnit.DAY_TIME;

function convertFixed(region: Region, type: arrow.DataType, from: number, rows: number, column: Column): void {
	if (DataType.isInt(type)) importUnsigned(region, type, from, rows, column);
	else if (DataType.isDecimal(type)) importDecimal(region, type, from, rows, column);
	else if (isDayTime(type)) region.kernels.dayTimeToMillis(from, rows, column.data);
	else importTime(region, type, from, rows, column);
}

function halfToFloat(half: number): number {
	const sign = half & 0x8000 ? -1 : 1;
	const exponent = (half >>> 10) & 31;
	const fraction = half & 1023;
	if (exponent === 0) return sign * fraction * 2 ** -24;
	if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
	return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

function importUnsigned(
	{ kernels }: Region,
	{ bitWidth }: arrow.Int,
	from: number,
	rows: number,
	column: Column,
): void {
	if (bitWidth === 8) kernels.castToI16(SOURCE.u8, from, rows, column.data);
	else if (bitWidth === 16) kernels.castToI32(SOURCE.u16, from, rows, column.data);
	else if (bitWidth === 32) kernels.castToI64(SOURCE.u32, from, rows, column.data);
	else kernels.widenU64(from, rows, column.data);
}

function importDecimal(
	{ kernels }: Region,
	{ bitWidth }: arrow.Decimal,
	from: number,
	rows: number,
	column: Column,
): void {
	if (bitWidth === 128) kernels.narrowI128(from, rows, column.data);
	else if (bitWidth === 64) kernels.widenI64(from, rows, column.data);
	else kernels.castToI64(SOURCE.i32, from, rows, column.data);
}

/** How many units of the source make one of the column, negative: how many of the column make one of the source. */
function timeFactor(type: arrow.DataType): number {
	if (DataType.isDate(type)) return type.unit === DateUnit.MILLISECOND ? 86_400_000 : 1;
	if (DataType.isTimestamp(type)) return type.unit === TimeUnit.SECOND ? -1000 : 1;
	if (DataType.isTime(type) || DataType.isDuration(type)) return [-1000, 1, 1000, 1_000_000][type.unit] as number;
	return 1;
}

function importTime(region: Region, type: arrow.DataType, from: number, rows: number, column: Column): void {
	const { kernels, arena } = region;
	const factor = timeFactor(type);
	const width = PHYSICAL_WIDTH[column.physical];
	let values = from;
	if (bytesPerRow(type) === 4) {
		values = arena.allocate(rows * 8);
		kernels.castToI64(SOURCE.i32, from, rows, values);
	}
	const scaled = width === 8 ? column.data : arena.allocate(rows * 8);
	if (factor > 0) kernels.floorDivide(values, factor, rows, scaled);
	else multiply(region, values, -factor, rows, scaled);
	if (width === 4) kernels.castToI32(SOURCE.i64, scaled, rows, column.data);
}

function multiply(region: Region, values: number, factor: number, rows: number, out: number): void {
	const constant = region.arena.allocate(8);
	region.i64[constant / 8] = BigInt(factor);
	region.kernels.arithmeticI64(2, 1, values, constant, rows, out);
}

function importViews(region: Region, source: arrow.Data, column: Column, place: Place): void {
	const { type } = source;
	if (DataType.isUtf8View(type) || DataType.isBinaryView(type)) importArrowViews(region, source, column, place);
	else if (DataType.isFixedSizeBinary(type)) importFixedBytes(region, source, type.byteWidth, column);
	else importBytes(region, source, column, place);
}

/** Utf8, Binary and their large variants. */
function importBytes(region: Region, source: arrow.Data, { validity, data }: Column, place: Place): void {
	const { length } = source;
	const { kernels } = region;
	const values = source.values as Uint8Array | undefined;
	const available = values?.byteLength ?? 0;
	const bounds = offsetsOf(source, available, place);
	const [first, last] = [Number(bounds[0]), Number(bounds[length])];
	const offsets = copyIn(region, bounds, 0, bounds.byteLength);
	const bytes = copyIn(region, values, first, last);
	const toViews = isLarge(bounds) ? kernels.largeOffsetsToViews : kernels.offsetsToViews;
	const row = toViews(bytes, last - first, offsets, length, validity, data);
	if (row < length) throw misplaced(bounds, available, place);
}

function importArrowViews(region: Region, source: arrow.Data, { validity, data }: Column, place: Place): void {
	const { arena, kernels } = region;
	const { length, variadicBuffers } = source;
	copyTo(region, data, source.values, 0, length * VIEW_BYTES);
	const buffers = variadicBuffers.map((buffer) => copyIn(region, buffer, 0, buffer.byteLength));
	const table = arena.allocate((buffers.length + 1) * 8);
	const words = buffers.flatMap((address, i) => [address, (variadicBuffers[i] as Uint8Array).byteLength]);
	region.u32.set([...words, 0, 0], table / 4);
	const row = kernels.resolveViews(data, length, validity, table, buffers.length);
	if (row < length) throw outside(region, data + row * VIEW_BYTES, row, variadicBuffers, place);
}

/** Why a view of Arrow's is refused. */
function outside(region: Region, view: number, row: number, buffers: readonly Uint8Array[], place: Place): EngineError {
	const [length = 0, , buffer = 0, offset = 0] = region.u32.subarray(view / 4, view / 4 + 4);
	const problem = `its view is of bytes ${offset} to ${offset + length} of buffer ${buffer}`;
	const held = buffers[buffer];
	const expected = held ? `bytes of the ${held.byteLength} of that buffer` : `one of ${buffers.length} buffers`;
	return malformed(place, row, problem, expected);
}

function importFixedBytes(region: Region, source: arrow.Data, width: number, column: Column): void {
	const bytes = copyIn(region, source.values, 0, source.length * width);
	const offsets = region.arena.allocate((source.length + 1) * 4);
	const target = region.u32.subarray(offsets / 4);
	for (let row = 0; row <= source.length; row++) target[row] = row * width;
	region.kernels.bytesToViews(bytes, offsets, source.length, column.validity, column.data);
}

/** The dictionary's values at the indexes. */
function importDictionary(region: Region, source: arrow.Data, type: SqlType, place: Place): Column {
	const { kernels } = region;
	const rows = source.length;
	if (isAllNull(source)) return nullColumn(region, allocateColumn(region, type, rows, false), rows);
	const { indices: indexType } = source.type as arrow.Dictionary;
	const validity = importValidity(region, source);
	const indices = importIndices(region, source.values, indexType, rows);
	if (validity !== 0) kernels.zeroInvalid(indices, validity, rows);
	const chunks = source.dictionary?.data ?? [];
	const count = chunks.reduce((sum, { length }) => sum + length, 0);
	const row = kernels.indexBeyond(indices, rows, count);
	if (row < rows) {
		throw malformed(place, row, `its index is ${source.values[row]}`, `one of the ${count} values of the dictionary`);
	}
	const values = importChunks(region, chunks, type, withinRows(place, " (dictionary)"));
	const column = takeColumn(region, values, indices, rows);
	if (column.validity === 0 || validity === 0) return withValidity(column, column.validity || validity);
	kernels.andBits(column.validity, validity, rows, column.validity);
	return column;
}

/** As u32; those that do not fit are the largest. */
function importIndices(
	region: Region,
	values: ArrayBufferView,
	{ bitWidth, isSigned }: arrow.Int,
	rows: number,
): number {
	const { arena, kernels } = region;
	const from = copyIn(region, values, 0, (rows * bitWidth) / 8);
	// What is negative is large without its sign.
	if (bitWidth === 32) return from;
	const indices = arena.allocate(rows * 4);
	if (bitWidth === 64) kernels.narrowIndices(from, rows, indices);
	else if (bitWidth === 16) kernels.castToI32(isSigned ? SOURCE.i16 : SOURCE.u16, from, rows, indices);
	else kernels.castToI32(isSigned ? SOURCE.i8 : SOURCE.u8, from, rows, indices);
	return indices;
}

/** The chunks of a dictionary as one column; it has several after deltas. */
function importChunks(region: Region, chunks: readonly arrow.Data[], type: SqlType, place: Place): Column {
	const [first, ...rest] = chunks;
	if (first !== undefined && rest.length === 0) return importColumn(region, first, type, place);
	const values = chunks.flatMap((chunk) => readColumn(region, importColumn(region, chunk, type, place), chunk.length));
	return writeColumn(region, type, values);
}
