// Rows kept in columns, in the order in which they came: row `id` is number `id & 4095` of segment `id >> 12`. A table per column holds,
// per segment:
//
//   | data u32 | validity u32 |        (validity 0: no NULLs)
//
// Rows are never moved and never change; src/operators/state/column-segments.ts opens and frees segments.

import { isLasting } from "./strings";
import { sameBytes } from "./views";

@inline
function addressOf(table: usize, id: u32): usize {
  return table + ((<usize>(id >> 12)) << 3);
}

@inline
function READ<T>(table: usize, ids: usize, n: u32, out: usize): void {
  const shift: usize = sizeof<T>() == 16 ? 4 : alignof<T>();
  for (const end = ids + (<usize>n << 2); ids < end; ids += 4) {
    const id = load<u32>(ids);
    store<T>(out, load<T>(<usize>load<u32>(addressOf(table, id)) + ((<usize>(id & 4095)) << shift)));
    out += sizeof<T>();
  }
}

export function segmentsRead1(table: usize, ids: usize, n: u32, out: usize): void { READ<u8>(table, ids, n, out); }
export function segmentsRead2(table: usize, ids: usize, n: u32, out: usize): void { READ<u16>(table, ids, n, out); }
export function segmentsRead4(table: usize, ids: usize, n: u32, out: usize): void { READ<u32>(table, ids, n, out); }
export function segmentsRead8(table: usize, ids: usize, n: u32, out: usize): void { READ<u64>(table, ids, n, out); }
export function segmentsRead16(table: usize, ids: usize, n: u32, out: usize): void { READ<v128>(table, ids, n, out); }

/** The validity bits of rows in whole 8-byte words; returns how many are NULL. */
export function segmentsReadValidity(table: usize, ids: usize, n: u32, out: usize): u32 {
  let nulls: u32 = 0;
  for (let i: u32 = 0; i < n; i += 64) {
    const count = min<u32>(64, n - i);
    let bits: u64 = 0;
    for (let j: u32 = 0; j < count; j++) {
      const id = load<u32>(ids + ((i + j) << 2));
      const validity: usize = load<u32>(addressOf(table, id), 4);
      const row = id & 4095;
      bits |= (validity == 0 ? 1 : (<u64>load<u8>(validity + (row >> 3)) >> (row & 7)) & 1) << j;
    }
    store<u64>(out + (i >> 3), bits);
    nulls += count - <u32>popcnt(bits);
  }
  return nulls;
}

/** Addresses of the values, `width` bytes each, of rows. */
export function segmentsAddresses(table: usize, ids: usize, n: u32, width: u32, out: usize): void {
  for (let i: u32 = 0; i < n; i++) {
    const id = load<u32>(ids + (i << 2));
    store<u32>(out + (i << 2), load<u32>(addressOf(table, id)) + (id & 4095) * width);
  }
}

/** Copies `n` bits (0: all set) to bit `at` of a bitmap. Up to 8 bytes past either end are read, and written with what they held. */
export function bitsAppend(source: usize, from: u32, n: u32, target: usize, at: u32): void {
  while (n > 0) {
    const count = min<u32>(n, 32);
    const mask: u64 = ((<u64>1) << count) - 1;
    const bits = source == 0 ? mask : (load<u64>(source + (from >> 3)) >> (from & 7)) & mask;
    const word = target + (at >> 3);
    const shift: u64 = at & 7;
    store<u64>(word, (load<u64>(word) & ~(mask << shift)) | (bits << shift));
    from += count;
    at += count;
    n -= count;
  }
}

/** The most that viewsMove can write. */
export function viewsMoveBytes(views: usize, n: u32): f64 {
  let bytes: u64 = 0;
  for (const end = views + (<usize>n << 4); views < end; views += 16) {
    const length = load<u32>(views);
    if (length > 12 && !isLasting(load<u32>(views, 12))) bytes += length;
  }
  return <f64>bytes;
}

/**
 * Moves the bytes of long views that do not last to `target`, one after the other, and points the views there; returns the end. Writes up to 16 bytes past
 * it. `seen` (0: none) is a table of 2^`log2` entries by source address: a string met again at the same address is shared.
 *
 *   | source u32 | kept at u32 | length u32 | – |
 */
export function viewsMove(views: usize, n: u32, target: usize, seen: usize, log2: u32): usize {
  for (const end = views + (<usize>n << 4); views < end; views += 16) {
    const length = load<u32>(views);
    if (length <= 12) continue;
    const source: usize = load<u32>(views, 12);
    if (isLasting(<u32>source)) continue;
    if (seen != 0) {
      const entry = seen + ((<usize>((<u32>source * 0x9e3779b1) >> (32 - log2))) << 4);
      const kept: usize = load<u32>(entry, 4);
      if (load<u32>(entry) == <u32>source && load<u32>(entry, 8) == length && sameBytes(source, kept, length)) {
        store<u32>(views, <u32>kept, 12);
        continue;
      }
      store<u32>(entry, <u32>source);
      store<u32>(entry, <u32>target, 4);
      store<u32>(entry, length, 8);
    }
    for (let at: usize = 0; at < length; at += 16) store<v128>(target + at, load<v128>(source + at));
    store<u32>(views, <u32>target, 12);
    target += length;
  }
  return target;
}
