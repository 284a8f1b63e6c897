// The windows that each row falls into, row by row, the first to close first. Times are in units of 1/`scale` ms; rows whose time is NULL
// are in no window.

import { isNull } from "../memory/mask";
import { floorDivide, timeOf } from "./times";

/** Tumbling (slide = size) and hopping windows of rows `from` … `to`: row numbers, starts and ends. Returns how many. */
export function assignHops(
  times: usize, validity: usize, scale: f64, from: u32, to: u32, size: f64, slide: f64, offset: f64,
  rows: usize, starts: usize, ends: usize,
): u32 {
  const length = <i64>size;
  const step = <i64>slide;
  const shift = <i64>offset;
  let count: u32 = 0;
  for (let i = from; i < to; i++) {
    if (isNull(validity, i)) continue;
    const time = timeOf(times, i, <i64>scale);
    const last = floorDivide(time - shift, step) * step + shift;
    // The first start after time − length that is congruent to `last`.
    let start = last - floorDivide(last - (time - length) - 1, step) * step;
    for (; start <= last; start += step) {
      store<u32>(rows + (count << 2), i);
      store<i64>(starts + (count << 3), start);
      store<i64>(ends + (count << 3), start + length);
      count++;
    }
  }
  return count;
}

/** Cumulating windows of rows `from` … `to`. */
export function assignCumulations(
  times: usize, validity: usize, scale: f64, from: u32, to: u32, size: f64, step: f64, offset: f64,
  rows: usize, starts: usize, ends: usize,
): u32 {
  const length = <i64>size;
  const by = <i64>step;
  const shift = <i64>offset;
  let count: u32 = 0;
  for (let i = from; i < to; i++) {
    if (isNull(validity, i)) continue;
    const time = timeOf(times, i, <i64>scale);
    const start = floorDivide(time - shift, length) * length + shift;
    for (let end = floorDivide(time - start, by) * by + start + by; end <= start + length; end += by) {
      store<u32>(rows + (count << 2), i);
      store<i64>(starts + (count << 3), start);
      store<i64>(ends + (count << 3), end);
      count++;
    }
  }
  return count;
}
