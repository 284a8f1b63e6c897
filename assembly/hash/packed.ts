// Index by a key of several columns, packed: first `views` key views of 16 bytes each, then plain words. Equal keys have equal words
// (NULLs are zero with a bit set in the last words), except that long views are compared by content.

import { mix, sameKeyView, tagOf } from "../row/views";
import { cellOf, hasSlots, insideOr, integerOf, isEntered, leastOf, leaveCell, nearOf, spanOf, wantsRange } from "./near";
import { AHEAD, enter, homeOf, isFull, isLarge, list, occupy, shiftOf, slotsEnd, slotsOf, takeZeroed, touchTagged, vacate } from "./slots";

@inline
function tagOfKey(key: usize, keyBytes: usize, views: u32): u32 {
  let hash: u64 = 0;
  let at = key;
  for (let end = key + (views << 4); at < end; at += 16) {
    const head = load<u64>(at);
    const tail = load<u64>(at, 8);
    hash = mix(mix(hash, head), <u32>head > 12 ? tail & 0xffffffff : tail);
  }
  for (let end = key + keyBytes; at < end; at += 8) hash = mix(hash, load<u64>(at));
  return tagOf(hash);
}

@inline
function sameKey(left: usize, right: usize, keyBytes: usize, views: u32): bool {
  let at: usize = 0;
  for (const end: usize = views << 4; at < end; at += 16) {
    if (!sameKeyView(left + at, right + at)) return false;
  }
  for (; at < keyBytes; at += 8) {
    if (load<u64>(left + at) != load<u64>(right + at)) return false;
  }
  return true;
}

/** Tags of `n` packed keys that lie `keyBytes` apart. */
export function tagsPacked(keys: usize, keyBytes: u32, views: u32, n: u32, tags: usize): void {
  for (let i: u32 = 0; i < n; i++) store<u32>(tags + (i << 2), tagOfKey(keys + i * keyBytes, keyBytes, views));
}

/** The row of each packed key from position `from` on; see FIND in fixed.ts. A created row's views still point into the batch. */
export function findPacked(
  index: usize, keyBytes: u32, views: u32, keys: usize, tags: usize, from: u32, n: u32, rows: usize, created: usize,
): u32 {
  const slots = slotsOf(index);
  const end = slotsEnd(index);
  const shift = shiftOf(index);
  let ahead = isLarge(index) ? from : n;
  for (let i = from; i < n; i++) {
    if (i == ahead) {
      ahead = min(n, i + AHEAD);
      touchTagged(index, tags, i, ahead, rows);
    }
    const key = keys + i * keyBytes;
    const tag = load<u32>(tags + (i << 2));
    let slot = homeOf(slots, shift, tag);
    let row: usize = 0;
    while (true) {
      const entry = load<u64>(slot);
      if (entry == 0) {
        if (isFull(index)) return i;
        row = takeZeroed(index);
        if (row == 0) return i;
        for (let at: usize = 0; at < keyBytes; at += 8) store<u64>(row + at, load<u64>(key + at));
        occupy(index, slot, tag, row, created);
        break;
      }
      if (<u32>entry == tag) {
        row = <usize>(entry >> 32);
        if (sameKey(row, key, keyBytes, views)) break;
      }
      slot += 8;
      if (slot == end) slot = slots;
    }
    store<u32>(rows + (i << 2), <u32>row);
  }
  return n;
}

/** The slot of a key, or the empty one where it would be. */
@inline
function slotOf(index: usize, tag: u32, key: usize, keyBytes: u32, views: u32): usize {
  const end = slotsEnd(index);
  let slot = homeOf(slotsOf(index), shiftOf(index), tag);
  while (true) {
    const entry = load<u64>(slot);
    if (entry == 0) break;
    if (<u32>entry == tag && sameKey(<usize>(entry >> 32), key, keyBytes, views)) break;
    slot += 8;
    if (slot == end) slot = slotsOf(index);
  }
  return slot;
}

/** The cell of a key's integer, or that of keys without one. */
@inline
function nearCell(near: usize, key: usize): usize {
  const value = integerOf(key, load<u32>(near, 16), load<u32>(near, 20));
  return cellOf(near, insideOr(spanOf(near), <u64>(value - leastOf(near))));
}

