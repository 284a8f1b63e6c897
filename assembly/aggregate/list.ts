// Aggregates that keep the values of a group in the order of their arrival: LISTAGG, and FIRST_VALUE and LAST_VALUE of rows that may be
// taken back. MIN and MAX of frames, which values leave in that order, keep those that may yet be picked. Each value is a node of the
// group's list:
//
//   group row | … | first u32 | last u32 | values u32 | bytes of all views u32 | …      at `offset`
//   node      | next u32 | previous u32 | value, up to 16 bytes | of MIN and MAX: values that it stands for u32 | 0 u32 |
//
// Where `snaps` is not 0 the state behind a row is copied to the group row there, as in running.ts.

import { storeView, viewBytes } from "../memory/view";
import { compareViews, sameView } from "../row/views";
import { compareFloats } from "./floats";

const LAST: usize = 4;
const COUNT: usize = 8;
const BYTES: usize = 12;
const VALUE: usize = 8;
const STANDS_FOR: usize = 24;

@inline
function snap(snaps: usize, i: u32, offset: u32, at: usize): void {
  if (snaps == 0) return;
  const row: usize = load<u32>(snaps + (i << 2));
  if (row != 0) store<v128>(row + offset, load<v128>(at));
}

/** The numbers of rows that add a value (weights 0: all). Returns how many. */
export function listAdded(weights: usize, n: u32, out: usize): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    store<u32>(out + (count << 2), i);
    count += <u32>(weights == 0 || load<i8>(weights + i) > 0);
  }
  return count;
}

@inline
function isSame(value: usize, node: usize, width: u32): bool {
  switch (width) {
    case 0: return sameView(value, node + VALUE);
    case 1: return load<u8>(value) == load<u8>(node, VALUE);
    case 2: return load<u16>(value) == load<u16>(node, VALUE);
    case 4: return load<u32>(value) == load<u32>(node, VALUE);
    case 8: return load<u64>(value) == load<u64>(node, VALUE);
    default: return load<u64>(value) == load<u64>(node, VALUE) && load<u64>(value, 8) == load<u64>(node + 8, VALUE);
  }
}

function append(at: usize, node: usize): void {
  const last: usize = load<u32>(at, LAST);
  store<u32>(node, 0);
  store<u32>(node, <u32>last, 4);
  if (last == 0) store<u32>(at, <u32>node);
  else store<u32>(last, <u32>node);
  store<u32>(at, <u32>node, LAST);
  store<u32>(at, load<u32>(at, COUNT) + 1, COUNT);
}

function unlink(at: usize, node: usize): void {
  const next: usize = load<u32>(node);
  const previous: usize = load<u32>(node, 4);
  if (previous == 0) store<u32>(at, <u32>next);
  else store<u32>(previous, <u32>next);
  if (next == 0) store<u32>(at, <u32>previous, LAST);
  else store<u32>(next, <u32>previous, 4);
  store<u32>(at, load<u32>(at, COUNT) - 1, COUNT);
}

/**
 * Row by row: `nodes`, which hold the values that rows add, go to the end of their groups' lists; a value that is taken back leaves its
 * list where it stands first, and its node goes to `gone`. `width`: bytes of a value, 0 for a view. Returns how many are gone.
 */
export function listUpdate(
  groups: usize, n: u32, offset: u32, values: usize, width: u32, weights: usize, nodes: usize, gone: usize, snaps: usize,
): u32 {
  const step: u32 = width == 0 ? 16 : width;
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const weight: i8 = weights == 0 ? 1 : load<i8>(weights + i);
    const at = <usize>load<u32>(groups + (i << 2)) + offset;
    const value = values + <usize>i * step;
    if (weight > 0) {
      append(at, load<u32>(nodes));
      nodes += 4;
      if (width == 0) store<u32>(at, load<u32>(at, BYTES) + load<u32>(value), BYTES);
    } else if (weight < 0) {
      let node: usize = load<u32>(at);
      while (node != 0 && !isSame(value, node, width)) node = load<u32>(node);
      if (node != 0) {
        unlink(at, node);
        if (width == 0) store<u32>(at, load<u32>(at, BYTES) - load<u32>(value), BYTES);
        store<u32>(gone + (count++ << 2), <u32>node);
      }
    }
    snap(snaps, i, offset, at);
  }
  return count;
}

/** Kinds of values in `listSlide`; integers by their width. */
const VIEW: u32 = 0;
const F32: u32 = 5;
const F64: u32 = 9;

@inline
function compareInts<T>(left: usize, right: usize): i32 {
  return <i32>(load<T>(left) > load<T>(right)) - <i32>(load<T>(left) < load<T>(right));
}

function compareNodes(left: usize, right: usize, kind: u32): i32 {
  left += VALUE;
  right += VALUE;
  switch (kind) {
    case VIEW: return compareViews(left, right);
    case 1: return compareInts<i8>(left, right);
    case 2: return compareInts<i16>(left, right);
    case 4: return compareInts<i32>(left, right);
    case F32: return compareFloats(load<f32>(left), load<f32>(right));
    case 8: return compareInts<i64>(left, right);
    case F64: return compareFloats(load<f64>(left), load<f64>(right));
    default: {
      const high = compareInts<i64>(left + 8, right + 8);
      return high != 0 ? high : compareInts<u64>(left, right);
    }
  }
}

function forget(at: usize, node: usize, kind: u32, gone: usize, count: u32): u32 {
  unlink(at, node);
  if (kind == VIEW) store<u32>(at, load<u32>(at, BYTES) - load<u32>(node, VALUE), BYTES);
  store<u32>(gone + (count << 2), <u32>node);
  return count + 1;
}

