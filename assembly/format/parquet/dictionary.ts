// A column chunk's distinct values in the form of a dictionary page (PLAIN), and each row's index among them. The caller keeps room: slots
// for twice the values after a call, and memory for all of the call's values.
//
// A dictionary, 32 bytes:
//
//      0 slots u32 | 4 shift u32 | 8 values u32 | 12 their bytes u32 | 16 where they are u32
//     20 texts: where the u32 offset of each is | 24 texts: which is the least | 28 the greatest
//
// A slot, 8 bytes, 0 when free: | index + 1 u32 | hash u32 |; the hash shifted right is its home.
import { compareBytes, equalBytes } from "../../memory/bytes";
import { viewBytes } from "../../memory/view";
import { hashLongView, mix, MULTIPLIER, tagOf } from "../../row/views";

@inline
function FIXED<T>(dictionary: usize, values: usize, n: i32, indexes: usize): void {
  const slots = load<usize>(dictionary);
  const shift = load<u32>(dictionary, 4);
  const mask = (0xffff_ffff >> shift);
  const known = load<usize>(dictionary, 16);
  let count = load<u32>(dictionary, 8);
  for (const end = values + <usize>n * sizeof<T>(); values < end; values += sizeof<T>()) {
    const value = load<T>(values);
    const hash = tagOf(<u64>value * MULTIPLIER);
    let at = hash >> shift;
    let entry = load<u64>(slots + (<usize>at << 3));
    while (entry != 0 && load<T>(known + <usize>(<u32>entry - 1) * sizeof<T>()) != value) {
      at = (at + 1) & mask;
      entry = load<u64>(slots + (<usize>at << 3));
    }
    if (entry == 0) {
      store<T>(known + <usize>count * sizeof<T>(), value);
      entry = ++count;
      store<u64>(slots + (<usize>at << 3), entry | (<u64>hash << 32));
    }
    store<u32>(indexes, <u32>entry - 1);
    indexes += 4;
  }
  store<u32>(dictionary, count, 8);
  store<u32>(dictionary, count * <u32>sizeof<T>(), 12);
}

export function parquetDictionary4(dictionary: usize, values: usize, n: i32, indexes: usize): void { FIXED<u32>(dictionary, values, n, indexes); }
export function parquetDictionary8(dictionary: usize, values: usize, n: i32, indexes: usize): void { FIXED<u64>(dictionary, values, n, indexes); }

export function parquetDictionaryTexts(dictionary: usize, views: usize, n: i32, indexes: usize): void {
  const slots = load<usize>(dictionary);
  const shift = load<u32>(dictionary, 4);
  const mask = (0xffff_ffff >> shift);
  const known = load<usize>(dictionary, 16);
  const offsets = load<usize>(dictionary, 20);
  for (const end = views + (<usize>n << 4); views < end; views += 16) {
    const length = load<u32>(views);
    const bytes = viewBytes(views);
    const hash = length <= 12 ? tagOf(mix(load<u64>(views) * MULTIPLIER, load<u64>(views, 8))) : hashLongView(views);
    let at = hash >> shift;
    let entry = load<u64>(slots + (<usize>at << 3));
    for (; entry != 0; entry = load<u64>(slots + (<usize>at << 3))) {
      if (<u32>(entry >> 32) == hash) {
        const text = known + load<u32>(offsets + (<usize>(<u32>entry - 1) << 2));
        if (load<u32>(text) == length && equalBytes(text + 4, bytes, length)) break;
      }
      at = (at + 1) & mask;
    }
    if (entry == 0) {
      entry = addText(dictionary, bytes, length) + 1;
      store<u64>(slots + (<usize>at << 3), entry | (<u64>hash << 32));
    }
    store<u32>(indexes, <u32>entry - 1);
    indexes += 4;
  }
}

function addText(dictionary: usize, bytes: usize, length: u32): u64 {
  const known = load<usize>(dictionary, 16);
  const offsets = load<usize>(dictionary, 20);
  const index = load<u32>(dictionary, 8);
  const offset = load<u32>(dictionary, 12);
  store<u32>(offsets + (<usize>index << 2), offset);
  store<u32>(known + offset, length);
  memory.copy(known + offset + 4, bytes, length);
  store<u32>(dictionary, index + 1, 8);
  store<u32>(dictionary, offset + 4 + length, 12);
  if (index == 0) {
    store<u64>(dictionary, 0, 24);
  } else {
    if (compareText(dictionary, bytes, length, load<u32>(dictionary, 24)) < 0) store<u32>(dictionary, index, 24);
    if (compareText(dictionary, bytes, length, load<u32>(dictionary, 28)) > 0) store<u32>(dictionary, index, 28);
  }
  return index;
}

function compareText(dictionary: usize, bytes: usize, length: u32, index: u32): i32 {
  const text = load<usize>(dictionary, 16) + load<u32>(load<usize>(dictionary, 20) + (<usize>index << 2));
  const other = load<u32>(text);
  const order = compareBytes(bytes, text + 4, min(length, other));
  return order != 0 ? order : length < other ? -1 : length > other ? 1 : 0;
}

/** Puts the entries of `count` old slots into the dictionary's new ones. */
export function parquetDictionaryMove(dictionary: usize, old: usize, count: u32): void {
  const slots = load<usize>(dictionary);
  const shift = load<u32>(dictionary, 4);
  const mask = (0xffff_ffff >> shift);
  for (const end = old + (<usize>count << 3); old < end; old += 8) {
    const entry = load<u64>(old);
    if (entry == 0) continue;
    let at = <u32>(entry >> 32) >> shift;
    while (load<u64>(slots + (<usize>at << 3)) != 0) at = (at + 1) & mask;
    store<u64>(slots + (<usize>at << 3), entry);
  }
}
