// MIN, MAX, FIRST_VALUE, LAST_VALUE of added rows: a group row holds the value picked so far and a flag byte, which is 0 while there
// is none. Comparisons of floats are IEEE's: NaN loses against a number that came before it, and wins against none. LEAST and GREATEST
// are MIN and MAX of floats that may be taken back, see floats.ts.

import { compareViews, sameView } from "../row/views";
import { compareFloats } from "./floats";

const FIRST: i32 = 0;
const LAST: i32 = 1;
const MIN: i32 = 2;
const MAX: i32 = 3;
const LEAST: i32 = 4;

@inline
function isBetter<T>(mode: i32, value: T, picked: T): bool {
  if (isFloat<T>() && mode >= LEAST) {
    const order = compareFloats(<f64>value, <f64>picked);
    return mode == LEAST ? order < 0 : order > 0;
  }
  return mode == MIN ? value < picked : value > picked;
}

@inline
function PICK<T>(mode: i32, rows: usize, n: u32, offset: u32, flag: u32, values: usize, weights: usize): void {
  for (let i: u32 = 0; i < n; i++) {
    if (weights != 0 && load<i8>(weights + i) <= 0) continue;
    const row: usize = load<u32>(rows + (i << 2));
    const value = load<T>(values + (<usize>i) * sizeof<T>());
    if (load<u8>(row + flag) == 0) {
      store<u8>(row + flag, 1);
      store<T>(row + offset, value);
      continue;
    }
    if (mode == FIRST) continue;
    const picked = load<T>(row + offset);
    if (mode == LAST || isBetter<T>(mode, value, picked)) store<T>(row + offset, value);
  }
}

export function pickI8(mode: i32, rows: usize, n: u32, offset: u32, flag: u32, values: usize, weights: usize): void {
  PICK<i8>(mode, rows, n, offset, flag, values, weights);
}
export function pickI16(mode: i32, rows: usize, n: u32, offset: u32, flag: u32, values: usize, weights: usize): void {
  PICK<i16>(mode, rows, n, offset, flag, values, weights);
}
export function pickI32(mode: i32, rows: usize, n: u32, offset: u32, flag: u32, values: usize, weights: usize): void {
  PICK<i32>(mode, rows, n, offset, flag, values, weights);
}
export function pickI64(mode: i32, rows: usize, n: u32, offset: u32, flag: u32, values: usize, weights: usize): void {
  PICK<i64>(mode, rows, n, offset, flag, values, weights);
}
export function pickF32(mode: i32, rows: usize, n: u32, offset: u32, flag: u32, values: usize, weights: usize): void {
  PICK<f32>(mode, rows, n, offset, flag, values, weights);
}
export function pickF64(mode: i32, rows: usize, n: u32, offset: u32, flag: u32, values: usize, weights: usize): void {
  PICK<f64>(mode, rows, n, offset, flag, values, weights);
}

@inline
function isLessWide(left: usize, right: usize): bool {
  const leftHigh = load<i64>(left, 8);
  const rightHigh = load<i64>(right, 8);
  return leftHigh < rightHigh || (leftHigh == rightHigh && load<u64>(left) < load<u64>(right));
}

export function pickI128(mode: i32, rows: usize, n: u32, offset: u32, flag: u32, values: usize, weights: usize): void {
  for (let i: u32 = 0; i < n; i++) {
    if (weights != 0 && load<i8>(weights + i) <= 0) continue;
    const row: usize = load<u32>(rows + (i << 2));
    const value = values + (i << 4);
    const picked = row + offset;
    if (load<u8>(row + flag) != 0) {
      if (mode == FIRST) continue;
      if (mode == MIN && !isLessWide(value, picked)) continue;
      if (mode == MAX && !isLessWide(picked, value)) continue;
    }
    store<u8>(row + flag, 1);
    store<v128>(picked, load<v128>(value));
  }
}

/** A view's bytes are the group's own (in the string heap) or still the batch's, to be kept before the batch goes. */
const OWNED: u8 = 1;
const BORROWED: u8 = 2;

/**
 * Views. `replaced` receives the owned long views that groups gave up (16 bytes each, room for n), to be freed once nobody reads
 * the old results any more; returns how many.
 */
export function pickView(
  mode: i32, rows: usize, n: u32, offset: u32, flag: u32, values: usize, weights: usize, replaced: usize,
): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    if (weights != 0 && load<i8>(weights + i) <= 0) continue;
    const row: usize = load<u32>(rows + (i << 2));
    const value = values + (i << 4);
    const picked = row + offset;
    const state = load<u8>(row + flag);
    if (state != 0) {
      if (mode == FIRST) continue;
      if (mode == MIN && compareViews(value, picked) >= 0) continue;
      if (mode == MAX && compareViews(value, picked) <= 0) continue;
      if (state == OWNED && load<u32>(picked) > 12) {
        store<v128>(replaced + (count << 4), load<v128>(picked));
        count++;
      }
    }
    store<u8>(row + flag, BORROWED);
    store<v128>(picked, load<v128>(value));
  }
  return count;
}

