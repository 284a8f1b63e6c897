// The first row of each key by event time: rows wait for the watermark, and the first one to come out of a key is the key's. Shared with
// src/operators/rank/first-by-time.ts:
//
//   key  | … | `at`: the earliest time that waits i64 | state u32 |
//   row  | key u32 | … |

const STATE: usize = 8;
const WAITS: u32 = 1;
const SENT: u32 = 2;

@inline
function nth(list: usize, i: u32): usize { return load<u32>(list + (<usize>i << 2)); }

/** The rows that may be the first of their key, because they are earlier than all before: their numbers and their keys. Returns how many. */
export function firstWait(keys: usize, n: u32, at: u32, times: usize, numbers: usize, keyOf: usize): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const key = nth(keys, i);
    const state = load<u32>(key + at, STATE);
    const time = load<i64>(times + (<usize>i << 3));
    if (state == SENT || (state == WAITS && load<i64>(key + at) <= time)) continue;
    store<i64>(key + at, time);
    store<u32>(key + at, WAITS, STATE);
    store<u32>(numbers + (count << 2), i);
    store<u32>(keyOf + (count << 2), <u32>key);
    count++;
  }
  return count;
}

/** Of rows in order those that are the first of their key. Returns how many. */
export function firstDue(rows: usize, n: u32, at: u32, out: usize): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const row = nth(rows, i);
    const state = <usize>load<u32>(row) + at + STATE;
    store<u32>(out + (count << 2), <u32>row);
    count += <u32>(load<u32>(state) != SENT);
    store<u32>(state, SENT);
  }
  return count;
}

/** Keys whose row was sent. Returns how many. */
export function firstSent(keys: usize, n: u32, at: u32, out: usize): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const key = nth(keys, i);
    store<u32>(out + (count << 2), <u32>key);
    count += <u32>(load<u32>(key + at, STATE) == SENT);
  }
  return count;
}

/** The other way round. */
export function firstMark(keys: usize, n: u32, at: u32): void {
  for (let i: u32 = 0; i < n; i++) store<u32>(nth(keys, i) + at, SENT, STATE);
}
