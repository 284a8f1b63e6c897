// Index by a key of several columns, packed: first `views` key views of 16 bytes each, then plain words. Equal keys have equal words
// (NULLs are zero with a bit set in the last words), except that long views are compared by content.

import { takeRow } from "../row/rows";
import { mix, sameKeyView, tagOf } from "../row/views";
import { AHEAD, homeOf, isFull, isLarge, occupy, shiftOf, slotsEnd, slotsOf, touchRows, vacate } from "./slots";

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

/** Brings the slots and rows of keys `from` … `to` into the cache. */
@inline
function touch(index: usize, tags: usize, from: u32, to: u32, rows: usize): void {
  const slots = slotsOf(index);
  const shift = shiftOf(index);
  for (let i = from; i < to; i++) {
    store<u32>(rows + (i << 2), load<u32>(homeOf(slots, shift, load<u32>(tags + (i << 2))), 4));
  }
  touchRows(index, rows, from, to);
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
      touch(index, tags, i, ahead, rows);
    }
    const key = keys + i * keyBytes;
    const tag = load<u32>(tags + (i << 2));
    let slot = homeOf(slots, shift, tag);
    let row: usize = 0;
    while (true) {
      const entry = load<u64>(slot);
      if (entry == 0) {
        if (isFull(index)) return i;
        row = takeRow(index);
        if (row == 0) return i;
        memory.fill(row, 0, load<u32>(index, 12));
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

/** The row of each packed key, or 0 where there is none. */
export function lookupPacked(index: usize, keyBytes: u32, views: u32, keys: usize, tags: usize, n: u32, rows: usize): void {
  const slots = slotsOf(index);
  const end = slotsEnd(index);
  const shift = shiftOf(index);
  for (let i: u32 = 0; i < n; i++) {
    const key = keys + i * keyBytes;
    const tag = load<u32>(tags + (i << 2));
    let slot = homeOf(slots, shift, tag);
    let row: usize = 0;
    while (true) {
      const entry = load<u64>(slot);
      if (entry == 0) { row = 0; break; }
      if (<u32>entry == tag) {
        row = <usize>(entry >> 32);
        if (sameKey(row, key, keyBytes, views)) break;
      }
      slot += 8;
      if (slot == end) slot = slots;
    }
    store<u32>(rows + (i << 2), <u32>row);
  }
}

/** Takes the rows out of the index; they are not freed. */
export function forgetPacked(index: usize, keyBytes: u32, views: u32, rows: usize, n: u32): void {
  for (let i: u32 = 0; i < n; i++) {
    const row: usize = load<u32>(rows + (i << 2));
    vacate(index, tagOfKey(row, keyBytes, views), row);
  }
}
