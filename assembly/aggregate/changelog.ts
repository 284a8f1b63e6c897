// From touched groups to the rows of a changelog: which groups a batch touched, which results changed, and in what order to send them.

import { sameView } from "../row/views";

/**
 * Groups a batch touches for the first time since `epoch` began, in order. A group row holds the last epoch that touched it at `mark`
 * (0: never). `fresh` receives 1 for groups never touched. Returns how many.
 */
export function changelogTouch(rows: usize, n: u32, mark: u32, epoch: u32, touched: usize, fresh: usize): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const row: usize = load<u32>(rows + (i << 2));
    const last = load<u32>(row + mark);
    if (last == epoch) continue;
    store<u32>(row + mark, epoch);
    store<u32>(touched + (count << 2), <u32>row);
    store<u8>(fresh + count, <u8>(last == 0));
    count++;
  }
  return count;
}

/** 1 in `empty` for groups whose i64 row count at `offset` is not positive; `out` receives their rows. Returns how many. */
export function changelogEmpty(rows: usize, n: u32, offset: u32, empty: usize, out: usize): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const row = load<u32>(rows + (i << 2));
    const isEmpty = load<i64>(<usize>row + offset) <= 0;
    store<u8>(empty + i, <u8>isEmpty);
    store<u32>(out + (count << 2), row);
    count += <u32>isEmpty;
  }
  return count;
}

@inline
function bitOf(validity: usize, i: u32): u8 {
  return validity == 0 ? 1 : (load<u8>(validity + (i >> 3)) >> <u8>(i & 7)) & 1;
}

@inline
function DIFFER<T>(before: usize, after: usize, validityBefore: usize, validityAfter: usize, n: u32, changed: usize): void {
  for (let i: u32 = 0; i < n; i++) {
    const valid = bitOf(validityAfter, i);
    const differs = valid != bitOf(validityBefore, i) ||
      (valid != 0 && load<T>(before + (<usize>i) * sizeof<T>()) != load<T>(after + (<usize>i) * sizeof<T>()));
    if (differs) store<u8>(changed + i, 1);
  }
}

/** Sets `changed` where two columns differ, by bits. */
export function changelogDiffer1(before: usize, after: usize, validityBefore: usize, validityAfter: usize, n: u32, changed: usize): void {
  DIFFER<u8>(before, after, validityBefore, validityAfter, n, changed);
}
export function changelogDiffer2(before: usize, after: usize, validityBefore: usize, validityAfter: usize, n: u32, changed: usize): void {
  DIFFER<u16>(before, after, validityBefore, validityAfter, n, changed);
}
export function changelogDiffer4(before: usize, after: usize, validityBefore: usize, validityAfter: usize, n: u32, changed: usize): void {
  DIFFER<u32>(before, after, validityBefore, validityAfter, n, changed);
}
export function changelogDiffer8(before: usize, after: usize, validityBefore: usize, validityAfter: usize, n: u32, changed: usize): void {
  DIFFER<u64>(before, after, validityBefore, validityAfter, n, changed);
}
export function changelogDiffer16(before: usize, after: usize, validityBefore: usize, validityAfter: usize, n: u32, changed: usize): void {
  for (let i: u32 = 0; i < n; i++) {
    const valid = bitOf(validityAfter, i);
    const at = <usize>i << 4;
    const differs = valid != bitOf(validityBefore, i) || (valid != 0 &&
      (load<u64>(before + at) != load<u64>(after + at) || load<u64>(before + at, 8) != load<u64>(after + at, 8)));
    if (differs) store<u8>(changed + i, 1);
  }
}
/** Strings, by content. */
export function changelogDifferView(before: usize, after: usize, validityBefore: usize, validityAfter: usize, n: u32, changed: usize): void {
  for (let i: u32 = 0; i < n; i++) {
    const valid = bitOf(validityAfter, i);
    const at = <usize>i << 4;
    const differs = valid != bitOf(validityBefore, i) || (valid != 0 && !sameView(before + at, after + at));
    if (differs) store<u8>(changed + i, 1);
  }
}

