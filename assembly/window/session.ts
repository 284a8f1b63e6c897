// Sessions per key: rows gather in sessions that grow and merge until the watermark closes them.
//
//   key row      | … | first session u32 | …                  at `head`
//   session row  | 0 key row u32 | 4 next session u32 | 8 merged into u32 | 12 0 | 16 start i64 | 24 end i64 | accumulators …
//   closing heap | closing times and session rows, see row/time-heap.ts
//
// Every session has one entry in the heap, which may be earlier than its end (it has grown since); a merged one stays until it is popped.

import { giveRow, takeRow } from "../row/rows";
import { count, firstRow, firstTime, pop, push, replaceFirst } from "../row/time-heap";
import { timeOf } from "./times";

const NEXT: usize = 4;
const MERGED: usize = 8;
const START: usize = 16;
const END: usize = 24;

/**
 * The session row of each row from `from` on; 0 for rows that are late: their own session would have closed at `fired` and none that
 * is open touches them. Appends pairs (into, from: u32) to `merges` (at most one per row), whose count is at `mergeCount`. The heap has room for n more.
 * Returns the row it stopped at for want of a session row, or n.
 */
export function sessionAssign(
  keyRows: usize, head: u32, times: usize, scale: f64, gap: f64, fired: f64, rowStore: usize, heap: usize,
  from: u32, n: u32, rows: usize, merges: usize, mergeCount: usize,
): u32 {
  const length = <i64>gap;
  const closed = <i64>fired;
  const divisor = <i64>scale;
  for (let i = from; i < n; i++) {
    let time = timeOf(times, i, divisor);
    const keyRow: usize = load<u32>(keyRows + (i << 2));
    let end = time + length;
    let found: usize = 0;
    let link = keyRow + head;
    for (let session: usize = load<u32>(link); session != 0; session = load<u32>(link)) {
      if (load<i64>(session, START) > end || load<i64>(session, END) < time) {
        link = session + NEXT;
        continue;
      }
      if (found == 0) {
        found = session;
        if (time < load<i64>(session, START)) store<i64>(session, time, START);
        if (end > load<i64>(session, END)) store<i64>(session, end, END);
        time = load<i64>(session, START);
        end = load<i64>(session, END);
        link = session + NEXT;
        continue;
      }
      // The row joins two sessions: the later one in the list ends up in the earlier one.
      if (load<i64>(session, START) < load<i64>(found, START)) store<i64>(found, load<i64>(session, START), START);
      if (load<i64>(session, END) > load<i64>(found, END)) store<i64>(found, load<i64>(session, END), END);
      store<u32>(link, load<u32>(session, NEXT));
      store<u32>(session, <u32>found, MERGED);
      const merge = load<u32>(mergeCount);
      store<u32>(merges + (merge << 3), <u32>found);
      store<u32>(merges + (merge << 3), <u32>session, 4);
      store<u32>(mergeCount, merge + 1);
    }
    if (found == 0 && end - 1 > closed) {
      found = takeRow(rowStore);
      if (found == 0) return i;
      memory.fill(found, 0, load<u32>(rowStore, 12));
      store<u32>(found, <u32>keyRow);
      store<u32>(found, load<u32>(keyRow + head), NEXT);
      store<u32>(keyRow + head, <u32>found);
      store<i64>(found, time, START);
      store<i64>(found, end, END);
      push(heap, end - 1, found);
    }
    store<u32>(rows + (i << 2), <u32>found);
  }
  return n;
}

/** Follows merges: every row gets the session that it is in at last. */
export function sessionResolve(rows: usize, n: u32): void {
  for (let i: u32 = 0; i < n; i++) {
    let session: usize = load<u32>(rows + (i << 2));
    if (session == 0) continue;
    while (load<u32>(session, MERGED) != 0) session = load<u32>(session, MERGED);
    store<u32>(rows + (i << 2), <u32>session);
  }
}

/** The numbers of the rows that have a session. Returns how many. */
export function sessionPresent(rows: usize, n: u32, out: usize): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    store<u32>(out + (count << 2), i);
    count += <u32>(load<u32>(rows + (i << 2)) != 0);
  }
  return count;
}

