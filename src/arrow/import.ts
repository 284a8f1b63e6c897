// Arrow RecordBatch → Batch: one copy per buffer into the arena, then conversion in place of what Arrow lays out differently.
// Slices, all offsets and dictionaries (decoded) are understood. Nothing of the RecordBatch is referenced afterwards.
import type * as arrow from "apache-arrow";
import { EngineError } from "../errors.js";
import { isNested, type Schema, type SqlType } from "../types/sql-type.js";
import { sameKind, typeText } from "../types/type-text.js";
import { PHYSICAL_WIDTH, timestampUnit } from "../types/value.js";
import type { Region } from "../wasm/region.js";
import { schemaOfArrow } from "./arrow-type.js";
import { allocateColumn, type Batch, type Column, validityBytes, withValidity } from "./batch.js";
import { DataType } from "./data-type.js";
import { DateUnit, IntervalUnit, Precision, TimeUnit } from "./enumerations.js";
import { nestedValues } from "./import-nested.js";
import { offsetsOf } from "./offsets.js";
import { takeColumn } from "./take.js";
import { readColumn, writeColumn } from "./values.js";

/** Where a kernel reads a machine number: the codes of castTo…. */
const SOURCE = { i8: 0, i16: 1, i32: 2, i64: 3, f32: 4, f64: 5, u8: 6, u16: 7, u32: 8 } as const;

/**
 * The batch in the arena. `schema`, when given, is what the columns are declared as: their number, names and types must be those of
 * the RecordBatch. Without it the types follow from the Arrow types.
 */
export function importBatch(region: Region, source: arrow.RecordBatch, schema?: Schema): Batch {
	const found = schemaOfArrow(source.schema);
	if (schema !== undefined) checkSchema(found, schema);
	const columns = (schema ?? found).map(({ type }, index) =>
		importColumn(region, source.data.children[index] as arrow.Data, type),
	);
	return { length: source.numRows, columns, kinds: 0 };
}

/** Throws INVALID_SCHEMA where a batch with the columns `found` is not one of the columns `wanted`. */
export function checkSchema(found: Schema, wanted: Schema): void {
	if (found.length !== wanted.length) {
		throw invalidSchema(`The batch has ${found.length} columns`, `${wanted.length}: ${names(wanted)}`);
	}
	for (const [index, { name, type }] of wanted.entries()) {
		const actual = found[index] as Schema[number];
		if (actual.name !== name) throw invalidSchema(`Column ${index + 1} of the batch is '${actual.name}'`, `'${name}'`);
		if (!holdsSame(actual.type, type)) {
			throw invalidSchema(`Column '${name}' of the batch is ${typeText(actual.type)}`, typeText(type));
		}
	}
}

const names = (schema: Schema) => schema.map(({ name }) => name).join(", ");

const invalidSchema = (problem: string, expected: string) =>
	new EngineError("INVALID_SCHEMA", problem, { expected, remedy: "Pass batches of the declared schema" });

/** Whether values of an Arrow type are, converted by importColumn, values of the declared type. */
function holdsSame(actual: SqlType, wanted: SqlType): boolean {
	if (sameKind(actual, wanted) || actual.kind === "NULL") return true;
	if (actual.kind === "TIMESTAMP" || actual.kind === "TIMESTAMP_LTZ") {
		return actual.kind === wanted.kind && timestampUnit(actual.precision) === timestampUnit(wanted.precision);
	}
	if (actual.kind === "VARCHAR") return wanted.kind === "VARCHAR" || wanted.kind === "CHAR";
	if (actual.kind === "VARBINARY" || actual.kind === "BINARY")
		return wanted.kind === "VARBINARY" || wanted.kind === "BINARY";
	const interval =
		actual.kind === "INTERVAL_DAY_TIME" || actual.kind === "INTERVAL_YEAR_MONTH" || actual.kind === "TIME";
	return interval && actual.kind === wanted.kind;
}

