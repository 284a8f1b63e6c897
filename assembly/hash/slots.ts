// The open-addressing table under every index: slots of 8 bytes, found by the top bits of a 32-bit tag, probed linearly.
//
//   slot    | tag u32 | row address u32 |      (0: empty)
//   header  | 0 … 20 row store (row/rows.ts) | 20 wants range u32 | 24 slots u32 | 28 end of slots u32 | 32 shift u32 | 36 count u32 |
//           | 40 limit u32 | 44 created u32 | 48 scratch u64 | 56 0 | 60 array of near keys u32 (near.ts; 0: none) |
//
// `shift` = 32 − log2(slots). An insert that would exceed `limit` stops the kernel, and the caller grows the table. `created` counts
// the rows that the running call appended to its list of new rows, `count` those that are in slots.

import { takeRow } from "../row/rows";

@inline
export function slotsOf(index: usize): usize { return load<u32>(index, 24); }
@inline
export function slotsEnd(index: usize): usize { return load<u32>(index, 28); }
@inline
export function shiftOf(index: usize): u32 { return load<u32>(index, 32); }
@inline
export function isFull(index: usize): bool { return load<u32>(index, 36) >= load<u32>(index, 40); }

@inline
export function homeOf(slots: usize, shift: u32, tag: u32): usize {
  return slots + ((<usize>(tag >> shift)) << 3);
}

/** Keys that are looked ahead, and from how many bytes of slots on that pays. */
export const AHEAD: u32 = 64;
const LARGE_BYTES: usize = 1 << 18;

@inline
export function isLarge(index: usize): bool { return slotsEnd(index) - slotsOf(index) >= LARGE_BYTES; }

/** Reads the first words of the rows whose addresses are in `rows`, all at once, so that probing finds them in the cache. */
@inline
export function touchRows(index: usize, rows: usize, from: u32, to: u32): void {
  let sum: u64 = 0;
  for (let i = from; i < to; i++) sum += load<u64>(load<u32>(rows + (i << 2)));
  // Unused reads would be optimized away.
  store<u64>(index, sum, 48);
}

/**
 * The row that each of keys `from` … `to` has most likely: that with its tag in the first four slots from its home on, 0 where there is
 * none. Without a branch, so that the slots of many keys are on their way at once.
 */
@inline
export function likelyRows(index: usize, tags: usize, from: u32, to: u32, rows: usize): void {
  const slots = slotsOf(index);
  const shift = shiftOf(index);
  const last = slotsEnd(index) - 32;
  for (let i = from; i < to; i++) {
    const tag = load<u32>(tags + (i << 2));
    const home = min(homeOf(slots, shift, tag), last);
    const same = i32x4.eq(v128.shuffle<i32>(v128.load(home), v128.load(home, 16), 0, 2, 4, 6), i32x4.splat(tag));
    const places = i32x4.bitmask(same);
    const row = load<u32>(home + (<usize>ctz(places | 8) << 3), 4);
    store<u32>(rows + (i << 2), select<u32>(row, 0, places != 0));
  }
  if (isLarge(index)) touchRows(index, rows, from, to);
}

/** Brings the slots and rows of keys `from` … `to`, given by their tags, into the cache. Overwrites their `rows`. */
@inline
export function touchTagged(index: usize, tags: usize, from: u32, to: u32, rows: usize): void {
  const slots = slotsOf(index);
  const shift = shiftOf(index);
  for (let i = from; i < to; i++) {
    store<u32>(rows + (i << 2), load<u32>(homeOf(slots, shift, load<u32>(tags + (i << 2))), 4));
  }
  touchRows(index, rows, from, to);
}

/** A zeroed row, or 0. */
@inline
export function takeZeroed(index: usize): usize {
  const row = takeRow(index);
  if (row != 0) {
    // Shorter than a call of memory.fill.
    for (let at = row, end = row + load<u32>(index, 12); at < end; at += 8) store<u64>(at, 0);
  }
  return row;
}

/** Enters a new row in an empty slot and in the list of created ones. */
@inline
export function occupy(index: usize, slot: usize, tag: u32, row: usize, created: usize): void {
  store<u64>(slot, <u64>tag | (<u64>row << 32));
  store<u32>(index, load<u32>(index, 36) + 1, 36);
  list(index, row, created);
}

/** Enters a new row in the list of created ones. */
@inline
export function list(index: usize, row: usize, created: usize): void {
  const position = load<u32>(index, 44);
  store<u32>(created + (position << 2), <u32>row);
  store<u32>(index, position + 1, 44);
}

/** Enters a row that has no slot yet, in a table with room. */
@inline
export function enter(index: usize, tag: u32, row: usize): void {
  const end = slotsEnd(index);
  let slot = homeOf(slotsOf(index), shiftOf(index), tag);
  while (load<u64>(slot) != 0) {
    slot += 8;
    if (slot == end) slot = slotsOf(index);
  }
  store<u64>(slot, <u64>tag | (<u64>row << 32));
}

/** Moves all entries from `source` … `sourceEnd` into the (zeroed) slots of the header. */
export function slotsMove(index: usize, source: usize, sourceEnd: usize): void {
  const slots = slotsOf(index);
  const end = slotsEnd(index);
  const shift = shiftOf(index);
  for (let at = source; at < sourceEnd; at += 8) {
    const entry = load<u64>(at);
    if (entry == 0) continue;
    let slot = homeOf(slots, shift, <u32>entry);
    while (load<u64>(slot) != 0) {
      slot += 8;
      if (slot == end) slot = slots;
    }
    store<u64>(slot, entry);
  }
}

/** Empties the slot of `row`, which has `tag`, and closes the gap so that no probe breaks. */
@inline
export function vacate(index: usize, tag: u32, row: usize): void {
  const slots = slotsOf(index);
  const end = slotsEnd(index);
  const shift = shiftOf(index);
  let hole = homeOf(slots, shift, tag);
  while (<usize>load<u32>(hole, 4) != row) {
    assert(load<u64>(hole) != 0);
    hole += 8;
    if (hole == end) hole = slots;
  }
  let at = hole;
  while (true) {
    at += 8;
    if (at == end) at = slots;
    const entry = load<u64>(at);
    if (entry == 0) break;
    // An entry may move back unless its home lies cyclically in (hole, at].
    const home = homeOf(slots, shift, <u32>entry);
    const stays = hole < at ? home > hole && home <= at : home > hole || home <= at;
    if (stays) continue;
    store<u64>(hole, entry);
    hole = at;
  }
  store<u64>(hole, 0);
  store<u32>(index, load<u32>(index, 36) - 1, 36);
}

/** The addresses of all rows in slot order from slot `from` on, at most `n`; `next` receives the slot to go on with. Returns how many. */
export function slotsRows(index: usize, from: usize, n: u32, out: usize, next: usize): u32 {
  const end = slotsEnd(index);
  let count: u32 = 0;
  let at = from;
  for (; at < end && count < n; at += 8) {
    const row = load<u32>(at, 4);
    if (row == 0) continue;
    store<u32>(out + (count << 2), row);
    count++;
  }
  store<u32>(next, <u32>at);
  return count;
}
