// IntervalJoin: the rows of each side by key, kept as long as the other side may bring a partner. Each key has at most one timer, which
// looks its rows through.
//
//   key row  | … | first row u32 | rows u32 | timer i64 | armed u32 |                           at `head`
//   data row | … | next u32 | previous u32 | time i64 | key row u32 | matched u32 |             at `link`

import { listUnlink } from "../row/lists";
import { count, firstRow, firstTime, pop, push } from "../row/time-heap";

const TIMER: usize = 8;
const ARMED: usize = 16;
const TIME: usize = 8;
const KEY: usize = 16;
const MATCHED: usize = 20;

/**
 * Zeroes the lists of rows that meet nobody: those whose key matches nothing (`valid`, 0: all may), and those that reach no row that is
 * not expired yet. Returns from when on rows of the other side are expired: `fresh` once a row has looked, else what it was.
 */
export function intervalReady(times: usize, n: u32, reach: f64, expired: f64, fresh: f64, valid: usize, lists: usize): f64 {
  for (let i: u32 = 0; i < n; i++) {
    const isReady = expired < <f64>load<i64>(times + (i << 3)) + reach;
    if (isReady) expired = fresh;
    if (!isReady || (valid != 0 && load<u8>(valid + i) == 0)) store<u32>(lists + (i << 2), 0);
  }
  return expired;
}

/**
 * Pairs of rows `from` … `to` with the rows of their lists whose time is within `back` before and `ahead` after theirs. Rows met that are
 * expired are taken out of the lists after that; `dropped` receives them, and their number is at `droppedCount`.
 */
export function intervalPairs(
  lists: usize, times: usize, from: u32, to: u32, head: u32, link: u32, back: f64, ahead: f64, expired: f64,
  indices: usize, rows: usize, dropped: usize, droppedCount: usize,
): u32 {
  const before = <i64>back;
  const after = <i64>ahead;
  const gone = <i64>expired;
  let pairs: u32 = 0;
  let drops: u32 = 0;
  for (let i = from; i < to; i++) {
    const keyRow: usize = load<u32>(lists + (i << 2));
    if (keyRow == 0) continue;
    const time = load<i64>(times + (i << 3));
    const least = plus(time, -before);
    const greatest = plus(time, after);
    for (let row: usize = load<u32>(keyRow + head); row != 0;) {
      const next: usize = load<u32>(row + link);
      const other = load<i64>(row + link, TIME);
      if (other >= least && other <= greatest) {
        store<u32>(indices + (pairs << 2), i);
        store<u32>(rows + (pairs << 2), <u32>row);
        pairs++;
      }
      if (other <= gone) {
        listUnlink(keyRow, row, head, link);
        store<u32>(dropped + (drops << 2), <u32>row);
        drops++;
      }
      row = next;
    }
  }
  store<u32>(droppedCount, drops);
  return pairs;
}

/** Marks rows as matched; `out` receives those that were not, each once. Returns how many. */
export function intervalMark(rows: usize, n: u32, link: u32, out: usize): u32 {
  let turned: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const row: usize = load<u32>(rows + (i << 2));
    store<u32>(out + (turned << 2), <u32>row);
    turned += 1 - load<u32>(row + link, MATCHED);
    store<u32>(row + link, 1, MATCHED);
  }
  return turned;
}

/** The rows that have not matched. Returns how many. */
export function intervalUnmatched(rows: usize, n: u32, link: u32, out: usize): u32 {
  let found: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const row: usize = load<u32>(rows + (i << 2));
    store<u32>(out + (found << 2), <u32>row);
    found += 1 - load<u32>(row + link, MATCHED);
  }
  return found;
}

/** Fills in the tails of rows; `matched`: u32 matches of each, or 0. Keys without a timer get one, `reach` and 1 after the row's time. The heap has room. */
export function intervalKeep(
  keyRows: usize, rows: usize, times: usize, matched: usize, n: u32, head: u32, link: u32, reach: f64, heap: usize,
): void {
  for (let i: u32 = 0; i < n; i++) {
    const keyRow: usize = load<u32>(keyRows + (i << 2));
    const row: usize = load<u32>(rows + (i << 2));
    const time = load<i64>(times + (i << 3));
    store<i64>(row + link, time, TIME);
    store<u32>(row + link, <u32>keyRow, KEY);
    store<u32>(row + link, matched == 0 ? 0 : <u32>(load<u32>(matched + (i << 2)) != 0), MATCHED);
    if (load<u32>(keyRow + head, ARMED) == 0) arm(keyRow, head, timerOf(time, reach), heap);
  }
}