/**
 * Takes out up to `n` sessions that close at `watermark`, in the order of their ends. `empty` receives the key rows that have no
 * session left, their number at `emptyCount`. Merged rows met on the way are freed. Returns how many sessions.
 */
export function sessionClose(
  heap: usize, rowStore: usize, watermark: f64, head: u32, n: u32, out: usize, empty: usize, emptyCount: usize,
): u32 {
  const time = <i64>watermark;
  let closed: u32 = 0;
  let keys: u32 = 0;
  while (closed < n && count(heap) > 0) {
    const first = firstTime(heap);
    if (first > time) break;
    const session = firstRow(heap);
    if (load<u32>(session, MERGED) != 0) {
      pop(heap);
      giveRow(rowStore, session);
      continue;
    }
    const closing = load<i64>(session, END) - 1;
    if (closing > time || closing > first) {
      replaceFirst(heap, closing, session);
      continue;
    }
    pop(heap);
    const keyRow: usize = load<u32>(session);
    let link = keyRow + head;
    while (<usize>load<u32>(link) != session) link = <usize>load<u32>(link) + NEXT;
    store<u32>(link, load<u32>(session, NEXT));
    if (load<u32>(keyRow + head) == 0) store<u32>(empty + (keys++ << 2), <u32>keyRow);
    store<u32>(out + (closed++ << 2), <u32>session);
  }
  store<u32>(emptyCount, keys);
  return closed;
}

/** Restores sessions with their times: links them to their keys and enters them in the heap. */
export function sessionRestore(
  keyRows: usize, head: u32, rows: usize, starts: usize, ends: usize, n: u32, heap: usize,
): void {
  for (let i: u32 = 0; i < n; i++) {
    const keyRow: usize = load<u32>(keyRows + (i << 2));
    const session: usize = load<u32>(rows + (i << 2));
    store<u32>(session, <u32>keyRow);
    store<u32>(session, load<u32>(keyRow + head), NEXT);
    store<u32>(session, 0, MERGED);
    store<u32>(keyRow + head, <u32>session);
    store<i64>(session, load<i64>(starts + (i << 3)), START);
    store<i64>(session, load<i64>(ends + (i << 3)), END);
    push(heap, load<i64>(ends + (i << 3)) - 1, session);
  }
}

/** The session of each key that starts at the given time; there is one. */
export function sessionFind(keyRows: usize, head: u32, starts: usize, n: u32, out: usize): void {
  for (let i: u32 = 0; i < n; i++) {
    let session: usize = load<u32>(<usize>load<u32>(keyRows + (i << 2)) + head);
    while (load<i64>(session, START) != load<i64>(starts + (i << 3))) session = load<u32>(session, NEXT);
    store<u32>(out + (i << 2), <u32>session);
  }
}

/** Addresses of the sessions of keys; room for all open ones. Returns how many. */
export function sessionRows(keyRows: usize, n: u32, head: u32, out: usize): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    for (let session: usize = load<u32>(<usize>load<u32>(keyRows + (i << 2)) + head); session != 0; session = load<u32>(session, NEXT)) {
      store<u32>(out + (count++ << 2), <u32>session);
    }
  }
  return count;
}

/** An i64 of each session row (start or end), plus `delta`. */
export function sessionTimes(rows: usize, n: u32, offset: u32, delta: i32, out: usize): void {
  for (let i: u32 = 0; i < n; i++) {
    store<i64>(out + (i << 3), load<i64>(<usize>load<u32>(rows + (i << 2)) + offset) + <i64>delta);
  }
}

/** Collects, each once, the keys without sessions (their list becomes a mark). Returns how many. */
export function sessionEmptyKeys(keyRows: usize, n: u32, head: u32, out: usize): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const keyRow: usize = load<u32>(keyRows + (i << 2));
    if (load<u32>(keyRow + head) != 0) continue;
    store<u32>(keyRow + head, 0xffffffff);
    store<u32>(out + (count++ << 2), <u32>keyRow);
  }
  return count;
}
