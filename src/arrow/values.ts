// Whole columns ⇄ JavaScript values by the table of types/value.ts: one pass per column, texts decoded and encoded in bulk.
// For the row-at-a-time baseline, functions that run in JavaScript, and tests; kernels never come here.
import type { SqlType } from "../types/sql-type.js";
import { PHYSICAL_WIDTH, type PhysicalType, type Value } from "../types/value.js";
import type { Region } from "../wasm/region.js";
import { allocateColumn, type Column, validityBytes } from "./batch.js";
import { isNumberI64, writeFixed } from "./fixed.js";
import { decodeNested, NestedWriter } from "./nested.js";

const TWO_32 = 4_294_967_296;
const textEncoder = new TextEncoder();
const textDecoder = new TextDecoder("utf-8", { ignoreBOM: true });
const nestedWriter = new NestedWriter();

/** The first `rows` values of a column. */
export function readColumn(region: Region, column: Column, rows: number): Value[] {
	const values = readData(region, column, rows);
	if (column.validity !== 0) {
		const bits = region.u8;
		const base = column.validity;
		for (let i = 0; i < rows; i++) {
			if (((bits[base + (i >>> 3)] as number) & (1 << (i & 7))) === 0) values[i] = null;
		}
	}
	return values;
}

function readData(region: Region, column: Column, rows: number): Value[] {
	const { type, physical, data } = column;
	if (rows === 0) return [];
	if (type.kind === "NULL") return new Array<Value>(rows).fill(null);
	if (physical === "view") return readViews(region, column, rows);
	if (physical === "i128") return readWide(region, data, rows);
	const buffer = region.u8.buffer;
	if (physical === "i64") return isNumberI64(type) ? readMillis(region, data, rows) : readBigints(region, column, rows);
	if (physical === "bool") return Array.from(new Uint8Array(buffer, data, rows), (byte) => byte !== 0);
	return listOf(new NUMBER_ARRAYS[physical](buffer, data, rows));
}

/** Array.from goes through an iterator and takes some ten times as long. */
function listOf(numbers: ArrayLike<number>): number[] {
	const values = new Array<number>(numbers.length);
	for (let i = 0; i < values.length; i++) values[i] = numbers[i] as number;
	return values;
}

const NUMBER_ARRAYS = {
	i8: Int8Array,
	i16: Int16Array,
	i32: Int32Array,
	f32: Float32Array,
	f64: Float64Array,
} as const satisfies Partial<Record<PhysicalType, unknown>>;

/** 64-bit integers as numbers: exact up to 2^53. */
function readMillis(region: Region, data: number, rows: number): number[] {
	const words = new Int32Array(region.u8.buffer, data, rows * 2);
	const values = new Array<number>(rows);
	for (let i = 0; i < rows; i++) {
		values[i] = (words[2 * i + 1] as number) * TWO_32 + ((words[2 * i] as number) >>> 0);
	}
	return values;
}

/** A bigint lies on the heap, so none is made for NULL. */
function readBigints(region: Region, { data, validity }: Column, rows: number): Value[] {
	const numbers = new BigInt64Array(region.u8.buffer, data, rows);
	const bits = region.u8;
	const values = new Array<Value>(rows);
	for (let i = 0; i < rows; i++) {
		const isNull = validity !== 0 && ((bits[validity + (i >>> 3)] as number) & (1 << (i & 7))) === 0;
		values[i] = isNull ? null : (numbers[i] as bigint);
	}
	return values;
}

function readWide(region: Region, data: number, rows: number): bigint[] {
	const high = new BigInt64Array(region.u8.buffer, data, rows * 2);
	const low = new BigUint64Array(region.u8.buffer, data, rows * 2);
	const values = new Array<bigint>(rows);
	for (let i = 0; i < rows; i++) values[i] = ((high[2 * i + 1] as bigint) << 64n) | (low[2 * i] as bigint);
	return values;
}

/** Contiguous bytes and offsets of a column of views: where kernels end and text decoding begins. Arena memory. */
function contiguous(region: Region, views: number, rows: number): { bytes: number; offsets: number; length: number } {
	const length = region.kernels.viewsTotalBytes(views, rows);
	const offsets = region.arena.allocate((rows + 1) * 4);
	const bytes = region.arena.allocate(length);
	region.kernels.viewsToBytes(views, rows, offsets, bytes);
	return { bytes, offsets, length };
}

/** RAW values are the JSON text that JSON() marks. */
const isText = (kind: SqlType["kind"]) => kind === "CHAR" || kind === "VARCHAR" || kind === "SYMBOL" || kind === "RAW";

/** The bytes of all views and where each ends, as they lie in the arena until its mark is released. */
export function readBytes(region: Region, views: number, rows: number): { bytes: Uint8Array; offsets: Uint32Array } {
	const { bytes, offsets, length } = contiguous(region, views, rows);
	const start = offsets / 4;
	return { bytes: region.u8.subarray(bytes, bytes + length), offsets: region.u32.subarray(start, start + rows + 1) };
}

/** A column of numbers as it lies in memory. BIGINT as BigInt64Array, BOOLEAN as Uint8Array. */
export function numberArray(region: Region, { physical, data }: Pick<Column, "physical" | "data">, rows: number) {
	const { buffer } = region.u8;
	if (physical === "i64") return new BigInt64Array(buffer, data, rows);
	if (physical === "bool") return new Uint8Array(buffer, data, rows);
	if (physical === "i128" || physical === "view") throw new Error(`${physical} is no number`);
	return new NUMBER_ARRAYS[physical](buffer, data, rows);
}