/** The row of a packed key, found by the array or created; 0 when the index has to grow first. */
@inline
function nearRow(index: usize, near: usize, outside: usize, key: usize, keyBytes: u32, views: u32, created: usize): usize {
  const cell = nearCell(near, key);
  let row: usize = load<u32>(cell);
  if (row != 0 && sameKey(row, key, keyBytes, views)) return row;
  const isFree = row == 0 && cell != outside;
  if (cell == outside) {
    const value = integerOf(key, load<u32>(near, 16), load<u32>(near, 20));
    if (wantsRange(index, near, <u64>(value - leastOf(near)))) return 0;
  }
  let tag: u32 = 0;
  let slot: usize = 0;
  if (!isFree || hasSlots(index)) {
    tag = tagOfKey(key, keyBytes, views);
    slot = slotOf(index, tag, key, keyBytes, views);
    row = load<u32>(slot, 4);
    if (row != 0) return row;
  }
  if (!isFree && isFull(index)) return 0;
  row = takeZeroed(index);
  if (row == 0) return 0;
  for (let at: usize = 0; at < keyBytes; at += 8) store<u64>(row + at, load<u64>(key + at));
  if (isFree) {
    store<u32>(cell, <u32>row);
    list(index, row, created);
  } else occupy(index, slot, tag, row, created);
  return row;
}

/** As findPacked, with the array. */
export function nearAddPacked(
  index: usize, keyBytes: u32, views: u32, keys: usize, from: u32, n: u32, rows: usize, created: usize,
): u32 {
  const near = nearOf(index);
  const outside = cellOf(near, spanOf(near));
  for (let i = from; i < n; i++) {
    const row = nearRow(index, near, outside, keys + i * keyBytes, keyBytes, views, created);
    if (row == 0) return i;
    store<u32>(rows + (i << 2), <u32>row);
  }
  return n;
}

/** As nearAddPacked, of keys that differ in one word: `key` is one of them, in which the word at `word` is given the `values` in turn. */
export function nearAddWords(
  index: usize, keyBytes: u32, views: u32, key: usize, word: u32, values: usize, from: u32, n: u32, rows: usize, created: usize,
): u32 {
  const near = nearOf(index);
  const outside = cellOf(near, spanOf(near));
  for (let i = from; i < n; i++) {
    store<u64>(key + word, load<u64>(values + (<usize>i << 3)));
    const row = nearRow(index, near, outside, key, keyBytes, views, created);
    if (row == 0) return i;
    store<u32>(rows + (i << 2), <u32>row);
  }
  return n;
}

/** The row of each packed key, or 0 where there is none. */
export function lookupPacked(index: usize, keyBytes: u32, views: u32, keys: usize, n: u32, rows: usize): void {
  const near = nearOf(index);
  const isNearOnly = near != 0 && !hasSlots(index);
  for (let i: u32 = 0; i < n; i++) {
    const key = keys + i * keyBytes;
    let row: usize = near == 0 ? 0 : load<u32>(nearCell(near, key));
    if (row != 0 && !sameKey(row, key, keyBytes, views)) row = 0;
    if (row == 0 && !isNearOnly) row = load<u32>(slotOf(index, tagOfKey(key, keyBytes, views), key, keyBytes, views), 4);
    store<u32>(rows + (i << 2), <u32>row);
  }
}

/** Enters rows that have no cell in `index`, whose slots have room for them. */
export function slotsEnterPacked(index: usize, keyBytes: u32, views: u32, rows: usize, n: u32): void {
  const near = nearOf(index);
  for (let i: u32 = 0; i < n; i++) {
    const row: usize = load<u32>(rows + (i << 2));
    if (near == 0 || !isEntered(near, row, false)) enter(index, tagOfKey(row, keyBytes, views), row);
  }
}

/** Takes the rows out of the index; they are not freed. */
export function forgetPacked(index: usize, keyBytes: u32, views: u32, rows: usize, n: u32): void {
  const near = nearOf(index);
  for (let i: u32 = 0; i < n; i++) {
    const row: usize = load<u32>(rows + (i << 2));
    if (near == 0 || !leaveCell(near, row, false)) vacate(index, tagOfKey(row, keyBytes, views), row);
  }
}
