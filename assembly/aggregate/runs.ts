// Rows of one group behind each other, as all are in an aggregate without keys: their total need not go through memory row by row.

/** Whether all rows seem to belong to one group. Then totals stay in registers from one row to the next. */
@inline
export function isRun(rows: usize, n: u32): bool {
  const first = load<u32>(rows);
  return n > 4 && first == load<u32>(rows, 4) && first == load<u32>(rows + ((n >> 1) << 2)) && first == load<u32>(rows + ((n - 1) << 2));
}

/** How many of the rows from the first on are of one group. */
export function runLength(rows: usize, n: u32): u32 {
  const row = load<u32>(rows);
  const rows4 = i32x4.splat(row);
  let i: u32 = 0;
  for (; i + 4 <= n; i += 4) {
    if (!i32x4.all_true(i32x4.eq(v128.load(rows + (i << 2)), rows4))) break;
  }
  while (i < n && load<u32>(rows + (i << 2)) == row) i++;
  return i;
}
