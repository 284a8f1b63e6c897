// Where one byte string occurs in another: sixteen places at a time by first and last byte, then by all bytes. Up to 16 bytes past the
// end of either may be read.
import { equalBytes } from "./bytes";

/** The first place at or after `from`, or -1. The needle is not empty. */
export function findBytes(text: usize, length: i32, needle: usize, needleLength: i32, from: i32): i32 {
  const last = length - needleLength;
  const first = i8x16.splat(load<i8>(needle));
  const final = i8x16.splat(load<i8>(needle + needleLength - 1));
  for (let base = from; base <= last; base += 16) {
    const heads = i8x16.eq(v128.load(text + base), first);
    const tails = i8x16.eq(v128.load(text + base + needleLength - 1), final);
    let candidates = i8x16.bitmask(v128.and(heads, tails));
    while (candidates != 0) {
      const place = base + ctz(candidates);
      if (place > last) return -1;
      if (needleLength <= 2 || equalBytes(text + place + 1, needle + 1, needleLength - 2)) return place;
      candidates &= candidates - 1;
    }
  }
  return -1;
}

/** How many of `length` bytes of UTF-8 begin a character. */
export function countCharacters(text: usize, length: i32): i32 {
  let count = 0;
  const last = i8x16.splat(-65);
  let at = 0;
  // Continuation bytes are 0x80–0xbf: as signed bytes the lowest, up to -65.
  for (; at + 16 <= length; at += 16) count += popcnt(i8x16.bitmask(i8x16.gt_s(v128.load(text + at), last)));
  if (at < length) {
    const rest = i8x16.bitmask(i8x16.gt_s(v128.load(text + at), last));
    count += popcnt(rest & ((1 << (length - at)) - 1));
  }
  return count;
}

/** How many bytes the first `characters` characters take, at most `length`. */
export function bytesOfCharacters(text: usize, length: i32, characters: i32): i32 {
  let at = 0;
  while (at < length && characters > 0) {
    at++;
    while (at < length && (load<u8>(text + at) & 0xc0) == 0x80) at++;
    characters--;
  }
  return at;
}

/** Whether no byte is above 127. */
export function isAscii(text: usize, length: i32): bool {
  let at = 0;
  for (; at + 16 <= length; at += 16) if (i8x16.bitmask(v128.load(text + at)) != 0) return false;
  return at >= length || (i8x16.bitmask(v128.load(text + at)) & ((1 << (length - at)) - 1)) == 0;
}
