// AVG from a group row's total and count. A count of 0 writes 0; the caller marks it NULL.

@inline
function AVERAGE<S, R>(rows: usize, n: u32, sumOffset: u32, countOffset: u32, out: usize): void {
  for (let i: u32 = 0; i < n; i++) {
    const row: usize = load<u32>(rows + (i << 2));
    const count = load<i64>(row + countOffset);
    let result: R = <R>0;
    if (count != 0) result = <R>(load<S>(row + sumOffset) / <S>count);
    store<R>(out + (<usize>i) * sizeof<R>(), result);
  }
}

export function averageI8(rows: usize, n: u32, sumOffset: u32, countOffset: u32, out: usize): void { AVERAGE<i64, i8>(rows, n, sumOffset, countOffset, out); }
export function averageI16(rows: usize, n: u32, sumOffset: u32, countOffset: u32, out: usize): void { AVERAGE<i64, i16>(rows, n, sumOffset, countOffset, out); }
export function averageI32(rows: usize, n: u32, sumOffset: u32, countOffset: u32, out: usize): void { AVERAGE<i64, i32>(rows, n, sumOffset, countOffset, out); }
export function averageI64(rows: usize, n: u32, sumOffset: u32, countOffset: u32, out: usize): void { AVERAGE<i64, i64>(rows, n, sumOffset, countOffset, out); }
export function averageF32(rows: usize, n: u32, sumOffset: u32, countOffset: u32, out: usize): void { AVERAGE<f64, f32>(rows, n, sumOffset, countOffset, out); }
export function averageF64(rows: usize, n: u32, sumOffset: u32, countOffset: u32, out: usize): void { AVERAGE<f64, f64>(rows, n, sumOffset, countOffset, out); }

/**
 * i128 totals: `digits` more decimal places in the result, which is rounded half up (away from zero). Counts are below 2^31.
 * Of a total or a result of more than 38 digits it makes the greatest i128, which has more, too.
 */
export function averageI128(rows: usize, n: u32, sumOffset: u32, countOffset: u32, digits: u32, out: usize): void {
  for (let i: u32 = 0; i < n; i++) {
    const row: usize = load<u32>(rows + (i << 2));
    divideDecimal(row + sumOffset, load<u64>(row + countOffset), digits, out + (i << 4));
  }
}

// 10^38, and the upper half of 10^37: ten times a number with a greater upper half has more than 38 digits.
const TEN_38_HIGH: u64 = 0x4b3b4ca85a86c47a;
const TEN_38_LOW: u64 = 0x098a224000000000;
const TEN_37_HIGH: u64 = 0x0785ee10d5da46d9;

function divideDecimal(total: usize, count: u64, digits: u32, out: usize): void {
  let low = load<u64>(total);
  let high = load<u64>(total, 8);
  const negative = <i64>high < 0;
  if (negative) {
    high = ~high + <u64>(low == 0);
    low = 0 - low;
  }
  if (count == 0) {
    low = 0;
    high = 0;
  } else if (high > TEN_38_HIGH || (high == TEN_38_HIGH && low >= TEN_38_LOW)) {
    low = u64.MAX_VALUE;
    high = <u64>i64.MAX_VALUE;
  } else {
    // Long division by 32-bit digits, then one decimal place at a time.
    let rest: u64 = high % count;
    high /= count;
    const upper = (rest << 32) | (low >> 32);
    rest = upper % count;
    const lower = (rest << 32) | (low & 0xffffffff);
    rest = lower % count;
    low = ((upper / count) << 32) + lower / count;
    for (let digit: u32 = 0; digit < digits; digit++) {
      if (high > TEN_37_HIGH) {
        low = u64.MAX_VALUE;
        high = <u64>i64.MAX_VALUE;
        rest = 0;
        break;
      }
      rest *= 10;
      const lowTimes = (low & 0xffffffff) * 10;
      const highTimes = (low >> 32) * 10 + (lowTimes >> 32);
      low = (highTimes << 32) | (lowTimes & 0xffffffff);
      high = high * 10 + (highTimes >> 32);
      const sum = low + rest / count;
      high += <u64>(sum < low);
      low = sum;
      rest %= count;
    }
    if (rest * 2 >= count) {
      low++;
      high += <u64>(low == 0);
    }
  }
  if (negative) {
    high = ~high + <u64>(low == 0);
    low = 0 - low;
  }
  store<u64>(out, low);
  store<u64>(out, high, 8);
}
