// SUM: a running total per group row, kept as i64 (integers wrap), f32, f64 or i128.

/** Whether all rows seem to belong to one group. Then totals stay in registers from one row to the next. */
@inline
function isRun(rows: usize, n: u32): bool {
  const first = load<u32>(rows);
  return n > 4 && first == load<u32>(rows, 4) && first == load<u32>(rows + ((n >> 1) << 2)) && first == load<u32>(rows + ((n - 1) << 2));
}

@inline
function SUM<T, A>(rows: usize, n: u32, offset: u32, values: usize, weights: usize): void {
  if (weights == 0 && isRun(rows, n)) {
    let row = load<u32>(rows);
    let total = load<A>(<usize>row + offset);
    for (let i: u32 = 0; i < n; i++) {
      const next = load<u32>(rows + (i << 2));
      if (next != row) {
        store<A>(<usize>row + offset, total);
        row = next;
        total = load<A>(<usize>row + offset);
      }
      total += <A>load<T>(values + (<usize>i) * sizeof<T>());
    }
    store<A>(<usize>row + offset, total);
    return;
  }
  if (weights == 0) {
    for (let i: u32 = 0; i < n; i++) {
      const at = <usize>load<u32>(rows + (i << 2)) + offset;
      store<A>(at, load<A>(at) + <A>load<T>(values + (<usize>i) * sizeof<T>()));
    }
    return;
  }
  for (let i: u32 = 0; i < n; i++) {
    const weight = load<i8>(weights + i);
    // The value of a row that does not count is undefined, and 0 × NaN is NaN.
    if (weight == 0) continue;
    const at = <usize>load<u32>(rows + (i << 2)) + offset;
    store<A>(at, load<A>(at) + <A>weight * <A>load<T>(values + (<usize>i) * sizeof<T>()));
  }
}

export function sumI8(rows: usize, n: u32, offset: u32, values: usize, weights: usize): void { SUM<i8, i64>(rows, n, offset, values, weights); }
export function sumI16(rows: usize, n: u32, offset: u32, values: usize, weights: usize): void { SUM<i16, i64>(rows, n, offset, values, weights); }
export function sumI32(rows: usize, n: u32, offset: u32, values: usize, weights: usize): void { SUM<i32, i64>(rows, n, offset, values, weights); }
export function sumI64(rows: usize, n: u32, offset: u32, values: usize, weights: usize): void { SUM<i64, i64>(rows, n, offset, values, weights); }
export function sumF32(rows: usize, n: u32, offset: u32, values: usize, weights: usize): void { SUM<f32, f32>(rows, n, offset, values, weights); }
export function sumF32Wide(rows: usize, n: u32, offset: u32, values: usize, weights: usize): void { SUM<f32, f64>(rows, n, offset, values, weights); }
export function sumF64(rows: usize, n: u32, offset: u32, values: usize, weights: usize): void { SUM<f64, f64>(rows, n, offset, values, weights); }

/** Adds `weight` × the 128-bit value to the 128-bit total. */
@inline
function addWide(at: usize, low: u64, high: u64, weight: i8): void {
  if (weight == 0) return;
  if (weight < 0) {
    high = ~high + <u64>(low == 0);
    low = 0 - low;
  }
  const before = load<u64>(at);
  const sum = before + low;
  store<u64>(at, sum);
  store<u64>(at, load<u64>(at, 8) + high + <u64>(sum < before), 8);
}

/** As in SUM: 128-bit totals of runs; values of 64 or 128 bits. */
@inline
function SUM_RUNS(rows: usize, n: u32, offset: u32, values: usize, wide: bool): void {
  let row = load<u32>(rows);
  let low = load<u64>(<usize>row + offset);
  let high = load<u64>(<usize>row + offset, 8);
  for (let i: u32 = 0; i < n; i++) {
    const next = load<u32>(rows + (i << 2));
    if (next != row) {
      store<u64>(<usize>row + offset, low);
      store<u64>(<usize>row + offset, high, 8);
      row = next;
      low = load<u64>(<usize>row + offset);
      high = load<u64>(<usize>row + offset, 8);
    }
    const value = load<u64>(values);
    const sum = low + value;
    high += (wide ? load<u64>(values, 8) : <u64>(<i64>value >> 63)) + <u64>(sum < low);
    low = sum;
    values += wide ? 16 : 8;
  }
  store<u64>(<usize>row + offset, low);
  store<u64>(<usize>row + offset, high, 8);
}

/** Decimals of up to 18 digits into an i128 total. */
export function sumI64Wide(rows: usize, n: u32, offset: u32, values: usize, weights: usize): void {
  if (weights == 0 && isRun(rows, n)) return SUM_RUNS(rows, n, offset, values, false);
  for (let i: u32 = 0; i < n; i++) {
    const value = load<i64>(values + (i << 3));
    addWide(<usize>load<u32>(rows + (i << 2)) + offset, <u64>value, <u64>(value >> 63), weights == 0 ? 1 : load<i8>(weights + i));
  }
}

export function sumI128(rows: usize, n: u32, offset: u32, values: usize, weights: usize): void {
  if (weights == 0 && isRun(rows, n)) return SUM_RUNS(rows, n, offset, values, true);
  for (let i: u32 = 0; i < n; i++) {
    const at = values + (i << 4);
    addWide(<usize>load<u32>(rows + (i << 2)) + offset, load<u64>(at), load<u64>(at, 8), weights == 0 ? 1 : load<i8>(weights + i));
  }
}
