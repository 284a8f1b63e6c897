// Frames of partitions that move forward in time: rows enter at the end, and leave bounded frames at the front. Shared with
// src/operators/over/time-frames.ts:
//
//   partition  | key … | `at`: last row u32 | mark u32 | last peer u32 | its state u32 | last time i64 | forget at i64 |
//              | per frame: first row u32, rows u32 |
//   row        | next u32 | frames that hold it u32 | sort words u64 … (the time is the first but for the one of NULL) | columns … |
//
// An event is a row that enters a frame (kind 0) or leaves it (3); where `snaps` is not 0 a result is read behind it.

import { count as timers, firstRow, firstTime, pop, push, readAll } from "../row/time-heap";

const SIGN: u64 = 0x8000000000000000;
const HOLDERS: usize = 4;
const MARK: usize = 4;
const LAST_PEER: usize = 8;
const PEER_STATE: usize = 12;
const LAST_TIME: usize = 16;
const FORGET_AT: usize = 24;
const FRAME_ROWS: usize = 4;

const ENTERS: u8 = 0;
const LEAVES: u8 = 3;

@inline
function timeOf(row: usize, timeAt: u32): i64 { return <i64>(load<u64>(row + timeAt) ^ SIGN); }
@inline
function nth(list: usize, i: u32): usize { return load<u32>(list + (<usize>i << 2)); }

/** Which rows are due: the addresses of the others stay in `rows`. Returns how many are. */
export function dueTake(rows: usize, n: u32, timeAt: u32, limit: f64, due: usize): u32 {
  const last = <i64>limit;
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const row = <u32>nth(rows, i);
    const isDue = timeOf(row, timeAt) <= last;
    store<u32>(due + (count << 2), row);
    store<u32>(rows + ((i - count) << 2), row);
    count += <u32>isDue;
  }
  return count;
}

/**
 * Rows that are not late (numbers) of a batch: their time is after the watermark, or with bounded frames after the last one of their
 * partition. A bounded range (`range` ≥ 0) sees to it that the partition is forgotten; the heap has room for n. Returns how many.
 */
export function overAccept(
  partitions: usize, n: u32, at: u32, times: usize, watermark: f64, bounded: bool, range: f64, heap: usize, out: usize,
): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const partition = nth(partitions, i);
    const time = load<i64>(times + (<usize>i << 3));
    store<u32>(out + (count << 2), i);
    if (bounded ? time <= load<i64>(partition + at, LAST_TIME) : <f64>time <= watermark) continue;
    count++;
    if (range < 0) continue;
    const forgetAt = load<i64>(partition + at, FORGET_AT);
    if (forgetAt != 0 && forgetAt >= time + <i64>range + 1) continue;
    const later = time + <i64>Math.floor(range * 1.5) + 1;
    store<i64>(partition + at, later, FORGET_AT);
    push(heap, later, partition);
  }
  return count;
}

/** Appends rows, which are in order of time, to their partitions' lists. */
export function overLink(rows: usize, partitions: usize, n: u32, at: u32, timeAt: u32, holders: u32): void {
  for (let i: u32 = 0; i < n; i++) {
    const row = nth(rows, i);
    const list = nth(partitions, i) + at;
    const last: usize = load<u32>(list);
    store<i64>(list, timeOf(row, timeAt), LAST_TIME);
    // Rows that no frame holds are about to go.
    if (holders == 0) continue;
    store<u32>(row, 0);
    store<u32>(row, holders, HOLDERS);
    store<u32>(list, <u32>row);
    if (last != 0) store<u32>(last, <u32>row);
  }
}

/**
 * The events of a frame for rows in order of time. `reach` < 0: the frame has no end; else rows before the current one, or with
 * `isRange` ms. `peers`: rows of one time see each other. `states` lie `stride` apart from `first` on, `stateOf` receives each row's;
 * `gone`: count u32, then rows that no frame holds any more. Returns how many events there are; `stateCount` how many states.
 */
