// Results of aggregates that may be NULL: validity bits from a field of each group row, in whole 8-byte words. Returns the NULLs.

@inline
function VALIDITY<T>(rows: usize, n: u32, offset: u32, out: usize): u32 {
  let nulls: u32 = 0;
  for (let i: u32 = 0; i < n; i += 64) {
    const count = min<u32>(64, n - i);
    let bits: u64 = 0;
    for (let j: u32 = 0; j < count; j++) {
      bits |= <u64>(load<T>(<usize>load<u32>(rows + ((i + j) << 2)) + offset) != <T>0) << j;
    }
    store<u64>(out + (i >> 3), bits);
    nulls += count - <u32>popcnt(bits);
  }
  return nulls;
}

/** NULL where the i64 count is 0. */
export function resultCounted(rows: usize, n: u32, offset: u32, out: usize): u32 { return VALIDITY<i64>(rows, n, offset, out); }

/** NULL where the flag byte is 0. */
export function resultFlagged(rows: usize, n: u32, offset: u32, out: usize): u32 { return VALIDITY<u8>(rows, n, offset, out); }

/** Clears the validity bits of i128 values that have more than 38 digits; `validity` has whole words. Returns how many it cleared. */
export function resultOverflow(values: usize, n: u32, validity: usize): u32 {
  // 10^38 = 0x4b3b4ca85a86c47a_098a224000000000
  let cleared: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    let low = load<u64>(values + (i << 4));
    let high = load<u64>(values + (i << 4), 8);
    if (<i64>high < 0) {
      high = ~high + <u64>(low == 0);
      low = 0 - low;
    }
    if (high < 0x4b3b4ca85a86c47a || (high == 0x4b3b4ca85a86c47a && low < 0x098a224000000000)) continue;
    const at = validity + (i >> 3);
    const bit: u8 = <u8>1 << <u8>(i & 7);
    if ((load<u8>(at) & bit) == 0) continue;
    store<u8>(at, load<u8>(at) & ~bit);
    cleared++;
  }
  return cleared;
}