const INSERT: u8 = 0;
const UPDATE_BEFORE: u8 = 1;
const UPDATE_AFTER: u8 = 2;
const DELETE: u8 = 3;

@inline
function send(picks: usize, groups: usize, kinds: usize, at: u32, pick: u32, group: u32, kind: u8): void {
  store<u32>(picks + (at << 2), pick);
  store<u32>(groups + (at << 2), group);
  store<u8>(kinds + at, kind);
}

/**
 * The rows to send: `picks` receives indexes into the results before (i) or after (`after` + i) the batch, `groups` the group's
 * position, `kinds` the row kinds. Room for 2 n each. Returns how many.
 */
export function changelogRows(
  n: u32, after: u32, fresh: usize, empty: usize, changed: usize, updateBefore: bool, picks: usize, groups: usize, kinds: usize,
): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const isNew = load<u8>(fresh + i) != 0;
    if (load<u8>(empty + i) != 0) {
      if (!isNew) send(picks, groups, kinds, count++, i, i, DELETE);
    } else if (isNew) {
      send(picks, groups, kinds, count++, after + i, i, INSERT);
    } else if (load<u8>(changed + i) != 0) {
      if (updateBefore) send(picks, groups, kinds, count++, i, i, UPDATE_BEFORE);
      send(picks, groups, kinds, count++, after + i, i, UPDATE_AFTER);
    }
  }
  return count;
}

/** Row kinds when every touched group is sent with its new result only. */
export function changelogKinds(fresh: usize, n: u32, kinds: usize): void {
  for (let i: u32 = 0; i < n; i++) store<u8>(kinds + i, load<u8>(fresh + i) != 0 ? INSERT : UPDATE_AFTER);
}

@inline
function PICK<T>(before: usize, after: usize, split: u32, picks: usize, n: u32, out: usize): void {
  for (let i: u32 = 0; i < n; i++) {
    const pick = load<u32>(picks + (i << 2));
    const from = pick < split ? before + <usize>pick * sizeof<T>() : after + <usize>(pick - split) * sizeof<T>();
    store<T>(out + (<usize>i) * sizeof<T>(), load<T>(from));
  }
}

/** Values from two columns: `picks` below `split` are of `before`, the others of `after`. */
export function changelogPick1(before: usize, after: usize, split: u32, picks: usize, n: u32, out: usize): void {
  PICK<u8>(before, after, split, picks, n, out);
}
export function changelogPick2(before: usize, after: usize, split: u32, picks: usize, n: u32, out: usize): void {
  PICK<u16>(before, after, split, picks, n, out);
}
export function changelogPick4(before: usize, after: usize, split: u32, picks: usize, n: u32, out: usize): void {
  PICK<u32>(before, after, split, picks, n, out);
}
export function changelogPick8(before: usize, after: usize, split: u32, picks: usize, n: u32, out: usize): void {
  PICK<u64>(before, after, split, picks, n, out);
}
export function changelogPick16(before: usize, after: usize, split: u32, picks: usize, n: u32, out: usize): void {
  PICK<v128>(before, after, split, picks, n, out);
}
export function changelogPickValidity(before: usize, after: usize, split: u32, picks: usize, n: u32, out: usize): u32 {
  let nulls: u32 = 0;
  for (let i: u32 = 0; i < n; i += 64) {
    const count = min<u32>(64, n - i);
    let bits: u64 = 0;
    for (let j: u32 = 0; j < count; j++) {
      const pick = load<u32>(picks + ((i + j) << 2));
      bits |= <u64>(pick < split ? bitOf(before, pick) : bitOf(after, pick - split)) << j;
    }
    store<u64>(out + (i >> 3), bits);
    nulls += count - <u32>popcnt(bits);
  }
  return nulls;
}

/** The rows of groups whose i64 row count at `offset` is positive. Returns how many. */
export function changelogPresent(rows: usize, n: u32, offset: u32, out: usize): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const row = load<u32>(rows + (i << 2));
    store<u32>(out + (count << 2), row);
    count += <u32>(load<i64>(<usize>row + offset) > 0);
  }
  return count;
}
