// Arrow's layouts that differ from ours: bits at any offset, views into numbered buffers.
import { storeView } from "../memory/view";

/** Copies `rows` bits from bit `offset` on, to the start of a byte. Reads up to 8 bytes past the end. */
export function copyBits(source: usize, offset: i32, rows: i32, out: usize): void {
  source += offset >> 3;
  const shift = <u8>(offset & 7);
  for (const end = out + ((<usize>rows + 7) >> 3); out < end; out++) {
    store<u8>(out, <u8>(load<u16>(source++) >> shift));
  }
}

/**
 * Arrow's views → ours, in place. Those longer than 12 bytes name a buffer | length | prefix | buffer | offset |; `buffers` has the
 * addresses of the buffers as u32. NULLs get length 0.
 */
export function resolveViews(views: usize, rows: i32, validity: usize, buffers: usize): void {
  for (let row = 0; row < rows; row++) {
    const isNull = validity != 0 && !((load<u8>(validity + (row >> 3)) >> (<u8>row & 7)) & 1);
    const length: u32 = isNull ? 0 : load<u32>(views);
    const bytes = length > 12
      ? <usize>load<u32>(buffers + (<usize>load<u32>(views, 8) << 2)) + load<u32>(views, 12)
      : views + 4;
    storeView(views, bytes, length);
    views += 16;
  }
}

/** Offsets from the first one on: each less by `load(offsets)`. */
export function rebaseOffsets(offsets: usize, rows: i32): void {
  const base = load<u32>(offsets);
  for (let row = 0; row <= rows; row++) {
    store<u32>(offsets, load<u32>(offsets) - base);
    offsets += 4;
  }
}

/** Sets the u32 indexes of NULLs to 0: Arrow leaves them undefined. */
export function zeroInvalid(indices: usize, validity: usize, rows: i32): void {
  for (let row = 0; row < rows; row++) {
    if (!((load<u8>(validity + (row >> 3)) >> (<u8>row & 7)) & 1)) store<u32>(indices, 0);
    indices += 4;
  }
}

/** Integer quotients toward negative infinity; the divisor is positive. */
export function floorDivide(source: usize, divisor: f64, rows: i32, out: usize): void {
  const by = <i64>divisor;
  for (const end = out + (<usize>rows << 3); out < end; out += 8) {
    const value = load<i64>(source);
    const quotient = value / by;
    store<i64>(out, quotient - <i64>(value < quotient * by));
    source += 8;
  }
}

/** Days and milliseconds (two i32 each) → milliseconds. */
export function dayTimeToMillis(source: usize, rows: i32, out: usize): void {
  for (const end = out + (<usize>rows << 3); out < end; out += 8) {
    store<i64>(out, <i64>load<i32>(source) * 86_400_000 + load<i32>(source, 4));
    source += 8;
  }
}
