// Whether all values of a column are the same.

/** `n` values of `width` bytes. Ends at the first lane that differs. */
export function areSame(values: usize, n: u32, width: u32): bool {
  const lanes = width == 1 ? i8x16.splat(load<i8>(values))
    : width == 2 ? i16x8.splat(load<i16>(values))
    : width == 4 ? i32x4.splat(load<i32>(values))
    : width == 8 ? i64x2.splat(load<i64>(values))
    : v128.load(values);
  const end = values + <usize>n * width;
  let at = values;
  for (; at + 16 <= end; at += 16) {
    if (v128.any_true(v128.xor(v128.load(at), lanes))) return false;
  }
  // The last lane again, where values end within one.
  for (; at < end; at++) {
    if (load<u8>(at) != load<u8>(values + (at - values) % width)) return false;
  }
  return true;
}
