// Times of a column in units of 1/`divisor` ms, as ms.

/** Toward negative infinity; `by` is positive. */
@inline
export function floorDivide(value: i64, by: i64): i64 {
  const quotient = value / by;
  return value % by < 0 ? quotient - 1 : quotient;
}

@inline
export function timeOf(times: usize, i: u32, divisor: i64): i64 {
  const time = load<i64>(times + (i << 3));
  return divisor == 1 ? time : floorDivide(time, divisor);
}

