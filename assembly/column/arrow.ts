// Arrow's layouts that differ from ours: bits at any offset, views into numbered buffers.
import { storeShortView, storeView } from "../memory/view";

/** Copies `rows` bits from bit `offset` on, to the start of a byte. Reads up to 8 bytes past the end. */
export function copyBits(source: usize, offset: i32, rows: i32, out: usize): void {
  source += offset >> 3;
  const shift = <u8>(offset & 7);
  for (const end = out + ((<usize>rows + 7) >> 3); out < end; out++) {
    store<u8>(out, <u8>(load<u16>(source++) >> shift));
  }
}

/**
 * Views of values that lie one after the other at `bytes`, `available` bytes in all: value i from offset i to offset i + 1, less the first
 * offset. NULLs get length 0. Returns how many rows there are up to the first whose offsets fall or leave the values; `rows` when none does.
 */
@inline
function OFFSETS_TO_VIEWS<T>(bytes: usize, available: u32, offsets: usize, rows: i32, validity: usize, views: usize): i32 {
  const base = load<T>(offsets);
  let start: T = 0;
  for (let row: usize = 0; row < <usize>rows; row++) {
    offsets += sizeof<T>();
    const end: T = load<T>(offsets) - base;
    // An end before the start wraps around and is beyond what is left, too.
    if (<T>(end - start) > <T>available - start) return <i32>row;
    let length = <u32>(end - start);
    if (validity != 0 && !(load<u8>(validity + (row >> 3)) & (1 << (<u8>row & 7)))) length = 0;
    storeView(views, bytes + <usize>start, length);
    start = end;
    views += 16;
  }
  return rows;
}

export function offsetsToViews(bytes: usize, available: u32, offsets: usize, rows: i32, validity: usize, views: usize): i32 {
  return OFFSETS_TO_VIEWS<u32>(bytes, available, offsets, rows, validity, views);
}

export function largeOffsetsToViews(bytes: usize, available: u32, offsets: usize, rows: i32, validity: usize, views: usize): i32 {
  return OFFSETS_TO_VIEWS<u64>(bytes, available, offsets, rows, validity, views);
}

/**
 * Arrow's views → ours, in place. Those longer than 12 bytes name a buffer | length | prefix | buffer | offset |; `buffers` has | address u32 |
 * length u32 | of each of the `count` buffers and, behind them, of an empty one. NULLs get length 0. Returns the first row that names bytes outside
 * its buffer, or `rows`.
 */
export function resolveViews(views: usize, rows: i32, validity: usize, buffers: usize, count: u32): i32 {
  for (let row = 0; row < rows; row++) {
    const isNull = validity != 0 && !((load<u8>(validity + (row >> 3)) >> (<u8>row & 7)) & 1);
    const length: u32 = isNull ? 0 : load<u32>(views);
    if (length > 12) {
      const buffer = load<u64>(buffers + (<usize>min(load<u32>(views, 8), count) << 3));
      const offset = load<u32>(views, 12);
      if (<u64>offset + length > buffer >> 32) return row;
      storeView(views, <usize>buffer + offset, length);
    } else storeShortView(views, v128.load(views, 4), length);
    views += 16;
  }
  return rows;
}

/** Sets the u32 indexes of NULLs to 0: Arrow leaves them undefined. */
export function zeroInvalid(indices: usize, validity: usize, rows: i32): void {
  for (let row = 0; row < rows; row++) {
    if (!((load<u8>(validity + (row >> 3)) >> (<u8>row & 7)) & 1)) store<u32>(indices, 0);
    indices += 4;
  }
}

/** 64-bit indexes as u32; what does not fit becomes the largest. */
export function narrowIndices(source: usize, rows: i32, out: usize): void {
  for (const end = out + (<usize>rows << 2); out < end; out += 4) {
    store<u32>(out, <u32>min<u64>(load<u64>(source), u32.MAX_VALUE));
    source += 8;
  }
}

/** The first of the u32 indexes that is not below `count`; `rows` when all are. */
export function indexBeyond(indices: usize, rows: i32, count: u32): i32 {
  let row = 0;
  const bound = i32x4.splat(count);
  for (; row <= rows - 16; row += 16) {
    const low = i32x4.max_u(v128.load(indices), v128.load(indices, 16));
    const high = i32x4.max_u(v128.load(indices, 32), v128.load(indices, 48));
    if (v128.any_true(i32x4.ge_u(i32x4.max_u(low, high), bound))) break;
    indices += 64;
  }
  for (; row < rows; row++) {
    if (load<u32>(indices) >= count) return row;
    indices += 4;
  }
  return rows;
}

/** Integer quotients toward negative infinity; the divisor is positive. */
export function floorDivide(source: usize, divisor: f64, rows: i32, out: usize): void {
  const by = <i64>divisor;
  for (const end = out + (<usize>rows << 3); out < end; out += 8) {
    const value = load<i64>(source);
    const quotient = value / by;
    store<i64>(out, quotient - <i64>(value < quotient * by));
    source += 8;
  }
}

/** Days and milliseconds (two i32 each) → milliseconds. */
export function dayTimeToMillis(source: usize, rows: i32, out: usize): void {
  for (const end = out + (<usize>rows << 3); out < end; out += 8) {
    store<i64>(out, <i64>load<i32>(source) * 86_400_000 + load<i32>(source, 4));
    source += 8;
  }
}
