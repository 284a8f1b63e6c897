// The first rows per partition, in order. Shared with src/operators/rank/ranked-rows.ts:
//
//   partition  | key … | `list`: count u32 | address u32 of each row, in order, up to `capacity` |
//   row        | origin u32 | – | sort words u64 … | columns … |
//
// `origin` says, while a batch is at work, which of its rows came just now (1 + row number in the batch) or were pushed out.

import { takeRow } from "../row/rows";
import { compareWords } from "./words";

const PUSHED_OUT: u32 = 0xffffffff;
const WORDS: usize = 8;

const INSERT: u8 = 0;
const UPDATE_BEFORE: u8 = 1;
const UPDATE_AFTER: u8 = 2;
const DELETE: u8 = 3;

/**
 * Finds the places of the batch's added rows from position `from` on. Equal rows stay in the order of arrival; `latest` (capacity 1
 * only): a row replaces an equal one. `rowOf` receives per batch row its address, 0 if it is not among the first; contents but for the
 * words are up to the caller. `pushedOut`: count u32, then the rows that are there no more, which were there before the batch. Returns
 * the position reached: less than `n` when no row was left in the chunk.
 */
export function topPlace(
  rowStore: usize, partitions: usize, words: usize, wordCount: u32, latest: bool, kinds: usize, from: u32, n: u32,
  capacity: u32, list: u32, rowOf: usize, pushedOut: usize,
): u32 {
  const wordBytes: usize = <usize>wordCount << 3;
  for (let i = from; i < n; i++) {
    store<u32>(rowOf + (i << 2), 0);
    if (kinds != 0 && (load<u8>(kinds + i) & 1) != 0) continue;
    const counter: usize = <usize>load<u32>(partitions + (i << 2)) + list;
    const slots = counter + 4;
    const own = words + <usize>i * wordBytes;
    let count = load<u32>(counter);
    let row: usize = 0;
    if (count == capacity) {
      const last: usize = load<u32>(slots + ((count - 1) << 2));
      const difference = compareWords(own, last + WORDS, wordCount);
      if (difference > 0 || (difference == 0 && !latest)) continue;
      const origin = load<u32>(last);
      if (origin != 0) {
        store<u32>(rowOf + ((origin - 1) << 2), 0);
        row = last;
      } else {
        row = takeRow(rowStore);
        if (row == 0) return i;
        const pushed = load<u32>(pushedOut) + 1;
        store<u32>(pushedOut, pushed);
        store<u32>(pushedOut + (pushed << 2), <u32>last);
        store<u32>(last, PUSHED_OUT);
      }
      count--;
    } else {
      row = takeRow(rowStore);
      if (row == 0) return i;
    }
    const place = placeOf(slots, count, own, wordCount);
    const slot = slots + (place << 2);
    memory.copy(slot + 4, slot, (count - place) << 2);
    store<u32>(slot, <u32>row);
    store<u32>(counter, count + 1);
    store<u32>(row, i + 1);
    for (let at: usize = 0; at < wordBytes; at += 8) store<u64>(row + WORDS + at, load<u64>(own + at));
    store<u32>(rowOf + (i << 2), <u32>row);
  }
  return n;
}

/** Behind the rows that are equal. */
@inline
function placeOf(slots: usize, count: u32, words: usize, wordCount: u32): u32 {
  let low: u32 = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareWords(<usize>load<u32>(slots + (middle << 2)) + WORDS, words, wordCount) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The batch rows that got a place: addresses and row numbers. Returns how many. */
export function topChosen(rowOf: usize, n: u32, rows: usize, indices: usize): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const row = load<u32>(rowOf + (i << 2));
    store<u32>(rows + (count << 2), row);
    store<u32>(indices + (count << 2), i);
    count += <u32>(row != 0);
  }
  return count;
}

/** Copies the lists, (capacity + 1) × 4 bytes each. */
export function topLists(partitions: usize, n: u32, capacity: u32, list: u32, out: usize): void {
  const bytes: usize = (<usize>capacity + 1) << 2;
  for (let i: u32 = 0; i < n; i++) {
    const source = <usize>load<u32>(partitions + (i << 2)) + list;
    memory.copy(out + <usize>i * bytes, source, (<usize>load<u32>(source) + 1) << 2);
  }
}

/** Rows from rank `first` (0-based) on, with their 1-based ranks. Returns how many. */
export function topRows(partitions: usize, n: u32, list: u32, first: u32, rows: usize, ranks: usize): u32 {
  let found: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const counter = <usize>load<u32>(partitions + (i << 2)) + list;
    const count = load<u32>(counter);
    for (let place = first; place < count; place++) {
      store<u32>(rows + (found << 2), load<u32>(counter + 4 + (place << 2)));
      store<u64>(ranks + (found << 3), place + 1);
      found++;
    }
  }
  return found;
}

/**
 * Changes of every place from `first` (0-based) on that got another row: rows, kinds, 1-based ranks. `before`: what topLists copied.
 * Returns how many.
 */
export function topPlaceChanges(
  partitions: usize, before: usize, n: u32, capacity: u32, list: u32, first: u32, updateBefore: bool, rows: usize, kinds: usize,
  ranks: usize,
): u32 {
  let found: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const after = <usize>load<u32>(partitions + (i << 2)) + list;
    const old = before + <usize>i * ((<usize>capacity + 1) << 2);
    const oldCount = load<u32>(old);
    const count = load<u32>(after);
    for (let place = first; place < count; place++) {
      const at: usize = 4 + (<usize>place << 2);
      const row = load<u32>(after + at);
      const oldRow = place < oldCount ? load<u32>(old + at) : 0;
      if (row == oldRow) continue;
      if (oldRow != 0 && updateBefore) {
        store<u32>(rows + (found << 2), oldRow);
        store<u8>(kinds + found, UPDATE_BEFORE);
        store<u64>(ranks + (found << 3), place + 1);
        found++;
      }
      store<u32>(rows + (found << 2), row);
      store<u8>(kinds + found, oldRow != 0 ? UPDATE_AFTER : INSERT);
      store<u64>(ranks + (found << 3), place + 1);
      found++;
    }
  }
  return found;
}

/** Rows that left the places from `first` (0-based) on, then those that came there, per partition. Returns how many. */
export function topRowChanges(
  partitions: usize, before: usize, n: u32, capacity: u32, list: u32, first: u32, rows: usize, kinds: usize,
): u32 {
  let found: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const after = <usize>load<u32>(partitions + (i << 2)) + list;
    const old = before + <usize>i * ((<usize>capacity + 1) << 2);
    const oldCount = load<u32>(old);
    for (let place = first; place < oldCount; place++) {
      const row = load<u32>(old + 4 + (place << 2));
      store<u32>(rows + (found << 2), row);
      store<u8>(kinds + found, DELETE);
      found += <u32>(load<u32>(row) == PUSHED_OUT);
    }
    const count = load<u32>(after);
    // Rows only move back: one that was there before the batch came here if it stood before `first`.
    let stood: u32 = 0;
    for (let place: u32 = 0; place < count; place++) {
      const row = load<u32>(after + 4 + (place << 2));
      const came = load<u32>(row) != 0 || stood++ < first;
      store<u32>(rows + (found << 2), row);
      store<u8>(kinds + found, INSERT);
      found += <u32>(came && place >= first);
    }
  }
  return found;
}
