// Rows whose value lies in a closed range: what comparisons of one column with constants come to. Straight into bits or selections, without a mask.
// `range`: | least | greatest |, one value each; a NaN is in no range.
import { emit8 } from "../column/selection";

/** Reading all lines in order is faster than only those of the selected rows while more than one row in so many is selected. */
const SPARSE: u32 = 24;
// Keeps the loads of touch from being taken out.
let touched: i32 = 0;

/** Of 16 / sizeof(T) rows, lanes of 0 or -1. */
@inline function within<T>(values: usize, offset: usize, least: v128, greatest: v128): v128 {
  const lanes = v128.load(values + offset);
  return v128.and(v128.ge<T>(lanes, least), v128.le<T>(lanes, greatest));
}

/** Of four rows of 64 bits, as lanes of 32. */
@inline function four<T>(values: usize, offset: usize, least: v128, greatest: v128): v128 {
  if (sizeof<T>() == 4) return within<T>(values, offset >> 1, least, greatest);
  return v128.shuffle<i32>(within<T>(values, offset, least, greatest), within<T>(values, offset + 16, least, greatest), 0, 2, 4, 6);
}

/** A bit for each of sixteen rows. */
@inline function sixteen<T>(values: usize, least: v128, greatest: v128): u32 {
  return i8x16.bitmask(i8x16.narrow_i16x8_s(
    i16x8.narrow_i32x4_s(four<T>(values, 0, least, greatest), four<T>(values, 32, least, greatest)),
    i16x8.narrow_i32x4_s(four<T>(values, 64, least, greatest), four<T>(values, 96, least, greatest))));
}

/** A bit for each of the sixteen rows from `row` on that is in the range, not NULL and among `among` (bits; 0: all rows are). */
@inline function kept<T>(values: usize, validity: usize, among: usize, row: i32, least: v128, greatest: v128): u32 {
  let bits = sixteen<T>(values + <usize>row * sizeof<T>(), least, greatest);
  if (validity != 0) bits &= load<u16>(validity + (row >> 3));
  if (among != 0) bits &= load<u16>(among + (row >> 3));
  return bits;
}

/** The same of fewer than sixteen rows, up to `rows`. */
@inline function keptRest<T>(range: usize, values: usize, validity: usize, among: usize, row: i32, rows: i32): u32 {
  let bits: u32 = 0;
  for (let i = row; i < rows; i++) bits |= keeps<T>(range, values, validity, i) << (i - row);
  return among == 0 ? bits : bits & load<u16>(among + (row >> 3));
}

@inline function keeps<T>(range: usize, values: usize, validity: usize, row: u32): u32 {
  const value = load<T>(values + <usize>row * sizeof<T>());
  const keep = <u32>(value >= load<T>(range)) & <u32>(value <= load<T>(range, sizeof<T>()));
  return validity == 0 ? keep : keep & (<u32>load<u8>(validity + (row >> 3)) >> (row & 7));
}

/** Those of the first `rows` rows that are in the range, not NULL and among `among`. `out` needs room for all and 32 bytes. Returns how many. */
@inline function SELECT<T>(range: usize, values: usize, validity: usize, among: usize, rows: i32, out: usize): i32 {
  const start = out;
  const least = v128.splat<T>(load<T>(range));
  const greatest = v128.splat<T>(load<T>(range, sizeof<T>()));
  const whole = rows & ~15;
  for (let row = 0; row < whole; row += 16) {
    const bits = kept<T>(values, validity, among, row, least, greatest);
    if (bits == 0) continue;
    out = emit8(bits & 0xff, row, out);
    out = emit8(bits >> 8, row + 8, out);
  }
  if (whole < rows) {
    const bits = keptRest<T>(range, values, validity, among, whole, rows);
    out = emit8(bits & 0xff, whole, out);
    out = emit8(bits >> 8, whole + 8, out);
  }
  return <i32>((out - start) >> 2);
}