export function overEvents(
  rows: usize, partitions: usize, n: u32, at: u32, frame: u32, reach: f64, isRange: bool, peers: bool, timeAt: u32, epoch: u32,
  first: usize, stride: u32, stateOf: usize, eventRows: usize, eventStates: usize, kinds: usize, snaps: usize, gone: usize, stateCount: usize,
): u32 {
  let events: u32 = 0;
  let states: u32 = 0;
  for (let start: u32 = 0; start < n; ) {
    const time = timeOf(nth(rows, start), timeAt);
    let end = start + 1;
    if (peers) while (end < n && timeOf(nth(rows, end), timeAt) == time) end++;
    for (let i = end; i-- > start; ) {
      const list = nth(partitions, i) + at;
      if (load<u32>(list, MARK) != epoch + start) {
        store<u32>(list, epoch + start, MARK);
        store<u32>(list, i, LAST_PEER);
        store<u32>(list, <u32>(first + <usize>(states++) * stride), PEER_STATE);
      }
      store<u32>(stateOf + (<usize>i << 2), load<u32>(list, PEER_STATE));
    }
    for (let i = start; i < end; i++) {
      const row = nth(rows, i);
      const partition = nth(partitions, i);
      const list = partition + frame;
      if (reach >= 0 && isRange) {
        const least = timeOf(row, timeAt) - <i64>reach;
        while (load<u32>(list, FRAME_ROWS) > 0 && timeOf(load<u32>(list), timeAt) < least) {
          event(eventRows, eventStates, kinds, snaps, events++, leave(list, gone), partition, LEAVES, 0);
        }
      }
      if (reach >= 0) {
        if (load<u32>(list, FRAME_ROWS) == 0) store<u32>(list, <u32>row);
        store<u32>(list, load<u32>(list, FRAME_ROWS) + 1, FRAME_ROWS);
      }
      const leaves = reach >= 0 && !isRange && <f64>load<u32>(list, FRAME_ROWS) > reach + 1;
      const snap: u32 = load<u32>(partition + at, LAST_PEER) == i ? load<u32>(partition + at, PEER_STATE) : 0;
      event(eventRows, eventStates, kinds, snaps, events++, row, partition, ENTERS, leaves ? 0 : snap);
      if (leaves) event(eventRows, eventStates, kinds, snaps, events++, leave(list, gone), partition, LEAVES, snap);
    }
    start = end;
  }
  store<u32>(stateCount, states);
  return events;
}

@inline
function event(
  eventRows: usize, eventStates: usize, kinds: usize, snaps: usize, i: u32, row: usize, partition: usize, kind: u8, snap: u32,
): void {
  store<u32>(eventRows + (<usize>i << 2), <u32>row);
  store<u32>(eventStates + (<usize>i << 2), <u32>partition);
  store<u8>(kinds + i, kind);
  store<u32>(snaps + (<usize>i << 2), snap);
}

/** The first row of a frame leaves it. */
function leave(list: usize, gone: usize): usize {
  const row: usize = load<u32>(list);
  const left = load<u32>(list, FRAME_ROWS) - 1;
  store<u32>(list, left == 0 ? 0 : load<u32>(row));
  store<u32>(list, left, FRAME_ROWS);
  const holders = load<u32>(row, HOLDERS) - 1;
  store<u32>(row, holders, HOLDERS);
  if (holders == 0) {
    const count = load<u32>(gone) + 1;
    store<u32>(gone, count);
    store<u32>(gone + (<usize>count << 2), <u32>row);
  }
  return row;
}

/** Timers up to a time: `out` receives the partitions to be forgotten; to the others a timer is the last time. Returns how many. */
export function overForget(heap: usize, limit: f64, at: u32, most: u32, out: usize): u32 {
  let found: u32 = 0;
  while (found < most && timers(heap) > 0 && <f64>firstTime(heap) <= limit) {
    const time = firstTime(heap);
    const partition = firstRow(heap);
    pop(heap);
    if (load<i64>(partition + at, FORGET_AT) <= time) {
      store<u32>(out + (found << 2), <u32>partition);
      found++;
    } else store<i64>(partition + at, max<i64>(time, load<i64>(partition + at, LAST_TIME)), LAST_TIME);
  }
  return found;
}

