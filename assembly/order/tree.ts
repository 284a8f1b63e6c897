// All rows per partition in order, as a tree that is balanced by chance: Top-N of rows that are taken back. Shared with
// src/operators/rank/row-tree.ts:
//
//   partition  | key … | `tree`: root u32, count u32, limit u32 |
//   identity   | key … | `chain`: first row u32, last row u32 |     (rows that are equal, in the order in which they came)
//   row        | state u32 | mark u32 | partition u32 | identity u32 | next equal u32 | left u32 | right u32 | parent u32 |
//              | sort words u64 … | arrival u64 | columns … |
//
// `state`: 1 while the row is among those sent. `mark`: the last epoch in which it was among the first. The arrival is the last of the
// sort words, so that no two rows are equal in order; the next one lies at 32 in the header of the rows' store.

import { isNull } from "../memory/mask";
import { takeRow } from "../row/rows";
import { sameColumns } from "../row/views";
import { compareRows } from "./words";

const SHOWN: u32 = 1;
const MARK: usize = 4;
const PARTITION: usize = 8;
const IDENTITY: usize = 12;
const NEXT: usize = 16;
const LEFT: usize = 20;
const RIGHT: usize = 24;
const PARENT: usize = 28;
const WORDS: usize = 32;

const COUNT: usize = 4;
const LIMIT: usize = 8;
const NEXT_ARRIVAL: usize = 32;

const INSERT: u8 = 0;
const UPDATE_BEFORE: u8 = 1;
const UPDATE_AFTER: u8 = 2;
const DELETE: u8 = 3;

@inline function left(row: usize): usize { return load<u32>(row, LEFT); }
@inline function right(row: usize): usize { return load<u32>(row, RIGHT); }
@inline function parent(row: usize): usize { return load<u32>(row, PARENT); }

/** What balances the tree: any number that has nothing to do with the order. */
@inline
function priority(row: usize, wordCount: u32): u32 {
  let bits = load<u32>(row + WORDS + (<usize>(wordCount - 1) << 3)) * 0x9e3779b1;
  bits = (bits ^ (bits >> 16)) * 0x85ebca6b;
  return bits ^ (bits >> 13);
}

/** Lets a row and its parent change places. */
function rotateUp(tree: usize, row: usize): void {
  const above = parent(row);
  const top = parent(above);
  let child: usize;
  if (left(above) == row) {
    child = right(row);
    store<u32>(above, <u32>child, LEFT);
    store<u32>(row, <u32>above, RIGHT);
  } else {
    child = left(row);
    store<u32>(above, <u32>child, RIGHT);
    store<u32>(row, <u32>above, LEFT);
  }
  if (child != 0) store<u32>(child, <u32>above, PARENT);
  store<u32>(above, <u32>row, PARENT);
  replace(tree, top, above, row);
}

/** `row` (0: none) takes the place of `child` below `top` (0: the root). */
@inline
function replace(tree: usize, top: usize, child: usize, row: usize): void {
  if (top == 0) store<u32>(tree, <u32>row);
  else if (left(top) == child) store<u32>(top, <u32>row, LEFT);
  else store<u32>(top, <u32>row, RIGHT);
  if (row != 0) store<u32>(row, <u32>top, PARENT);
}

function insert(tree: usize, row: usize, wordCount: u32, texts: usize): void {
  store<u64>(row, 0, LEFT);
  store<u32>(row, 0, PARENT);
  let above: usize = 0;
  let before = false;
  for (let at: usize = load<u32>(tree); at != 0; at = before ? left(at) : right(at)) {
    above = at;
    before = compareRows(row, at, WORDS, wordCount, texts) < 0;
  }
  store<u32>(row, <u32>above, PARENT);
  if (above == 0) store<u32>(tree, <u32>row);
  else if (before) store<u32>(above, <u32>row, LEFT);
  else store<u32>(above, <u32>row, RIGHT);
  const own = priority(row, wordCount);
  while (parent(row) != 0 && priority(parent(row), wordCount) < own) rotateUp(tree, row);
  store<u32>(tree, load<u32>(tree, COUNT) + 1, COUNT);
}

