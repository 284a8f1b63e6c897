// Instants to wall-clock times and back, by spans of time in which the difference is the same:
//
//   span   | from i64 | to i64 (not included) | difference i64 |

const SPAN_BYTES: usize = 24;

@inline
function floorDivide(value: i64, by: i64): i64 {
  const quotient = value / by;
  return value % by < 0 ? quotient - 1 : quotient;
}

/**
 * Adds to each time, in ms, the difference of its span; NULL times become 0. `times` are in units of 1/`scale` ms. Begins with row
 * `from` and stops before a row of none of the `count` spans. Returns that row, or n.
 */
export function zoneShift(
  times: usize, validity: usize, scale: f64, from: u32, n: u32, spans: usize, count: u32, out: usize,
): u32 {
  const divisor = <i64>scale;
  let low: i64 = 0;
  let high: i64 = 0;
  let difference: i64 = 0;
  for (let i = from; i < n; i++) {
    if (validity != 0 && ((load<u8>(validity + (i >> 3)) >> <u8>(i & 7)) & 1) == 0) {
      store<i64>(out + (i << 3), 0);
      continue;
    }
    let time = load<i64>(times + (i << 3));
    if (divisor != 1) time = floorDivide(time, divisor);
    if (time < low || time >= high) {
      let span: u32 = 0;
      while (span < count) {
        const at = spans + <usize>span * SPAN_BYTES;
        low = load<i64>(at);
        high = load<i64>(at, 8);
        difference = load<i64>(at, 16);
        if (time >= low && time < high) break;
        span++;
      }
      if (span == count) return i;
    }
    store<i64>(out + (i << 3), time + difference);
  }
  return n;
}
