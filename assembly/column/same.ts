// Columns of one value.

/** Whether `n` integers, of which there are some, are from 0 up and their quotients by `unit` the same. Of values that are not, few are read. */
export function sameQuotient(values: usize, quotientUnit: f64, n: u32): bool {
  const unit = <i64>quotientUnit;
  const first = load<i64>(values);
  if (first < 0) return false;
  const least = first - first % unit;
  for (let i: u32 = 0; i < n; ) {
    const end = min<u32>(n, i + 512);
    // Negative as soon as one value is, or is below the least or above the greatest.
    let outside: i64 = 0;
    for (; i < end; i++) {
      const value = load<i64>(values + (<usize>i << 3));
      const beyond = value - least;
      outside |= value | beyond | (unit - 1 - beyond);
    }
    if (outside < 0) return false;
  }
  return true;
}

/** Whether `n` values, of which there are some, of `width` bytes are the same, byte for byte. Of values that are not, few are read. */
export function areSame(values: usize, width: u32, n: u32): bool {
  const end = values + (<usize>(n - 1)) * width;
  for (; values + 16 <= end; values += 16) {
    if (v128.any_true(v128.xor(v128.load(values), v128.load(values + width)))) return false;
  }
  for (; values < end; values++) if (load<u8>(values) != load<u8>(values + width)) return false;
  return true;
}
