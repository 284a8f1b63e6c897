// DECIMAL arithmetic on scaled integers of 64 or 128 bits (little-endian halves, low first). A result that does not fit its precision
// becomes NULL: its bit in `bits` is cleared. Loops take columns or, by `mode`, a constant (1 right, 2 left). `wide` bits: 1 the left
// operand is 128 bits, 2 the right one is.

/** High half of the product of two unsigned 64-bit integers. */
@inline function multiplyHigh(a: u64, b: u64): u64 {
  const aLow = a & 0xffff_ffff, aHigh = a >> 32;
  const bLow = b & 0xffff_ffff, bHigh = b >> 32;
  const middle = aHigh * bLow + ((aLow * bLow) >> 32);
  return aHigh * bHigh + (middle >> 32) + ((aLow * bHigh + (middle & 0xffff_ffff)) >> 32);
}

@inline function store128(out: usize, low: u64, high: u64): void {
  store<u64>(out, low);
  store<u64>(out, high, 8);
}

@inline function fitsI32(value: i64): bool {
  return <i64><i32>value == value;
}

/** Exact products of 64-bit integers. */
export function multiplyI64Wide(mode: i32, left: usize, right: usize, rows: i32, out: usize): void {
  const leftStep: usize = mode == 2 ? 0 : 8;
  const rightStep: usize = mode == 1 ? 0 : 8;
  for (const end = out + (<usize>rows << 4); out < end; out += 16) {
    const a = load<i64>(left);
    const b = load<i64>(right);
    const low = a * b;
    const high = fitsI32(a) && fitsI32(b) ? low >> 63 : <i64>multiplyHigh(a, b) - (b & (a >> 63)) - (a & (b >> 63));
    store128(out, low, high);
    left += leftStep;
    right += rightStep;
  }
}

@inline function clearBit(bits: usize, row: u32): void {
  const at = bits + (row >> 3);
  store<u8>(at, <u8>(<u32>load<u8>(at) & ~(1 << (row & 7))));
}

@inline function isSet(bits: usize, row: u32): bool {
  return ((<u32>load<u8>(bits + (row >> 3)) >> (row & 7)) & 1) != 0;
}

@inline function highOf(address: usize, wide: bool): i64 {
  return wide ? load<i64>(address, 8) : load<i64>(address) >> 63;
}

/** Stores the magnitude (high:low) with its sign if it is below the limit at `limit`; else returns false. */
@inline function storeWithin(out: usize, low: u64, high: u64, negative: u64, limit: usize): bool {
  const limitHigh = load<u64>(limit, 8);
  if (high > limitHigh || (high == limitHigh && low >= load<u64>(limit))) return false;
  const signedLow = (low ^ negative) - negative;
  store128(out, signedLow, (high ^ negative) + <u64>(negative != 0 && signedLow == 0));
  return true;
}

/** Stores the product of a 128-bit magnitude and a 64-bit one; false when it reaches the limit. */
@inline function storeProduct(out: usize, low: u64, high: u64, by: u64, negative: u64, limit: usize): bool {
  const carried = high == 0 ? 0 : multiplyHigh(high, by);
  const top = multiplyHigh(low, by);
  const productHigh = high * by + top;
  return carried == 0 && productHigh >= top && storeWithin(out, low * by, productHigh, negative, limit);
}

/** Products as 128 bits; `limit` is the address of 10^precision. Returns how many became NULL. */
export function multiplyDecimals(
  mode: i32, left: usize, right: usize, wide: i32, limit: usize, rows: i32, out: usize, bits: usize,
): i32 {
  const leftStep: usize = mode == 2 ? 0 : wide & 1 ? 16 : 8;
  const rightStep: usize = mode == 1 ? 0 : wide & 2 ? 16 : 8;
  // Products of fewer bits than 63 are below any limit of more than 64.
  const hasRoom = load<u64>(limit, 8) != 0;
  let nulls = 0;
  for (let row: u32 = 0; row < <u32>rows; row++, left += leftStep, right += rightStep, out += 16) {
    const a = load<i64>(left);
    const b = load<i64>(right);
    const aHigh = highOf(left, (wide & 1) != 0);
    const bHigh = highOf(right, (wide & 2) != 0);
    if (hasRoom && aHigh == a >> 63 && bHigh == b >> 63 && clz(a ^ aHigh) + clz(b ^ bHigh) >= 66) {
      const product = a * b;
      store128(out, product, product >> 63);
      continue;
    }
    const aSign = <u64>(aHigh >> 63);
    const bSign = <u64>(bHigh >> 63);
    const aLow = (load<u64>(left) ^ aSign) - aSign;
    const bLow = (load<u64>(right) ^ bSign) - bSign;
    const aTop = (<u64>aHigh ^ aSign) + <u64>(aSign != 0 && aLow == 0);
    const bTop = (<u64>bHigh ^ bSign) + <u64>(bSign != 0 && bLow == 0);
    const negative = aSign ^ bSign;
    const fits = bTop == 0
      ? storeProduct(out, aLow, aTop, bLow, negative, limit)
      : aTop == 0 && storeProduct(out, bLow, bTop, aLow, negative, limit);
    if (!fits) {
      store128(out, 0, 0);
      if (isSet(bits, row)) nulls++;
      clearBit(bits, row);
    }
  }
  return nulls;
}

