// Parts of nested values, read from their encoding (src/arrow/nested.ts):
//
//     ROW | bitmap, bit i: field i is not NULL | slot per field | heap |      a slot: the value, or | offset u32 | length u32 |
import { storeView, viewBytes } from "../memory/view";

/**
 * Field `field` of ROWs, whose slot is `offset` bytes into the encoding. `width`: bytes of a fixed value, or 0 for a view. Returns how
 * many results are NULL.
 */
export function rowField(
  rowsColumn: usize, validity: usize, field: i32, offset: i32, width: i32, rows: i32, out: usize, outBits: usize,
): i32 {
  const step = width == 0 ? 16 : width;
  memory.fill(outBits, 0, (rows + 7) >> 3);
  let nulls = 0;
  for (let row: u32 = 0; row < <u32>rows; row++) {
    const bytes = viewBytes(rowsColumn);
    const isValid = (validity == 0 || (load<u8>(validity + (row >> 3)) >> (<u8>row & 7)) & 1)
      && (load<u8>(bytes + (field >> 3)) >> (<u8>field & 7)) & 1;
    if (isValid) {
      copySlot(bytes, bytes + offset, width, out);
      const at = outBits + (row >> 3);
      store<u8>(at, <u8>(<u32>load<u8>(at) | (1 << (row & 7))));
    } else {
      nulls++;
      memory.fill(out, 0, step);
    }
    rowsColumn += 16;
    out += step;
  }
  return nulls;
}

@inline function copySlot(bytes: usize, slot: usize, width: i32, out: usize): void {
  switch (width) {
    case 0: return storeView(out, bytes + load<u32>(slot), load<u32>(slot, 4));
    case 1: return store<u8>(out, load<u8>(slot));
    case 2: return store<u16>(out, load<u16>(slot));
    case 4: return store<u32>(out, load<u32>(slot));
    case 8: return store<u64>(out, load<u64>(slot));
    default: return v128.store(out, v128.load(slot));
  }
}
