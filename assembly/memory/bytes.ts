// Equality and order of byte strings, eight bytes at a time. Up to 16 bytes past the end may be read.
import { viewBytes } from "./view";

/** Whether the first `length` bytes are equal. */
export function equalBytes(left: usize, right: usize, length: u32): bool {
  const whole = left + (<usize>length & ~7);
  for (; left < whole; left += 8, right += 8) if (load<u64>(left) != load<u64>(right)) return false;
  const rest = length & 7;
  return rest == 0 || ((load<u64>(left) ^ load<u64>(right)) << (64 - (<u64>rest << 3))) == 0;
}

/** Negative, zero or positive, as the first `length` bytes are in order. */
export function compareBytes(left: usize, right: usize, length: u32): i32 {
  const whole = left + (<usize>length & ~7);
  for (; left < whole; left += 8, right += 8) {
    const a = load<u64>(left);
    const b = load<u64>(right);
    if (a != b) return bswap(a) < bswap(b) ? -1 : 1;
  }
  const rest = length & 7;
  if (rest == 0) return 0;
  const shift = 64 - (<u64>rest << 3);
  const a = bswap(load<u64>(left) << shift);
  const b = bswap(load<u64>(right) << shift);
  return a == b ? 0 : a < b ? -1 : 1;
}

/** Whether two views are of equal strings: length and prefix decide most. */
@inline export function equalViews(left: usize, right: usize): bool {
  if (load<u64>(left) != load<u64>(right)) return false;
  const length = load<u32>(left);
  if (length <= 12) return load<u64>(left, 8) == load<u64>(right, 8);
  return equalBytes(<usize>load<u32>(left, 12), <usize>load<u32>(right, 12), length);
}

/** Order of the strings of two views by bytes; a prefix comes first. */
@inline export function compareViewOrder(left: usize, right: usize): i32 {
  const a = load<u32>(left, 4);
  const b = load<u32>(right, 4);
  if (a != b) return bswap(a) < bswap(b) ? -1 : 1;
  const leftLength = load<u32>(left);
  const rightLength = load<u32>(right);
  const order = compareBytes(viewBytes(left), viewBytes(right), min(leftLength, rightLength));
  return order != 0 ? order : leftLength < rightLength ? -1 : leftLength > rightLength ? 1 : 0;
}
