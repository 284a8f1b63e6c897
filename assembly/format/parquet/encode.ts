// Columns → Parquet's PLAIN values and runs, and what a chunk's least and greatest values are.
import { compareViewOrder } from "../../memory/bytes";

/** Texts, each after its u32 length; returns the end. Writes up to 16 bytes past it. */
export function parquetAppendTexts(views: usize, n: i32, out: usize): usize {
  for (const end = views + (<usize>n << 4); views < end; views += 16) {
    const length = load<u32>(views);
    store<u32>(out, length);
    out += 4;
    if (length <= 12) v128.store(out, v128.load(views, 4));
    else copy(out, load<u32>(views, 12), length);
    out += length;
  }
  return out;
}

@inline
function copy(out: usize, bytes: usize, length: u32): void {
  if (length > 256) memory.copy(out, bytes, length);
  else for (let at: usize = 0; at < <usize>length; at += 16) v128.store(out + at, v128.load(bytes + at));
}

/** How many bytes parquetTakeTexts writes. */
export function parquetTakenBytes(values: usize, offsets: usize, indexes: usize, n: i32): f64 {
  let bytes: u64 = 0;
  for (const end = indexes + (<usize>n << 2); indexes < end; indexes += 4) {
    bytes += load<u32>(values + load<u32>(offsets + (<usize>load<u32>(indexes) << 2))) + 4;
  }
  return <f64>bytes;
}

/** Texts of a dictionary (see dictionary.ts) by index, each after its length; returns the end. */
export function parquetTakeTexts(values: usize, offsets: usize, indexes: usize, n: i32, out: usize): usize {
  for (const end = indexes + (<usize>n << 2); indexes < end; indexes += 4) {
    const text = values + load<u32>(offsets + (<usize>load<u32>(indexes) << 2));
    const length = load<u32>(text) + 4;
    copy(out, text, length);
    out += length;
  }
  return out;
}

/** i128 as big-endian integers of `width` bytes, 1 to 16. Writes up to 16 bytes past the end. */
export function parquetAppendBigEndian(values: usize, width: u32, n: i32, out: usize): void {
  for (const end = values + (<usize>n << 4); values < end; values += 16) {
    const low = bswap(load<u64>(values));
    if (width > 8) {
      store<u64>(out, bswap(load<u64>(values, 8)) >> (<u64>(16 - width) << 3));
      store<u64>(out + width - 8, low);
    } else {
      store<u64>(out, low >> (<u64>(8 - width) << 3));
    }
    out += width;
  }
}

@inline
function varint(value: u32, out: usize): usize {
  for (; value >= 0x80; value >>= 7) store<u8>(out++, <u8>(value | 0x80));
  store<u8>(out, <u8>value);
  return out + 1;
}

/** From so many equal values on a run is written for them. A multiple of 8. */
const LEAST_RUN: u32 = 16;

/**
 * u32 values below 2^`bits` as runs and bit-packed groups of eight; returns the end. Needs room for the packed values, a byte per value and
 * 64 more, and zeros for eight values after the last.
 */
export function parquetEncodeRuns(values: usize, n: u32, bits: u32, out: usize): usize {
  const bytes = (bits + 7) >> 3;
  let packed: u32 = 0;
  let at: u32 = 0;
  while (at < n) {
    const value = load<u32>(values + (<usize>at << 2));
    let run: u32 = 1;
    while (at + run < n && load<u32>(values + (<usize>(at + run) << 2)) == value) run++;
    if (run >= LEAST_RUN) {
      out = pack(values, packed, at, bits, out);
      out = varint(run << 1, out);
      store<u32>(out, value);
      out += bytes;
      at += run;
      packed = at;
    } else {
      at += 8;
    }
  }
  return pack(values, packed, n, bits, out);
}

/** Values `from` to `to` in groups of eight. */
function pack(values: usize, from: u32, to: u32, bits: u32, out: usize): usize {
  if (to <= from) return out;
  const groups = (to - from + 7) >> 3;
  out = varint((groups << 1) | 1, out);
  let word: u64 = 0;
  let filled: u32 = 0;
  values += <usize>from << 2;
  for (const end = values + (<usize>groups << 5); values < end; values += 4) {
    word |= <u64>load<u32>(values) << filled;
    filled += bits;
    if (filled >= 32) {
      store<u32>(out, <u32>word);
      out += 4;
      word >>= 32;
      filled -= 32;
    }
  }
  store<u32>(out, <u32>word);
  return out + (filled >> 3);
}

// Bounds: the least value, then the greatest, updated. NaN is neither.

@inline
function BOUNDS<T>(values: usize, n: i32, bounds: usize): void {
  let least = load<T>(bounds);
  let greatest = load<T>(bounds, sizeof<T>());
  for (const end = values + <usize>n * sizeof<T>(); values < end; values += sizeof<T>()) {
    const value = load<T>(values);
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  store<T>(bounds, least);
  store<T>(bounds, greatest, sizeof<T>());
}

export function parquetBoundsI32(values: usize, n: i32, bounds: usize): void { BOUNDS<i32>(values, n, bounds); }
export function parquetBoundsI64(values: usize, n: i32, bounds: usize): void { BOUNDS<i64>(values, n, bounds); }
export function parquetBoundsF32(values: usize, n: i32, bounds: usize): void { BOUNDS<f32>(values, n, bounds); }
export function parquetBoundsF64(values: usize, n: i32, bounds: usize): void { BOUNDS<f64>(values, n, bounds); }

export function parquetBoundsI128(values: usize, n: i32, bounds: usize): void {
  for (const end = values + (<usize>n << 4); values < end; values += 16) {
    if (isLess(values, bounds)) v128.store(bounds, v128.load(values));
    if (isLess(bounds + 16, values)) v128.store(bounds, v128.load(values), 16);
  }
}

@inline
function isLess(left: usize, right: usize): bool {
  const high = load<i64>(left, 8);
  const other = load<i64>(right, 8);
  return high < other || (high == other && load<u64>(left) < load<u64>(right));
}

/** The rows of the least and the greatest of `n` > 0 views, as two u32. */
export function parquetBoundsTexts(views: usize, n: i32, rows: usize): void {
  let least = views;
  let greatest = views;
  const end = views + (<usize>n << 4);
  for (let view = views + 16; view < end; view += 16) {
    if (compareViewOrder(view, least) < 0) least = view;
    else if (compareViewOrder(view, greatest) > 0) greatest = view;
  }
  store<u32>(rows, <u32>((least - views) >> 4));
  store<u32>(rows, <u32>((greatest - views) >> 4), 4);
}