/** Collects the rows whose view is borrowed, and marks them owned. Returns how many. */
export function pickBorrowed(rows: usize, n: u32, flag: u32, out: usize): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const row: usize = load<u32>(rows + (i << 2));
    if (load<u8>(row + flag) != BORROWED) continue;
    store<u8>(row + flag, OWNED);
    store<u32>(out + (count << 2), <u32>row);
    count++;
  }
  return count;
}

/** Forgets the picked value of groups that lost it (weight −1) and collects those groups. Returns how many. */
@inline
function LOST<T>(rows: usize, n: u32, offset: u32, flag: u32, values: usize, weights: usize, out: usize): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    if (load<i8>(weights + i) >= 0) continue;
    const row: usize = load<u32>(rows + (i << 2));
    if (load<u8>(row + flag) == 0 || load<T>(row + offset) != load<T>(values + (<usize>i) * sizeof<T>())) continue;
    store<u8>(row + flag, 0);
    store<u32>(out + (count++ << 2), <u32>row);
  }
  return count;
}

export function pickLost1(rows: usize, n: u32, offset: u32, flag: u32, values: usize, weights: usize, out: usize): u32 {
  return LOST<u8>(rows, n, offset, flag, values, weights, out);
}
export function pickLost2(rows: usize, n: u32, offset: u32, flag: u32, values: usize, weights: usize, out: usize): u32 {
  return LOST<u16>(rows, n, offset, flag, values, weights, out);
}
export function pickLost4(rows: usize, n: u32, offset: u32, flag: u32, values: usize, weights: usize, out: usize): u32 {
  return LOST<u32>(rows, n, offset, flag, values, weights, out);
}
export function pickLost8(rows: usize, n: u32, offset: u32, flag: u32, values: usize, weights: usize, out: usize): u32 {
  return LOST<u64>(rows, n, offset, flag, values, weights, out);
}

@inline
function same<T>(left: T, right: T): bool {
  return left == right || (left != left && right != right);
}

@inline
function LOST_FLOAT<T>(rows: usize, n: u32, offset: u32, flag: u32, values: usize, weights: usize, out: usize): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    if (load<i8>(weights + i) >= 0) continue;
    const row: usize = load<u32>(rows + (i << 2));
    if (load<u8>(row + flag) == 0 || !same<T>(load<T>(row + offset), load<T>(values + (<usize>i) * sizeof<T>()))) continue;
    store<u8>(row + flag, 0);
    store<u32>(out + (count++ << 2), <u32>row);
  }
  return count;
}

export function pickLostF32(rows: usize, n: u32, offset: u32, flag: u32, values: usize, weights: usize, out: usize): u32 {
  return LOST_FLOAT<f32>(rows, n, offset, flag, values, weights, out);
}
export function pickLostF64(rows: usize, n: u32, offset: u32, flag: u32, values: usize, weights: usize, out: usize): u32 {
  return LOST_FLOAT<f64>(rows, n, offset, flag, values, weights, out);
}

export function pickLost16(rows: usize, n: u32, offset: u32, flag: u32, values: usize, weights: usize, out: usize): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    if (load<i8>(weights + i) >= 0) continue;
    const row: usize = load<u32>(rows + (i << 2));
    const value = values + (i << 4);
    if (load<u8>(row + flag) == 0) continue;
    if (load<u64>(row + offset) != load<u64>(value) || load<u64>(row + offset, 8) != load<u64>(value, 8)) continue;
    store<u8>(row + flag, 0);
    store<u32>(out + (count++ << 2), <u32>row);
  }
  return count;
}

/** Views: also collects owned long ones, as pickView does; their number is written to `replacedCount`. */
export function pickLostView(
  rows: usize, n: u32, offset: u32, flag: u32, values: usize, weights: usize, out: usize, replaced: usize, replacedCount: usize,
): u32 {
  let count: u32 = 0;
  let views: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    if (load<i8>(weights + i) >= 0) continue;
    const row: usize = load<u32>(rows + (i << 2));
    const state = load<u8>(row + flag);
    if (state == 0 || !sameView(row + offset, values + (i << 4))) continue;
    if (state == OWNED && load<u32>(row + offset) > 12) {
      store<v128>(replaced + (views << 4), load<v128>(row + offset));
      views++;
    }
    store<u8>(row + flag, 0);
    // Or it would be freed once more with the row.
    store<v128>(row + offset, i64x2.splat(0));
    store<u32>(out + (count++ << 2), <u32>row);
  }
  store<u32>(replacedCount, views);
  return count;
}
