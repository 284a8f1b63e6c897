// Views of strings and binaries ⇄ contiguous bytes with offsets (Arrow's Utf8 layout).
import { storeView } from "../memory/view";

/** Sum of the lengths of `rows` views. */
export function viewsTotalBytes(views: usize, rows: i32): f64 {
  let total: u64 = 0;
  for (let end = views + (<usize>rows << 4); views < end; views += 16) total += load<u32>(views);
  return <f64>total;
}

/** Copies the bytes of all views to `out`, one after the other, and writes rows + 1 u32 offsets. Writes up to 16 bytes past the last. */
export function viewsToBytes(views: usize, rows: i32, offsets: usize, out: usize): void {
  const base = out;
  for (let row = 0; row < rows; row++) {
    store<u32>(offsets, <u32>(out - base));
    const length = load<u32>(views);
    if (length <= 12) v128.store(out, v128.load(views, 4));
    else copySteps(out, <usize>load<u32>(views, 12), length);
    out += length;
    views += 16;
    offsets += 4;
  }
  store<u32>(offsets, <u32>(out - base));
}

/** From so many bytes on a call to copy memory is cheaper than steps. */
const MANY_BYTES: u32 = 256;

/** Copies in steps of 16 bytes, up to 16 past the end. */
@inline
function copySteps(out: usize, bytes: usize, length: u32): void {
  if (length >= MANY_BYTES) memory.copy(out, bytes, length);
  else for (let at: usize = 0; at < <usize>length; at += 16) v128.store(out + at, v128.load(bytes + at));
}

/** Views of values that lie one after the other at `bytes`, value i from offset i to offset i + 1. NULLs get length 0. */
export function bytesToViews(bytes: usize, offsets: usize, rows: i32, validity: usize, views: usize): void {
  let start = load<u32>(offsets);
  for (let row: usize = 0; row < <usize>rows; row++) {
    const end = load<u32>(offsets, 4);
    let length = end - start;
    if (validity != 0 && !(load<u8>(validity + (row >> 3)) & (1 << (<u8>row & 7)))) length = 0;
    storeView(views, bytes + start, length);
    start = end;
    offsets += 4;
    views += 16;
  }
}

/** Turns rows + 1 byte offsets into UTF-8 text at `bytes` into offsets in UTF-16 units. */
export function utf16Offsets(bytes: usize, offsets: usize, rows: i32): void {
  let position: usize = bytes;
  let units: u32 = 0;
  for (let row = 0; row <= rows; row++) {
    const end = bytes + load<u32>(offsets);
    for (; position < end; position++) {
      const byte = load<u8>(position);
      units += <u32>((byte & 0xc0) != 0x80) + <u32>(byte >= 0xf0);
    }
    store<u32>(offsets, units);
    offsets += 4;
  }
}

/** Gives NULLs the empty view. */
export function emptyInvalid(views: usize, validity: usize, rows: i32): void {
  for (let row = 0; row < rows; row++) {
    if (!((load<u8>(validity + (row >> 3)) >> (<u8>row & 7)) & 1)) v128.store(views, i64x2(0, 0));
    views += 16;
  }
}
