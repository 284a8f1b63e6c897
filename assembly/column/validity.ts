// Validity bitmaps (bit i of byte i >> 3: row i is not NULL) and masks (one byte a row, 0 or 1). Bitmaps are 8-byte aligned and
// padded to 8 bytes; masks are padded to 16. The bits past the last row are undefined.
import { pack16, spread16 } from "../memory/mask";

export function andBits(left: usize, right: usize, rows: i32, out: usize): void {
  for (const end = out + ((<usize>rows + 7) >> 3); out < end; out += 8) {
    store<u64>(out, load<u64>(left) & load<u64>(right));
    left += 8;
    right += 8;
  }
}

export function orBits(left: usize, right: usize, rows: i32, out: usize): void {
  for (const end = out + ((<usize>rows + 7) >> 3); out < end; out += 8) {
    store<u64>(out, load<u64>(left) | load<u64>(right));
    left += 8;
    right += 8;
  }
}

/** How many of the first `rows` bits are 1. */
export function countBits(bits: usize, rows: i32): i32 {
  let count: i64 = 0;
  const whole = bits + ((<usize>rows >> 6) << 3);
  for (; bits < whole; bits += 8) count += popcnt(load<u64>(bits));
  const rest = rows & 63;
  if (rest != 0) count += popcnt(load<u64>(bits) & ((<u64>1 << rest) - 1));
  return <i32>count;
}

/** Bitmap → mask; `negate` 1 gives the opposite: IS NULL. */
export function bitsToMask(bits: usize, negate: i32, rows: i32, out: usize): void {
  const flip = i8x16.splat(<i8>negate);
  for (const end = out + <usize>rows; out < end; out += 16) {
    v128.store(out, v128.xor(spread16(load<u16>(bits)), flip));
    bits += 2;
  }
}

/** Mask → bitmap. */
export function maskToBits(mask: usize, rows: i32, out: usize): void {
  for (const end = mask + <usize>rows; mask < end; mask += 16) {
    store<u16>(out, <u16>pack16(v128.load(mask)));
    out += 2;
  }
}

/** 1 where the mask is 1 and the bit is 1: a BOOLEAN column's TRUE rows. */
export function maskAndBits(mask: usize, bits: usize, rows: i32, out: usize): void {
  for (const end = out + <usize>rows; out < end; out += 16) {
    v128.store(out, v128.and(v128.load(mask), spread16(load<u16>(bits))));
    mask += 16;
    bits += 2;
  }
}
