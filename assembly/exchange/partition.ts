// Which subtask a row goes to: key columns are hashed to a key group, key groups are dealt to subtasks in ranges.
// The hash is murmur3's 64-bit finaliser chained over the key columns; NULL hashes like the constant below. It will be part of the
// format of savepoints (key groups): docs/runtime.md describes it, test/runtime/exchange/partition.test.ts computes it.

import { emit8 } from "../column/selection";
import { isNull } from "../memory/mask";

const NULL_WORD: u64 = 0x9e3779b97f4a7c15;

@inline
function MIX(hash: u64, word: u64): u64 {
  let h = hash ^ word;
  h ^= h >> 33;
  h *= 0xff51afd7ed558ccd;
  h ^= h >> 33;
  h *= 0xc4ceb9fe1a85ec53;
  h ^= h >> 33;
  return h;
}

/** What a row's hash is mixed with: of the first key column nothing has been written yet. */
@inline
function BEFORE(at: usize, isFirst: bool): u64 { return isFirst ? 0 : load<u64>(at); }

@inline
function EACH<T>(values: usize, validity: usize, n: u32, hashes: usize, isFirst: bool): void {
  for (let i: u32 = 0; i < n; i++) {
    const at = hashes + ((<usize>i) << 3);
    const word = isNull(validity, i) ? NULL_WORD : <u64>load<T>(values + <usize>i * sizeof<T>());
    store<u64>(at, MIX(BEFORE(at, isFirst), word));
  }
}

@inline
function HASH<T>(values: usize, validity: usize, n: u32, hashes: usize, isFirst: bool): void {
  // Constants make loops of their own for keys that are never NULL.
  if (validity != 0) EACH<T>(values, validity, n, hashes, isFirst);
  else if (isFirst) EACH<T>(values, 0, n, hashes, true);
  else EACH<T>(values, 0, n, hashes, false);
}

export function keyHash1(values: usize, validity: usize, n: u32, hashes: usize, isFirst: bool): void {
  HASH<i8>(values, validity, n, hashes, isFirst);
}
export function keyHash2(values: usize, validity: usize, n: u32, hashes: usize, isFirst: bool): void {
  HASH<i16>(values, validity, n, hashes, isFirst);
}
export function keyHash4(values: usize, validity: usize, n: u32, hashes: usize, isFirst: bool): void {
  HASH<i32>(values, validity, n, hashes, isFirst);
}
export function keyHash8(values: usize, validity: usize, n: u32, hashes: usize, isFirst: bool): void {
  HASH<i64>(values, validity, n, hashes, isFirst);
}

/** DOUBLE and FLOAT: -0.0 hashes like 0.0 and every NaN alike. `bytes` is 4 or 8. */
export function keyHashFloat(values: usize, validity: usize, n: u32, hashes: usize, isFirst: bool, bytes: u32): void {
  for (let i: u32 = 0; i < n; i++) {
    const at = hashes + ((<usize>i) << 3);
    let word = NULL_WORD;
    if (!isNull(validity, i)) {
      const value = bytes == 8 ? load<f64>(values + (<usize>i << 3)) : <f64>load<f32>(values + (<usize>i << 2));
      word = value == 0 ? 0 : value != value ? 0x7ff8000000000000 : reinterpret<u64>(value);
    }
    store<u64>(at, MIX(BEFORE(at, isFirst), word));
  }
}

export function keyHash16(values: usize, validity: usize, n: u32, hashes: usize, isFirst: bool): void {
  for (let i: u32 = 0; i < n; i++) {
    const at = hashes + ((<usize>i) << 3);
    const value = values + ((<usize>i) << 4);
    const hash = BEFORE(at, isFirst);
    if (isNull(validity, i)) store<u64>(at, MIX(hash, NULL_WORD));
    else store<u64>(at, MIX(MIX(hash, load<u64>(value)), load<u64>(value, 8)));
  }
}

export function keyHashView(views: usize, validity: usize, n: u32, hashes: usize, isFirst: bool): void {
  for (let i: u32 = 0; i < n; i++) {
    const at = hashes + ((<usize>i) << 3);
    const view = views + ((<usize>i) << 4);
    const before = BEFORE(at, isFirst);
    if (isNull(validity, i)) {
      store<u64>(at, MIX(before, NULL_WORD));
      continue;
    }
    const length = load<u32>(view);
    // Short strings are zero behind their bytes: the view's two words tell length and bytes.
    const hash = length <= 12
      ? MIX(MIX(before, load<u64>(view)), load<u64>(view, 8))
      : hashBytes(<usize>load<u32>(view, 12), length, MIX(before, <u64>length));
    store<u64>(at, hash);
  }
}

function hashBytes(bytes: usize, length: u32, start: u64): u64 {
  let hash = start;
  let left = length;
  for (; left >= 8; left -= 8, bytes += 8) hash = MIX(hash, load<u64>(bytes));
  let tail: u64 = 0;
  for (let j: u32 = 0; j < left; j++) tail |= <u64>load<u8>(bytes + j) << (j << 3);
  return left > 0 ? MIX(hash, tail) : hash;
}

/**
 * Deals rows to subtasks by key group. `counts`: u32 per subtask, zero before. `lists`: `parallelism` lists of `n` u32 row
 * indexes each. Key group = hash mod maxParallelism; subtask = key group × parallelism / maxParallelism.
 */
