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
