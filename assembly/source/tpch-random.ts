// Random numbers of the TPC-H generator: the minimal standard sequence x · 16807 mod 2^31 - 1, one per column. A row of a column uses a
// fixed number of draws, so that any row's seed is a power away.

const MODULUS: u64 = 0x7fffffff;
const MULTIPLIER: u64 = 16807;
/** Powers of the multiplier, for the draws that an order's missing lines leave out. */
const MOST_UNUSED: u64 = 8;
const powers = memory.data(64);

/** a · b mod 2^31 - 1 for a and b below 2^31. */
@inline
function product(a: u64, b: u64): u64 {
  const full = a * b;
  const sum = (full & MODULUS) + (full >>> 31);
  return sum >= MODULUS ? sum - MODULUS : sum;
}

@inline
export function nextSeed(seed: u64): u64 {
  return product(seed, MULTIPLIER);
}

/** The seed `count` draws later. */
export function skipDraws(seed: u64, count: u64): u64 {
  let multiplier = MULTIPLIER;
  for (; count > 0; count >>= 1) {
    if (count & 1) seed = product(seed, multiplier);
    multiplier = product(multiplier, multiplier);
  }
  return seed;
}

export function tpchSkip(seed: u32, count: f64): u32 {
  return <u32>skipDraws(seed, <u64>count);
}

/** The value of a draw: `low` + 0 … `range` - 1. A range of -2^31 is meant: the original's overflow. */
@inline
export function drawn(seed: u64, low: i32, range: f64): i32 {
  return low + <i32>((<f64>seed / 2147483647.0) * range);
}

/** Makes `unusedPower` ready. */
export function preparePowers(): void {
  for (let i: u64 = 0; i < MOST_UNUSED; i++) store<u64>(powers + (<usize>i << 3), skipDraws(1, i));
}

/** The seed `count` < 8 draws later. */
@inline
export function skipFew(seed: u64, count: i32): u64 {
  return product(seed, load<u64>(powers + (<usize>count << 3)));
}

/** One i32 per row of a column that uses `perRow` draws a row. */
export function tpchDraws(seed: u32, perRow: i32, rows: i32, low: i32, range: f64, out: usize): void {
  const rest = skipDraws(1, perRow - 1);
  let state: u64 = seed;
  for (const end = out + (<usize>rows << 2); out < end; out += 4) {
    state = nextSeed(state);
    store<i32>(out, drawn(state, low, range));
    state = product(state, rest);
  }
}

/** One i32 per line: order i has counts[i] of at most `perOrder` < 9 lines. Returns the end of what was written. */
export function tpchLineDraws(
  seed: u32,
  perOrder: i32,
  counts: usize,
  orders: i32,
  low: i32,
  range: f64,
  out: usize,
): usize {
  preparePowers();
  let state: u64 = seed;
  for (const end = counts + <usize>orders; counts < end; counts++) {
    const lines = <i32>load<u8>(counts);
    for (const last = out + (<usize>lines << 2); out < last; out += 4) {
      state = nextSeed(state);
      store<i32>(out, drawn(state, low, range));
    }
    state = skipFew(state, perOrder - lines);
  }
  return out;
}

/** Like tpchLineDraws of 0 and 1, but lines whose date is past `today` draw nothing and get `otherwise`. */
export function tpchReturnDraws(
  seed: u32,
  perOrder: i32,
  counts: usize,
  orders: i32,
  dates: usize,
  today: i32,
  otherwise: i32,
  out: usize,
): void {
  preparePowers();
  let state: u64 = seed;
  for (const end = counts + <usize>orders; counts < end; counts++) {
    let unused = perOrder;
    for (let lines = load<u8>(counts); lines > 0; lines--, dates += 4, out += 4) {
      if (load<i32>(dates) > today) {
        store<i32>(out, otherwise);
        continue;
      }
      state = nextSeed(state);
      store<i32>(out, drawn(state, 0, 2));
      unused--;
    }
    state = skipFew(state, unused);
  }
}

/** Lines of each order as u8 (not where `counts` is 0). Returns how many lines there are. */
export function tpchLineCounts(seed: u32, orders: i32, most: i32, counts: usize): f64 {
  let state: u64 = seed;
  let total: u64 = 0;
  for (let order = 0; order < orders; order++) {
    state = nextSeed(state);
    const lines = drawn(state, 1, <f64>most);
    if (counts != 0) store<u8>(counts + order, <u8>lines);
    total += lines;
  }
  return <f64>total;
}
