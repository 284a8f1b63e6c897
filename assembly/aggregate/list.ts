// Aggregates that keep the values of a group in the order of their arrival: LISTAGG, and FIRST_VALUE and LAST_VALUE of rows that may be
// taken back. Each value is a node of the group's list:
//
//   group row | … | first u32 | last u32 | values u32 | bytes of all views u32 | …      at `offset`
//   node      | next u32 | previous u32 | value, up to 16 bytes |

import { storeView, viewBytes } from "../memory/view";
import { sameView } from "../row/views";

const LAST: usize = 4;
const COUNT: usize = 8;
const BYTES: usize = 12;
const VALUE: usize = 8;

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
  groups: usize, n: u32, offset: u32, values: usize, width: u32, weights: usize, nodes: usize, gone: usize,
): u32 {
  const step: u32 = width == 0 ? 16 : width;
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const weight: i8 = weights == 0 ? 1 : load<i8>(weights + i);
    if (weight == 0) continue;
    const at = <usize>load<u32>(groups + (i << 2)) + offset;
    const value = values + <usize>i * step;
    if (weight > 0) {
      append(at, load<u32>(nodes));
      nodes += 4;
      if (width == 0) store<u32>(at, load<u32>(at, BYTES) + load<u32>(value), BYTES);
      continue;
    }
    let node: usize = load<u32>(at);
    while (node != 0 && !isSame(value, node, width)) node = load<u32>(node);
    if (node == 0) continue;
    unlink(at, node);
    if (width == 0) store<u32>(at, load<u32>(at, BYTES) - load<u32>(value), BYTES);
    store<u32>(gone + (count++ << 2), <u32>node);
  }
  return count;
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

/** The values of each group as an ARRAY of values that are never NULL (src/arrow/nested.ts), written to `area`. */
export function listEncode(groups: usize, n: u32, offset: u32, width: u32, out: usize, area: usize): void {
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
        memory.copy(slot, node + VALUE, width);
        continue;
      }
      store<u32>(slot, <u32>(heap - area));
      store<u32>(slot, load<u32>(node, VALUE), 4);
      heap = copyText(heap, node + VALUE);
    }
    storeView(out, area, <u32>(heap - area));
    area = heap;
  }
}

/** The view of bytes that stay where they are. */
export function listView(bytes: usize, length: u32, out: usize): void {
  storeView(out, bytes, length);
}
