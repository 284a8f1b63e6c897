// Rows in column segments that wait for their time. Each has a word that is 1 once the row has been taken.

/** Ids `id`… of rows not taken whose time is at most `limit`, which are taken now. Returns how many. */
export function waitingTake(times: usize, taken: usize, n: u32, id: u32, limit: f64, out: usize): u32 {
  const last = <i64>limit;
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const due = <u32>(load<i64>(times + (i << 3)) <= last) & (1 - load<u32>(taken + (i << 2)));
    store<u32>(out + (count << 2), id + i);
    store<u32>(taken + (i << 2), load<u32>(taken + (i << 2)) | due);
    count += due;
  }
  return count;
}

/** Ids `id`… of rows not taken. Returns how many. */
export function waitingRows(taken: usize, n: u32, id: u32, out: usize): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    store<u32>(out + (count << 2), id + i);
    count += 1 - load<u32>(taken + (i << 2));
  }
  return count;
}

/** The least time of the rows not taken, or infinity. */
export function waitingEarliest(times: usize, taken: usize, n: u32): f64 {
  let earliest = i64.MAX_VALUE;
  for (let i: u32 = 0; i < n; i++) {
    if (load<u32>(taken + (i << 2)) == 0) earliest = min(earliest, load<i64>(times + (i << 3)));
  }
  return earliest == i64.MAX_VALUE ? Infinity : <f64>earliest;
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
