// Where a column's value changes from one row to the next.
import { equalViews } from "../memory/bytes";

/** Sets the byte of `marks` for every row whose value is not that of the row before; others stay as they are. NULLs are equal. */
export function markChanges(data: usize, width: i32, isView: bool, validity: usize, rows: i32, marks: usize): void {
  for (let row: usize = 1; row < <usize>rows; row++) {
    if (isView && validity == 0 && sameBytes(data + ((row - 1) << 4))) continue;
    if (load<u8>(marks + row) != 0) continue;
    const valid = isValid(validity, row);
    if (valid != isValid(validity, row - 1)) store<u8>(marks + row, 1);
    else if (valid && !sameValue(data + (row - 1) * <usize>width, width, isView)) store<u8>(marks + row, 1);
  }
}

/** Whether the view at `view` has the bytes of the one after it: then their strings are equal. */
@inline
function sameBytes(view: usize): bool {
  return !v128.any_true(v128.xor(v128.load(view), v128.load(view, 16)));
}

@inline
function isValid(validity: usize, row: usize): bool {
  return validity == 0 || (load<u8>(validity + (row >>> 3)) & (1 << (<u8>row & 7))) != 0;
}

/** Whether the value at `value` is that after it. */
@inline
function sameValue(value: usize, width: i32, isView: bool): bool {
  if (width == 8) return load<u64>(value) == load<u64>(value, 8);
  if (isView) return equalViews(value, value + 16);
  return memory.compare(value, value + width, width) == 0;
}

/** Writes the rows whose mark is set, and row 0; how many there are. */
export function runStarts(marks: usize, rows: i32, starts: usize): i32 {
  let count = 0;
  for (let row = 0; row < rows; row++) {
    store<u32>(starts + (<usize>count << 2), row);
    count += <i32>(row == 0 || load<u8>(marks + row) != 0);
  }
  return count;
}
