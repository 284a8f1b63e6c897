// Sessions per key: rows gather in sessions that grow and merge until the watermark closes them.
//
//   key row      | … | first session u32 | …                  at `head`
//   session row  | 0 key row u32 | 4 next session u32 | 8 merged into u32 | 12 wave u32 | 16 start i64 | 24 end i64 | accumulators …
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
const WAVE: usize = 12;
const MERGE_BYTES: usize = 12;

/**
 * Which of two sessions that a row joins is merged into which: that of the lower bucket stays, of equal ones the later session. It is
 * where Flink's set of 16 buckets has the windows by their hash, the start plus the inverse (modulo 2³²) of twice the end plus one.
 */
@inline
function bucketOf(start: i64, end: i64): u32 {
  const odd = (<u32>end << 1) + 1;
  let inverse = odd * odd * odd;
  inverse *= 2 - odd * inverse;
  inverse *= 2 - odd * inverse;
  inverse *= 2 - odd * inverse;
  const hash = <u32>start + inverse;
  return (hash ^ (hash >>> 16)) & 15;
}

/**
 * The session row of each row from `from` on; 0 for rows that are late: their own session would have closed at `fired` and none that
 * is open touches them. Appends a merge (into, from, row: u32) to `merges` for each row that joins two sessions, their count is at
 * `mergeCount`. The heap has room for n more.
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
    let foundLink: usize = 0;
    let foundStart: i64 = 0;
    let foundStop: i64 = 0;
    let link = keyRow + head;
    for (let session: usize = load<u32>(link); session != 0; session = load<u32>(link)) {
      const start = load<i64>(session, START);
      const stop = load<i64>(session, END);
      if (start > end || stop < time) {
        link = session + NEXT;
        continue;
      }
      if (found == 0) {
        found = session;
        foundLink = link;
        foundStart = start;
        foundStop = stop;
        if (time < start) store<i64>(session, time, START);
        if (end > stop) store<i64>(session, end, END);
        link = session + NEXT;
        continue;
      }
      const bucket = bucketOf(start, stop);
      const foundBucket = bucketOf(foundStart, foundStop);
      const isFirst = bucket < foundBucket || (bucket == foundBucket && start > foundStart);
      const into = isFirst ? session : found;
      const gone = isFirst ? found : session;
      if (load<i64>(gone, START) < load<i64>(into, START)) store<i64>(into, load<i64>(gone, START), START);
      if (load<i64>(gone, END) > load<i64>(into, END)) store<i64>(into, load<i64>(gone, END), END);
      store<u32>(isFirst ? foundLink : link, load<u32>(gone, NEXT));
      store<u32>(gone, <u32>into, MERGED);
      const merge = load<u32>(mergeCount);
      const at = merges + <usize>merge * MERGE_BYTES;
      store<u32>(at, <u32>into);
      store<u32>(at, <u32>gone, 4);
      store<u32>(at, i, 8);
      store<u32>(mergeCount, merge + 1);
      found = into;
      // Open sessions are a gap long at least and do not touch each other: a row touches no more than two.
      break;
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

/**
 * Numbers the waves of a batch, so that each session sees its rows and merges in their order: rows of a wave come before its merges, and
 * no session takes part in two merges of one wave. Returns the number of waves.
 */
export function sessionWaves(
  rows: usize, n: u32, merges: usize, mergeCount: u32, rowWaves: usize, mergeWaves: usize,
): u32 {
  let waves: u32 = 1;
  let merge: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const at = merges + <usize>merge * MERGE_BYTES;
    if (merge < mergeCount && load<u32>(at, 8) == i) {
      const into: usize = load<u32>(at);
      const wave = max(load<u32>(into, WAVE), load<u32>(<usize>load<u32>(at, 4), WAVE));
      store<u32>(mergeWaves + (merge << 2), wave);
      merge++;
      store<u32>(into, wave + 1, WAVE);
      waves = max(waves, wave + 2);
    }
    const session: usize = load<u32>(rows + (i << 2));
    store<u32>(rowWaves + (i << 2), session == 0 ? 0 : load<u32>(session, WAVE));
  }
  for (merge = 0; merge < mergeCount; merge++) {
    store<u32>(<usize>load<u32>(merges + <usize>merge * MERGE_BYTES), 0, WAVE);
  }
  return waves;
}

/** The numbers of a wave's rows, without late ones. Returns how many. */
export function sessionWaveRows(rows: usize, waves: usize, n: u32, wave: u32, out: usize): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    store<u32>(out + (count << 2), i);
    count += <u32>(load<u32>(waves + (i << 2)) == wave && load<u32>(rows + (i << 2)) != 0);
  }
  return count;
}

/** The sessions that a wave merges. Returns how many pairs. */
export function sessionWaveMerges(merges: usize, waves: usize, n: u32, wave: u32, into: usize, gone: usize): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    if (load<u32>(waves + (i << 2)) != wave) continue;
    store<u32>(into + (count << 2), load<u32>(merges + <usize>i * MERGE_BYTES));
    store<u32>(gone + (count << 2), load<u32>(merges + <usize>i * MERGE_BYTES, 4));
    count++;
  }
  return count;
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