function remove(tree: usize, row: usize, wordCount: u32): void {
  while (left(row) != 0 && right(row) != 0) {
    const isLeft = priority(left(row), wordCount) > priority(right(row), wordCount);
    rotateUp(tree, isLeft ? left(row) : right(row));
  }
  replace(tree, parent(row), row, left(row) != 0 ? left(row) : right(row));
  store<u32>(tree, load<u32>(tree, COUNT) - 1, COUNT);
}

function firstOf(tree: usize): usize {
  let row: usize = load<u32>(tree);
  if (row != 0) while (left(row) != 0) row = left(row);
  return row;
}

function lastOf(tree: usize): usize {
  let row: usize = load<u32>(tree);
  if (row != 0) while (right(row) != 0) row = right(row);
  return row;
}

function after(row: usize): usize {
  if (right(row) != 0) {
    row = right(row);
    while (left(row) != 0) row = left(row);
    return row;
  }
  while (parent(row) != 0 && right(parent(row)) == row) row = parent(row);
  return parent(row);
}

/** The row at a place, 0-based; the count of rows is greater. */
function rowAt(tree: usize, place: u32): usize {
  let row = firstOf(tree);
  for (; place > 0; place--) row = after(row);
  return row;
}

@inline
function link(chain: usize, row: usize): void {
  const last: usize = load<u32>(chain, 4);
  if (last == 0) store<u32>(chain, <u32>row);
  else store<u32>(last, <u32>row, NEXT);
  store<u32>(chain, <u32>row, 4);
}

/** Takes the first row that equals `own` out of its chain, else the first of all; 0 if there is none. */
function unlink(chain: usize, own: usize, from: usize, to: usize, views: u32): usize {
  let before: usize = 0;
  let row: usize = load<u32>(chain);
  while (row != 0 && !sameColumns(row, own, from, to, views)) {
    before = row;
    row = load<u32>(row, NEXT);
  }
  if (row == 0) {
    before = 0;
    row = load<u32>(chain);
    if (row == 0) return 0;
  }
  const next = load<u32>(row, NEXT);
  if (before == 0) store<u32>(chain, next);
  else store<u32>(before, next, NEXT);
  if (next == 0) store<u32>(chain, <u32>before, 4);
  return row;
}

@inline
function limitAt(values: usize, i: u32, isI32: bool): i64 {
  return max<i64>(0, isI32 ? <i64>load<i32>(values + (<usize>i << 2)) : load<i64>(values + (<usize>i << 3)));
}

/** The last rank kept of partitions that have none yet: of the column `values` of i32 or i64, none for NULL; without a column `limit`. */
export function treeLimits(partitions: usize, n: u32, tree: u32, values: usize, validity: usize, isI32: bool, limit: u32): void {
  for (let i: u32 = 0; i < n; i++) {
    const at = <usize>load<u32>(partitions + (i << 2)) + tree;
    if (load<u32>(at, LIMIT) != 0) continue;
    const wanted = values == 0 ? <i64>limit : isNull(validity, i) ? 0 : limitAt(values, i, isI32);
    store<u32>(at, <u32>min<i64>(wanted, <i64>u32.MAX_VALUE), LIMIT);
  }
}

/**
 * Puts added rows in their places and takes removed ones out. The batch's rows lie at `source`, `stride` apart, laid out as they are
 * kept; their columns lie from `from` to `to`, `views` views first. `chain` 0: rows are only added, and those behind the limit are not
 * kept. `rowOf` receives the rows of added ones, else 0; `gone`: count u32, then rows to be freed. Returns the position reached: less
 * than `n` when no row was left in the chunk.
 */
