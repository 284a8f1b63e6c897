// = <> < <= > >= on fixed-width values: into a mask (one byte a row, 0 or 1). Operands by `mode`: 0 both
// columns, 1 the right one is constant. `operator`: 0 =, 1 <>, 2 <, 3 <=, 4 >, 5 >=. Floats compare by IEEE: NaN equals nothing.

const EQUAL = 0;
const NOT_EQUAL = 1;
const LESS = 2;
const LESS_EQUAL = 3;
const GREATER = 4;
const GREATER_EQUAL = 5;

@inline function compareLanes<T>(operator: i32, a: v128, b: v128): v128 {
  if (operator == EQUAL) return v128.eq<T>(a, b);
  if (operator == NOT_EQUAL) return v128.ne<T>(a, b);
  if (operator == LESS) return v128.lt<T>(a, b);
  if (operator == LESS_EQUAL) return v128.le<T>(a, b);
  if (operator == GREATER) return v128.gt<T>(a, b);
  return v128.ge<T>(a, b);
}

/** The comparison of 16 / sizeof(T) rows starting `offset` vectors further. */
@inline function lanesAt<T>(operator: i32, mode: i32, left: usize, right: usize, constant: v128, offset: usize): v128 {
  return compareLanes<T>(operator, v128.load(left + offset), mode == 1 ? constant : v128.load(right + offset));
}

/** Sixteen rows as sixteen bytes, each 0 or -1. */
@inline function sixteen<T>(operator: i32, mode: i32, left: usize, right: usize, constant: v128): v128 {
  if (sizeof<T>() == 1) return lanesAt<T>(operator, mode, left, right, constant, 0);
  if (sizeof<T>() == 2) return i8x16.narrow_i16x8_s(
    lanesAt<T>(operator, mode, left, right, constant, 0), lanesAt<T>(operator, mode, left, right, constant, 16));
  if (sizeof<T>() == 4) return i8x16.narrow_i16x8_s(
    i16x8.narrow_i32x4_s(lanesAt<T>(operator, mode, left, right, constant, 0), lanesAt<T>(operator, mode, left, right, constant, 16)),
    i16x8.narrow_i32x4_s(lanesAt<T>(operator, mode, left, right, constant, 32), lanesAt<T>(operator, mode, left, right, constant, 48)));
  return i8x16.narrow_i16x8_s(
    i16x8.narrow_i32x4_s(pair<T>(operator, mode, left, right, constant, 0), pair<T>(operator, mode, left, right, constant, 32)),
    i16x8.narrow_i32x4_s(pair<T>(operator, mode, left, right, constant, 64), pair<T>(operator, mode, left, right, constant, 96)));
}

/** Four rows of 64-bit values as four 32-bit lanes. */
@inline function pair<T>(operator: i32, mode: i32, left: usize, right: usize, constant: v128, offset: usize): v128 {
  return v128.shuffle<i32>(
    lanesAt<T>(operator, mode, left, right, constant, offset),
    lanesAt<T>(operator, mode, left, right, constant, offset + 16), 0, 2, 4, 6);
}

@inline function maskLoop<T>(operator: i32, mode: i32, left: usize, right: usize, rows: i32, out: usize): void {
  const constant = v128.splat<T>(load<T>(right));
  const one = i8x16.splat(1);
  const whole = out + (<usize>rows & ~15);
  const end = out + rows;
  for (; out < whole; out += 16) {
    v128.store(out, v128.and(sixteen<T>(operator, mode, left, right, constant), one));
    left += 16 * sizeof<T>();
    if (mode == 0) right += 16 * sizeof<T>();
  }
  for (; out < end; out++) {
    store<u8>(out, <u8>compareScalar<T>(operator, load<T>(left), load<T>(right)));
    left += sizeof<T>();
    if (mode == 0) right += sizeof<T>();
  }
}

@inline function compareScalar<T>(operator: i32, a: T, b: T): bool {
  if (operator == EQUAL) return a == b;
  if (operator == NOT_EQUAL) return a != b;
  if (operator == LESS) return a < b;
  if (operator == LESS_EQUAL) return a <= b;
  if (operator == GREATER) return a > b;
  return a >= b;
}

@inline function maskModes<T>(operator: i32, mode: i32, left: usize, right: usize, rows: i32, out: usize): void {
  if (mode == 0) maskLoop<T>(operator, 0, left, right, rows, out);
  else maskLoop<T>(operator, 1, left, right, rows, out);
}

@inline function compare<T>(operator: i32, mode: i32, left: usize, right: usize, rows: i32, out: usize): void {
  switch (operator) {
    case EQUAL: return maskModes<T>(EQUAL, mode, left, right, rows, out);
    case NOT_EQUAL: return maskModes<T>(NOT_EQUAL, mode, left, right, rows, out);
    case LESS: return maskModes<T>(LESS, mode, left, right, rows, out);
    case LESS_EQUAL: return maskModes<T>(LESS_EQUAL, mode, left, right, rows, out);
    case GREATER: return maskModes<T>(GREATER, mode, left, right, rows, out);
    default: return maskModes<T>(GREATER_EQUAL, mode, left, right, rows, out);
  }
}

export function compareI8(operator: i32, mode: i32, left: usize, right: usize, rows: i32, out: usize): void {
  compare<i8>(operator, mode, left, right, rows, out);
}

export function compareI16(operator: i32, mode: i32, left: usize, right: usize, rows: i32, out: usize): void {
  compare<i16>(operator, mode, left, right, rows, out);
}

export function compareI32(operator: i32, mode: i32, left: usize, right: usize, rows: i32, out: usize): void {
  compare<i32>(operator, mode, left, right, rows, out);
}

export function compareI64(operator: i32, mode: i32, left: usize, right: usize, rows: i32, out: usize): void {
  compare<i64>(operator, mode, left, right, rows, out);
}

export function compareF32(operator: i32, mode: i32, left: usize, right: usize, rows: i32, out: usize): void {
  compare<f32>(operator, mode, left, right, rows, out);
}

export function compareF64(operator: i32, mode: i32, left: usize, right: usize, rows: i32, out: usize): void {
  compare<f64>(operator, mode, left, right, rows, out);
}
