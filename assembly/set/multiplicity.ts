// INTERSECT and EXCEPT: how often a row is on each side decides how often it is in the result. A row of the index holds an i32 per input
// at `counts`. `mode`: bit 0 set: EXCEPT, else INTERSECT; bit 1 set: ALL.

@inline
function multiplicity(counts: usize, inputs: u32, mode: u32): i32 {
  const first = max<i32>(0, load<i32>(counts));
  const all = (mode & 2) != 0;
  let result = all ? first : min<i32>(1, first);
  for (let i: u32 = 1; i < inputs; i++) {
    const other = max<i32>(0, load<i32>(counts + (i << 2)));
    if ((mode & 1) == 0) result = min(result, other);
    else if (all) result = max<i32>(0, result - other);
    else if (other > 0) result = 0;
  }
  return result;
}

/**
 * Counts the changes of a batch of input `input`. Collects the rows touched, each once (the u32 at `mark` becomes `epoch`), and how often
 * they were in the result before. Returns how many.
 */
export function setTouch(
  rows: usize, n: u32, kinds: usize, counts: u32, input: u32, inputs: u32, mode: u32, mark: u32, epoch: u32, touched: usize, before: usize,
): u32 {
  let distinct: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const row: usize = load<u32>(rows + (i << 2));
    if (load<u32>(row + mark) != epoch) {
      store<u32>(row + mark, epoch);
      store<u32>(touched + (distinct << 2), <u32>row);
      store<i32>(before + (distinct << 2), multiplicity(row + counts, inputs, mode));
      distinct++;
    }
    const at = row + counts + (input << 2);
    const kind = kinds == 0 ? 0 : load<u8>(kinds + i);
    store<i32>(at, load<i32>(at) + 1 - (<i32>(kind & 1) << 1));
  }
  return distinct;
}

/** How many more (`gains`) or fewer rows the result has. `before` 0: it had none. */
export function setTotal(rows: usize, n: u32, counts: u32, inputs: u32, mode: u32, before: usize, gains: bool): u32 {
  let total: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const was = before == 0 ? 0 : load<i32>(before + (i << 2));
    const is = multiplicity(<usize>load<u32>(rows + (i << 2)) + counts, inputs, mode);
    total += <u32>max<i32>(0, gains ? is - was : was - is);
  }
  return total;
}

/** Those rows, each as often as it came or went. */
export function setRows(rows: usize, n: u32, counts: u32, inputs: u32, mode: u32, before: usize, gains: bool, out: usize): void {
  for (let i: u32 = 0; i < n; i++) {
    const row = load<u32>(rows + (i << 2));
    const was = before == 0 ? 0 : load<i32>(before + (i << 2));
    const is = multiplicity(<usize>row + counts, inputs, mode);
    for (let times = gains ? is - was : was - is; times > 0; times--, out += 4) store<u32>(out, row);
  }
}

/** Rows that are on no side any more. Returns how many. */
export function setGone(rows: usize, n: u32, counts: u32, inputs: u32, out: usize): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const row = load<u32>(rows + (i << 2));
    let some: i32 = 0;
    for (let j: u32 = 0; j < inputs; j++) some |= load<i32>(<usize>row + counts + (j << 2));
    store<u32>(out + (count << 2), row);
    count += <u32>(some == 0);
  }
  return count;
}

/**
 * The last change of each row in a batch: rows, numbers, whether the row was there before (the u32 at `present`) and whether it is
 * deleted. The u32 at `mark` becomes `epoch`. Returns how many.
 */
export function normalizeLast(
  rows: usize, n: u32, kinds: usize, present: u32, mark: u32, epoch: u32, targets: usize, indices: usize, fresh: usize, gone: usize,
): u32 {
  let count: u32 = 0;
  for (let i: u32 = n; i-- > 0;) {
    const row: usize = load<u32>(rows + (i << 2));
    if (load<u32>(row + mark) == epoch) continue;
    store<u32>(row + mark, epoch);
    store<u32>(targets + (count << 2), <u32>row);
    store<u32>(indices + (count << 2), i);
    store<u8>(fresh + count, <u8>(load<u32>(row + present) == 0));
    store<u8>(gone + count, kinds == 0 ? 0 : load<u8>(kinds + i) & 1);
    count++;
  }
  return count;
}

/** Marks rows as there, or collects those that are deleted. Returns how many these are. */
export function normalizeSettle(targets: usize, n: u32, gone: usize, present: u32, out: usize): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const row = load<u32>(targets + (i << 2));
    store<u32>(<usize>row + present, 1);
    store<u32>(out + (count << 2), row);
    count += load<u8>(gone + i);
  }
  return count;
}