export function treePlace(
  rowStore: usize, partitions: usize, identities: usize, source: usize, stride: u32, wordCount: u32, texts: usize, from: u32, to: u32,
  views: u32, kinds: usize, start: u32, n: u32, tree: u32, chain: u32, rowOf: usize, gone: usize,
): u32 {
  const arrivalAt: usize = WORDS + (<usize>(wordCount - 1) << 3);
  for (let i = start; i < n; i++) {
    const at = <usize>load<u32>(partitions + (i << 2)) + tree;
    const own = source + <usize>i * stride;
    store<u32>(rowOf + (i << 2), 0);
    let out: usize = 0;
    if (kinds == 0 || (load<u8>(kinds + i) & 1) == 0) {
      const arrival = load<u64>(rowStore, NEXT_ARRIVAL);
      store<u64>(own + arrivalAt, arrival);
      if (chain == 0 && load<u32>(at, COUNT) >= load<u32>(at, LIMIT)) {
        const last = lastOf(at);
        if (last == 0 || compareRows(own, last, WORDS, wordCount, texts) > 0) continue;
        out = last;
      }
      const row = takeRow(rowStore);
      if (row == 0) return i;
      store<u64>(rowStore, arrival + 1, NEXT_ARRIVAL);
      memory.copy(row + WORDS, own + WORDS, to - <u32>WORDS);
      store<u64>(row, 0);
      store<u32>(row, load<u32>(partitions + (i << 2)), PARTITION);
      store<u32>(row, 0, NEXT);
      if (chain != 0) {
        const identity = load<u32>(identities + (i << 2));
        store<u32>(row, identity, IDENTITY);
        link(<usize>identity + chain, row);
      }
      insert(at, row, wordCount, texts);
      store<u32>(rowOf + (i << 2), <u32>row);
    } else if (chain != 0) {
      out = unlink(<usize>load<u32>(identities + (i << 2)) + chain, own, from, to, views);
    }
    if (out == 0) continue;
    remove(<usize>load<u32>(out, PARTITION) + tree, out, wordCount);
    const count = load<u32>(gone) + 1;
    store<u32>(gone, count);
    store<u32>(gone + (count << 2), <u32>out);
  }
  return n;
}

/** How many rows partitions show from place `first` (0-based) on. */
export function treeShown(partitions: usize, n: u32, tree: u32, first: u32): u32 {
  let total: u32 = 0;
  for (let i: u32 = 0; i < n; i++) total += shown(<usize>load<u32>(partitions + (i << 2)) + tree, first);
  return total;
}

@inline
function shown(tree: usize, first: u32): u32 {
  const last = min(load<u32>(tree, COUNT), load<u32>(tree, LIMIT));
  return last > first ? last - first : 0;
}

/** The rows that partitions show, one after the other: `counts` of them. */
export function treeRows(partitions: usize, n: u32, tree: u32, first: u32, counts: usize, rows: usize): void {
  for (let i: u32 = 0; i < n; i++) {
    const at = <usize>load<u32>(partitions + (i << 2)) + tree;
    const count = shown(at, first);
    store<u32>(counts + (i << 2), count);
    if (count == 0) continue;
    let row = rowAt(at, first);
    for (let j: u32 = 0; j < count; j++, rows += 4) {
      store<u32>(rows, <u32>row);
      row = after(row);
    }
  }
}

/**
 * Rows that are shown no more (`rows`: those before, `counts` of them per partition), and those that are shown now. `sizes`: how many of
 * both.
 */
export function treeRowChanges(
  partitions: usize, n: u32, tree: u32, first: u32, counts: usize, rows: usize, epoch: u32, hidden: usize, added: usize, sizes: usize,
): void {
  const startHidden = hidden;
  const startAdded = added;
  for (let i: u32 = 0; i < n; i++) {
    const at = <usize>load<u32>(partitions + (i << 2)) + tree;
    const count = shown(at, first);
    let row: usize = count == 0 ? <usize>0 : rowAt(at, first);
    for (let j: u32 = 0; j < count; j++) {
      store<u32>(row, epoch, MARK);
      if ((load<u32>(row) & SHOWN) == 0) {
        store<u32>(row, SHOWN);
        store<u32>(added, <u32>row);
        added += 4;
      }
      row = after(row);
    }
    for (let j = load<u32>(counts + (i << 2)); j > 0; j--, rows += 4) {
      const old: usize = load<u32>(rows);
      if (load<u32>(old, MARK) == epoch) continue;
      store<u32>(old, 0);
      store<u32>(hidden, <u32>old);
      hidden += 4;
    }
  }
  store<u32>(sizes, <u32>((hidden - startHidden) >> 2));
  store<u32>(sizes, <u32>((added - startAdded) >> 2), 4);
}

