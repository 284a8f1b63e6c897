// The rows of one side of a join by an integer key, each key's rows as a list that its slot begins. Slots are found by the top bits of a
// hash and probed linearly:
//
//   slot   | key u64 | newest row id u32 | number of rows u32 |        (0 rows: empty)
//
// Every row has a link, the id of the next older row of its key (0: none). The caller keeps at least a slot empty.

import { MULTIPLIER } from "../row/views";

@inline
export function wordOf<T>(address: usize): u64 {
  return <u64>(<i64>load<T>(address));
}

@inline
export function hashOf(word: u64): u64 {
  return (word ^ (word >> 32)) * MULTIPLIER;
}

@inline
function slotOf(slots: usize, shift: u32, word: u64): usize {
  return slots + ((<usize>(hashOf(word) >> shift)) << 4);
}

/** Adds rows `id`… with the links at `links`. `shift`: 64 − log2 of the slots. Returns the number of keys not seen before. */
@inline
function INSERT<T>(slots: usize, end: usize, shift: u32, values: usize, n: u32, id: u32, links: usize): u32 {
  let fresh: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const word = wordOf<T>(values + (<usize>i) * sizeof<T>());
    let slot = slotOf(slots, shift, word);
    while (load<u32>(slot, 12) != 0 && load<u64>(slot) != word) {
      slot += 16;
      if (slot == end) slot = slots;
    }
    const count = load<u32>(slot, 12);
    fresh += <u32>(count == 0);
    store<u32>(links + (i << 2), load<u32>(slot, 8));
    store<u64>(slot, word);
    store<u32>(slot, id + i, 8);
    store<u32>(slot, count + 1, 12);
  }
  return fresh;
}

export function slotsInsertI32(slots: usize, end: usize, shift: u32, values: usize, n: u32, id: u32, links: usize): u32 {
  return INSERT<i32>(slots, end, shift, values, n, id, links);
}
export function slotsInsertI64(slots: usize, end: usize, shift: u32, values: usize, n: u32, id: u32, links: usize): u32 {
  return INSERT<i64>(slots, end, shift, values, n, id, links);
}

/** Keys whose slots are fetched together: reads without branches between them wait for memory at the same time. */
const FETCHED: u32 = 512;

/** The slot of each key, or 0 where there is none. Returns how many were found. */
@inline
function LOOKUP<T>(slots: usize, end: usize, shift: u32, values: usize, n: u32, out: usize): u32 {
  let found: u32 = 0;
  for (let from: u32 = 0; from < n; from += FETCHED) {
    const to = min(n, from + FETCHED);
    let touched: u32 = 0;
    for (let i = from; i < to; i++) {
      const slot = slotOf(slots, shift, wordOf<T>(values + (<usize>i) * sizeof<T>()));
      touched |= load<u32>(slot, 12);
      store<u32>(out + (i << 2), <u32>slot);
    }
    if (touched == 0) {
      memory.fill(out + (from << 2), 0, (to - from) << 2);
      continue;
    }
    for (let i = from; i < to; i++) {
      const word = wordOf<T>(values + (<usize>i) * sizeof<T>());
      let slot: usize = load<u32>(out + (i << 2));
      while (load<u64>(slot) != word && load<u32>(slot, 12) != 0) {
        slot += 16;
        if (slot == end) slot = slots;
      }
      const exists = load<u32>(slot, 12) != 0;
      found += <u32>exists;
      store<u32>(out + (i << 2), exists ? <u32>slot : 0);
    }
  }
  return found;
}

export function slotsLookupI32(slots: usize, end: usize, shift: u32, values: usize, n: u32, out: usize): u32 {
  return LOOKUP<i32>(slots, end, shift, values, n, out);
}
export function slotsLookupI64(slots: usize, end: usize, shift: u32, values: usize, n: u32, out: usize): u32 {
  return LOOKUP<i64>(slots, end, shift, values, n, out);
}

/** Moves all entries from `source` … `sourceEnd` into zeroed slots. */
export function keySlotsMove(source: usize, sourceEnd: usize, slots: usize, end: usize, shift: u32): void {
  for (; source < sourceEnd; source += 16) {
    if (load<u32>(source, 12) == 0) continue;
    let slot = slotOf(slots, shift, load<u64>(source));
    while (load<u32>(slot, 12) != 0) {
      slot += 16;
      if (slot == end) slot = slots;
    }
    store<v128>(slot, load<v128>(source));
  }
}

/** Puts rows `id`… of one segment first in the lists of their key rows (`head`: id and length); `links` as above. */
export function listPushIds(keyRows: usize, n: u32, head: u32, id: u32, links: usize): void {
  for (let i: u32 = 0; i < n; i++) {
    const at = <usize>load<u32>(keyRows + (i << 2)) + head;
    store<u32>(links + (i << 2), load<u32>(at));
    store<u32>(at, id + i);
    store<u32>(at, load<u32>(at, 4) + 1, 4);
  }
}

/** Every row of `from` … `to` with every row of its key's list: numbers and ids. `links`: a table of segments. Returns how many. */
export function listPairIds(keyRows: usize, from: u32, to: u32, head: u32, links: usize, indices: usize, ids: usize): u32 {
  let count: u32 = 0;
  for (let i = from; i < to; i++) {
    const keyRow: usize = load<u32>(keyRows + (i << 2));
    if (keyRow == 0) continue;
    let id = load<u32>(keyRow + head);
    for (let left = load<u32>(keyRow + head, 4); left != 0; left--) {
      store<u32>(indices + (count << 2), i);
      store<u32>(ids + (count << 2), id);
      count++;
      if (left > 1) id = load<u32>(<usize>load<u32>(links + ((id >> 12) << 3)) + ((<usize>(id & 4095)) << 2));
    }
  }
  return count;
}

/** The same where every list has one row. */
export function listPairUnique(keyRows: usize, from: u32, to: u32, head: u32, indices: usize, ids: usize): u32 {
  let count: u32 = 0;
  for (let i = from; i < to; i++) {
    const keyRow: usize = load<u32>(keyRows + (i << 2));
    store<u32>(indices + (count << 2), i);
    // A key without rows reads what lies at the beginning of memory, and is overwritten.
    store<u32>(ids + (count << 2), load<u32>(keyRow + head));
    count += <u32>(keyRow != 0);
  }
  return count;
}
