// Comparison of values that take 16 bytes: strings (views, by bytes) and 128-bit integers. Operators and modes as in comparison.ts.
import { compareViewOrder, equalViews } from "../memory/bytes";

const EQUAL = 0;
const NOT_EQUAL = 1;
const LESS = 2;
const LESS_EQUAL = 3;
const GREATER = 4;

@inline function holds(operator: i32, order: i32): bool {
  if (operator == LESS) return order < 0;
  if (operator == LESS_EQUAL) return order <= 0;
  if (operator == GREATER) return order > 0;
  return order >= 0;
}

/** A short constant is compared as one vector: equal strings of up to 12 bytes have equal views. */
function equalShort(differ: bool, left: usize, constant: usize, rows: i32, out: usize): void {
  const wanted = v128.load(constant);
  for (const end = out + <usize>rows; out < end; out++) {
    store<u8>(out, <u8>(v128.any_true(v128.xor(v128.load(left), wanted)) == differ));
    left += 16;
  }
}

export function compareViews(operator: i32, mode: i32, left: usize, right: usize, rows: i32, out: usize): void {
  const step: usize = mode == 1 ? 0 : 16;
  const end = out + <usize>rows;
  if (operator <= NOT_EQUAL) {
    const differ = operator == NOT_EQUAL;
    if (mode == 1 && load<u32>(right) <= 12) return equalShort(differ, left, right, rows, out);
    for (; out < end; out++) {
      store<u8>(out, <u8>(equalViews(left, right) != differ));
      left += 16;
      right += step;
    }
    return;
  }
  for (; out < end; out++) {
    store<u8>(out, <u8>holds(operator, compareViewOrder(left, right)));
    left += 16;
    right += step;
  }
}

export function compareI128(operator: i32, mode: i32, left: usize, right: usize, rows: i32, out: usize): void {
  const step: usize = mode == 1 ? 0 : 16;
  for (const end = out + <usize>rows; out < end; out++) {
    const a = load<i64>(left, 8);
    const b = load<i64>(right, 8);
    const c = load<u64>(left);
    const d = load<u64>(right);
    const less = <i32>(a < b) | (<i32>(a == b) & <i32>(c < d));
    const equal = <i32>(a == b) & <i32>(c == d);
    const greater = 1 - less - equal;
    const result = operator == EQUAL ? equal
      : operator == NOT_EQUAL ? 1 - equal
      : operator == LESS ? less
      : operator == LESS_EQUAL ? less + equal
      : operator == GREATER ? greater
      : 1 - less;
    store<u8>(out, <u8>result);
    left += 16;
    right += step;
  }
}
