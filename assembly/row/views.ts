// 16-byte views of strings and binaries in keys and rows: hashing, equality, order. A view of more than 12 bytes kept as a key holds
// the hash of its bytes in its third word:
//
//   | length u32 | first 4 bytes | hash u32 | address u32 |

import { viewBytes } from "../memory/view";

/** Odd 64-bit constants of the multiplicative hashes. Tests compile kernels in which all hashes are 0, so that everything collides. */
export const MULTIPLIER: u64 = isDefined(HASH_ZERO) ? 0 : 0x9e3779b97f4a7c15;
export const MULTIPLIER_2: u64 = isDefined(HASH_ZERO) ? 0 : 0xd6e8feb86659fd93;
const MULTIPLIER_3: u64 = isDefined(HASH_ZERO) ? 0 : 0xa0761d6478bd642f;

@inline
export function mix(hash: u64, word: u64): u64 {
  const h = (hash ^ word) * MULTIPLIER;
  return h ^ (h >> 32);
}

/** The 32 bits by which slots are chosen (from the top) and told apart. */
@inline
export function tagOf(hash: u64): u32 {
  return <u32>((hash * MULTIPLIER_2) >> 32);
}

/** Strings of up to so many bytes are read by three words, which may overlap, and without branches: lengths cannot be foretold. */
const THREE_WORDS: u32 = 24;

// Of a string of 13 to 24 bytes the words at 0, `middle` and `last`; of a shorter one the words of its view.
@inline
function startOf(view: usize, length: u32): usize { return length > 12 ? <usize>load<u32>(view, 12) : view; }
@inline
function lastOf(length: u32): usize { return length > 12 ? <usize>length - 8 : 8; }
@inline
function middleOf(length: u32): usize { return min<usize>(8, lastOf(length)); }

/** The tag of a key that is a single view. */
@inline
export function tagOfView(view: usize): u32 {
  const length = load<u32>(view);
  if (length > THREE_WORDS) return hashLongView(view);
  const start = startOf(view, length);
  const first = (load<u64>(start) ^ length) * MULTIPLIER;
  return tagOf(mix(first + load<u64>(start + middleOf(length)) * MULTIPLIER_3, load<u64>(start + lastOf(length))));
}

/** Hash of the bytes of a view longer than 12. */
export function hashLongView(view: usize): u32 {
  const length: usize = load<u32>(view);
  const start: usize = load<u32>(view, 12);
  const last = start + length - 8;
  let hash: u64 = length;
  for (let at = start; at < last; at += 8) hash = mix(hash, load<u64>(at));
  return tagOf(mix(hash, load<u64>(last)));
}

/** Whether two key views with hashes are equal strings. */
@inline
export function sameKeyView(left: usize, right: usize): bool {
  const head = load<u64>(left);
  if (head != load<u64>(right)) return false;
  const tail = load<u64>(left, 8);
  if (tail == load<u64>(right, 8)) return true;
  return <u32>head > 12 && <u32>tail == load<u32>(right, 8) && sameBytes(load<u32>(left, 12), load<u32>(right, 12), <u32>head);
}

/** Whether two views without hashes are equal strings. */
@inline
export function sameView(left: usize, right: usize): bool {
  const head = load<u64>(left);
  if (head != load<u64>(right)) return false;
  const length = <u32>head;
  if (length > THREE_WORDS) return sameBytes(load<u32>(left, 12), load<u32>(right, 12), length);
  const a = startOf(left, length);
  const b = startOf(right, length);
  const middle = middleOf(length);
  const last = lastOf(length);
  const first = load<u64>(a) ^ load<u64>(b);
  return (first | (load<u64>(a + middle) ^ load<u64>(b + middle)) | (load<u64>(a + last) ^ load<u64>(b + last))) == 0;
}

/** Whether rows have equal columns: `views` views at `from`, then plain words up to `to`. */
export function sameColumns(left: usize, right: usize, from: usize, to: usize, views: u32): bool {
  let at = from;
  for (const end = from + (<usize>views << 4); at < end; at += 16) if (!sameView(left + at, right + at)) return false;
  for (; at < to; at += 8) if (load<u64>(left + at) != load<u64>(right + at)) return false;
  return true;
}

/** Equality of `length` ≥ 8 bytes. */
export function sameBytes(left: usize, right: usize, length: usize): bool {
  if (left == right) return true;
  const last = length - 8;
  for (let at: usize = 0; at < last; at += 8) {
    if (load<u64>(left + at) != load<u64>(right + at)) return false;
  }
  return load<u64>(left + last) == load<u64>(right + last);
}

/** Order of two views by unsigned bytes: negative, 0 or positive. */
export function compareViews(left: usize, right: usize): i32 {
  const leftLength: usize = load<u32>(left);
  const rightLength: usize = load<u32>(right);
  const leftHead = bswap<u32>(load<u32>(left, 4));
  const rightHead = bswap<u32>(load<u32>(right, 4));
  if (leftHead != rightHead) return leftHead < rightHead ? -1 : 1;
  const common = min(leftLength, rightLength);
  const leftBytes = viewBytes(left);
  const rightBytes = viewBytes(right);
  for (let at: usize = 4; at < common; at++) {
    const difference = <i32>load<u8>(leftBytes + at) - <i32>load<u8>(rightBytes + at);
    if (difference != 0) return difference;
  }
  return leftLength < rightLength ? -1 : leftLength > rightLength ? 1 : 0;
}
