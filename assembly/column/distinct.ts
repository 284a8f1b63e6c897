// The distinct values of a column: functions that are dear run once per distinct value, and rows take their result. Tables are open
// addressing over u32 entries, row + 1, 0 free; `mask` + 1 is their size, a power of two of at least twice the rows.
import { equalViews } from "../memory/bytes";
import { isNull } from "../memory/mask";
import { viewBytes } from "../memory/view";

const MULTIPLIER: u64 = isDefined(HASH_ZERO) ? 0 : 0x9e37_79b9_7f4a_7c15;

@inline function mix(value: u64): u32 {
  return <u32>((value * MULTIPLIER) >> 32);
}

/** Values from 0 up count as equal when their quotients by `unit` are. */
@inline function bucket(value: i64, unit: i64): i64 {
  return unit == 1 || value < 0 ? value : value / unit;
}

/**
 * Numbers distinct values (and NULL as one more) from 0 in order of appearance: `ids` gets a u32 per row, `firsts` the row of each
 * first appearance. Stops with -1 when there are more than `limit`. `table` is zeroed.
 */
@inline function distinctFixed<T>(
  values: usize, validity: usize, unit: i64, rows: i32, limit: i32, table: usize, mask: u32, ids: usize, firsts: usize,
): i32 {
  let count = 0;
  let nullId = -1;
  // What the value before counts as equal to: from `low` up to, without, `high`.
  let low: i64 = 0;
  let high: i64 = 0;
  let previousId = 0;
  for (let row: u32 = 0; row < <u32>rows; row++, ids += 4) {
    if (isNull(validity, row)) {
      if (nullId < 0) {
        if (count == limit) return -1;
        store<u32>(firsts + (<usize>count << 2), row);
        nullId = count++;
      }
      store<u32>(ids, nullId);
      continue;
    }
    const number = <i64>load<T>(values + (<usize>row << alignof<T>()));
    if (number >= low && number < high) {
      store<u32>(ids, previousId);
      continue;
    }
    const value = bucket(number, unit);
    let slot = mix(value) & mask;
    let entry = load<u32>(table + (<usize>slot << 2));
    while (entry != 0) {
      const first = load<u32>(firsts + (<usize>(entry - 1) << 2));
      if (bucket(<i64>load<T>(values + (<usize>first << alignof<T>())), unit) == value) break;
      slot = (slot + 1) & mask;
      entry = load<u32>(table + (<usize>slot << 2));
    }
    if (entry == 0) {
      if (count == limit) return -1;
      store<u32>(firsts + (<usize>count << 2), row);
      entry = ++count;
      store<u32>(table + (<usize>slot << 2), entry);
    }
    low = number < 0 ? number : value * unit;
    high = low + (number < 0 ? 1 : unit);
    previousId = <i32>entry - 1;
    store<u32>(ids, previousId);
  }
  return count;
}

export function distinctI32(
  values: usize, validity: usize, rows: i32, limit: i32, table: usize, mask: u32, ids: usize, firsts: usize,
): i32 {
  return distinctFixed<i32>(values, validity, 1, rows, limit, table, mask, ids, firsts);
}

export function distinctI64(
  values: usize, validity: usize, unit: f64, rows: i32, limit: i32, table: usize, mask: u32, ids: usize, firsts: usize,
): i32 {
  return distinctFixed<i64>(values, validity, <i64>unit, rows, limit, table, mask, ids, firsts);
}

export function distinctViews(
  values: usize, validity: usize, rows: i32, limit: i32, table: usize, mask: u32, ids: usize, firsts: usize,
): i32 {
  let count = 0;
  let nullId = -1;
  for (let row: u32 = 0; row < <u32>rows; row++, ids += 4) {
    if (isNull(validity, row)) {
      if (nullId < 0) {
        if (count == limit) return -1;
        store<u32>(firsts + (<usize>count << 2), row);
        nullId = count++;
      }
      store<u32>(ids, nullId);
      continue;
    }
    const view = values + (<usize>row << 4);
    let slot = hashView(view) & mask;
    let entry = load<u32>(table + (<usize>slot << 2));
    while (entry != 0) {
      const first = load<u32>(firsts + (<usize>(entry - 1) << 2));
      if (equalViews(values + (<usize>first << 4), view)) break;
      slot = (slot + 1) & mask;
      entry = load<u32>(table + (<usize>slot << 2));
    }
    if (entry == 0) {
      if (count == limit) return -1;
      store<u32>(firsts + (<usize>count << 2), row);
      entry = ++count;
      store<u32>(table + (<usize>slot << 2), entry);
    }
    store<u32>(ids, entry - 1);
  }
  return count;
}

/** A hash of a string: eight bytes at a time, the length included. */
function hashView(view: usize): u32 {
  const length = load<u32>(view);
  if (length <= 12) return mix((load<u64>(view) ^ (load<u64>(view, 8) * 0xff51_afd7_ed55_8ccd)) + length);
  let text = viewBytes(view);
  let hash: u64 = length;
  const whole = text + (<usize>(length - 1) & ~7);
  for (; text < whole; text += 8) hash = rotl((hash ^ load<u64>(text)) * 0xff51_afd7_ed55_8ccd, 29);
  const rest = length & 7;
  const tail = rest == 0 ? load<u64>(text) : load<u64>(text) & (((<u64>1) << (<u64>rest << 3)) - 1);
  return mix(hash ^ tail);
}

/** Fills a table with the `count` views at `list`, all different. */
export function buildViewSet(list: usize, count: i32, table: usize, mask: u32): void {
  for (let i = 0; i < count; i++) {
    let slot = hashView(list + (<usize>i << 4)) & mask;
    while (load<u32>(table + (<usize>slot << 2)) != 0) slot = (slot + 1) & mask;
    store<u32>(table + (<usize>slot << 2), i + 1);
  }
}

/** Whether each view is in the set: a mask. */
export function inViewSet(views: usize, rows: i32, list: usize, table: usize, mask: u32, out: usize): void {
  for (const end = out + <usize>rows; out < end; out++) {
    let slot = hashView(views) & mask;
    let entry = load<u32>(table + (<usize>slot << 2));
    while (entry != 0 && !equalViews(list + (<usize>(entry - 1) << 4), views)) {
      slot = (slot + 1) & mask;
      entry = load<u32>(table + (<usize>slot << 2));
    }
    store<u8>(out, <u8>(entry != 0));
    views += 16;
  }
}

/** Fills a table with the `count` 64-bit integers at `list`, all different. */
export function buildI64Set(list: usize, count: i32, table: usize, mask: u32): void {
  for (let i = 0; i < count; i++) {
    let slot = mix(load<u64>(list + (<usize>i << 3))) & mask;
    while (load<u32>(table + (<usize>slot << 2)) != 0) slot = (slot + 1) & mask;
    store<u32>(table + (<usize>slot << 2), i + 1);
  }
}

export function inI64Set(values: usize, rows: i32, list: usize, table: usize, mask: u32, out: usize): void {
  for (const end = out + <usize>rows; out < end; out++) {
    const value = load<i64>(values);
    let slot = mix(value) & mask;
    let entry = load<u32>(table + (<usize>slot << 2));
    while (entry != 0 && load<i64>(list + (<usize>(entry - 1) << 3)) != value) {
      slot = (slot + 1) & mask;
      entry = load<u32>(table + (<usize>slot << 2));
    }
    store<u8>(out, <u8>(entry != 0));
    values += 8;
  }
}
