// Columns of one value.

/** Whether `n` values, of which there are some, of `width` bytes are the same, byte for byte. Of values that are not, few are read. */
export function areSame(values: usize, width: u32, n: u32): bool {
  const end = values + (<usize>(n - 1)) * width;
  for (; values + 16 <= end; values += 16) {
    if (v128.any_true(v128.xor(v128.load(values), v128.load(values + width)))) return false;
  }
  for (; values < end; values++) if (load<u8>(values) != load<u8>(values + width)) return false;
  return true;
}
