// Variance and standard deviation by Welford's running mean and sum of squared differences from it; taking a value back is the exact
// inverse. Per group row at `offset`:
//
//   | count i64 | mean f64 | squares f64 |

/** Adds values with their weights (0: all +1). */
export function momentsAdd(rows: usize, n: u32, offset: u32, values: usize, weights: usize): void {
  for (let i: u32 = 0; i < n; i++) {
    const weight: i32 = weights == 0 ? 1 : <i32>load<i8>(weights + i);
    if (weight == 0) continue;
    const at = <usize>load<u32>(rows + (i << 2)) + offset;
    const value = load<f64>(values + (i << 3));
    const by = <f64>weight;
    const before = load<f64>(at, 8);
    const count = load<i64>(at) + weight;
    store<i64>(at, count);
    if (count == 0) {
      store<f64>(at, 0, 8);
      store<f64>(at, 0, 16);
      continue;
    }
    const mean = before + (by * (value - before)) / <f64>count;
    store<f64>(at, mean, 8);
    store<f64>(at, count == 1 ? 0 : load<f64>(at, 16) + by * (value - before) * (value - mean), 16);
  }
}

/** Adds the state of row `from[i]` to that of `into[i]`. */
export function momentsMerge(into: usize, from: usize, n: u32, offset: u32): void {
  for (let i: u32 = 0; i < n; i++) {
    const at = <usize>load<u32>(into + (i << 2)) + offset;
    const other = <usize>load<u32>(from + (i << 2)) + offset;
    const left = <f64>load<i64>(at);
    const right = <f64>load<i64>(other);
    if (right == 0) continue;
    const count = left + right;
    const difference = load<f64>(other, 8) - load<f64>(at, 8);
    store<i64>(at, <i64>count);
    store<f64>(at, load<f64>(at, 8) + (difference * right) / count, 8);
    store<f64>(at, load<f64>(at, 16) + load<f64>(other, 16) + (difference * difference * left * right) / count, 16);
  }
}

/** The variance, or its root; NULL without values, of a sample also of one. Returns the NULLs. */
export function momentsSpread(rows: usize, n: u32, offset: u32, sample: bool, root: bool, out: usize, validity: usize): u32 {
  let nulls: u32 = 0;
  for (let i: u32 = 0; i < n; i += 64) {
    const end = min<u32>(n, i + 64);
    let bits: u64 = 0;
    for (let j = i; j < end; j++) {
      const at = <usize>load<u32>(rows + (j << 2)) + offset;
      const divisor = load<i64>(at) - <i64>sample;
      const isValid = divisor >= 1;
      const variance = isValid ? max<f64>(0, load<f64>(at, 16)) / <f64>divisor : 0;
      store<f64>(out + (j << 3), root ? sqrt<f64>(variance) : variance);
      bits |= <u64>isValid << (j & 63);
      nulls += <u32>!isValid;
    }
    store<u64>(validity + (i >> 3), bits);
  }
  return nulls;
}
