// SUM: a running total per group row, kept as i64 (integers wrap), f32, f64 or i128.

import { isRun, runLength } from "./runs";

@inline
function SUM<T, A>(rows: usize, n: u32, offset: u32, values: usize, weights: usize): void {
  if (weights == 0 && isRun(rows, n)) {
    let row = load<u32>(rows);
    let total = load<A>(<usize>row + offset);
    for (let i: u32 = 0; i < n; i++) {
      const next = load<u32>(rows + (i << 2));
      if (next != row) {
        store<A>(<usize>row + offset, total);
        row = next;
        total = load<A>(<usize>row + offset);
      }
      total += <A>load<T>(values + (<usize>i) * sizeof<T>());
    }
    store<A>(<usize>row + offset, total);
    return;
  }
  if (weights == 0) {
    for (let i: u32 = 0; i < n; i++) {
      const at = <usize>load<u32>(rows + (i << 2)) + offset;
      store<A>(at, load<A>(at) + <A>load<T>(values + (<usize>i) * sizeof<T>()));
    }
    return;
  }
  for (let i: u32 = 0; i < n; i++) {
    const weight = load<i8>(weights + i);
    // The value of a row that does not count is undefined, and 0 × NaN is NaN.
    if (weight == 0) continue;
    const at = <usize>load<u32>(rows + (i << 2)) + offset;
    store<A>(at, load<A>(at) + <A>weight * <A>load<T>(values + (<usize>i) * sizeof<T>()));
  }
}

export function sumI8(rows: usize, n: u32, offset: u32, values: usize, weights: usize): void { SUM<i8, i64>(rows, n, offset, values, weights); }
export function sumI16(rows: usize, n: u32, offset: u32, values: usize, weights: usize): void { SUM<i16, i64>(rows, n, offset, values, weights); }
export function sumI32(rows: usize, n: u32, offset: u32, values: usize, weights: usize): void { SUM<i32, i64>(rows, n, offset, values, weights); }
export function sumI64(rows: usize, n: u32, offset: u32, values: usize, weights: usize): void { SUM<i64, i64>(rows, n, offset, values, weights); }
export function sumF32(rows: usize, n: u32, offset: u32, values: usize, weights: usize): void { SUM<f32, f32>(rows, n, offset, values, weights); }
export function sumF32Wide(rows: usize, n: u32, offset: u32, values: usize, weights: usize): void { SUM<f32, f64>(rows, n, offset, values, weights); }
export function sumF64(rows: usize, n: u32, offset: u32, values: usize, weights: usize): void { SUM<f64, f64>(rows, n, offset, values, weights); }

/** Adds `weight` × the 128-bit value to the 128-bit total. */
@inline
export function addWide(at: usize, low: u64, high: u64, weight: i8): void {
  if (weight == 0) return;
  if (weight < 0) {
    high = ~high + <u64>(low == 0);
    low = 0 - low;
  }
  const before = load<u64>(at);
  const sum = before + low;
  store<u64>(at, sum);
  store<u64>(at, load<u64>(at, 8) + high + <u64>(sum < before), 8);
}

/** As in SUM: 128-bit totals of runs. */
function sumRuns(rows: usize, n: u32, offset: u32, values: usize): void {
  let row = load<u32>(rows);
  let low = load<u64>(<usize>row + offset);
  let high = load<u64>(<usize>row + offset, 8);
  for (let i: u32 = 0; i < n; i++) {
    const next = load<u32>(rows + (i << 2));
    if (next != row) {
      store<u64>(<usize>row + offset, low);
      store<u64>(<usize>row + offset, high, 8);
      row = next;
      low = load<u64>(<usize>row + offset);
      high = load<u64>(<usize>row + offset, 8);
    }
    const sum = low + load<u64>(values);
    high += load<u64>(values, 8) + <u64>(sum < low);
    low = sum;
    values += 16;
  }
  store<u64>(<usize>row + offset, low);
  store<u64>(<usize>row + offset, high, 8);
}

/** Adds all of n values to the 128-bit total: their low and high halves apart, with 2^63 more for each so that none is negative. */
export function sumAll(at: usize, n: u32, values: usize): void {
  const bias = i64x2.splat(i64.MIN_VALUE);
  const half = i64x2.splat(0xffff_ffff);
  let lows = i64x2.splat(0);
  let highs = i64x2.splat(0);
  for (const end = values + ((<usize>n >> 1) << 4); values < end; values += 16) {
    const value = v128.xor(v128.load(values), bias);
    lows = i64x2.add(lows, v128.and(value, half));
    highs = i64x2.add(highs, i64x2.shr_u(value, 32));
  }
  const lowHalves = <u64>(i64x2.extract_lane(lows, 0) + i64x2.extract_lane(lows, 1));
  const highHalves = <u64>(i64x2.extract_lane(highs, 0) + i64x2.extract_lane(highs, 1));
  const biased = <u64>(n & ~1);
  // Sum = highHalves * 2^32 + lowHalves - biased * 2^63.
  const middle = highHalves + (lowHalves >> 32);
  const low = (middle << 32) | (lowHalves & 0xffff_ffff);
  addWide(at, low, middle >> 32, 1);
  addWide(at, biased << 63, biased >> 1, -1);
  if (n & 1) addWide(at, load<u64>(values), <u64>(load<i64>(values) >> 63), 1);
}

/** 64-bit decimals into an i128 total. */
export function sumI64Wide(rows: usize, n: u32, offset: u32, values: usize, weights: usize): void {
  if (weights == 0 && isRun(rows, n)) {
    while (n > 0) {
      const length = runLength(rows, n);
      sumAll(<usize>load<u32>(rows) + offset, length, values);
      rows += <usize>length << 2;
      values += <usize>length << 3;
      n -= length;
    }
    return;
  }
  for (let i: u32 = 0; i < n; i++) {
    const value = load<i64>(values + (i << 3));
    addWide(<usize>load<u32>(rows + (i << 2)) + offset, <u64>value, <u64>(value >> 63), weights == 0 ? 1 : load<i8>(weights + i));
  }
}

export function sumI128(rows: usize, n: u32, offset: u32, values: usize, weights: usize): void {
  if (weights == 0 && isRun(rows, n)) return sumRuns(rows, n, offset, values);
  for (let i: u32 = 0; i < n; i++) {
    const at = values + (i << 4);
    addWide(<usize>load<u32>(rows + (i << 2)) + offset, load<u64>(at), load<u64>(at, 8), weights == 0 ? 1 : load<i8>(weights + i));
  }
}