/**
 * As listUpdate, of values that leave in the order in which they came: the first of a list is its least one, with `sign` −1 its greatest.
 * A value drops those before it that it outlasts, and stands for them.
 */
export function listSlide(
  kind: u32, sign: i32, groups: usize, n: u32, offset: u32, weights: usize, nodes: usize, gone: usize, snaps: usize,
): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const weight: i8 = weights == 0 ? 1 : load<i8>(weights + i);
    const at = <usize>load<u32>(groups + (i << 2)) + offset;
    if (weight > 0) {
      const node: usize = load<u32>(nodes);
      nodes += 4;
      let standsFor: u32 = 1;
      for (let last: usize = load<u32>(at, LAST); last != 0 && compareNodes(last, node, kind) * sign >= 0; last = load<u32>(at, LAST)) {
        standsFor += load<u32>(last, STANDS_FOR);
        count = forget(at, last, kind, gone, count);
      }
      store<u64>(node, standsFor, STANDS_FOR);
      append(at, node);
      if (kind == VIEW) store<u32>(at, load<u32>(at, BYTES) + load<u32>(node, VALUE), BYTES);
    } else if (weight < 0) {
      const first: usize = load<u32>(at);
      const left = load<u32>(first, STANDS_FOR) - 1;
      store<u32>(first, left, STANDS_FOR);
      if (left == 0) count = forget(at, first, kind, gone, count);
    }
    snap(snaps, i, offset, at);
  }
  return count;
}

/** Sets for how many values each of the nodes stands. */
export function listStandFor(nodes: usize, n: u32, counts: usize): void {
  for (let i: u32 = 0; i < n; i++) store<u64>(load<u32>(nodes + (i << 2)), load<u32>(counts + (i << 2)), STANDS_FOR);
}

/** The first or last node of each group, or `padding`. */
export function listEnds(groups: usize, n: u32, offset: u32, last: bool, padding: u32, out: usize): void {
  for (let i: u32 = 0; i < n; i++) {
    const at = <usize>load<u32>(groups + (i << 2)) + offset;
    const node = last ? load<u32>(at, LAST) : load<u32>(at);
    store<u32>(out + (i << 2), node == 0 ? padding : node);
  }
}

/** Values of groups together. */
export function listValues(groups: usize, n: u32, offset: u32): u32 {
  let total: u32 = 0;
  for (let i: u32 = 0; i < n; i++) total += load<u32>(<usize>load<u32>(groups + (i << 2)) + offset, COUNT);
  return total;
}

/** Bytes of the views of groups together. */
export function listBytes(groups: usize, n: u32, offset: u32): f64 {
  let total: u64 = 0;
  for (let i: u32 = 0; i < n; i++) total += load<u32>(<usize>load<u32>(groups + (i << 2)) + offset, BYTES);
  return <f64>total;
}

/** All nodes of groups in order, with the position of each one's group. Returns how many. */
export function listNodes(groups: usize, n: u32, offset: u32, indices: usize, nodes: usize): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    for (let node: usize = load<u32>(<usize>load<u32>(groups + (i << 2)) + offset); node != 0; node = load<u32>(node)) {
      store<u32>(indices + (count << 2), i);
      store<u32>(nodes + (count << 2), <u32>node);
      count++;
    }
  }
  return count;
}

/** The texts of each group with the separator (a view) between them, written to `area`. Reads and writes up to 16 bytes beyond. */
export function listJoin(groups: usize, n: u32, offset: u32, separator: usize, out: usize, area: usize): void {
  for (let i: u32 = 0; i < n; i++, out += 16) {
    const start = area;
    let node: usize = load<u32>(<usize>load<u32>(groups + (i << 2)) + offset);
    while (node != 0) {
      area = copyText(area, node + VALUE);
      node = load<u32>(node);
      if (node != 0) area = copyText(area, separator);
    }
    storeView(out, start, <u32>(area - start));
  }
}

@inline
function copyText(target: usize, view: usize): usize {
  const length: usize = load<u32>(view);
  memory.copy(target, viewBytes(view), length);
  return target + length;
}

/** What stands at `field` of the nodes of each group as an ARRAY of values that are never NULL (src/arrow/nested.ts), written to `area`. */
export function listEncode(groups: usize, n: u32, offset: u32, field: u32, width: u32, out: usize, area: usize): void {
  const step: u32 = width == 0 ? 8 : width;
  for (let i: u32 = 0; i < n; i++, out += 16) {
    const at = <usize>load<u32>(groups + (i << 2)) + offset;
    const count = load<u32>(at, COUNT);
    const bitmap = area + 4;
    let slot = bitmap + ((count + 7) >> 3);
    let heap = slot + <usize>count * step;
    store<u32>(area, count);
    memory.fill(bitmap, 0, (count + 7) >> 3);
    for (let j: u32 = 0; j < count; j++) {
      const byte = bitmap + (j >> 3);
      store<u8>(byte, <u8>(<u32>load<u8>(byte) | (1 << (j & 7))));
    }
    for (let node: usize = load<u32>(at); node != 0; node = load<u32>(node), slot += step) {
      if (width != 0) {
        memory.copy(slot, node + field, width);
        continue;
      }
      store<u32>(slot, <u32>(heap - area));
      store<u32>(slot, load<u32>(node + field), 4);
      heap = copyText(heap, node + field);
    }
    storeView(out, area, <u32>(heap - area));
    area = heap;
  }
}

/** The view of bytes that stay where they are. */
export function listView(bytes: usize, length: u32, out: usize): void {
  storeView(out, bytes, length);
}
