// Batches whose rows belong to few groups: totals are gathered by the groups' numbers in four places each, so that a row need not wait for
// the one before it, and go to the group rows at the end.
//
// A group alone needs neither numbers nor places.
//
//   numbers  | u8 per row |        groups  | address of the group row u32 per number |        scratch  | FEW_SCRATCH bytes |

import { isRun, runLength } from "./runs";
import { addWide, sumAll } from "./sum";

/** More groups are not few. */
const MAX_GROUPS: u32 = 64;
const TABLE_ENTRIES: u32 = 256;
const PLACES: usize = 256 * 8;

@inline
function entryOf(scratch: usize, row: u32): usize {
  return scratch + (<usize>((row * 0x9e3779b1) >> 24) << 3);
}

/** Numbers the groups of `rows` in the order in which they come. Returns how many there are; 0 when they are not few. */
export function fewGroups(rows: usize, n: u32, scratch: usize, numbers: usize, groups: usize): u32 {
  if (isRun(rows, n) && runLength(rows, n) == n) return 1;
  memory.fill(scratch, 0, TABLE_ENTRIES << 3);
  const end = scratch + (<usize>TABLE_ENTRIES << 3);
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const row = load<u32>(rows + (i << 2));
    let entry = entryOf(scratch, row);
    while (load<u32>(entry) != row) {
      if (load<u32>(entry) == 0) {
        if (count == MAX_GROUPS) return 0;
        store<u32>(entry, row);
        store<u32>(entry, count, 4);
        store<u32>(groups + (count << 2), row);
        count++;
        break;
      }
      entry += 8;
      if (entry == end) entry = scratch;
    }
    store<u8>(numbers + i, load<u8>(entry, 4));
  }
  return count;
}

@inline
function clear(scratch: usize, count: u32): void {
  for (let place: usize = 0; place < 4; place++) memory.fill(scratch + place * PLACES, 0, count << 3);
}

@inline
function add(place: usize, number: u32, value: i64): void {
  const at = place + (<usize>number << 3);
  store<i64>(at, load<i64>(at) + value);
}

@inline
function totalOf(scratch: usize, number: u32): i64 {
  const at = scratch + (<usize>number << 3);
  return load<i64>(at) + load<i64>(at + PLACES) + load<i64>(at + 2 * PLACES) + load<i64>(at + 3 * PLACES);
}

@inline
function gather<T>(numbers: usize, n: u32, values: usize, scratch: usize): void {
  let i: u32 = 0;
  for (; i + 4 <= n; i += 4) {
    const four = load<u32>(numbers + i);
    add(scratch, four & 255, <i64>load<T>(values));
    add(scratch + PLACES, (four >> 8) & 255, <i64>load<T>(values, sizeof<T>()));
    add(scratch + 2 * PLACES, (four >> 16) & 255, <i64>load<T>(values, 2 * sizeof<T>()));
    add(scratch + 3 * PLACES, four >> 24, <i64>load<T>(values, 3 * sizeof<T>()));
    values += 4 * sizeof<T>();
  }
  for (; i < n; i++) {
    add(scratch, load<u8>(numbers + i), <i64>load<T>(values));
    values += sizeof<T>();
  }
}

/** COUNT. */
export function fewCounts(numbers: usize, n: u32, groups: usize, count: u32, offset: u32, scratch: usize): void {
  if (count == 1) return addOnly(groups, offset, n);
  clear(scratch, count);
  let i: u32 = 0;
  for (; i + 4 <= n; i += 4) {
    const four = load<u32>(numbers + i);
    add(scratch, four & 255, 1);
    add(scratch + PLACES, (four >> 8) & 255, 1);
    add(scratch + 2 * PLACES, (four >> 16) & 255, 1);
    add(scratch + 3 * PLACES, four >> 24, 1);
  }
  for (; i < n; i++) add(scratch, load<u8>(numbers + i), 1);
  addTotals(groups, count, offset, scratch);
}

/** To the only group. */
@inline
function addOnly(groups: usize, offset: u32, total: i64): void {
  const at = <usize>load<u32>(groups) + offset;
  store<i64>(at, load<i64>(at) + total);
}

function sumOnly(n: u32, values: usize): i64 {
  let totals = i64x2.splat(0);
  const end = values + ((<usize>n >> 1) << 4);
  for (; values < end; values += 16) totals = i64x2.add(totals, v128.load(values));
  return i64x2.extract_lane(totals, 0) + i64x2.extract_lane(totals, 1) + (n & 1 ? load<i64>(values) : 0);
}

function addTotals(groups: usize, count: u32, offset: u32, scratch: usize): void {
  for (let number: u32 = 0; number < count; number++) {
    const at = <usize>load<u32>(groups + (number << 2)) + offset;
    store<i64>(at, load<i64>(at) + totalOf(scratch, number));
  }
}

/** SUM of integers, of 4 or 8 bytes, into i64. */
export function fewSumsI32(numbers: usize, n: u32, values: usize, groups: usize, count: u32, offset: u32, scratch: usize): void {
  if (count == 1) {
    let total: i64 = 0;
    for (const end = values + (<usize>n << 2); values < end; values += 4) total += load<i32>(values);
    return addOnly(groups, offset, total);
  }
  clear(scratch, count);
  gather<i32>(numbers, n, values, scratch);
  addTotals(groups, count, offset, scratch);
}

export function fewSumsI64(numbers: usize, n: u32, values: usize, groups: usize, count: u32, offset: u32, scratch: usize): void {
  if (count == 1) return addOnly(groups, offset, sumOnly(n, values));
  clear(scratch, count);
  gather<i64>(numbers, n, values, scratch);
  addTotals(groups, count, offset, scratch);
}

/** SUM of the only group, one after the other. */
export function fewSumF64(n: u32, values: usize, groups: usize, offset: u32): void {
  const at = <usize>load<u32>(groups) + offset;
  let total = load<f64>(at);
  for (const end = values + (<usize>n << 3); values < end; values += 8) total += load<f64>(values);
  store<f64>(at, total);
}

/** SUM of 64-bit decimals into i128; of several groups, the total of all values must fit 64 bits. */
export function fewSumsWide(numbers: usize, n: u32, values: usize, groups: usize, count: u32, offset: u32, scratch: usize): void {
  if (count == 1) return sumAll(<usize>load<u32>(groups) + offset, n, values);
  clear(scratch, count);
  gather<i64>(numbers, n, values, scratch);
  for (let number: u32 = 0; number < count; number++) {
    const total = totalOf(scratch, number);
    addWide(<usize>load<u32>(groups + (number << 2)) + offset, <u64>total, <u64>(total >> 63), 1);
  }
}
