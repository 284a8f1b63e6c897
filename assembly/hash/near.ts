// Keys with an integer whose values lie close together: an array over their range has the row of each value, and nothing is hashed. Slots
// hold what has no place in it: values out of the range, and further keys with the same integer.
//
//   near    | 0 least value i64 | 8 values in the range u64 | 16 offset in a row u32 | 20 bytes u32 (4 or 8) | row address u32 per value |
//           | 0 u32, for the values of no place | row address of NULL u32 |
//
// A key is either in its cell or in a slot. The cell of a value is looked at first; only where another key has it, or slots hold anything,
// are slots probed. A new key whose value lies so close to the range that it may grow stops the kernel.

const CELLS: usize = 24;
/** The range may have so many values, and so many more for each key. */
const FREE_SPAN: u64 = 1024;
const SPAN_PER_KEY: u64 = 8;
const MAX_SPAN: u64 = 1 << 27;

@inline
export function nearOf(index: usize): usize { return load<u32>(index, 60); }
@inline
export function leastOf(near: usize): i64 { return load<i64>(near); }
@inline
export function spanOf(near: usize): u64 { return load<u64>(near, 8); }
@inline
export function cellOf(near: usize, place: u64): usize { return near + CELLS + (<usize>place << 2); }
@inline
export function hasSlots(index: usize): bool { return load<u32>(index, 36) != 0; }

/** The integer of a row or of a packed key. */
@inline
export function integerOf(row: usize, offset: usize, bytes: u32): i64 {
  return bytes == 8 ? load<i64>(row + offset) : <i64>load<i32>(row + offset);
}

/** Whether the range may grow to a place outside of it; then the value is left for the caller, who lets it grow. */
@inline
export function wantsRange(index: usize, near: usize, place: u64): bool {
  const reach = min<u64>(FREE_SPAN + SPAN_PER_KEY * <u64>load<u32>(index, 16), MAX_SPAN);
  const below: u64 = 0 - place;
  if (place >= reach && (below >= reach || below + spanOf(near) > reach)) return false;
  store<i64>(index, leastOf(near) + <i64>place, 48);
  store<u32>(index, 1, 20);
  return true;
}

@inline
function isNull(row: usize, nullOffset: u32, nullMask: u32): bool {
  return nullMask != 0 && (<u32>load<u8>(row + nullOffset) & nullMask) != 0;
}

/** The least and the greatest integer of rows whose is not NULL, with those that `range` holds unless it is `fresh`. Returns how many. */
export function nearRange(
  rows: usize, n: u32, offset: u32, bytes: u32, nullOffset: u32, nullMask: u32, range: usize, fresh: bool,
): u32 {
  let least = fresh ? i64.MAX_VALUE : load<i64>(range);
  let greatest = fresh ? i64.MIN_VALUE : load<i64>(range, 8);
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const row: usize = load<u32>(rows + (i << 2));
    if (isNull(row, nullOffset, nullMask)) continue;
    const value = integerOf(row, offset, bytes);
    least = min(least, value);
    greatest = max(greatest, value);
    count++;
  }
  store<i64>(range, least);
  store<i64>(range, greatest, 8);
  return count;
}

/** Enters rows whose places are free. `nullMask`: of the only key, whose NULL has a cell of its own; else 0. Returns how many were not. */
export function nearEnter(near: usize, rows: usize, n: u32, nullOffset: u32, nullMask: u32): u32 {
  const least = leastOf(near);
  const span = spanOf(near);
  const offset: usize = load<u32>(near, 16);
  const bytes = load<u32>(near, 20);
  let left: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const row: usize = load<u32>(rows + (i << 2));
    const place = isNull(row, nullOffset, nullMask) ? span + 1 : insideOr(span, <u64>(integerOf(row, offset, bytes) - least));
    const cell = cellOf(near, place);
    if (place == span || load<u32>(cell) != 0) left++;
    else store<u32>(cell, <u32>row);
  }
  return left;
}

/** A place in the range, or that of those that have none. */
@inline
export function insideOr(span: u64, place: u64): u64 { return select<u64>(place, span, place < span); }

/** The cell that may have the row. `isNull`: it is that of NULL. */
@inline
function cellOfRow(near: usize, row: usize, isNull: bool): usize {
  const span = spanOf(near);
  if (isNull) return cellOf(near, span + 1);
  return cellOf(near, insideOr(span, <u64>(integerOf(row, load<u32>(near, 16), load<u32>(near, 20)) - leastOf(near))));
}

@inline
export function isEntered(near: usize, row: usize, isNull: bool): bool {
  return <usize>load<u32>(cellOfRow(near, row, isNull)) == row;
}

/** Takes the row out of its cell; false: it is not there. */
@inline
export function leaveCell(near: usize, row: usize, isNull: bool): bool {
  const cell = cellOfRow(near, row, isNull);
  if (<usize>load<u32>(cell) != row) return false;
  store<u32>(cell, 0);
  return true;
}

/** The places (u32) of the first and the last value with a row. Returns whether there is any. */
export function nearBounds(near: usize, out: usize): bool {
  const span = <u32>spanOf(near);
  let first: u32 = 0;
  while (first < span && load<u32>(cellOf(near, first)) == 0) first++;
  if (first == span) return false;
  let last = span - 1;
  while (load<u32>(cellOf(near, last)) == 0) last--;
  store<u32>(out, first);
  store<u32>(out, last, 4);
  return true;
}

/** The addresses of rows by value from cell `from` on, NULL's last, at most `n`; `next` receives the cell to go on with. Returns how many. */
export function nearRows(near: usize, from: u32, n: u32, out: usize, next: usize): u32 {
  const end = <u32>spanOf(near) + 2;
  let count: u32 = 0;
  let at = from;
  for (; at < end && count < n; at++) {
    const row = load<u32>(cellOf(near, at));
    if (row == 0) continue;
    store<u32>(out + (count << 2), row);
    count++;
  }
  store<u32>(next, at);
  return count;
}