/** The same as bits, sixteen rows at a time, those beyond `rows` 0; `out` may be `among`. Returns how many are 1. */
@inline function BITS<T>(range: usize, values: usize, validity: usize, among: usize, rows: i32, out: usize): i32 {
  const least = v128.splat<T>(load<T>(range));
  const greatest = v128.splat<T>(load<T>(range, sizeof<T>()));
  const whole = rows & ~15;
  let count: i32 = 0;
  for (let row = 0; row < whole; row += 16) {
    const bits = kept<T>(values, validity, among, row, least, greatest);
    count += popcnt(bits);
    store<u16>(out + (row >> 3), bits);
  }
  if (whole < rows) {
    const bits = keptRest<T>(range, values, validity, among, whole, rows);
    count += popcnt(bits);
    store<u16>(out + (whole >> 3), bits);
  }
  return count;
}

/**
 * Reads the lines of the values of `rows` selected rows before they are compared: in order, because the processor fetches ahead of such
 * reading (of whole lines better than of a byte of each), or if few are selected each by itself, with nothing between that would have to wait.
 */
@inline function touch<T>(values: usize, selection: usize, rows: i32): void {
  if (rows == 0) return;
  const stop = selection + (<usize>rows << 2);
  const first = load<u32>(selection);
  const last = load<u32>(stop - 4);
  if (last - first > <u32>rows * SPARSE) {
    let sum: i32 = 0;
    for (; selection < stop; selection += 4) sum += load<u8>(values + <usize>load<u32>(selection) * sizeof<T>());
    touched = sum;
  } else {
    let sum = i32x4.splat(0);
    const end = values + <usize>last * sizeof<T>();
    for (let at = values + <usize>first * sizeof<T>(); at + 64 <= end; at += 64) {
      const near = i32x4.add(v128.load(at), v128.load(at, 16));
      sum = i32x4.add(sum, i32x4.add(near, i32x4.add(v128.load(at, 32), v128.load(at, 48))));
    }
    touched = i32x4.extract_lane(sum, 0);
  }
}

/** Those of `rows` selected rows that are in the range and not NULL; `out` may be `selection`. Returns how many. */
@inline function NARROW<T>(range: usize, values: usize, validity: usize, selection: usize, rows: i32, out: usize): i32 {
  const start = out;
  const least = load<T>(range);
  const greatest = load<T>(range, sizeof<T>());
  touch<T>(values, selection, rows);
  for (const end = selection + (<usize>rows << 2); selection < end; selection += 4) {
    const row = load<u32>(selection);
    const value = load<T>(values + <usize>row * sizeof<T>());
    let keep = <u32>(value >= least) & <u32>(value <= greatest);
    if (validity != 0) keep &= <u32>load<u8>(validity + (row >> 3)) >> (row & 7);
    store<u32>(out, row);
    out += <usize>keep << 2;
  }
  return <i32>((out - start) >> 2);
}

export function rangeSelectI32(range: usize, values: usize, validity: usize, among: usize, rows: i32, out: usize): i32 {
  return SELECT<i32>(range, values, validity, among, rows, out);
}
export function rangeSelectI64(range: usize, values: usize, validity: usize, among: usize, rows: i32, out: usize): i32 {
  return SELECT<i64>(range, values, validity, among, rows, out);
}
export function rangeSelectF64(range: usize, values: usize, validity: usize, among: usize, rows: i32, out: usize): i32 {
  return SELECT<f64>(range, values, validity, among, rows, out);
}

export function rangeBitsI32(range: usize, values: usize, validity: usize, among: usize, rows: i32, out: usize): i32 {
  return BITS<i32>(range, values, validity, among, rows, out);
}
export function rangeBitsI64(range: usize, values: usize, validity: usize, among: usize, rows: i32, out: usize): i32 {
  return BITS<i64>(range, values, validity, among, rows, out);
}
export function rangeBitsF64(range: usize, values: usize, validity: usize, among: usize, rows: i32, out: usize): i32 {
  return BITS<f64>(range, values, validity, among, rows, out);
}

export function rangeNarrowI32(range: usize, values: usize, validity: usize, selection: usize, rows: i32, out: usize): i32 {
  return NARROW<i32>(range, values, validity, selection, rows, out);
}
export function rangeNarrowI64(range: usize, values: usize, validity: usize, selection: usize, rows: i32, out: usize): i32 {
  return NARROW<i64>(range, values, validity, selection, rows, out);
}
export function rangeNarrowF64(range: usize, values: usize, validity: usize, selection: usize, rows: i32, out: usize): i32 {
  return NARROW<f64>(range, values, validity, selection, rows, out);
}
