// Rows of a side that are in no index yet, searched by reading them: a small table of the probing batch's keys, and every row of the
// segments whose range of keys meets the batch's.
//
//   range      | least i64 | greatest i64 |
//   table      one u32 per slot: number + 1 of the last probing row with the key; `chain` and `lengths` lead to the others

import { hashOf, wordOf } from "./slots";

@inline
function EXTEND<T>(values: usize, n: u32, range: usize, fresh: bool): void {
  let least = fresh ? i64.MAX_VALUE : load<i64>(range);
  let greatest = fresh ? i64.MIN_VALUE : load<i64>(range, 8);
  for (let i: u32 = 0; i < n; i++) {
    const value = <i64>load<T>(values + (<usize>i) * sizeof<T>());
    least = value < least ? value : least;
    greatest = value > greatest ? value : greatest;
  }
  store<i64>(range, least);
  store<i64>(range, greatest, 8);
}

/** Makes the range hold the values; `fresh`: it holds nothing yet. */
export function rangeExtendI32(values: usize, n: u32, range: usize, fresh: bool): void { EXTEND<i32>(values, n, range, fresh); }
export function rangeExtendI64(values: usize, n: u32, range: usize, fresh: bool): void { EXTEND<i64>(values, n, range, fresh); }

/** The numbers of the ranges `from` … `to` that meet `range`. Returns how many. */
export function rangesMeeting(ranges: usize, from: u32, to: u32, range: usize, out: usize): u32 {
  const least = load<i64>(range);
  const greatest = load<i64>(range, 8);
  let count: u32 = 0;
  for (let i = from; i < to; i++) {
    const at = ranges + ((<usize>i) << 4);
    store<u32>(out + (count << 2), i);
    count += <u32>(load<i64>(at) <= greatest && load<i64>(at, 8) >= least);
  }
  return count;
}

/** Fills the (zeroed) table of 2^(64 − shift) slots with the keys of a batch; it must stay half empty. */
@inline
function TABLE<T>(values: usize, n: u32, table: usize, shift: u32, chain: usize, lengths: usize): void {
  const mask: usize = ((<usize>1) << (64 - shift)) - 1;
  for (let i: u32 = 0; i < n; i++) {
    const word = wordOf<T>(values + (<usize>i) * sizeof<T>());
    let slot = <usize>(hashOf(word) >> shift);
    let last: u32 = 0;
    while ((last = load<u32>(table + (slot << 2))) != 0 && wordOf<T>(values + (<usize>(last - 1)) * sizeof<T>()) != word) {
      slot = (slot + 1) & mask;
    }
    store<u32>(chain + (i << 2), last);
    store<u32>(lengths + (i << 2), last == 0 ? 1 : load<u32>(lengths + ((last - 1) << 2)) + 1);
    store<u32>(table + (slot << 2), i + 1);
  }
}

export function tailTableI32(values: usize, n: u32, table: usize, shift: u32, chain: usize, lengths: usize): void {
  TABLE<i32>(values, n, table, shift, chain, lengths);
}
export function tailTableI64(values: usize, n: u32, table: usize, shift: u32, chain: usize, lengths: usize): void {
  TABLE<i64>(values, n, table, shift, chain, lengths);
}

/** Rows `id`… with `kept` keys that are in the table: their ids and the number of the last probing row with the key. Returns how many. */
@inline
function HITS<T>(values: usize, table: usize, shift: u32, range: usize, kept: usize, n: u32, id: u32, last: usize, ids: usize): u32 {
  const mask: usize = ((<usize>1) << (64 - shift)) - 1;
  const least = load<i64>(range);
  const greatest = load<i64>(range, 8);
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const word = wordOf<T>(kept + (<usize>i) * sizeof<T>());
    if (<i64>word < least || <i64>word > greatest) continue;
    let slot = <usize>(hashOf(word) >> shift);
    let entry: u32 = 0;
    while ((entry = load<u32>(table + (slot << 2))) != 0 && wordOf<T>(values + (<usize>(entry - 1)) * sizeof<T>()) != word) {
      slot = (slot + 1) & mask;
    }
    store<u32>(last + (count << 2), entry - 1);
    store<u32>(ids + (count << 2), id + i);
    count += <u32>(entry != 0);
  }
  return count;
}

export function tailHitsI32(values: usize, table: usize, shift: u32, range: usize, kept: usize, n: u32, id: u32, last: usize, ids: usize): u32 {
  return HITS<i32>(values, table, shift, range, kept, n, id, last, ids);
}
export function tailHitsI64(values: usize, table: usize, shift: u32, range: usize, kept: usize, n: u32, id: u32, last: usize, ids: usize): u32 {
  return HITS<i64>(values, table, shift, range, kept, n, id, last, ids);
}

/** How many pairs the hits are. */
export function tailTotal(last: usize, n: u32, lengths: usize): f64 {
  let total: f64 = 0;
  for (let i: u32 = 0; i < n; i++) total += load<u32>(lengths + (<usize>load<u32>(last + (i << 2)) << 2));
  return total;
}

/** Each hit with every probing row of its key. Returns how many. */
export function tailPairs(last: usize, hits: usize, n: u32, chain: usize, indices: usize, ids: usize): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const id = load<u32>(hits + (i << 2));
    for (let entry = load<u32>(last + (i << 2)) + 1; entry != 0; entry = load<u32>(chain + ((entry - 1) << 2))) {
      store<u32>(indices + (count << 2), entry - 1);
      store<u32>(ids + (count << 2), id);
      count++;
    }
  }
  return count;
}

/** Sorts pairs by index, which is below `rows`; those of one index stay in order. `starts`: rows + 1 zeroed u32. */
export function pairsSort(indices: usize, ids: usize, n: u32, rows: u32, starts: usize, indicesOut: usize, idsOut: usize): void {
  for (let i: u32 = 0; i < n; i++) {
    const at = starts + (<usize>(load<u32>(indices + (i << 2)) + 1) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  for (let i: u32 = 0; i < rows; i++) store<u32>(starts + ((i + 1) << 2), load<u32>(starts + (i << 2)) + load<u32>(starts + ((i + 1) << 2)));
  for (let i: u32 = 0; i < n; i++) {
    const index = load<u32>(indices + (i << 2));
    const at = starts + (index << 2);
    const position = load<u32>(at);
    store<u32>(at, position + 1);
    store<u32>(indicesOut + (position << 2), index);
    store<u32>(idsOut + (position << 2), load<u32>(ids + (i << 2)));
  }
}

/** Whether pairs are those of every row 0 … n with one row each. */
export function pairsAreRows(indices: usize, n: u32): bool {
  for (let i: u32 = 0; i < n; i++) if (load<u32>(indices + (i << 2)) != i) return false;
  return true;
}