/** The sum, or the end of all time: rows near it neither match nor expire by wrapping around. */
@inline
function plus(time: i64, delta: i64): i64 {
  const sum = time + delta;
  if (delta > 0) return sum < time ? i64.MAX_VALUE : sum;
  return sum > time ? i64.MIN_VALUE : sum;
}

/** When a row of this time has expired. */
@inline
function timerOf(time: i64, reach: f64): i64 { return plus(time, <i64>reach + 1); }

/** The last time of rows that have expired at `now`: in whole numbers, so that every row whose timer is due has. */
@inline
function lastExpired(now: f64, reach: f64): i64 {
  const limit = <i64>now;
  return limit == i64.MAX_VALUE ? limit : plus(limit, -1 - <i64>reach);
}

@inline
function arm(keyRow: usize, head: u32, time: i64, heap: usize): void {
  store<i64>(keyRow + head, time, TIMER);
  store<u32>(keyRow + head, 1, ARMED);
  push(heap, time, keyRow);
}

/** Takes out up to `n` keys whose timers are due. Returns how many. */
export function intervalDue(heap: usize, time: f64, n: u32, out: usize): u32 {
  const limit = <i64>time;
  let keys: u32 = 0;
  while (keys < n && count(heap) > 0 && firstTime(heap) <= limit) {
    store<u32>(out + (keys++ << 2), <u32>firstRow(heap));
    pop(heap);
  }
  return keys;
}

/**
 * Takes the expired rows of keys whose timers were due out of their lists, into `dropped` (their number at `droppedCount`). Keys that
 * have others get a new timer; those that have none go to `empty`. Returns how many.
 */
export function intervalExpire(
  keyRows: usize, n: u32, head: u32, link: u32, now: f64, reach: f64, heap: usize,
  dropped: usize, droppedCount: usize, empty: usize,
): u32 {
  const gone = lastExpired(now, reach);
  let drops: u32 = 0;
  let keys: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const keyRow: usize = load<u32>(keyRows + (i << 2));
    let earliest = i64.MAX_VALUE;
    for (let row: usize = load<u32>(keyRow + head); row != 0;) {
      const next: usize = load<u32>(row + link);
      const time = load<i64>(row + link, TIME);
      if (time <= gone) {
        listUnlink(keyRow, row, head, link);
        store<u32>(dropped + (drops++ << 2), <u32>row);
      } else {
        earliest = min(earliest, time);
      }
      row = next;
    }
    if (load<u32>(keyRow + head) == 0) store<u32>(empty + (keys++ << 2), <u32>keyRow);
    else arm(keyRow, head, timerOf(earliest, reach), heap);
  }
  store<u32>(droppedCount, drops);
  return keys;
}

/** Gives keys of a snapshot their timers back. */
export function intervalArm(keyRows: usize, times: usize, n: u32, head: u32, heap: usize): void {
  for (let i: u32 = 0; i < n; i++) arm(load<u32>(keyRows + (i << 2)), head, load<i64>(times + (i << 3)), heap);
}

/** One byte per row as u32. */
export function intervalWiden(flags: usize, n: u32, out: usize): void {
  for (let i: u32 = 0; i < n; i++) store<u32>(out + (i << 2), load<u8>(flags + i));
}

/** Of the row numbers in `rows` those that are valid. Returns how many. */
export function intervalValid(rows: usize, n: u32, valid: usize, out: usize): u32 {
  let found: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const row = load<u32>(rows + (i << 2));
    store<u32>(out + (found << 2), row);
    found += <u32>(load<u8>(valid + row) != 0);
  }
  return found;
}

/** The numbers of rows whose time is at most `limit` and that have no match. Returns how many. */
export function intervalGone(times: usize, n: u32, limit: f64, matched: usize, out: usize): u32 {
  const last = <i64>limit;
  let found: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    store<u32>(out + (found << 2), i);
    found += <u32>(load<i64>(times + (i << 3)) <= last && load<u32>(matched + (i << 2)) == 0);
  }
  return found;
}
