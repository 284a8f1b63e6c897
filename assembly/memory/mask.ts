// Masks (one byte a row, 0 or 1) ⇄ bitmaps (one bit a row), sixteen rows at a time.

/** Whether row `i` is NULL; `validity` 0: no row is. */
@inline export function isNull(validity: usize, i: u32): bool {
  return validity != 0 && ((load<u8>(validity + (i >> 3)) >> <u8>(i & 7)) & 1) == 0;
}

/** Sixteen bits as sixteen bytes of 0 or 1. */
@inline export function spread16(bits: u32): v128 {
  const select = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
  const bytes = i8x16.swizzle(i32x4.splat(<i32>bits), i8x16(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1));
  return v128.and(i8x16.eq(v128.and(bytes, select), select), i8x16.splat(1));
}

/** Sixteen mask bytes as bits. */
@inline export function pack16(mask: v128): u32 {
  return <u32>i8x16.bitmask(i8x16.neg(mask));
}
