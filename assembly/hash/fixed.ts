// Index by one fixed-width key of at most 8 bytes, straight from its column. A row begins with the key, widened to 8 bytes; if the
// key may be NULL, a second word is 1 for NULL (then the first is 0). An owned key is never NULL; its second word is the owner's u32.

import { isNull } from "../memory/mask";
import { canonical } from "../row/write";
import { MULTIPLIER, tagOf } from "../row/views";
import { cellOf, hasSlots, insideOr, isEntered, leastOf, leaveCell, nearOf, spanOf, wantsRange } from "./near";
import { AHEAD, enter, homeOf, isFull, isLarge, list, occupy, shiftOf, slotsEnd, slotsOf, takeZeroed, touchRows, vacate } from "./slots";

@inline
function WORD<T>(address: usize): u64 {
  if (isFloat<T>()) {
    if (sizeof<T>() == 8) return reinterpret<u64>(canonical<f64>(load<f64>(address)));
    return <u64>reinterpret<u32>(canonical<f32>(load<f32>(address)));
  }
  return <u64>(<i64>load<T>(address));
}

@inline
function tagOfWord(word: u64, absent: u64): u32 {
  return tagOf(word ^ (word >> 32) ^ absent * MULTIPLIER);
}

@inline
function EXTRA(validity: usize, owners: usize, i: u32): u64 {
  if (owners != 0) return load<u32>(owners + (i << 2));
  return u64(isNull(validity, i));
}

/** Brings the slots and rows of keys `from` … `to` into the cache. */
@inline
function TOUCH<T>(index: usize, values: usize, validity: usize, owners: usize, from: u32, to: u32, rows: usize): void {
  const slots = slotsOf(index);
  const shift = shiftOf(index);
  for (let i = from; i < to; i++) {
    const extra = EXTRA(validity, owners, i);
    const word = owners == 0 && extra != 0 ? 0 : WORD<T>(values + (<usize>i) * sizeof<T>());
    const entry = load<u64>(homeOf(slots, shift, tagOfWord(word, extra)));
    store<u32>(rows + (i << 2), <u32>(entry >> 32));
  }
  touchRows(index, rows, from, to);
}

/** The row of each key from position `from` on; keys not seen before get a row, zeroed after the key. See `find` in group-index.ts. */
@inline
function FIND<T>(
  index: usize, keyBytes: u32, values: usize, validity: usize, owners: usize, from: u32, n: u32, rows: usize, created: usize,
): u32 {
  const slots = slotsOf(index);
  const end = slotsEnd(index);
  const shift = shiftOf(index);
  const two = keyBytes > 8;
  let ahead = isLarge(index) ? from : n;
  // Equal keys often come one after the other: the last key and its row.
  let lastWord: u64 = 0;
  let lastExtra: u64 = 0;
  let lastRow: usize = 0;
  for (let i = from; i < n; i++) {
    if (i == ahead) {
      ahead = min(n, i + AHEAD);
      TOUCH<T>(index, values, validity, owners, i, ahead, rows);
    }
    const extra = EXTRA(validity, owners, i);
    const word = owners == 0 && extra != 0 ? 0 : WORD<T>(values + (<usize>i) * sizeof<T>());
    if (word == lastWord && (!two || extra == lastExtra) && lastRow != 0) {
      store<u32>(rows + (i << 2), <u32>lastRow);
      continue;
    }
    const tag = tagOfWord(word, extra);
    let slot = homeOf(slots, shift, tag);
    let row: usize = 0;
    while (true) {
      const entry = load<u64>(slot);
      if (entry == 0) {
        if (isFull(index)) return i;
        row = takeZeroed(index);
        if (row == 0) return i;
        store<u64>(row, word);
        if (two) store<u64>(row, extra, 8);
        occupy(index, slot, tag, row, created);
        break;
      }
      if (<u32>entry == tag) {
        row = <usize>(entry >> 32);
        if (load<u64>(row) == word && (!two || load<u64>(row, 8) == extra)) break;
      }
      slot += 8;
      if (slot == end) slot = slots;
    }
    store<u32>(rows + (i << 2), <u32>row);
    lastWord = word;
    lastExtra = extra;
    lastRow = row;
  }
  return n;
}

