// + - * / % and the sign on integers (wrapping) and floats. Operands are columns or, by `mode`, one value for all rows:
// 0 both columns, 1 the right one is constant, 2 the left one is. Loops write whole 16-byte lanes.

const ADD = 0;
const SUBTRACT = 1;
const MULTIPLY = 2;
const DIVIDE = 3;

@inline function lanesOf<T>(value: T): v128 {
  return v128.splat<T>(value);
}

@inline function calculate<T>(operator: i32, a: v128, b: v128): v128 {
  if (operator == ADD) return v128.add<T>(a, b);
  if (operator == SUBTRACT) return v128.sub<T>(a, b);
  if (operator == MULTIPLY) {
    if (sizeof<T>() == 1) return multiplyBytes(a, b);
    else return v128.mul<T>(a, b);
  }
  if (isFloat<T>()) return v128.div<T>(a, b);
  return a;
}

@inline function multiplyBytes(a: v128, b: v128): v128 {
  const low = i16x8.extmul_low_i8x16_s(a, b);
  const high = i16x8.extmul_high_i8x16_s(a, b);
  return v128.shuffle<i8>(low, high, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
}

@inline function loop<T>(operator: i32, mode: i32, left: usize, right: usize, rows: i32, out: usize): void {
  const end = out + <usize>rows * sizeof<T>();
  const a = lanesOf<T>(load<T>(left));
  const b = lanesOf<T>(load<T>(right));
  while (out + 32 <= end) {
    v128.store(out, calculate<T>(operator, mode == 2 ? a : v128.load(left), mode == 1 ? b : v128.load(right)));
    v128.store(out, calculate<T>(operator, mode == 2 ? a : v128.load(left, 16), mode == 1 ? b : v128.load(right, 16)), 16);
    left += 32;
    right += 32;
    out += 32;
  }
  while (out < end) {
    v128.store(out, calculate<T>(operator, mode == 2 ? a : v128.load(left), mode == 1 ? b : v128.load(right)));
    left += 16;
    right += 16;
    out += 16;
  }
}

@inline function modes<T>(operator: i32, mode: i32, left: usize, right: usize, rows: i32, out: usize): void {
  if (mode == 0) loop<T>(operator, 0, left, right, rows, out);
  else if (mode == 1) loop<T>(operator, 1, left, right, rows, out);
  else loop<T>(operator, 2, left, right, rows, out);
}

@inline function arithmetic<T>(operator: i32, mode: i32, left: usize, right: usize, rows: i32, out: usize): void {
  if (operator == ADD) modes<T>(ADD, mode, left, right, rows, out);
  else if (operator == SUBTRACT) modes<T>(SUBTRACT, mode, left, right, rows, out);
  else if (operator == MULTIPLY) modes<T>(MULTIPLY, mode, left, right, rows, out);
  else if (isFloat<T>()) modes<T>(DIVIDE, mode, left, right, rows, out);
}

/** `operator`: 0 add, 1 subtract, 2 multiply. */
export function arithmeticI8(operator: i32, mode: i32, left: usize, right: usize, rows: i32, out: usize): void {
  arithmetic<i8>(operator, mode, left, right, rows, out);
}

export function arithmeticI16(operator: i32, mode: i32, left: usize, right: usize, rows: i32, out: usize): void {
  arithmetic<i16>(operator, mode, left, right, rows, out);
}

export function arithmeticI32(operator: i32, mode: i32, left: usize, right: usize, rows: i32, out: usize): void {
  arithmetic<i32>(operator, mode, left, right, rows, out);
}

export function arithmeticI64(operator: i32, mode: i32, left: usize, right: usize, rows: i32, out: usize): void {
  arithmetic<i64>(operator, mode, left, right, rows, out);
}

/** `operator`: as for integers, and 3 divide. */
export function arithmeticF32(operator: i32, mode: i32, left: usize, right: usize, rows: i32, out: usize): void {
  arithmetic<f32>(operator, mode, left, right, rows, out);
}

export function arithmeticF64(operator: i32, mode: i32, left: usize, right: usize, rows: i32, out: usize): void {
  arithmetic<f64>(operator, mode, left, right, rows, out);
}

@inline function quotient<T>(remainder: bool, a: T, b: T): T {
  if (b == -1) return remainder ? 0 : 0 - a;
  if (sizeof<T>() == 8 && ((a | b) >> 31) == 0) {
    // 32-bit division is several times faster, and most values are small.
    return <T>(remainder ? <u32>a % <u32>b : <u32>a / <u32>b);
  }
  return remainder ? a % b : a / b;
}

@inline function divideLoop<T>(remainder: bool, mode: i32, left: usize, right: usize, validity: usize, rows: i32, out: usize): i32 {
  const leftStep: usize = mode == 2 ? 0 : sizeof<T>();
  const rightStep: usize = mode == 1 ? 0 : sizeof<T>();
  for (let row: u32 = 0; row < <u32>rows; row++) {
    const divisor = load<T>(right);
    if (divisor != 0) store<T>(out, quotient<T>(remainder, load<T>(left), divisor));
    else if (validity == 0 || load<u8>(validity + (row >> 3)) & (1 << (row & 7))) return row;
    else store<T>(out, 0);
    left += leftStep;
    right += rightStep;
    out += sizeof<T>();
  }
  return -1;
}

@inline function divide<T>(remainder: i32, mode: i32, left: usize, right: usize, validity: usize, rows: i32, out: usize): i32 {
  return remainder
    ? divideLoop<T>(true, mode, left, right, validity, rows, out)
    : divideLoop<T>(false, mode, left, right, validity, rows, out);
}

/** Quotient, or with `remainder` 1 the remainder with the dividend's sign. Returns the first row divided by zero, or -1. */
export function divideI8(remainder: i32, mode: i32, left: usize, right: usize, validity: usize, rows: i32, out: usize): i32 {
  return divide<i8>(remainder, mode, left, right, validity, rows, out);
}

export function divideI16(remainder: i32, mode: i32, left: usize, right: usize, validity: usize, rows: i32, out: usize): i32 {
  return divide<i16>(remainder, mode, left, right, validity, rows, out);
}

export function divideI32(remainder: i32, mode: i32, left: usize, right: usize, validity: usize, rows: i32, out: usize): i32 {
  return divide<i32>(remainder, mode, left, right, validity, rows, out);
}

export function divideI64(remainder: i32, mode: i32, left: usize, right: usize, validity: usize, rows: i32, out: usize): i32 {
  return divide<i64>(remainder, mode, left, right, validity, rows, out);
}
