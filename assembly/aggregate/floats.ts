// The order of floats in MIN and MAX whose values may be taken back, which is Java's of doubles.

/** Negative, 0 or positive. NaN is the greatest value, −0 less than 0. */
@inline
export function compareFloats(left: f64, right: f64): i32 {
  if (left < right) return -1;
  if (left > right) return 1;
  const leftBits = left != left ? i64.MAX_VALUE : reinterpret<i64>(left);
  const rightBits = right != right ? i64.MAX_VALUE : reinterpret<i64>(right);
  return <i32>(leftBits > rightBits) - <i32>(leftBits < rightBits);
}
