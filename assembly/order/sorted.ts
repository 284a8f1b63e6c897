// All rows per partition, in order, and what a batch changed about them. Shared with src/operators/over/sorted-rows.ts:
//
//   partition  | key … | `list`: u32 address of the row addresses in order, count u32, capacity u32 |
//   row        | state u32 | mark u32 | partition u32 | – | sort words u64 … | columns … | results … |
//   touched    | count u32 | row addresses … |
//
// `state`: bit 0 when the row's results were sent, bit 1 when the row is there no more. `mark`: the last epoch that touched the row.

import { takeRow } from "../row/rows";
import { sameColumns } from "../row/views";
import { compareWords } from "./words";

const SENT: u32 = 1;
const GONE: u32 = 2;
const MARK: usize = 4;
const PARTITION: usize = 8;
const WORDS: usize = 16;

/** The first place whose row is after `words` (`orEqual`: not before them). */
@inline
function boundOf(array: usize, count: u32, words: usize, wordCount: u32, orEqual: bool): u32 {
  let low: u32 = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = compareWords(<usize>load<u32>(array + (middle << 2)) + WORDS, words, wordCount);
    if (order < 0 || (order == 0 && !orEqual)) low = middle + 1;
    else high = middle;
  }
  return low;
}

@inline
function touch(row: usize, epoch: u32, touched: usize): void {
  if (load<u32>(row, MARK) == epoch) return;
  store<u32>(row, epoch, MARK);
  const count = load<u32>(touched) + 1;
  store<u32>(touched, count);
  store<u32>(touched + (count << 2), <u32>row);
}

/**
 * Puts added rows behind those that are equal in order and takes removed ones out; both touch the `reach` rows after them. The rows
 * of the batch lie at `source`, `stride` apart, laid out as they are kept; they have `bytes` bytes without results. `rowOf` receives
 * the rows of added ones, else 0. Returns the position reached: less than `n` when `touched` (room for `room` rows), the list or the
 * chunk of rows might not have space.
 */
export function sortedPlace(
  rowStore: usize, partitions: usize, source: usize, stride: u32, bytes: u32, wordCount: u32, views: u32, kinds: usize, from: u32, n: u32,
  list: u32, reach: u32, epoch: u32, touched: usize, room: u32, rowOf: usize,
): u32 {
  const columns: usize = WORDS + (<usize>wordCount << 3);
  for (let i = from; i < n; i++) {
    const partition: usize = load<u32>(partitions + (i << 2));
    const own = source + <usize>i * stride;
    const array: usize = load<u32>(partition + list);
    const count = load<u32>(partition + list, 4);
    if (load<u32>(touched) + min(reach, count) >= room) return i;
    let place = boundOf(array, count, own + WORDS, wordCount, false);
    store<u32>(rowOf + (i << 2), 0);
    let next: u32 = place;
    if (kinds == 0 || (load<u8>(kinds + i) & 1) == 0) {
      if (count == load<u32>(partition + list, 8)) return i;
      const row = takeRow(rowStore);
      if (row == 0) return i;
      memory.copy(row, own, bytes);
      store<u32>(row, <u32>partition, PARTITION);
      const slot = array + (place << 2);
      memory.copy(slot + 4, slot, (count - place) << 2);
      store<u32>(slot, <u32>row);
      store<u32>(partition + list, count + 1, 4);
      store<u32>(rowOf + (i << 2), <u32>row);
      touch(row, epoch, touched);
      next = place + 1;
    } else {
      let row: usize = 0;
      for (; place > 0; place--) {
        const candidate: usize = load<u32>(array + ((place - 1) << 2));
        if (compareWords(candidate + WORDS, own + WORDS, wordCount) != 0) break;
        if (!sameColumns(candidate, own, columns, bytes, views)) continue;
        row = candidate;
        break;
      }
      if (row == 0) continue;
      next = place - 1;
      const slot = array + (next << 2);
      memory.copy(slot, slot + 4, (count - place) << 2);
      store<u32>(partition + list, count - 1, 4);
      store<u32>(row, load<u32>(row) | GONE);
      touch(row, epoch, touched);
    }
    const end = <u32>min<u64>(load<u32>(partition + list, 4), <u64>next + reach);
    for (; next < end; next++) touch(load<u32>(array + (next << 2)), epoch, touched);
  }
  return n;
}

/** Whether rows are new and whether they are gone (bytes). Returns how many are gone; `gone` receives them. */
export function sortedStates(rows: usize, n: u32, fresh: usize, empty: usize, gone: usize): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const row: usize = load<u32>(rows + (i << 2));
    const state = load<u32>(row);
    store<u8>(fresh + i, <u8>((state & SENT) == 0));
    store<u8>(empty + i, <u8>((state & GONE) != 0));
    store<u32>(gone + (count << 2), <u32>row);
    count += <u32>((state & GONE) != 0);
  }
  return count;
}

/** The results of rows have been sent. */
export function sortedSent(rows: usize, n: u32): void {
  for (let i: u32 = 0; i < n; i++) {
    const row: usize = load<u32>(rows + (i << 2));
    store<u32>(row, load<u32>(row) | SENT);
  }
}

/**
 * Every row that is there with the rows of its frame: itself and up to `reach` rows before it; numbers and addresses side by side,
 * room for (reach + 1) n. Returns how many.
 */
export function sortedFrames(rows: usize, n: u32, wordCount: u32, list: u32, reach: u32, numbers: usize, frameRows: usize): u32 {
  let found: u32 = 0;
  let place: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const row: usize = load<u32>(rows + (i << 2));
    if ((load<u32>(row) & GONE) != 0) continue;
    const partition: usize = load<u32>(row, PARTITION);
    const array: usize = load<u32>(partition + list);
    const count = load<u32>(partition + list, 4);
    // Rows that one change touches follow each other.
    place++;
    if (place >= count || <usize>load<u32>(array + (place << 2)) != row) {
      place = boundOf(array, count, row + WORDS, wordCount, true);
      while (<usize>load<u32>(array + (place << 2)) != row) place++;
    }
    for (let at = place - min(place, reach); at <= place; at++) {
      store<u32>(numbers + (found << 2), i);
      store<u32>(frameRows + (found << 2), load<u32>(array + (at << 2)));
      found++;
    }
  }
  return found;
}

/** The partitions without rows. Returns how many. */
export function sortedEmpty(partitions: usize, n: u32, list: u32, out: usize): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const partition: usize = load<u32>(partitions + (i << 2));
    store<u32>(out + (count << 2), <u32>partition);
    count += <u32>(load<u32>(partition + list, 4) == 0);
  }
  return count;
}
