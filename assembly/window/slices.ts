// Which slice of time each row falls into: slices of `unit` ms from `offset` on, named by their start.

import { isNull } from "../memory/mask";
import { floorDivide, timeOf } from "./times";

const NONE: u32 = 0xffffffff;

/**
 * Numbers the slices of a batch in order of appearance: `starts` receives their starts (i64), `counts` their rows, `numbers` each row's
 * slice (0xffffffff for a NULL time; not written when all rows are in one slice). Times are in units of 1/`scale` ms. All arrays need
 * room for n. Returns the number of slices.
 */
export function sliceSplit(
  times: usize, validity: usize, scale: f64, n: u32, unit: f64, offset: f64, starts: usize, counts: usize, numbers: usize,
): u32 {
  const size = <i64>unit;
  const shift = <i64>offset;
  const divisor = <i64>scale;
  let slices: u32 = 0;
  let highest = i64.MIN_VALUE;
  for (let i: u32 = 0; i < n;) {
    if (isNull(validity, i)) {
      store<u32>(numbers + (i << 2), NONE);
      i++;
      continue;
    }
    const low = floorDivide(timeOf(times, i, divisor) - shift, size) * size + shift;
    let current = slices;
    if (low <= highest) current = numberOf(low, starts, slices);
    else highest = low;
    if (current == slices) {
      store<i64>(starts + (slices << 3), low);
      store<u32>(counts + (slices << 2), 0);
      slices++;
    }
    const end = runEnd(times, validity, divisor, i, n, low, size);
    store<u32>(counts + (current << 2), load<u32>(counts + (current << 2)) + end - i);
    if (end - i == n) break;
    for (; i < end; i++) store<u32>(numbers + (i << 2), current);
  }
  return slices;
}

/** The number of the slice that starts at `low`; `slices` when there is none. */
@inline
function numberOf(low: i64, starts: usize, slices: u32): u32 {
  for (let slice: u32 = slices; slice-- > 0;) {
    if (load<i64>(starts + (slice << 3)) == low) return slice;
  }
  return slices;
}

/** The first row after `from` that is not in the slice of `size` ms from `low` on. */
@inline
function runEnd(times: usize, validity: usize, divisor: i64, from: u32, n: u32, low: i64, size: i64): u32 {
  let i = from + 1;
  if (validity == 0 && divisor == 1) {
    const first = i64x2.splat(low);
    const last = i64x2.splat(low + (size - 1));
    for (; i + 2 <= n; i += 2) {
      const two = v128.load(times + (i << 3));
      if (v128.any_true(v128.or(i64x2.lt_s(two, first), i64x2.gt_s(two, last)))) break;
    }
  }
  for (; i < n; i++) {
    if (isNull(validity, i)) break;
    const time = timeOf(times, i, divisor);
    if (time < low || time > low + (size - 1)) break;
  }
  return i;
}

/** Row numbers slice by slice; `ends` receives the end of each slice's run. */
export function sliceOrder(numbers: usize, n: u32, counts: usize, slices: u32, ends: usize, out: usize): void {
  let total: u32 = 0;
  for (let slice: u32 = 0; slice < slices; slice++) {
    store<u32>(ends + (slice << 2), total);
    total += load<u32>(counts + (slice << 2));
  }
  for (let i: u32 = 0; i < n; i++) {
    const slice = load<u32>(numbers + (i << 2));
    if (slice == NONE) continue;
    const at = load<u32>(ends + (slice << 2));
    store<u32>(out + (at << 2), i);
    store<u32>(ends + (slice << 2), at + 1);
  }
}

/** The same i64 in all rows. */
export function sliceFill(out: usize, n: u32, value: f64): void {
  // Converted once: the compiler leaves a conversion that may trap where it stands.
  const word = <i64>value;
  const two = i64x2.splat(word);
  let i: u32 = 0;
  for (; i + 2 <= n; i += 2) v128.store(out + (i << 3), two);
  if (i < n) store<i64>(out + (i << 3), word);
}

/** The last ms of windows that end at `ends`. */
export function sliceLast(ends: usize, n: u32, out: usize): void {
  for (let i: u32 = 0; i < n; i++) store<i64>(out + (i << 3), load<i64>(ends + (i << 3)) - 1);
}
