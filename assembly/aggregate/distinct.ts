// DISTINCT: which rows bring a value that its group has not counted yet. Values are entries of an index by group and value; up to 32
// aggregates with filters of their own share an entry.
//
//   entry without retraction   | key | … | mask u32: bit j set when aggregate j has counted the value |
//   entry with retraction      | key | … | i32 per aggregate: how often it was added | … | epoch u32 |

/** Sets bit `slot` for rows with a weight (weights 0: all rows). */
export function distinctBits(weights: usize, n: u32, slot: u32, bits: usize): void {
  for (let i: u32 = 0; i < n; i++) {
    const at = bits + (i << 2);
    const counts: u32 = weights == 0 || load<i8>(weights + i) != 0 ? 1 : 0;
    store<u32>(at, load<u32>(at) | (counts << slot));
  }
}

/** The numbers of the rows with any bit. Returns how many. */
export function distinctRows(bits: usize, n: u32, out: usize): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    store<u32>(out + (count << 2), i);
    count += <u32>(load<u32>(bits + (i << 2)) != 0);
  }
  return count;
}

/** Turns the bits of each row into those that its entry has not seen, and lets the entry see them. */
export function distinctMark(entries: usize, n: u32, offset: u32, bits: usize): void {
  for (let i: u32 = 0; i < n; i++) {
    const at = <usize>load<u32>(entries + (i << 2)) + offset;
    const seen = load<u32>(at);
    const all = seen | load<u32>(bits + (i << 2));
    store<u32>(bits + (i << 2), all ^ seen);
    store<u32>(at, all);
  }
}

/** Weights of an aggregate from the bits of its slot. */
export function distinctWeights(bits: usize, n: u32, slot: u32, weights: usize): void {
  for (let i: u32 = 0; i < n; i++) store<i8>(weights + i, <i8>((load<u32>(bits + (i << 2)) >> slot) & 1));
}

@inline
function TURN<T>(entries: usize, n: u32, offset: u32, deltas: usize, weights: usize): void {
  for (let i: u32 = 0; i < n; i++) {
    const at = <usize>load<u32>(entries + (i << 2)) + offset;
    const before = load<i32>(at);
    const after = before + <i32>load<T>(deltas + (<usize>i) * sizeof<T>());
    store<i32>(at, after);
    store<i8>(weights + i, <i8>(after > 0) - <i8>(before > 0));
  }
}

/** Adds weights to the count of each entry; `turns` receives +1 when the value came, −1 when it went, else 0. */
export function distinctTurn(entries: usize, n: u32, offset: u32, weights: usize, turns: usize): void {
  TURN<i8>(entries, n, offset, weights, turns);
}

/** The same with i32 amounts. */
export function distinctTurnBy(entries: usize, n: u32, offset: u32, amounts: usize, turns: usize): void {
  TURN<i32>(entries, n, offset, amounts, turns);
}

/** Entries that no aggregate counts any more, each once: the u32 at `epochOffset` becomes `epoch`. Returns how many. */
export function distinctEmpty(entries: usize, n: u32, offset: u32, slots: u32, epochOffset: u32, epoch: u32, out: usize): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const entry: usize = load<u32>(entries + (i << 2));
    let any: i32 = 0;
    for (let slot: u32 = 0; slot < slots; slot++) any |= load<i32>(entry + offset + (slot << 2));
    if (any != 0 || load<u32>(entry + epochOffset) == epoch) continue;
    store<u32>(entry + epochOffset, epoch);
    store<u32>(out + (count++ << 2), <u32>entry);
  }
  return count;
}

/** Weights of entries: 1 where the count of an aggregate is positive. */
export function distinctPresent(entries: usize, n: u32, offset: u32, weights: usize): void {
  for (let i: u32 = 0; i < n; i++) {
    store<i8>(weights + i, <i8>(load<i32>(<usize>load<u32>(entries + (i << 2)) + offset) > 0));
  }
}
