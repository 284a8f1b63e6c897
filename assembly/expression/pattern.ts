// LIKE patterns without `_`, and regular expressions that look for a literal: both search for literals, so neither needs an automaton.
import { equalBytes } from "../memory/bytes";
import { findBytes } from "../memory/find";
import { storeView, viewBytes } from "../memory/view";

/**
 * LIKE: a mask. `parts` are views of the texts between the pattern's %; `anchors` bit 0: the first part begins the text, bit 1: the last
 * one ends it. Parts are not empty; one part with both anchors is the whole text.
 */
export function matchParts(views: usize, rows: i32, parts: usize, count: i32, anchors: i32, out: usize): void {
  for (const end = out + <usize>rows; out < end; ) {
    const next = min(end, out + FETCHED);
    touchTexts(views, next - out, out);
    for (; out < next; out++) {
      store<u8>(out, <u8>matches(viewBytes(views), load<i32>(views), parts, count, anchors));
      views += 16;
    }
  }
}

/** Texts that are fetched together: reads without branches between them wait for memory at the same time. */
const FETCHED: usize = 64;

/** Brings both ends of long texts into the cache. `out`: a byte per text, for what is read. */
function touchTexts(views: usize, rows: usize, out: usize): void {
  for (const end = out + rows; out < end; out++) {
    const text = viewBytes(views);
    store<u8>(out, load<u8>(text) + load<u8>(text + <usize>load<u32>(views)));
    views += 16;
  }
}

function matches(text: usize, length: i32, parts: usize, count: i32, anchors: i32): bool {
  let start = 0;
  let stop = length;
  let first = 0;
  let last = count;
  if (anchors & 1) {
    const part = load<i32>(parts);
    if (part > length || !equalBytes(text, viewBytes(parts), part)) return false;
    start = part;
    first = 1;
    if (count == 1 && anchors & 2) return part == length;
  }
  if (anchors & 2) {
    const view = parts + (<usize>(count - 1) << 4);
    const part = load<i32>(view);
    if (part > stop - start || !equalBytes(text + stop - part, viewBytes(view), part)) return false;
    stop -= part;
    last--;
  }
  for (let i = first; i < last; i++) {
    const view = parts + (<usize>i << 4);
    const place = findBytes(text, stop, viewBytes(view), load<i32>(view), start);
    if (place < 0) return false;
    start = place + load<i32>(view);
  }
  return true;
}

/**
 * What follows `literal`, which must be at the start of the text (`atStart` 1) or after the byte `before` (256: any place; below 0: none), up to the
 * byte `until` or the end: group 2 of (&|^)literal([^&]*). With `whole` 1 the whole match, with 2 what stands before the literal.
 * Clears the bits of rows without a match and returns how many there are.
 */
export function extractAfter(
  views: usize, rows: i32, literal: usize, before: i32, atStart: i32, until: i32, whole: i32, out: usize, bits: usize,
): i32 {
  const literalLength = load<i32>(literal);
  let nulls = 0;
  for (let row: u32 = 0; row < <u32>rows; row++) {
    const text = viewBytes(views);
    const length = load<i32>(views);
    let place = findBytes(text, length, viewBytes(literal), literalLength, 0);
    while (place >= 0 && !(place == 0 ? atStart != 0 : before == 256 || <i32>load<u8>(text + place - 1) == before)) {
      place = findBytes(text, length, viewBytes(literal), literalLength, place + 1);
    }
    if (place < 0) {
      const at = bits + (row >> 3);
      const bit: u32 = 1 << (row & 7);
      nulls += <i32>((load<u8>(at) & bit) != 0);
      store<u8>(at, <u8>(<u32>load<u8>(at) & ~bit));
      v128.store(out, i64x2(0, 0));
    } else {
      const lead = place == 0 || before == 256 ? 0 : 1;
      const start = place + literalLength;
      const end = indexOfByte(text, length, <u8>until, start);
      if (whole == 0) storeView(out, text + start, end - start);
      else if (whole == 1) storeView(out, text + place - lead, end - place + lead);
      else storeView(out, text + place - lead, lead);
    }
    views += 16;
    out += 16;
  }
  return nulls;
}

/** The place of a byte at or after `from`; the length if there is none. */
function indexOfByte(text: usize, length: i32, byte: u8, from: i32): i32 {
  const wanted = i8x16.splat(<i8>byte);
  for (let at = from; at < length; at += 16) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(text + at), wanted));
    if (found != 0) return min(length, at + ctz(found));
  }
  return length;
}
