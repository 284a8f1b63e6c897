// Which rows are not late.

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