/** One column; `type` is its SQL type. */
export function importColumn(region: Region, source: arrow.Data, type: SqlType): Column {
	if (DataType.isDictionary(source.type)) return importDictionary(region, source, type);
	if (isNested(type)) {
		const childValues = (child: arrow.Data, childType: SqlType) =>
			readColumn(region, importColumn(region, child, childType), child.length);
		return writeColumn(region, type, nestedValues(source, type, childValues));
	}
	const validity = importValidity(region, source);
	const column = { ...allocateColumn(region, type, source.length, false), validity };
	if (source.length === 0) return column;
	// Of a column without any value apache-arrow may have made no buffers.
	if (type.kind === "NULL" || DataType.isNull(source.type) || source.nullCount === source.length)
		return nullColumn(region, column, source.length);
	if (column.physical === "view") importViews(region, source, column);
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
	const first = offset >>> 3;
	const end = (offset + rows + 7) >>> 3;
	const address = copyIn(region, bits.subarray(first, end), end - first);
	if ((offset & 7) === 0) return address;
	const shifted = region.arena.allocate(validityBytes(rows));
	region.kernels.copyBits(address, offset & 7, rows, shifted);
	return shifted;
}

/** A buffer's bytes in the arena, in room for `needed` that kernels read: it may be too short for NULLs at the end, see offsetsOf. */
function copyIn(region: Region, values: ArrayBufferView, needed: number): number {
	const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
	const address = region.arena.allocate(Math.max(bytes.length, needed));
	region.u8.set(bytes, address);
	return address;
}

function importFixed(region: Region, source: arrow.Data, column: Column): void {
	const { type, length } = source;
	const { kernels } = region;
	if (DataType.isBool(type)) {
		kernels.bitsToMask(importBits(region, source.values, source.offset, length), 0, length, column.data);
		return;
	}
	if (DataType.isFloat(type) && type.precision === Precision.HALF) {
		const halves = Float32Array.from({ length }, (_, row) => halfToFloat(source.values[row] as number));
		region.u8.set(new Uint8Array(halves.buffer), column.data);
		return;
	}
	const elements = length * source.stride;
	const from = copyIn(region, source.values.subarray(0, elements), elements * source.values.BYTES_PER_ELEMENT);
	if (DataType.isInt(type)) importInteger(region, type, from, length, column);
	else if (DataType.isDecimal(type)) importDecimal(region, type, from, length, column);
	else if (DataType.isInterval(type) && type.unit === IntervalUnit.DAY_TIME)
		region.kernels.dayTimeToMillis(from, length, column.data);
	else importTime(region, type, from, length, column);
}

