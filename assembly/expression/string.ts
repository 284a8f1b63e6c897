// Text functions on columns of views. Results that are parts of their input point into it. Others are written at `bytes`, where the
// caller has reserved what they can need. NULLs are empty views. Arguments given as columns may be one constant: their step is 0.
import { bytesOfCharacters, countCharacters, findBytes, isAscii } from "../memory/find";
import { storeView, viewBytes } from "../memory/view";

/** Sixteen bytes in upper or lower case, if ASCII letters. */
@inline function mapCase16(lanes: v128, first: v128, last: v128, flip: v128): v128 {
  const letters = v128.and(i8x16.ge_s(lanes, first), i8x16.le_s(lanes, last));
  return v128.xor(lanes, v128.and(letters, flip));
}

/** UPPER (`upper` 1) or LOWER of ASCII text. Returns the first row that has other characters, or -1. `bytes`: the sum of all lengths. */
export function mapCase(views: usize, rows: i32, upper: i32, out: usize, bytes: usize): i32 {
  const first = i8x16.splat(upper ? 0x61 : 0x41);
  const last = i8x16.splat(upper ? 0x7a : 0x5a);
  const flip = i8x16.splat(0x20);
  for (let row = 0; row < rows; row++) {
    const length = load<i32>(views);
    if (length <= 12) {
      const lanes = v128.load(views);
      if (i8x16.bitmask(lanes) & 0xfff0) return row;
      v128.store(out, i32x4.replace_lane(mapCase16(lanes, first, last, flip), 0, length));
    } else {
      const text = <usize>load<u32>(views, 12);
      if (!isAscii(text, length)) return row;
      for (let at = 0; at < length; at += 16) {
        v128.store(bytes + at, mapCase16(v128.load(text + at), first, last, flip));
      }
      storeView(out, bytes, length);
      bytes += length;
    }
    views += 16;
    out += 16;
  }
  return -1;
}

/** CHAR_LENGTH. */
export function characterLengths(views: usize, rows: i32, out: usize): void {
  for (const end = out + (<usize>rows << 2); out < end; out += 4) {
    store<i32>(out, countCharacters(viewBytes(views), load<i32>(views)));
    views += 16;
  }
}

/**
 * SUBSTRING(text, start, count) in characters: start 1 is the first and 0 too, negative starts count from the end. Clears the bits of
 * rows with a negative count and returns how many there are.
 */
export function substring(
  views: usize, starts: usize, startStep: i32, counts: usize, countStep: i32, rows: i32, out: usize, bits: usize,
): i32 {
  let nulls = 0;
  for (let row: u32 = 0; row < <u32>rows; row++) {
    const count = load<i32>(counts);
    if (count < 0) {
      const at = bits + (row >> 3);
      const bit: u32 = 1 << (row & 7);
      nulls += <i32>((load<u8>(at) & bit) != 0);
      store<u8>(at, <u8>(<u32>load<u8>(at) & ~bit));
      v128.store(out, i64x2(0, 0));
    } else storePart(views, load<i32>(starts), count, out);
    views += 16;
    starts += startStep;
    counts += countStep;
    out += 16;
  }
  return nulls;
}

@inline function storePart(view: usize, start: i32, count: i32, out: usize): void {
  const text = viewBytes(view);
  const length = load<i32>(view);
  if (isAscii(text, length)) {
    const from = start > 0 ? start - 1 : start < 0 ? length + start : 0;
    if (from < 0 || from >= length) v128.store(out, i64x2(0, 0));
    else storeView(out, text + from, min(count, length - from));
    return;
  }
  const characters = countCharacters(text, length);
  const from = start > 0 ? start - 1 : start < 0 ? characters + start : 0;
  if (from < 0 || from >= characters) {
    v128.store(out, i64x2(0, 0));
    return;
  }
  const begin = bytesOfCharacters(text, length, from);
  storeView(out, text + begin, bytesOfCharacters(text + begin, length - begin, count));
}

/** Text without the ASCII characters of a set (128 bits at `set`) at its start (`sides` bit 0) and end (bit 1). */
export function trim(views: usize, rows: i32, set: usize, sides: i32, out: usize): void {
  for (const end = out + (<usize>rows << 4); out < end; out += 16) {
    let start = viewBytes(views);
    let stop = start + load<u32>(views);
    if (sides & 1) while (start < stop && isMember(set, load<u8>(start))) start++;
    if (sides & 2) while (stop > start && isMember(set, load<u8>(stop - 1))) stop--;
    storeView(out, start, <u32>(stop - start));
    views += 16;
  }
}

@inline function isMember(set: usize, byte: u8): bool {
  return byte < 128 && ((<u32>load<u8>(set + (byte >> 3)) >> (byte & 7)) & 1) != 0;
}

/** Two texts joined. `bytes`: the sum of the lengths of both. */
export function concatenate(left: usize, leftStep: i32, right: usize, rightStep: i32, rows: i32, out: usize, bytes: usize): void {
  for (const end = out + (<usize>rows << 4); out < end; out += 16) {
    const first = load<u32>(left);
    const length = first + load<u32>(right);
    // Up to 15 bytes past the end are written, into the room of the rows that follow or the slack of the arena.
    copyText(bytes, left);
    copyText(bytes + first, right);
    storeView(out, bytes, length);
    if (length > 12) bytes += length;
    left += leftStep;
    right += rightStep;
  }
}