export function findI8(index: usize, keyBytes: u32, values: usize, validity: usize, from: u32, n: u32, rows: usize, created: usize): u32 {
  return FIND<i8>(index, keyBytes, values, validity, 0, from, n, rows, created);
}
export function findI16(index: usize, keyBytes: u32, values: usize, validity: usize, from: u32, n: u32, rows: usize, created: usize): u32 {
  return FIND<i16>(index, keyBytes, values, validity, 0, from, n, rows, created);
}
export function findI32(index: usize, keyBytes: u32, values: usize, validity: usize, from: u32, n: u32, rows: usize, created: usize): u32 {
  // Constants make a loop of their own for keys that are never NULL.
  if (keyBytes == 8) return FIND<i32>(index, 8, values, 0, 0, from, n, rows, created);
  return FIND<i32>(index, 16, values, validity, 0, from, n, rows, created);
}
export function findI64(index: usize, keyBytes: u32, values: usize, validity: usize, from: u32, n: u32, rows: usize, created: usize): u32 {
  // Constants make a loop of their own for keys that are never NULL.
  if (keyBytes == 8) return FIND<i64>(index, 8, values, 0, 0, from, n, rows, created);
  return FIND<i64>(index, 16, values, validity, 0, from, n, rows, created);
}
export function findF32(index: usize, keyBytes: u32, values: usize, validity: usize, from: u32, n: u32, rows: usize, created: usize): u32 {
  return FIND<f32>(index, keyBytes, values, validity, 0, from, n, rows, created);
}
export function findF64(index: usize, keyBytes: u32, values: usize, validity: usize, from: u32, n: u32, rows: usize, created: usize): u32 {
  return FIND<f64>(index, keyBytes, values, validity, 0, from, n, rows, created);
}

/** Keys with an owner each. */
export function findOwnedI8(index: usize, values: usize, owners: usize, from: u32, n: u32, rows: usize, created: usize): u32 {
  return FIND<i8>(index, 16, values, 0, owners, from, n, rows, created);
}
export function findOwnedI16(index: usize, values: usize, owners: usize, from: u32, n: u32, rows: usize, created: usize): u32 {
  return FIND<i16>(index, 16, values, 0, owners, from, n, rows, created);
}
export function findOwnedI32(index: usize, values: usize, owners: usize, from: u32, n: u32, rows: usize, created: usize): u32 {
  return FIND<i32>(index, 16, values, 0, owners, from, n, rows, created);
}
export function findOwnedI64(index: usize, values: usize, owners: usize, from: u32, n: u32, rows: usize, created: usize): u32 {
  return FIND<i64>(index, 16, values, 0, owners, from, n, rows, created);
}
export function findOwnedF32(index: usize, values: usize, owners: usize, from: u32, n: u32, rows: usize, created: usize): u32 {
  return FIND<f32>(index, 16, values, 0, owners, from, n, rows, created);
}
export function findOwnedF64(index: usize, values: usize, owners: usize, from: u32, n: u32, rows: usize, created: usize): u32 {
  return FIND<f64>(index, 16, values, 0, owners, from, n, rows, created);
}

/** The slot of a key, or the empty one where it would be. */
@inline
function slotOf(index: usize, tag: u32, word: u64, extra: u64, two: bool): usize {
  const end = slotsEnd(index);
  let slot = homeOf(slotsOf(index), shiftOf(index), tag);
  while (true) {
    const entry = load<u64>(slot);
    if (entry == 0) break;
    if (<u32>entry == tag) {
      const row = <usize>(entry >> 32);
      if (load<u64>(row) == word && (two ? load<u64>(row, 8) : 0) == extra) break;
    }
    slot += 8;
    if (slot == end) slot = slotsOf(index);
  }
  return slot;
}

