// 64-bit arithmetic for DECIMALs of more than 18 digits: what the values of a batch prove is not to be computed in 128 bits.

/** How many bits all values have besides their signs: each is in [-2^k, 2^k - 1]. */
function significantBits(values: usize, rows: i32): i32 {
  // The topmost bit that differs from the one below is the value's first; v ^ (v << 1) has a one there and none above.
  let lanes = i64x2.splat(0);
  let at = values;
  for (const end = values + ((<usize>rows >> 2) << 5); at < end; at += 32) {
    const first = v128.load(at);
    const second = v128.load(at, 16);
    const bits = v128.or(v128.xor(first, i64x2.add(first, first)), v128.xor(second, i64x2.add(second, second)));
    lanes = v128.or(lanes, bits);
  }
  if (rows & 2) {
    const value = v128.load(at);
    lanes = v128.or(lanes, v128.xor(value, i64x2.add(value, value)));
    at += 16;
  }
  let bits = <u64>(i64x2.extract_lane(lanes, 0) | i64x2.extract_lane(lanes, 1));
  if (rows & 1) {
    const value = load<u64>(at);
    bits |= value ^ (value << 1);
  }
  return bits == 0 ? 0 : 63 - <i32>clz(bits);
}

/** Four 64-bit values as their low halves. */
@inline function lowHalves(from: usize): v128 {
  return v128.shuffle<i32>(v128.load(from), v128.load(from, 16), 0, 2, 4, 6);
}

@inline function multiplyHalves(mode: i32, left: usize, right: usize, rows: i32, out: usize): void {
  const a = load<i32>(left);
  const b = load<i32>(right);
  const end = out + (<usize>(rows & ~3) << 3);
  while (out < end) {
    const first = mode == 2 ? i32x4.splat(a) : lowHalves(left);
    const second = mode == 1 ? i32x4.splat(b) : lowHalves(right);
    v128.store(out, i64x2.extmul_low_i32x4_s(first, second));
    v128.store(out, i64x2.extmul_high_i32x4_s(first, second), 16);
    left += 32;
    right += 32;
    out += 32;
  }
  for (let rest = rows & 3; rest > 0; rest--) {
    store<i64>(out, (mode == 2 ? <i64>a : load<i64>(left)) * (mode == 1 ? <i64>b : load<i64>(right)));
    left += 8;
    right += 8;
    out += 8;
  }
}

@inline function multiplyWhole(mode: i32, left: usize, right: usize, rows: i32, out: usize): void {
  const a = load<i64>(left);
  const b = load<i64>(right);
  for (const end = out + (<usize>rows << 3); out < end; out += 8) {
    store<i64>(out, (mode == 2 ? a : load<i64>(left)) * (mode == 1 ? b : load<i64>(right)));
    left += 8;
    right += 8;
  }
}

/**
 * Products of 64-bit values if all of them fit 64 bits; `mode` as in arithmetic. Returns how many bits they have besides their signs at most,
 * or 64 when some may not fit: nothing is written then.
 */
export function multiplyNarrow(mode: i32, left: usize, right: usize, rows: i32, out: usize): i32 {
  const leftBits = significantBits(left, mode == 2 ? 1 : rows);
  const rightBits = significantBits(right, mode == 1 ? 1 : rows);
  const bits = leftBits + rightBits + 1;
  if (bits > 63) return 64;
  if (leftBits < 32 && rightBits < 32) {
    if (mode == 0) multiplyHalves(0, left, right, rows, out);
    else if (mode == 1) multiplyHalves(1, left, right, rows, out);
    else multiplyHalves(2, left, right, rows, out);
  } else if (mode == 0) multiplyWhole(0, left, right, rows, out);
  else if (mode == 1) multiplyWhole(1, left, right, rows, out);
  else multiplyWhole(2, left, right, rows, out);
  return bits;
}