/** How many rows frames of partitions hold, all together. */
export function overHeld(partitions: usize, n: u32, frame: u32): u32 {
  let total: u32 = 0;
  for (let i: u32 = 0; i < n; i++) total += load<u32>(nth(partitions, i) + frame, FRAME_ROWS);
  return total;
}

/** From frames, 8 bytes each, to their numbers of rows. */
export function overSizes(frames: usize, n: u32): void {
  for (let i: u32 = 0; i < n; i++) store<u64>(frames + (<usize>i << 3), load<u64>(frames + (<usize>i << 3)) >> 32);
}

/** The other way round: frames whose rows are still to be found. */
export function overShift(sizes: usize, n: u32, partitions: usize, frame: u32): void {
  for (let i: u32 = 0; i < n; i++) store<u64>(nth(partitions, i) + frame, load<u64>(sizes + (<usize>i << 3)) << 32);
}

/** Empties frames. */
export function overEmpty(partitions: usize, n: u32, frame: u32, gone: usize): void {
  for (let i: u32 = 0; i < n; i++) {
    const list = nth(partitions, i) + frame;
    while (load<u32>(list, FRAME_ROWS) > 0) leave(list, gone);
  }
}

/** The rows of the widest of partitions' frames, `frames` of which lie from `first` on; 8 bytes each. Returns how many. */
export function overRows(partitions: usize, n: u32, first: u32, frames: u32, out: usize): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    let widest = nth(partitions, i) + first;
    for (let f: u32 = 1; f < frames; f++) {
      const frame = nth(partitions, i) + first + (f << 3);
      if (load<u32>(frame, FRAME_ROWS) > load<u32>(widest, FRAME_ROWS)) widest = frame;
    }
    let row: usize = load<u32>(widest);
    for (let left = load<u32>(widest, FRAME_ROWS); left > 0; left--) {
      store<u32>(out + (<usize>count << 2), <u32>row);
      count++;
      row = load<u32>(row);
    }
  }
  return count;
}

/** Restored rows, in order within their partition: each is held by the frames of which it is among the last rows. */
export function overHold(rows: usize, partitions: usize, n: u32, at: u32, first: u32, frames: u32): void {
  for (let i: u32 = 0; i < n; i++) store<u32>(nth(partitions, i) + at, 0, MARK);
  for (let i = n; i-- > 0; ) {
    const row = nth(rows, i);
    const partition = nth(partitions, i);
    const list = partition + at;
    const place = load<u32>(list, MARK) + 1;
    store<u32>(row, place == 1 ? 0 : load<u32>(list, PEER_STATE));
    if (place == 1) store<u32>(list, <u32>row);
    store<u32>(list, place, MARK);
    store<u32>(list, <u32>row, PEER_STATE);
    let holders: u32 = 0;
    for (let f: u32 = 0; f < frames; f++) {
      const frame = partition + first + (f << 3);
      if (load<u32>(frame, FRAME_ROWS) < place) continue;
      holders++;
      store<u32>(frame, <u32>row);
    }
    store<u32>(row, holders, HOLDERS);
  }
  for (let i: u32 = 0; i < n; i++) store<u32>(nth(partitions, i) + at, 0, MARK);
}

/** What waits in the heap: times and partitions. */
export function overTimers(heap: usize, times: usize, partitions: usize): void {
  readAll(heap, times, partitions);
}

export function overArm(heap: usize, times: usize, partitions: usize, n: u32): void {
  for (let i: u32 = 0; i < n; i++) push(heap, load<i64>(times + (<usize>i << 3)), nth(partitions, i));
}
