// Rows of bounded input in order, and their places among the rows of their partition and among their peers: OVER in batch. Shared with
// src/operators/over/places.ts. A place is the position (i32) of a row in the array of row addresses.
//
//   cursor | row u32 | first in the frame i32 | last in the frame i32 | state of the partition u32 | events u32 |

import { compareRows } from "./words";

const WORDS: usize = 8;

const FIRST: usize = 4;
const LAST: usize = 8;
const STATE: usize = 12;
const EVENTS: usize = 16;

const ENTERS: u8 = 0;
const LEAVES: u8 = 3;

@inline
function nth(list: usize, i: u32): usize { return load<u32>(list + (<usize>i << 2)); }
@inline
function place(list: usize, i: u32): i32 { return load<i32>(list + (<usize>i << 2)); }

/** The first place from `start` on at which a partition begins, or the end. */
export function placesSpan(rows: usize, start: u32, n: u32, wordCount: u32, texts: usize): u32 {
  for (let i = start; i < n; i++) if (compareRows(nth(rows, i - 1), nth(rows, i), WORDS, wordCount, texts) != 0) return i;
  return n;
}

/** For each row the first and the last place of those that are equal in the first words. Returns how many such groups there are. */
export function placesBounds(rows: usize, n: u32, wordCount: u32, texts: usize, firsts: usize, lasts: usize): u32 {
  let groups: u32 = 0;
  for (let first: u32 = 0; first < n; groups++) {
    const end = placesSpan(rows, first + 1, n, wordCount, texts);
    for (let i = first; i < end; i++) {
      store<u32>(firsts + (<usize>i << 2), first);
      store<u32>(lasts + (<usize>i << 2), end - 1);
    }
    first = end;
  }
  return groups;
}

/** ROW_NUMBER (`numbering` 0), RANK (1), DENSE_RANK (2), of `peers` first places among `firsts` of their partitions. */
export function placesRank(numbering: u32, firsts: usize, peers: usize, n: u32, out: usize): void {
  let dense: i64 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const first = place(firsts, i);
    const peer = place(peers, i);
    if (<i32>i == first) dense = 0;
    if (<i32>i == peer) dense++;
    const rank = numbering == 0 ? <i64>(<i32>i - first + 1) : numbering == 1 ? <i64>(peer - first + 1) : dense;
    store<i64>(out + (<usize>i << 3), rank);
  }
}

/** For each row the one `shift` places further in its partition; itself and a 0 bit where there is none. */
export function placesShift(
  rows: usize, firsts: usize, lasts: usize, from: u32, n: u32, shift: f64, out: usize, validity: usize,
): void {
  memory.fill(validity, 0, ((<usize>n + 63) >> 6) << 3);
  for (let k: u32 = 0; k < n; k++) {
    const i = from + k;
    const other = <f64>i + shift;
    const isThere = other >= <f64>place(firsts, i) && other <= <f64>place(lasts, i);
    store<u32>(out + (<usize>k << 2), <u32>nth(rows, isThere ? <u32>other : i));
    if (isThere) store<u8>(validity + (k >> 3), load<u8>(validity + (k >> 3)) | (<u8>1 << <u8>(k & 7)));
  }
}

/** The bound of frames that lies `offset` places from each row, no further than just outside of its partition. */
export function placesOffset(firsts: usize, lasts: usize, n: u32, offset: f64, isStart: bool, out: usize): void {
  for (let i: u32 = 0; i < n; i++) {
    const least = place(firsts, i) - <i32>!isStart;
    const most = place(lasts, i) + <i32>isStart;
    const at = max(<f64>least, min(<f64>most, <f64>i + offset));
    store<i32>(out + (<usize>i << 2), <i32>at);
  }
}

/**
 * What enters and leaves the frames of the rows from the cursor's on, as events: up to `most` of them, of rows before `to`. A partition
 * has a state of `stride` bytes, zero at first, and behind the last event of a row its state is copied: `stateOf` receives each row's.
 * Frames only move forward. Returns how many events there are.
 */
export function placesEvents(
  rows: usize, firsts: usize, starts: usize, ends: usize, to: u32, cursor: usize, stride: u32, copies: usize, stateOf: usize,
  most: u32, eventRows: usize, eventStates: usize, kinds: usize, snaps: usize,
): u32 {
  const from = load<u32>(cursor);
  let row = from;
  let first = load<i32>(cursor, FIRST);
  let last = load<i32>(cursor, LAST);
  let state: usize = load<u32>(cursor, STATE);
  // A row whose events are not all there has begun its partition already.
  let isBegun = load<u32>(cursor, EVENTS) != 0;
  let events: u32 = 0;
  let copy: usize = 0;
  for (; row < to; row++) {
    const start = place(starts, row);
    const end = place(ends, row);
    if (<i32>row == place(firsts, row) && !isBegun) {
      state += stride;
      first = start;
      last = start - 1;
      copy = 0;
    }
    isBegun = false;
    const before = events;
    while (last < end && events < most) {
      event(eventRows, eventStates, kinds, snaps, events++, nth(rows, ++last), state, ENTERS);
    }
    if (last >= end) {
      while (first < start && events < most) {
        event(eventRows, eventStates, kinds, snaps, events++, nth(rows, first++), state, LEAVES);
      }
    }
    if (last < end || first < start) {
      isBegun = true;
      break;
    }
    if (events > before || copy == 0) {
      copy = copies + <usize>(row - from) * stride;
      if (events > before) store<u32>(snaps + (<usize>(events - 1) << 2), <u32>copy);
      else memory.copy(copy, state, stride);
    }
    store<u32>(stateOf + (<usize>(row - from) << 2), <u32>copy);
  }
  store<u32>(cursor, row);
  store<i32>(cursor, first, FIRST);
  store<i32>(cursor, last, LAST);
  store<u32>(cursor, <u32>state, STATE);
  store<u32>(cursor, <u32>isBegun, EVENTS);
  return events;
}

@inline
function event(
  eventRows: usize, eventStates: usize, kinds: usize, snaps: usize, i: u32, row: usize, state: usize, kind: u8,
): void {
  store<u32>(eventRows + (<usize>i << 2), <u32>row);
  store<u32>(eventStates + (<usize>i << 2), <u32>state);
  store<u8>(kinds + i, kind);
  store<u32>(snaps + (<usize>i << 2), 0);
}

/** The rows in the frames of the rows from `from` on, and side by side the states of these, which lie `stride` apart. Returns how many. */
export function placesFrames(
  rows: usize, starts: usize, ends: usize, from: u32, n: u32, states: usize, stride: u32, framed: usize, stateOf: usize,
): u32 {
  let count: u32 = 0;
  for (let k: u32 = 0; k < n; k++) {
    for (let i = place(starts, from + k); i <= place(ends, from + k); i++, count++) {
      store<u32>(framed + (<usize>count << 2), <u32>nth(rows, i));
      store<u32>(stateOf + (<usize>count << 2), <u32>(states + <usize>k * stride));
    }
  }
  return count;
}
