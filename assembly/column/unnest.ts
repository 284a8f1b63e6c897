// The elements of ARRAYs, or the keys or values of MAPs, as a column of their own, read from the encoding that src/arrow/nested.ts draws:
//
//     ARRAY | count u32 | bitmap | slot per element | heap |      MAP | bytes of the keys u32 | ARRAY of keys | ARRAY of values |
import { storeView, viewBytes } from "../memory/view";

/** Which array of a value: 0 an ARRAY itself, 1 the keys of a MAP, 2 its values. */
@inline
function arrayOf(view: usize, part: i32): usize {
  const bytes = viewBytes(view);
  if (part == 0) return bytes;
  return part == 1 ? bytes + 4 : bytes + 4 + load<u32>(bytes);
}

@inline
function countOf(column: usize, validity: usize, row: u32, part: i32): u32 {
  if (validity != 0 && ((load<u8>(validity + (row >> 3)) >> <u8>(row & 7)) & 1) == 0) return 0;
  return load<u32>(arrayOf(column + (<usize>row << 4), part));
}

/** How far rows from `from` on can go so that they hold at most `limit` elements together (but one row at least). */
export function itemsSpan(column: usize, validity: usize, part: i32, from: u32, n: u32, limit: u32): u32 {
  let total: u64 = 0;
  for (let row = from; row < n; row++) {
    total += countOf(column, validity, row, part);
    if (total > limit && row > from) return row;
  }
  return n;
}

/** Elements of rows `from` … `to`; the row number of each goes to `indices` (0: only their number is wanted). */
export function itemsCount(column: usize, validity: usize, part: i32, from: u32, to: u32, indices: usize): u32 {
  let total: u32 = 0;
  for (let row = from; row < to; row++) {
    const count = countOf(column, validity, row, part);
    if (indices != 0) for (let i: u32 = 0; i < count; i++) store<u32>(indices + ((total + i) << 2), row);
    total += count;
  }
  return total;
}

/** The elements of rows `from` … `to`. `width`: bytes of a fixed value, or 0 for a view; `bits` is zero. Returns how many are NULL. */
export function itemsRead(
  column: usize, validity: usize, part: i32, from: u32, to: u32, width: i32, out: usize, bits: usize,
): u32 {
  const step = width == 0 ? 16 : width;
  let nulls: u32 = 0;
  let item: u32 = 0;
  for (let row = from; row < to; row++) {
    const count = countOf(column, validity, row, part);
    if (count == 0) continue;
    const base = arrayOf(column + (<usize>row << 4), part);
    const bitmap = base + 4;
    let slot = bitmap + ((count + 7) >> 3);
    for (let i: u32 = 0; i < count; i++, item++) {
      if ((load<u8>(bitmap + (i >> 3)) >> <u8>(i & 7)) & 1) {
        readSlot(base, slot, width, out);
        const at = bits + (item >> 3);
        store<u8>(at, <u8>(<u32>load<u8>(at) | (1 << (item & 7))));
      } else {
        nulls++;
        memory.fill(out, 0, step);
      }
      slot += width == 0 ? 8 : width;
      out += step;
    }
  }
  return nulls;
}

@inline
function readSlot(base: usize, slot: usize, width: i32, out: usize): void {
  switch (width) {
    case 0: return storeView(out, base + load<u32>(slot), load<u32>(slot, 4));
    case 1: return store<u8>(out, load<u8>(slot));
    case 2: return store<u16>(out, load<u16>(slot));
    case 4: return store<u32>(out, load<u32>(slot));
    case 8: return store<u64>(out, load<u64>(slot));
    default: return v128.store(out, v128.load(slot));
  }
}

/** The numbers of elements that are not NULL. Returns how many. */
export function itemsPresent(bits: usize, n: u32, out: usize): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    store<u32>(out + (count << 2), i);
    count += (load<u8>(bits + (i >> 3)) >> <u8>(i & 7)) & 1;
  }
  return count;
}

/** The place of each element in its row, from 1, given the rows' numbers. */
export function itemsPlaces(indices: usize, n: u32, out: usize): void {
  let row: u32 = 0xffffffff;
  let place: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const next = load<u32>(indices + (i << 2));
    place = next == row ? place + 1 : 1;
    row = next;
    store<u32>(out + (i << 2), place);
  }
}

/** Puts u32 values where `items` say. */
export function itemsScatter(values: usize, items: usize, n: u32, out: usize): void {
  for (let i: u32 = 0; i < n; i++) store<u32>(out + (<usize>load<u32>(items + (i << 2)) << 2), load<u32>(values + (i << 2)));
}

/** Validity of places: 0 is none. */
export function itemsPlaced(places: usize, n: u32, bits: usize): void {
  memory.fill(bits, 0, ((n + 63) >> 6) << 3);
  for (let i: u32 = 0; i < n; i++) {
    if (load<u32>(places + (i << 2)) == 0) continue;
    const at = bits + (i >> 3);
    store<u8>(at, <u8>(<u32>load<u8>(at) | (1 << (i & 7))));
  }
}
