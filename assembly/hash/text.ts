// Index by one key of strings or binaries, straight from its column. A row begins with the key's view, which is zero for NULL; if the key
// may be NULL, a third word is 1 for NULL.

import { isNull } from "../memory/mask";
import { sameView, tagOfView } from "../row/views";
import { AHEAD, homeOf, isFull, likelyRows, occupy, shiftOf, slotsEnd, slotsOf, takeZeroed, vacate } from "./slots";

/** Of all NULLs. */
const NULL_TAG: u32 = isDefined(HASH_ZERO) ? 0 : 0x9e3779b9;

@inline
function tagOf(views: usize, validity: usize, i: u32): u32 {
  return isNull(validity, i) ? NULL_TAG : tagOfView(views + (<usize>i << 4));
}

@inline
function sameKey(row: usize, nullable: bool, view: usize, absent: bool): bool {
  if (nullable) {
    if (<bool>load<u64>(row, 16) != absent) return false;
    if (absent) return true;
  }
  return sameView(row, view);
}

@inline
function FIND(
  index: usize, nullable: bool, views: usize, validity: usize, from: u32, n: u32, tags: usize, rows: usize, created: usize,
): u32 {
  const slots = slotsOf(index);
  const end = slotsEnd(index);
  const shift = shiftOf(index);
  let ahead = from;
  for (let i = from; i < n; i++) {
    if (i == ahead) {
      ahead = min(n, i + AHEAD);
      for (let j = i; j < ahead; j++) store<u32>(tags + (j << 2), tagOf(views, validity, j));
      likelyRows(index, tags, i, ahead, rows);
    }
    const view = views + (<usize>i << 4);
    const absent = nullable && isNull(validity, i);
    let row: usize = load<u32>(rows + (i << 2));
    if (row != 0 && sameKey(row, nullable, view, absent)) continue;
    const tag = load<u32>(tags + (i << 2));
    let slot = homeOf(slots, shift, tag);
    while (true) {
      const entry = load<u64>(slot);
      if (entry == 0) {
        if (isFull(index)) return i;
        row = takeZeroed(index);
        if (row == 0) return i;
        if (absent) store<u64>(row, 1, 16);
        else v128.store(row, v128.load(view));
        occupy(index, slot, tag, row, created);
        break;
      }
      if (<u32>entry == tag) {
        row = <usize>(entry >> 32);
        if (sameKey(row, nullable, view, absent)) break;
      }
      slot += 8;
      if (slot == end) slot = slots;
    }
    store<u32>(rows + (i << 2), <u32>row);
  }
  return n;
}

/**
 * The row of each key from position `from` on; keys not seen before get a row, zeroed after the key, whose view points into the batch.
 * `tags` has room for `n` words. See `find` in group-index.ts.
 */
export function findText(
  index: usize, keyBytes: u32, views: usize, validity: usize, from: u32, n: u32, tags: usize, rows: usize, created: usize,
): u32 {
  // Constants make a loop of their own for keys that are never NULL.
  if (keyBytes == 16) return FIND(index, false, views, 0, from, n, tags, rows, created);
  return FIND(index, true, views, validity, from, n, tags, rows, created);
}

/** The row of each key, or 0 where there is none. A NULL is found only in an index whose key may be NULL. */
export function lookupText(index: usize, keyBytes: u32, views: usize, validity: usize, n: u32, rows: usize): void {
  const slots = slotsOf(index);
  const end = slotsEnd(index);
  const shift = shiftOf(index);
  for (let i: u32 = 0; i < n; i++) {
    const absent = isNull(validity, i);
    const tag = tagOf(views, validity, i);
    let slot = homeOf(slots, shift, tag);
    let row: usize = 0;
    while (keyBytes > 16 || !absent) {
      const entry = load<u64>(slot);
      if (entry == 0) { row = 0; break; }
      if (<u32>entry == tag) {
        row = <usize>(entry >> 32);
        if (sameKey(row, keyBytes > 16, views + (<usize>i << 4), absent)) break;
      }
      slot += 8;
      if (slot == end) slot = slots;
    }
    store<u32>(rows + (i << 2), <u32>row);
  }
}

/** Takes the rows out of the index; they are not freed. */
export function forgetText(index: usize, keyBytes: u32, rows: usize, n: u32): void {
  for (let i: u32 = 0; i < n; i++) {
    const row: usize = load<u32>(rows + (i << 2));
    const absent = keyBytes > 16 && load<u64>(row, 16) != 0;
    vacate(index, absent ? NULL_TAG : tagOfView(row), row);
  }
}