@inline
function LOOKUP<T>(index: usize, keyBytes: u32, values: usize, validity: usize, n: u32, rows: usize): void {
  const near = nearOf(index);
  const isNearOnly = near != 0 && !hasSlots(index);
  const nullable = keyBytes > 8;
  for (let i: u32 = 0; i < n; i++) {
    const absent = EXTRA(validity, 0, i);
    const word = absent != 0 ? 0 : WORD<T>(values + (<usize>i) * sizeof<T>());
    let row: u32 = 0;
    if (near != 0) row = load<u32>(nearCell(near, word, absent != 0));
    if (row == 0 && !isNearOnly && (nullable || absent == 0)) {
      row = load<u32>(slotOf(index, tagOfWord(word, absent), word, absent, nullable), 4);
    }
    store<u32>(rows + (i << 2), row);
  }
}

/** The row of each key, or 0 where there is none. A NULL is found only in an index whose key may be NULL. */
export function lookupI8(index: usize, keyBytes: u32, values: usize, validity: usize, n: u32, rows: usize): void {
  LOOKUP<i8>(index, keyBytes, values, validity, n, rows);
}
export function lookupI16(index: usize, keyBytes: u32, values: usize, validity: usize, n: u32, rows: usize): void {
  LOOKUP<i16>(index, keyBytes, values, validity, n, rows);
}
export function lookupI32(index: usize, keyBytes: u32, values: usize, validity: usize, n: u32, rows: usize): void {
  LOOKUP<i32>(index, keyBytes, values, validity, n, rows);
}
export function lookupI64(index: usize, keyBytes: u32, values: usize, validity: usize, n: u32, rows: usize): void {
  LOOKUP<i64>(index, keyBytes, values, validity, n, rows);
}
export function lookupF32(index: usize, keyBytes: u32, values: usize, validity: usize, n: u32, rows: usize): void {
  LOOKUP<f32>(index, keyBytes, values, validity, n, rows);
}
export function lookupF64(index: usize, keyBytes: u32, values: usize, validity: usize, n: u32, rows: usize): void {
  LOOKUP<f64>(index, keyBytes, values, validity, n, rows);
}

/** The cell of a key, or that of keys without one. */
@inline
function nearCell(near: usize, word: u64, absent: bool): usize {
  const span = spanOf(near);
  return cellOf(near, absent ? span + 1 : insideOr(span, word - <u64>leastOf(near)));
}

/** The row of each key, 0 where its value has none. Returns how many have none. */
@inline
function NEAR_FIND<T>(near: usize, values: usize, validity: usize, n: u32, rows: usize): u32 {
  const least = leastOf(near);
  const span = spanOf(near);
  let missing: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    let place = insideOr(span, <u64>(<i64>load<T>(values + (<usize>i) * sizeof<T>()) - least));
    if (validity != 0) place = select<u64>(span + 1, place, EXTRA(validity, 0, i) != 0);
    const row = load<u32>(cellOf(near, place));
    store<u32>(rows + (i << 2), row);
    missing += <u32>(row == 0);
  }
  return missing;
}

/** Whether no value is NULL. */
@inline
function areValid(validity: usize, n: u32): bool {
  const words = n >> 6;
  for (let i: u32 = 0; i < words; i++) {
    if (load<u64>(validity + (i << 3)) != u64.MAX_VALUE) return false;
  }
  for (let i = words << 6; i < n; i++) {
    if (EXTRA(validity, 0, i) != 0) return false;
  }
  return true;
}

export function nearFindI32(index: usize, values: usize, validity: usize, n: u32, rows: usize): u32 {
  const near = nearOf(index);
  if (validity == 0 || areValid(validity, n)) return NEAR_FIND<i32>(near, values, 0, n, rows);
  return NEAR_FIND<i32>(near, values, validity, n, rows);
}
export function nearFindI64(index: usize, values: usize, validity: usize, n: u32, rows: usize): u32 {
  const near = nearOf(index);
  if (validity == 0 || areValid(validity, n)) return NEAR_FIND<i64>(near, values, 0, n, rows);
  return NEAR_FIND<i64>(near, values, validity, n, rows);
}

