// Which rows are late, and which windows are over.

/** Sets the byte of each of the `n` rows that are numbered. */
export function lateMark(rows: usize, n: u32, marks: usize): void {
  for (let i: u32 = 0; i < n; i++) store<u8>(marks + load<u32>(rows + (i << 2)), 1);
}

/** The numbers of rows whose time is after `limit`. Returns how many. */
export function timesAfter(times: usize, n: u32, limit: f64, out: usize): u32 {
  const last = <i64>limit;
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    store<u32>(out + (count << 2), i);
    count += <u32>(load<i64>(times + (i << 3)) > last);
  }
  return count;
}

/** The least of times and `least`. */
export function timesLeast(times: usize, n: u32, least: f64): f64 {
  for (let i: u32 = 0; i < n; i++) least = min(least, <f64>load<i64>(times + (i << 3)));
  return least;
}

/**
 * The rows whose window, which ends at the time at `endAt`, is over by `limit`. Returns how many; `least` receives the first end after it
 * when that is less than what is there.
 */
export function windowsOver(rows: usize, n: u32, endAt: u32, limit: f64, out: usize, least: usize): u32 {
  const last = <i64>limit;
  let count: u32 = 0;
  let next = load<f64>(least);
  for (let i: u32 = 0; i < n; i++) {
    const row = load<u32>(rows + (i << 2));
    const end = load<i64>(<usize>row + endAt);
    store<u32>(out + (count << 2), row);
    count += <u32>(end <= last);
    if (end > last) next = min(next, <f64>end);
  }
  store<f64>(least, next);
  return count;
}