export function partitionRows(
  hashes: usize, n: u32, maxParallelism: u32, parallelism: u32, counts: usize, lists: usize,
): void {
  DEAL<u64>(hashes, n, maxParallelism, parallelism, counts, lists, true);
}

/** As keyHash4 and then partitionRows, for keys of one column without NULLs: the hashes are not written down. */
export function partitionKeys4(
  values: usize, n: u32, maxParallelism: u32, parallelism: u32, counts: usize, lists: usize,
): void {
  DEAL<i32>(values, n, maxParallelism, parallelism, counts, lists, false);
}
export function partitionKeys8(
  values: usize, n: u32, maxParallelism: u32, parallelism: u32, counts: usize, lists: usize,
): void {
  DEAL<i64>(values, n, maxParallelism, parallelism, counts, lists, false);
}

@inline
function HASH_OF<T>(values: usize, i: u32, isHash: bool): u64 {
  const word = <u64>load<T>(values + <usize>i * sizeof<T>());
  return isHash ? word : MIX(0, word);
}

@inline
function DEAL<T>(
  values: usize, n: u32, maxParallelism: u32, parallelism: u32, counts: usize, lists: usize, isHash: bool,
): void {
  // Divisions take longer than all else here; key groups are nearly always a power of two.
  const isPower = popcnt(maxParallelism) == 1;
  if (parallelism == 2) {
    IN_TWO<T>(values, n, maxParallelism, counts, lists, isHash);
    return;
  }
  const mask = <u64>(maxParallelism - 1);
  const shift = ctz(maxParallelism);
  for (let i: u32 = 0; i < n; i++) {
    const hash = HASH_OF<T>(values, i, isHash);
    const target: usize = isPower
      ? (<u32>(hash & mask) * parallelism) >> shift
      : <u32>(hash % <u64>maxParallelism) * parallelism / maxParallelism;
    const count = load<u32>(counts + (target << 2));
    store<u32>(lists + (target * n + count << 2), i);
    store<u32>(counts + (target << 2), count + 1);
  }
}

/**
 * By eights where one bit of the hash tells, that of the upper half of the key groups. Each row of the rest is written to both lists, and the one
 * that it belongs to moves on: nothing to predict, nothing counted in memory.
 */
@inline
function IN_TWO<T>(values: usize, n: u32, maxParallelism: u32, counts: usize, lists: usize, isHash: bool): void {
  const second = lists + ((<usize>n) << 2);
  let ones = second;
  let i: u32 = 0;
  if (maxParallelism > 1 && popcnt(maxParallelism) == 1) {
    const half = <u64>ctz(maxParallelism) - 1;
    for (; i + 8 <= n; i += 8) {
      const bits = UPPER<T>(values, i, 0, half, isHash) | UPPER<T>(values, i, 1, half, isHash)
        | UPPER<T>(values, i, 2, half, isHash) | UPPER<T>(values, i, 3, half, isHash)
        | UPPER<T>(values, i, 4, half, isHash) | UPPER<T>(values, i, 5, half, isHash)
        | UPPER<T>(values, i, 6, half, isHash) | UPPER<T>(values, i, 7, half, isHash);
      // Neither writes beyond the rows so far: 32 bytes from where there are at most i of them.
      emit8(bits ^ 0xff, i, lists + ((<usize>i) << 2) - (ones - second));
      ones = emit8(bits, i, ones);
    }
  }
  for (; i < n; i++) {
    const group = <u32>(HASH_OF<T>(values, i, isHash) % <u64>maxParallelism);
    store<u32>(ones, i);
    store<u32>(lists + ((<usize>i) << 2) - (ones - second), i);
    ones += <usize>(group * 2 >= maxParallelism) << 2;
  }
  store<u32>(counts, n - (<u32>(ones - second) >> 2));
  store<u32>(counts, <u32>(ones - second) >> 2, 4);
}

/** Bit `at`: whether row `i + at` is of the upper half. */
@inline
function UPPER<T>(values: usize, i: u32, at: u32, half: u64, isHash: bool): u32 {
  return <u32>(HASH_OF<T>(values, i + at, isHash) >> half & 1) << at;
}

/** Bytes of the views longer than 12 among `n` rows. */
export function viewsLongBytes(views: usize, n: u32): f64 {
  let total: u64 = 0;
  for (const end = views + ((<usize>n) << 4); views < end; views += 16) {
    const length = load<u32>(views);
    total += select<u32>(length, 0, length > 12);
  }
  return <f64>total;
}

/** Copies the bytes of long views to `out` and makes their addresses offsets from `base`; returns the bytes written. */
export function viewsPack(views: usize, n: u32, out: usize, base: usize): u32 {
  let at = out;
  for (let i: u32 = 0; i < n; i++) {
    const view = views + ((<usize>i) << 4);
    const length = load<u32>(view);
    if (length <= 12) continue;
    memory.copy(at, <usize>load<u32>(view, 12), length);
    store<u32>(view, <u32>(at - base), 12);
    at += length;
  }
  return <u32>(at - out);
}

/** Turns offsets made by viewsPack into addresses. */
export function viewsRebase(views: usize, n: u32, base: usize): void {
  for (let i: u32 = 0; i < n; i++) {
    const view = views + ((<usize>i) << 4);
    if (load<u32>(view) > 12) store<u32>(view, load<u32>(view, 12) + <u32>base, 12);
  }
}