/** The row of a key whose cell is empty, created where slots have none, either; 0: see FIND. */
function addNear(index: usize, keyBytes: u32, word: u64, absent: u64, cell: usize, created: usize): usize {
  const near = nearOf(index);
  const two = keyBytes > 8;
  const hasCell = cell != cellOf(near, spanOf(near));
  if (!hasCell && wantsRange(index, near, word - <u64>leastOf(near))) return 0;
  const tag = tagOfWord(word, absent);
  let slot: usize = 0;
  if (!hasCell || hasSlots(index)) {
    slot = slotOf(index, tag, word, absent, two);
    const row: usize = load<u32>(slot, 4);
    if (row != 0) return row;
    if (!hasCell && isFull(index)) return 0;
  }
  const row = takeZeroed(index);
  if (row == 0) return 0;
  store<u64>(row, word);
  if (two) store<u64>(row, absent, 8);
  if (hasCell) {
    store<u32>(cell, <u32>row);
    list(index, row, created);
  } else occupy(index, slot, tag, row, created);
  return row;
}

/** As FIND, with the array. */
@inline
function NEAR_ADD<T>(index: usize, keyBytes: u32, values: usize, validity: usize, from: u32, n: u32, rows: usize, created: usize): u32 {
  const near = nearOf(index);
  const least = leastOf(near);
  const span = spanOf(near);
  for (let i = from; i < n; i++) {
    const value = <i64>load<T>(values + (<usize>i) * sizeof<T>());
    const absent = EXTRA(validity, 0, i);
    const cell = cellOf(near, absent != 0 ? span + 1 : insideOr(span, <u64>(value - least)));
    let row: usize = load<u32>(cell);
    if (row == 0) {
      row = addNear(index, keyBytes, absent != 0 ? 0 : <u64>value, absent, cell, created);
      if (row == 0) return i;
    }
    store<u32>(rows + (i << 2), <u32>row);
  }
  return n;
}

export function nearAddI32(index: usize, keyBytes: u32, values: usize, validity: usize, from: u32, n: u32, rows: usize, created: usize): u32 {
  if (validity == 0 || areValid(validity, n)) return NEAR_ADD<i32>(index, keyBytes, values, 0, from, n, rows, created);
  return NEAR_ADD<i32>(index, keyBytes, values, validity, from, n, rows, created);
}
export function nearAddI64(index: usize, keyBytes: u32, values: usize, validity: usize, from: u32, n: u32, rows: usize, created: usize): u32 {
  if (validity == 0 || areValid(validity, n)) return NEAR_ADD<i64>(index, keyBytes, values, 0, from, n, rows, created);
  return NEAR_ADD<i64>(index, keyBytes, values, validity, from, n, rows, created);
}

@inline
function extraOf(row: usize, keyBytes: u32): u64 { return keyBytes > 8 ? load<u64>(row, 8) : 0; }

/** Enters rows that have no cell in `index`, whose slots have room for them. */
export function slotsEnterFixed(index: usize, keyBytes: u32, rows: usize, n: u32): void {
  const near = nearOf(index);
  for (let i: u32 = 0; i < n; i++) {
    const row: usize = load<u32>(rows + (i << 2));
    const extra = extraOf(row, keyBytes);
    if (near == 0 || !isEntered(near, row, extra != 0)) enter(index, tagOfWord(load<u64>(row), extra), row);
  }
}

/** Takes the rows out of the index; they are not freed. */
export function forgetFixed(index: usize, keyBytes: u32, rows: usize, n: u32): void {
  const near = nearOf(index);
  for (let i: u32 = 0; i < n; i++) {
    const row: usize = load<u32>(rows + (i << 2));
    const extra = extraOf(row, keyBytes);
    if (near == 0 || !leaveCell(near, row, extra != 0)) vacate(index, tagOfWord(load<u64>(row), extra), row);
  }
}
