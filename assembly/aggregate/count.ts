// COUNT: an i64 per group row.

import { isRun, runLength } from "./runs";

export function countRows(rows: usize, n: u32, offset: u32, weights: usize): void {
  if (weights == 0 && isRun(rows, n)) {
    while (n > 0) {
      const length = runLength(rows, n);
      const at = <usize>load<u32>(rows) + offset;
      store<i64>(at, load<i64>(at) + length);
      rows += <usize>length << 2;
      n -= length;
    }
  } else if (weights == 0) {
    for (let i: u32 = 0; i < n; i++) {
      const at = <usize>load<u32>(rows + (i << 2)) + offset;
      store<i64>(at, load<i64>(at) + 1);
    }
  } else {
    for (let i: u32 = 0; i < n; i++) {
      const at = <usize>load<u32>(rows + (i << 2)) + offset;
      store<i64>(at, load<i64>(at) + <i64>load<i8>(weights + i));
    }
  }
}