/** Changes of every place from `first` (0-based) on that got other values: rows, kinds, 1-based ranks. Returns how many. */
export function treePlaceChanges(
  partitions: usize, n: u32, tree: u32, first: u32, counts: usize, before: usize, updateBefore: bool, from: u32, to: u32, views: u32,
  rows: usize, kinds: usize, ranks: usize,
): u32 {
  let found: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const at = <usize>load<u32>(partitions + (i << 2)) + tree;
    const oldCount = load<u32>(counts + (i << 2));
    const count = shown(at, first);
    let row: usize = count == 0 ? <usize>0 : rowAt(at, first);
    for (let j: u32 = 0; j < max(oldCount, count); j++) {
      const old: usize = j < oldCount ? <usize>load<u32>(before + (j << 2)) : <usize>0;
      const now: usize = j < count ? row : <usize>0;
      if (now != 0) row = after(row);
      if (old == now || (old != 0 && now != 0 && sameColumns(old, now, from, to, views))) continue;
      const rank: u64 = <u64>first + j + 1;
      if (old != 0 && (now == 0 || updateBefore)) {
        store<u32>(rows + (found << 2), <u32>old);
        store<u8>(kinds + found, now == 0 ? DELETE : UPDATE_BEFORE);
        store<u64>(ranks + (found << 3), rank);
        found++;
      }
      if (now == 0) continue;
      store<u32>(rows + (found << 2), <u32>now);
      store<u8>(kinds + found, old == 0 ? INSERT : UPDATE_AFTER);
      store<u64>(ranks + (found << 3), rank);
      found++;
    }
    before += <usize>oldCount << 2;
  }
  return found;
}

/** How many rows partitions hold. */
export function treeTotal(partitions: usize, n: u32, tree: u32): u32 {
  let total: u32 = 0;
  for (let i: u32 = 0; i < n; i++) total += load<u32>(<usize>load<u32>(partitions + (i << 2)) + tree, COUNT);
  return total;
}

/** All rows of partitions, each partition's together and in order. */
export function treeAll(partitions: usize, n: u32, tree: u32, rows: usize): void {
  for (let i: u32 = 0; i < n; i++) {
    for (let row = firstOf(<usize>load<u32>(partitions + (i << 2)) + tree); row != 0; row = after(row), rows += 4) {
      store<u32>(rows, <u32>row);
    }
  }
}

/**
 * The rows of partitions ranked from `first` (1-based) to `last` or their limit, with their ranks: of rows equal in order each has its own
 * (`numbering` 0), or they have one and leave a gap (1) or none (2). Returns how many.
 */
export function treeRanked(
  partitions: usize, n: u32, tree: u32, wordCount: u32, texts: usize, numbering: u32, first: u32, last: u32, rows: usize,
  ranks: usize,
): u32 {
  let found: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const at = <usize>load<u32>(partitions + (i << 2)) + tree;
    const limit = min(last, load<u32>(at, LIMIT));
    let rank: u32 = 0;
    let place: u32 = 0;
    let before: usize = 0;
    for (let row = firstOf(at); row != 0; row = after(row)) {
      place++;
      const isPeer = before != 0 && numbering != 0 && compareRows(before, row, WORDS, wordCount - 1, texts) == 0;
      if (!isPeer) rank = numbering == 2 ? rank + 1 : place;
      if (rank > limit) break;
      before = row;
      if (rank < first) continue;
      store<u32>(rows + (found << 2), <u32>row);
      store<u64>(ranks + (found << 3), rank);
      found++;
    }
  }
  return found;
}