@inline function copyText(target: usize, view: usize): void {
  const length = load<u32>(view);
  if (length <= 12) v128.store(target, v128.load(view, 4));
  else memory.copy(target, <usize>load<u32>(view, 12), length);
}

/** POSITION(sought IN text): the place of the first occurrence in characters, from 1; 0 if there is none, 1 for the empty text. */
export function positions(sought: usize, soughtStep: i32, views: usize, viewStep: i32, rows: i32, out: usize): void {
  for (const end = out + (<usize>rows << 2); out < end; out += 4) {
    const text = viewBytes(views);
    const length = load<i32>(sought);
    const place = length == 0 ? 0 : findBytes(text, load<i32>(views), viewBytes(sought), length, 0);
    store<i32>(out, place < 0 ? 0 : countCharacters(text, place) + 1);
    sought += soughtStep;
    views += viewStep;
  }
}

/** How many bytes REPLACE needs at most: the sum of its results. `from` is not empty. */
export function replacedBytes(views: usize, rows: i32, from: usize, to: usize): f64 {
  const fromLength = load<i32>(from);
  const growth = load<i32>(to) - fromLength;
  let total: f64 = 0;
  for (const end = views + (<usize>rows << 4); views < end; views += 16) {
    const text = viewBytes(views);
    const length = load<i32>(views);
    let count = 0;
    let at = findBytes(text, length, viewBytes(from), fromLength, 0);
    while (at >= 0) {
      count++;
      at = findBytes(text, length, viewBytes(from), fromLength, at + fromLength);
    }
    total += <f64>length + <f64>count * <f64>growth;
  }
  return total;
}

/** REPLACE(text, from, to) with constants, `from` not empty. */
export function replace(views: usize, rows: i32, from: usize, to: usize, out: usize, bytes: usize): void {
  const fromLength = load<i32>(from);
  for (const end = out + (<usize>rows << 4); out < end; out += 16) {
    const text = viewBytes(views);
    const length = load<i32>(views);
    const begin = bytes;
    let done = 0;
    let at = findBytes(text, length, viewBytes(from), fromLength, 0);
    while (at >= 0) {
      memory.copy(bytes, text + done, at - done);
      bytes += at - done;
      memory.copy(bytes, viewBytes(to), load<u32>(to));
      bytes += load<u32>(to);
      done = at + fromLength;
      at = findBytes(text, length, viewBytes(from), fromLength, done);
    }
    memory.copy(bytes, text + done, length - done);
    bytes += length - done;
    storeView(out, begin, <u32>(bytes - begin));
    views += 16;
  }
}

/**
 * SPLIT_INDEX(text, separator, index) with constants, the separator not empty. Clears the bits of rows without such a part and returns
 * how many there are; the empty text has no parts.
 */
export function splitIndex(views: usize, rows: i32, separator: usize, index: i32, out: usize, bits: usize): i32 {
  const isByte = load<i32>(separator) == 1;
  let nulls = 0;
  for (let row: u32 = 0; row < <u32>rows; row++) {
    const text = viewBytes(views);
    const length = load<i32>(views);
    const found = length > 0 && (isByte ? byteSplit(text, length, load<i8>(separator, 4), index, out) : textSplit(text, length, separator, index, out));
    if (!found) {
      const at = bits + (row >> 3);
      const bit: u32 = 1 << (row & 7);
      nulls += <i32>((load<u8>(at) & bit) != 0);
      store<u8>(at, <u8>(<u32>load<u8>(at) & ~bit));
      v128.store(out, i64x2(0, 0));
    }
    views += 16;
    out += 16;
  }
  return nulls;
}

/** Writes the part between the separators number `index` and the next; false if there is none. All separators of 16 bytes at once. */
@inline function byteSplit(text: usize, length: i32, separator: i8, index: i32, out: usize): bool {
  const sought = i8x16.splat(separator);
  let left = index;
  let start = 0;
  for (let base = 0; base < length; base += 16) {
    let found = i8x16.bitmask(i8x16.eq(v128.load(text + base), sought));
    const rest = length - base;
    if (rest < 16) found &= (1 << rest) - 1;
    for (; found != 0; found &= found - 1) {
      const place = base + ctz(found);
      if (left-- == 0) {
        storeView(out, text + start, <u32>(place - start));
        return true;
      }
      start = place + 1;
    }
  }
  if (left > 0) return false;
  storeView(out, text + start, <u32>(length - start));
  return true;
}

@inline function textSplit(text: usize, length: i32, separator: usize, index: i32, out: usize): bool {
  const separatorLength = load<i32>(separator);
  let start = 0;
  for (let skipped = 0; skipped < index; skipped++) {
    const place = findBytes(text, length, viewBytes(separator), separatorLength, start);
    if (place < 0) return false;
    start = place + separatorLength;
  }
  const end = findBytes(text, length, viewBytes(separator), separatorLength, start);
  storeView(out, text + start, <u32>((end < 0 ? length : end) - start));
  return true;
}