function halfToFloat(half: number): number {
	const sign = half & 0x8000 ? -1 : 1;
	const exponent = (half >>> 10) & 31;
	const fraction = half & 1023;
	if (exponent === 0) return sign * fraction * 2 ** -24;
	if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
	return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

function importInteger(region: Region, type: arrow.Int, from: number, rows: number, column: Column): void {
	const { kernels } = region;
	if (type.isSigned) kernels.copyBytes(column.data, from, (rows * type.bitWidth) / 8);
	else if (type.bitWidth === 8) kernels.castToI16(SOURCE.u8, from, rows, column.data);
	else if (type.bitWidth === 16) kernels.castToI32(SOURCE.u16, from, rows, column.data);
	else if (type.bitWidth === 32) kernels.castToI64(SOURCE.u32, from, rows, column.data);
	else kernels.widenU64(from, rows, column.data);
}

function importDecimal(region: Region, { bitWidth }: arrow.Decimal, from: number, rows: number, column: Column): void {
	const { kernels } = region;
	const isWide = column.physical === "i128";
	if (bitWidth === 128) {
		if (isWide) kernels.copyBytes(column.data, from, rows * 16);
		else kernels.narrowI128(from, rows, column.data);
	} else if (bitWidth === 64) {
		if (isWide) kernels.widenI64(from, rows, column.data);
		else kernels.copyBytes(column.data, from, rows * 8);
	} else kernels.castToI64(SOURCE.i32, from, rows, column.data);
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
	const isWide = width === 8 || isWideTime(type);
	if (factor === 1 && isWide === (width === 8)) {
		kernels.copyBytes(column.data, from, rows * width);
		return;
	}
	let values = from;
	if (!isWide) {
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

const isWideTime = (type: arrow.DataType) =>
	(DataType.isTime(type) && type.bitWidth === 64) || (DataType.isDate(type) && type.unit === DateUnit.MILLISECOND);

function importViews(region: Region, source: arrow.Data, column: Column): void {
	const { type } = source;
	if (DataType.isUtf8View(type) || DataType.isBinaryView(type)) importArrowViews(region, source, column);
	else if (DataType.isFixedSizeBinary(type)) importFixedBytes(region, source, type.byteWidth, column);
	else importBytes(region, source, column);
}

/** Utf8, Binary and their large variants. */
function importBytes(region: Region, source: arrow.Data, column: Column): void {
	const { values, length } = source;
	const bounds = offsetsOf(source);
	const offsets = importOffsets(region, bounds, length);
	const [first, last] = [Number(bounds[0]), Number(bounds[length])];
	const bytes = copyIn(region, (values as Uint8Array).subarray(first, last), last - first);
	region.kernels.bytesToViews(bytes, offsets, length, column.validity, column.data);
}

/** Offsets as u32, starting at 0. */
function importOffsets(region: Region, offsets: Int32Array | BigInt64Array, rows: number): number {
	let address = copyIn(region, offsets, offsets.byteLength);
	if (offsets instanceof BigInt64Array) {
		const narrow = region.arena.allocate((rows + 1) * 4);
		region.kernels.castToI32(SOURCE.i64, address, rows + 1, narrow);
		address = narrow;
	}
	region.kernels.rebaseOffsets(address, rows);
	return address;
}

function importArrowViews(region: Region, source: arrow.Data, column: Column): void {
	const { arena, kernels } = region;
	region.u8.set((source.values as Uint8Array).subarray(0, source.length * 16), column.data);
	const buffers = source.variadicBuffers.map((buffer) => copyIn(region, buffer, buffer.length));
	const table = arena.allocate(buffers.length * 4);
	region.u32.set(buffers, table / 4);
	kernels.resolveViews(column.data, source.length, column.validity, table);
}

function importFixedBytes(region: Region, source: arrow.Data, width: number, column: Column): void {
	const needed = source.length * width;
	const bytes = copyIn(region, (source.values as Uint8Array).subarray(0, needed), needed);
	const offsets = region.arena.allocate((source.length + 1) * 4);
	const target = region.u32.subarray(offsets / 4);
	for (let row = 0; row <= source.length; row++) target[row] = row * width;
	region.kernels.bytesToViews(bytes, offsets, source.length, column.validity, column.data);
}

/** The dictionary's values at the indexes. */
function importDictionary(region: Region, source: arrow.Data, type: SqlType): Column {
	const { arena, kernels } = region;
	const rows = source.length;
	const dictionary = source.dictionary as arrow.Vector;
	if (dictionary.length === 0) return nullColumn(region, allocateColumn(region, type, rows, false), rows);
	const validity = importValidity(region, source);
	const from = copyIn(region, source.values.subarray(0, rows), rows * source.values.BYTES_PER_ELEMENT);
	const indices = arena.allocate(rows * 4);
	kernels.castToI32(indexSource((source.type as arrow.Dictionary).indices), from, rows, indices);
	if (validity !== 0) kernels.zeroInvalid(indices, validity, rows);
	const column = takeColumn(region, importVector(region, dictionary, type), indices, rows);
	if (column.validity === 0 || validity === 0) return withValidity(column, column.validity || validity);
	kernels.andBits(column.validity, validity, rows, column.validity);
	return column;
}

function indexSource({ bitWidth, isSigned }: arrow.Int): number {
	if (bitWidth === 64) return SOURCE.i64;
	const sources = { 8: [SOURCE.u8, SOURCE.i8], 16: [SOURCE.u16, SOURCE.i16], 32: [SOURCE.u32, SOURCE.i32] } as const;
	return sources[bitWidth][isSigned ? 1 : 0];
}

/** All chunks of a vector as one column; a dictionary has several after deltas. */
function importVector(region: Region, vector: arrow.Vector, type: SqlType): Column {
	const [first, ...rest] = vector.data;
	if (first !== undefined && rest.length === 0) return importColumn(region, first, type);
	const values = vector.data.flatMap((chunk) => readColumn(region, importColumn(region, chunk, type), chunk.length));
	return writeColumn(region, type, values);
}
