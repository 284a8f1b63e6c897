// Index by one fixed-width key of at most 8 bytes, straight from its column. A row begins with the key, widened to 8 bytes; if the
// key may be NULL, a second word is 1 for NULL (then the first is 0). An owned key is never NULL; its second word is the owner's u32.

import { takeRow } from "../row/rows";
import { canonical } from "../row/write";
import { MULTIPLIER, tagOf } from "../row/views";
import { AHEAD, homeOf, isFull, isLarge, occupy, shiftOf, slotsEnd, slotsOf, touchRows, vacate } from "./slots";

@inline
function WORD<T>(address: usize): u64 {
  if (isFloat<T>()) {
    if (sizeof<T>() == 8) return reinterpret<u64>(canonical<f64>(load<f64>(address)));
    return <u64>reinterpret<u32>(canonical<f32>(load<f32>(address)));
  }
  return <u64>(<i64>load<T>(address));
}

@inline
function tagOfWord(word: u64, isNull: u64): u32 {
  return tagOf(word ^ (word >> 32) ^ isNull * MULTIPLIER);
}

@inline
function EXTRA(validity: usize, owners: usize, i: u32): u64 {
  if (owners != 0) return load<u32>(owners + (i << 2));
  return validity != 0 && ((load<u8>(validity + (i >> 3)) >> <u8>(i & 7)) & 1) == 0 ? 1 : 0;
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
        row = takeRow(index);
        if (row == 0) return i;
        memory.fill(row, 0, load<u32>(index, 12));
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

@inline
function LOOKUP<T>(index: usize, keyBytes: u32, values: usize, validity: usize, n: u32, rows: usize): void {
  const slots = slotsOf(index);
  const end = slotsEnd(index);
  const shift = shiftOf(index);
  const nullable = keyBytes > 8;
  for (let i: u32 = 0; i < n; i++) {
    let word = WORD<T>(values + (<usize>i) * sizeof<T>());
    let isNull: u64 = 0;
    if (validity != 0 && ((load<u8>(validity + (i >> 3)) >> <u8>(i & 7)) & 1) == 0) {
      word = 0;
      isNull = 1;
    }
    const tag = tagOfWord(word, isNull);
    let slot = homeOf(slots, shift, tag);
    let row: usize = 0;
    while (true) {
      const entry = load<u64>(slot);
      if (entry == 0) { row = 0; break; }
      if (<u32>entry == tag) {
        row = <usize>(entry >> 32);
        if (load<u64>(row) == word && (nullable ? load<u64>(row, 8) : 0) == isNull) break;
      }
      slot += 8;
      if (slot == end) slot = slots;
    }
    store<u32>(rows + (i << 2), <u32>row);
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

/** Takes the rows out of the index; they are not freed. */
export function forgetFixed(index: usize, keyBytes: u32, rows: usize, n: u32): void {
  for (let i: u32 = 0; i < n; i++) {
    const row: usize = load<u32>(rows + (i << 2));
    vacate(index, tagOfWord(load<u64>(row), keyBytes > 8 ? load<u64>(row, 8) : 0), row);
  }
}