function readViews(region: Region, column: Column, rows: number): Value[] {
	const mark = region.arena.mark();
	const { bytes, offsets, length } = contiguous(region, column.data, rows);
	const { kind } = column.type;
	const values = isText(kind)
		? readTexts(region, bytes, offsets, length, rows)
		: readEncoded(region, column, bytes, offsets, rows);
	region.arena.release(mark);
	return values;
}

/** Decodes all text at once and cuts it; falls back to one by one where bytes are not UTF-8. */
function readTexts(region: Region, bytes: number, offsets: number, length: number, rows: number): string[] {
	const text = textDecoder.decode(region.u8.subarray(bytes, bytes + length));
	if (text.length !== length) {
		const byteOffsets = region.u32.slice(offsets / 4, offsets / 4 + rows + 1);
		region.kernels.utf16Offsets(bytes, offsets, rows);
		if (region.u32[offsets / 4 + rows] !== text.length) return readTextsSingly(region, bytes, byteOffsets, rows);
	}
	const ends = region.u32.subarray(offsets / 4, offsets / 4 + rows + 1);
	const values = new Array<string>(rows);
	for (let i = 0; i < rows; i++) values[i] = text.substring(ends[i] as number, ends[i + 1] as number);
	return values;
}

function readTextsSingly(region: Region, bytes: number, ends: Uint32Array, rows: number): string[] {
	return Array.from({ length: rows }, (_, i) =>
		textDecoder.decode(region.u8.subarray(bytes + (ends[i] as number), bytes + (ends[i + 1] as number))),
	);
}

function readEncoded(region: Region, { type, validity }: Column, bytes: number, offsets: number, rows: number) {
	const values = new Array<Value>(rows);
	for (let i = 0; i < rows; i++) {
		const start = region.u32[offsets / 4 + i] as number;
		const end = region.u32[offsets / 4 + i + 1] as number;
		const isNull = validity !== 0 && ((region.u8[validity + (i >>> 3)] as number) & (1 << (i & 7))) === 0;
		values[i] = isNull ? null : decodeNested(region.data, bytes + start, end - start, type);
	}
	return values;
}

/** A column of the values, in the arena. It has a bitmap only when a value is NULL. Integers wrap to the type's width. */
export function writeColumn(region: Region, type: SqlType, values: readonly Value[]): Column {
	const rows = values.length;
	const hasNulls = values.includes(null);
	const column = allocateColumn(region, type, rows, hasNulls);
	if (hasNulls) writeValidity(region, column.validity, values);
	if (type.kind === "NULL") region.u8.fill(0, column.data, column.data + rows);
	else if (column.physical === "view") writeViews(region, column, values);
	else writeFixedColumn(region, column, values);
	return column;
}

function writeValidity(region: Region, validity: number, values: readonly Value[]): void {
	const bits = region.u8.subarray(validity, validity + validityBytes(values.length));
	bits.fill(0);
	for (let i = 0; i < values.length; i++) if (values[i] !== null) (bits[i >>> 3] as number) |= 1 << (i & 7);
}

function writeFixedColumn(region: Region, { type, physical, data }: Column, values: readonly Value[]): void {
	if (physical === "i8" || physical === "i16" || physical === "i32" || physical === "f32" || physical === "f64") {
		const target = new NUMBER_ARRAYS[physical](region.u8.buffer, data, values.length);
		for (let i = 0; i < target.length; i++) target[i] = (values[i] ?? 0) as number;
		return;
	}
	const width = PHYSICAL_WIDTH[physical];
	const zero: Value = physical === "bool" ? false : physical === "i128" || !isNumberI64(type) ? 0n : 0;
	const view = region.data;
	for (let i = 0; i < values.length; i++) writeFixed(view, data + i * width, values[i] ?? zero, type);
}

function writeViews(region: Region, column: Column, values: readonly Value[]): void {
	const rows = values.length;
	const offsets = region.arena.allocate((rows + 1) * 4);
	const { kind } = column.type;
	const bytes = isText(kind) ? writeTexts(region, offsets, values) : writeEncoded(region, column.type, offsets, values);
	region.kernels.bytesToViews(bytes, offsets, rows, 0, column.data);
}

/** Encodes all text at once; texts that are not ASCII are encoded again one by one, to learn their lengths. */
function writeTexts(region: Region, offsets: number, values: readonly Value[]): number {
	const text = values.join("");
	const bytes = region.arena.allocate(text.length * 3);
	const { written } = textEncoder.encodeInto(text, region.u8.subarray(bytes, bytes + text.length * 3));
	const isAscii = written === text.length;
	const memory = region.u8;
	const ends = region.u32.subarray(offsets / 4);
	let end = 0;
	ends[0] = 0;
	for (let i = 0; i < values.length; i++) {
		const value = (values[i] ?? "") as string;
		end += isAscii ? value.length : textEncoder.encodeInto(value, memory.subarray(bytes + end)).written;
		ends[i + 1] = end;
	}
	return bytes;
}

function writeEncoded(region: Region, type: SqlType, offsets: number, values: readonly Value[]): number {
	nestedWriter.clear();
	const ends = region.u32.subarray(offsets / 4);
	ends[0] = 0;
	for (const [i, value] of values.entries()) {
		if (value !== null) nestedWriter.write(value, type);
		ends[i + 1] = nestedWriter.length;
	}
	const bytes = region.arena.allocate(nestedWriter.length);
	region.u8.set(nestedWriter.bytes(), bytes);
	return bytes;
}
