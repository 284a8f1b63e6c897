// Keeping an updating side of a join: rows found by their identity, each with how often it is there.

/**
 * Adds ±1 (by the row kind) to the multiplicity of each row, an i32 at `count`. Collects the rows touched, each once (u32 at `mark`
 * becomes `epoch`), with whether they were there before, and the number of one batch row for each. Returns how many.
 */
export function keepCount(
  rows: usize, n: u32, kinds: usize, count: u32, mark: u32, epoch: u32, touched: usize, wasThere: usize, indices: usize,
): u32 {
  let distinct: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const row: usize = load<u32>(rows + (i << 2));
    const old = load<i32>(row + count);
    if (load<u32>(row + mark) != epoch) {
      store<u32>(row + mark, epoch);
      store<u32>(touched + (distinct << 2), <u32>row);
      store<u8>(wasThere + distinct, <u8>(old > 0));
      store<u32>(indices + (distinct << 2), i);
      distinct++;
    }
    const kind = kinds == 0 ? 0 : load<u8>(kinds + i);
    store<i32>(row + count, old + 1 - (<i32>(kind & 1) << 1));
  }
  return distinct;
}

/** Positions in `touched` of rows that are now there and were not (`came`), or no longer are. Returns how many. */
export function keepTurned(touched: usize, wasThere: usize, n: u32, count: u32, came: bool, out: usize): u32 {
  let found: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const was = load<u8>(wasThere + i) != 0;
    const is = load<i32>(<usize>load<u32>(touched + (i << 2)) + count) > 0;
    store<u32>(out + (found << 2), i);
    found += <u32>(came ? is && !was : !is);
  }
  return found;
}

/**
 * The last addition of each row in the batch: row addresses and batch row numbers, in descending order of the latter. The u32 at
 * `mark` becomes `epoch`. Returns how many.
 */
export function keepLastAdded(rows: usize, n: u32, kinds: usize, mark: u32, epoch: u32, rowsOut: usize, indices: usize): u32 {
  let count: u32 = 0;
  for (let i: u32 = n; i-- > 0;) {
    if (kinds != 0 && (load<u8>(kinds + i) & 1) != 0) continue;
    const row: usize = load<u32>(rows + (i << 2));
    if (load<u32>(row + mark) == epoch) continue;
    store<u32>(row + mark, epoch);
    store<u32>(rowsOut + (count << 2), <u32>row);
    store<u32>(indices + (count << 2), i);
    count++;
  }
  return count;
}

/** Writes u32 values to `offset` of rows. */
export function keepWrite(rows: usize, n: u32, offset: u32, values: usize, indices: usize): void {
  for (let i: u32 = 0; i < n; i++) {
    store<u32>(<usize>load<u32>(rows + (i << 2)) + offset, load<u32>(values + (<usize>load<u32>(indices + (i << 2)) << 2)));
  }
}

/** Of `positions` those that were there before. Returns how many. */
export function keepLinked(positions: usize, n: u32, wasThere: usize, out: usize): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const position = load<u32>(positions + (i << 2));
    store<u32>(out + (count << 2), position);
    count += <u32>(load<u8>(wasThere + position) != 0);
  }
  return count;
}

/** Clears bits of the byte at `offset` of rows. */
export function keepClearBits(rows: usize, n: u32, offset: u32, mask: u8): void {
  for (let i: u32 = 0; i < n; i++) {
    const at = <usize>load<u32>(rows + (i << 2)) + offset;
    store<u8>(at, load<u8>(at) & ~mask);
  }
}
