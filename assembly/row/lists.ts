// Rows that belong to another row, the key's, as a linked list. A key row holds the first of them and how many there are; a data row
// holds the next and the previous one:
//
//   key row    | … | head u32 | length u32 | …      at `head`
//   data row   | … | next u32 | previous u32 | …    at `link`; 0: none

/** Puts rows first in their keys' lists. */
export function listPush(keyRows: usize, rows: usize, n: u32, head: u32, link: u32): void {
  for (let i: u32 = 0; i < n; i++) {
    const at = <usize>load<u32>(keyRows + (i << 2)) + head;
    const row: usize = load<u32>(rows + (i << 2));
    const first: usize = load<u32>(at);
    store<u32>(row + link, <u32>first);
    store<u32>(row + link, 0, 4);
    if (first != 0) store<u32>(first + link, <u32>row, 4);
    store<u32>(at, <u32>row);
    store<u32>(at, load<u32>(at, 4) + 1, 4);
  }
}

/** Takes a row out of its key's list. */
@inline
export function listUnlink(keyRow: usize, row: usize, head: u32, link: u32): void {
  const at = keyRow + head;
  const next: usize = load<u32>(row + link);
  const previous: usize = load<u32>(row + link, 4);
  if (next != 0) store<u32>(next + link, <u32>previous, 4);
  if (previous != 0) store<u32>(previous + link, <u32>next);
  else store<u32>(at, <u32>next);
  store<u32>(at, load<u32>(at, 4) - 1, 4);
}

/** Takes rows out of their keys' lists. */
export function listRemove(keyRows: usize, rows: usize, n: u32, head: u32, link: u32): void {
  for (let i: u32 = 0; i < n; i++) {
    listUnlink(load<u32>(keyRows + (i << 2)), load<u32>(rows + (i << 2)), head, link);
  }
}

/** How far rows from `from` on can go so that their keys' lists hold at most `limit` rows together (but one row at least). */
export function listSpan(keyRows: usize, from: u32, n: u32, head: u32, limit: u32): u32 {
  let total: u64 = 0;
  for (let i = from; i < n; i++) {
    const row: usize = load<u32>(keyRows + (i << 2));
    if (row != 0) total += load<u32>(row + head, 4);
    if (total > limit && i > from) return i;
  }
  return n;
}

/** The length of the lists of keys `from` … `to` together. */
export function listTotal(keyRows: usize, from: u32, to: u32, head: u32): u32 {
  let total: u32 = 0;
  for (let i = from; i < to; i++) {
    const row: usize = load<u32>(keyRows + (i << 2));
    if (row != 0) total += load<u32>(row + head, 4);
  }
  return total;
}

/** Every row of `from` … `to` with every row of its key's list: numbers and addresses side by side. Returns how many. */
export function listPairs(keyRows: usize, from: u32, to: u32, head: u32, link: u32, indices: usize, rows: usize): u32 {
  let count: u32 = 0;
  for (let i = from; i < to; i++) {
    const keyRow: usize = load<u32>(keyRows + (i << 2));
    if (keyRow == 0) continue;
    for (let row: usize = load<u32>(keyRow + head); row != 0; row = load<u32>(row + link)) {
      store<u32>(indices + (count << 2), i);
      store<u32>(rows + (count << 2), <u32>row);
      count++;
    }
  }
  return count;
}

/** All rows in the lists of `n` keys; room for listTotal rows. Returns how many. */
export function listRows(keyRows: usize, n: u32, head: u32, link: u32, rows: usize): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    for (let row: usize = load<u32>(<usize>load<u32>(keyRows + (i << 2)) + head); row != 0; row = load<u32>(row + link)) {
      store<u32>(rows + (count << 2), <u32>row);
      count++;
    }
  }
  return count;
}

const GONE: u32 = 0xffffffff;

/** Collects, each once, the keys whose lists are empty (their length becomes a mark). Returns how many. */
export function listEmptyKeys(keyRows: usize, n: u32, head: u32, out: usize): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const row: usize = load<u32>(keyRows + (i << 2));
    if (load<u32>(row + head, 4) != 0) continue;
    store<u32>(row + head, GONE, 4);
    store<u32>(out + (count << 2), <u32>row);
    count++;
  }
  return count;
}

/** The length of the longest list. */
export function listLongest(keyRows: usize, n: u32, head: u32): u32 {
  let longest: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const row: usize = load<u32>(keyRows + (i << 2));
    if (row != 0) longest = max(longest, load<u32>(row + head, 4));
  }
  return longest;
}
