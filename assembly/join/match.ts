// What pairs of matching rows mean for a join: how often each row of the batch matched, and how often the rows kept from the other side.

/** `matched[index] += multiplicity of the kept row`; multiplicities are u32 at `count`, or 1 each when `count` is 0. */
export function matchCount(indices: usize, rows: usize, n: u32, count: u32, matched: usize): void {
  for (let i: u32 = 0; i < n; i++) {
    const at = matched + (<usize>load<u32>(indices + (i << 2)) << 2);
    store<u32>(at, load<u32>(at) + (count == 0 ? 1 : load<u32>(<usize>load<u32>(rows + (i << 2)) + count)));
  }
}

/**
 * Adds ±1 (by the row kind; 0: all +I) to the number of matches of each kept row, an i32 at `matches`. Collects the rows touched, each
 * once (their u32 at `mark` is set to `epoch`), and their number of matches before. Returns how many.
 */
export function matchTouch(
  indices: usize, rows: usize, n: u32, kinds: usize, matches: u32, mark: u32, epoch: u32, touched: usize, before: usize,
): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const row: usize = load<u32>(rows + (i << 2));
    const old = load<i32>(row + matches);
    if (load<u32>(row + mark) != epoch) {
      store<u32>(row + mark, epoch);
      store<u32>(touched + (count << 2), <u32>row);
      store<i32>(before + (count << 2), old);
      count++;
    }
    const kind = kinds == 0 ? 0 : load<u8>(kinds + load<u32>(indices + (i << 2)));
    store<i32>(row + matches, old + 1 - (<i32>(kind & 1) << 1));
  }
  return count;
}

/** Kept rows that got their first match (`first`) or lost their last one. Returns how many. */
export function matchTurned(touched: usize, before: usize, n: u32, matches: u32, first: bool, out: usize): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const row: usize = load<u32>(touched + (i << 2));
    const had = load<i32>(before + (i << 2)) > 0;
    const has = load<i32>(row + matches) > 0;
    if (had == has || has != first) continue;
    store<u32>(out + (count << 2), <u32>row);
    count++;
  }
  return count;
}

/** Sum of the multiplicities of rows: how many there are when each is repeated. */
export function matchMultiplicity(rows: usize, n: u32, count: u32): u32 {
  let total: u32 = 0;
  for (let i: u32 = 0; i < n; i++) total += load<u32>(<usize>load<u32>(rows + (i << 2)) + count);
  return total;
}

/** Repeats each pair by the multiplicity of its kept row. `indices` may be 0 (rows alone). */
export function matchRepeat(indices: usize, rows: usize, n: u32, count: u32, indicesOut: usize, rowsOut: usize): void {
  let at: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const row = load<u32>(rows + (i << 2));
    for (let times = load<u32>(<usize>row + count); times > 0; times--, at++) {
      if (indices != 0) store<u32>(indicesOut + (at << 2), load<u32>(indices + (i << 2)));
      store<u32>(rowsOut + (at << 2), row);
    }
  }
}

/**
 * Merges pairs (ascending by index) with the rows `from` … `to` of the batch that matched nothing, which are paired with `padding`.
 * Returns how many.
 */
export function matchPad(
  indices: usize, rows: usize, n: u32, matched: usize, from: u32, to: u32, padding: u32, indicesOut: usize, rowsOut: usize,
): u32 {
  let pair: u32 = 0;
  let at: u32 = 0;
  for (let i = from; i < to; i++) {
    if (load<u32>(matched + (i << 2)) == 0) {
      store<u32>(indicesOut + (at << 2), i);
      store<u32>(rowsOut + (at << 2), padding);
      at++;
      continue;
    }
    while (pair < n && load<u32>(indices + (pair << 2)) == i) {
      store<u32>(indicesOut + (at << 2), i);
      store<u32>(rowsOut + (at << 2), load<u32>(rows + (pair << 2)));
      at++;
      pair++;
    }
  }
  return at;
}

/** The rows of the batch that matched something (`any`) or nothing. Returns how many. */
export function matchSelect(matched: usize, from: u32, to: u32, any: bool, out: usize): u32 {
  let count: u32 = 0;
  for (let i = from; i < to; i++) {
    store<u32>(out + (count << 2), i);
    count += <u32>((load<u32>(matched + (i << 2)) != 0) == any);
  }
  return count;
}

/** Row kinds of joined rows of an outer join: additions are +I, the others -D. */
export function matchKinds(kinds: usize, indices: usize, n: u32, out: usize): void {
  for (let i: u32 = 0; i < n; i++) store<u8>(out + i, (load<u8>(kinds + load<u32>(indices + (i << 2))) & 1) * 3);
}

/** Cells of rows `id`…: | id u32 | matches u32 | mark u32 |. `matched`: u32 per row, or 0: none. */
export function cellsFill(cells: usize, id: u32, n: u32, matched: usize): void {
  for (let i: u32 = 0; i < n; i++, cells += 12) {
    store<u32>(cells, id + i);
    store<u32>(cells, matched == 0 ? 0 : load<u32>(matched + (i << 2)), 4);
    store<u32>(cells, 0, 8);
  }
}

/** Of `rows` those whose i32 at `matches` of their cell is positive (`any`) or not. Returns how many. */
export function cellsSelect(cells: usize, rows: usize, n: u32, matches: u32, any: bool, out: usize): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    store<u32>(out + (count << 2), load<u32>(rows + (i << 2)));
    count += <u32>((load<i32>(<usize>load<u32>(cells + (i << 2)) + matches) > 0) == any);
  }
  return count;
}
