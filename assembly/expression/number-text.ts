// Integers as decimal text.
import { isNull } from "../memory/mask";
import { storeView } from "../memory/view";

/** Writes digits from the end of `bytes`, 20 bytes, backwards; returns their start. */
@inline function writeDigits(value: i64, end: usize): usize {
  let rest = value < 0 ? 0 - <u64>value : <u64>value;
  do {
    const quotient = rest / 10;
    store<u8>(--end, <u8>(48 + (rest - quotient * 10)));
    rest = quotient;
  } while (rest != 0);
  if (value < 0) store<u8>(--end, 45);
  return end;
}

/** CAST of 64-bit integers to text. `bytes`: 32 per row. NULLs (`validity` 0: none) become empty views. */
export function integerTexts(values: usize, validity: usize, rows: i32, out: usize, bytes: usize): void {
  for (let row: u32 = 0; row < <u32>rows; row++) {
    if (isNull(validity, row)) v128.store(out, i64x2(0, 0));
    else {
      const start = writeDigits(load<i64>(values), bytes + 20);
      storeView(out, start, <u32>(bytes + 20 - start));
    }
    values += 8;
    out += 16;
    bytes += 32;
  }
}
