// Columns → one column of ROW values, in the encoding of src/arrow/nested.ts (bitmap, slots, heap).
import { storeView } from "../memory/view";

// One descriptor per field: | data u32 | validity u32 | bytes of a slot u32 (0: views) |. Floating-point fields must be canonical.
const DESCRIPTOR = 12;

/**
 * Encodes `rows` rows of `count` fields at `heap` and writes their views. Rows whose bit in `validity` (0: none) is unset get an empty
 * view. The heap needs bitmap and slots of every row, the bytes of all views, and 16 more. Returns the end of what was written.
 */
export function encodeRows(fields: usize, count: i32, rows: i32, validity: usize, views: usize, heap: usize): usize {
  const end = fields + <usize>count * DESCRIPTOR;
  const bitmap = <usize>(count + 7) >>> 3;
  let fixed = bitmap;
  for (let field = fields; field < end; field += DESCRIPTOR) fixed += load<usize>(field, 8) || 8;
  let start = heap;
  for (let row: usize = 0; row < <usize>rows; row++, views += 16) {
    if (!isValid(validity, row)) {
      v128.store(views, i64x2(0, 0));
      continue;
    }
    memory.fill(start, 0, fixed);
    let slot = start + bitmap;
    let out = start + fixed;
    let index: usize = 0;
    for (let field = fields; field < end; field += DESCRIPTOR, index++) {
      const width = load<usize>(field, 8);
      if (isValid(load<usize>(field, 4), row)) {
        store<u8>(start + (index >>> 3), load<u8>(start + (index >>> 3)) | (1 << (<u8>index & 7)));
        const data = load<usize>(field);
        if (width == 8) store<u64>(slot, load<u64>(data + (row << 3)));
        else if (width != 0) memory.copy(slot, data + row * width, width);
        else out = appendView(slot, data + (row << 4), out, start);
      }
      slot += width || 8;
    }
    storeView(views, start, <u32>(out - start));
    start = out;
  }
  return start;
}

@inline
function isValid(validity: usize, row: usize): bool {
  return validity == 0 || (load<u8>(validity + (row >>> 3)) & (1 << (<u8>row & 7))) != 0;
}

/** The bytes of a view at `out`, its slot | offset from `base` | length |. The new end. */
@inline
function appendView(slot: usize, view: usize, out: usize, base: usize): usize {
  const length = load<usize>(view);
  store<u32>(slot, <u32>(out - base));
  store<u32>(slot, <u32>length, 4);
  memory.copy(out, length <= 12 ? view + 4 : load<usize>(view, 12), length);
  return out + length;
}