/** Sums (`subtract` 0) or differences of 128-bit integers that cannot leave 128 bits. */
export function addI128(subtract: i32, mode: i32, left: usize, right: usize, rows: i32, out: usize): void {
  const leftStep: usize = mode == 2 ? 0 : 16;
  const rightStep: usize = mode == 1 ? 0 : 16;
  const sign = -<u64>subtract;
  for (const end = out + (<usize>rows << 4); out < end; out += 16) {
    // a - b = a + ~b + 1
    const low = load<u64>(left);
    const sum = low + (load<u64>(right) ^ sign);
    const result = sum + <u64>subtract;
    const carry = <u64>(sum < low) + <u64>(result < sum);
    store128(out, result, load<u64>(left, 8) + (load<u64>(right, 8) ^ sign) + carry);
    left += leftStep;
    right += rightStep;
  }
}

/** NULL for 128-bit integers whose magnitude reaches the limit. Returns how many became NULL. */
export function limitI128(values: usize, limit: usize, rows: i32, bits: usize): i32 {
  const limitLow = load<u64>(limit);
  const limitHigh = load<u64>(limit, 8);
  let nulls = 0;
  for (let row: u32 = 0; row < <u32>rows; row++) {
    const sign = <u64>(load<i64>(values, 8) >> 63);
    const low = (load<u64>(values) ^ sign) - sign;
    const high = (load<u64>(values, 8) ^ sign) + <u64>(sign != 0 && low == 0);
    if (high > limitHigh || (high == limitHigh && low >= limitLow)) {
      if (isSet(bits, row)) nulls++;
      clearBit(bits, row);
    }
    values += 16;
  }
  return nulls;
}

/** NULL for 64-bit integers whose magnitude reaches the limit. */
export function limitI64(values: usize, limit: usize, rows: i32, bits: usize): i32 {
  const bound = load<i64>(limit);
  let nulls = 0;
  for (let row: u32 = 0; row < <u32>rows; row++) {
    const value = load<i64>(values);
    if (value >= bound || value <= -bound) {
      if (isSet(bits, row)) nulls++;
      clearBit(bits, row);
    }
    values += 8;
  }
  return nulls;
}

/** Quotients by the positive integer at `divisor`, rounded half away from zero. */
export function divideRoundI64(source: usize, divisor: usize, rows: i32, out: usize): void {
  const by = load<i64>(divisor);
  for (const end = out + (<usize>rows << 3); out < end; out += 8) {
    const value = load<i64>(source);
    const quotient = value / by;
    const rest = value - quotient * by;
    const magnitude = rest < 0 ? -rest : rest;
    store<i64>(out, magnitude >= by - magnitude ? quotient + (value < 0 ? -1 : 1) : quotient);
    source += 8;
  }
}

/** 128-bit integers as 64 bits. Returns the first row that does not fit and is not NULL (`validity` 0: none is), or -1. */
export function narrowExact(source: usize, validity: usize, rows: i32, out: usize): i32 {
  for (let row: u32 = 0; row < <u32>rows; row++) {
    const low = load<i64>(source);
    if (load<i64>(source, 8) != low >> 63 && (validity == 0 || isSet(validity, row))) return row;
    store<i64>(out, low);
    source += 16;
    out += 8;
  }
  return -1;
}

/** Scaled 64-bit integers as doubles, exactly rounded: both parts of the division are exact. Returns the first row that is too big, or -1. */
export function decimalToF64(source: usize, unit: f64, validity: usize, rows: i32, out: usize): i32 {
  for (let row: u32 = 0; row < <u32>rows; row++) {
    const value = load<i64>(source);
    if (<u64>(value + (<i64>1 << 53)) > (<u64>1 << 54) && (validity == 0 || isSet(validity, row))) return row;
    store<f64>(out, <f64>value / unit);
    source += 8;
    out += 8;
  }
  return -1;
}
