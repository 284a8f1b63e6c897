// Instants to wall-clock times and back, by spans of time in which the difference is the same:
//
//   span   | from i64 | to i64 (not included) | difference i64 |

import { isNull } from "../memory/mask";
import { timeOf } from "./times";

const SPAN_BYTES: usize = 24;

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
    if (isNull(validity, i)) {
      store<i64>(out + (i << 3), 0);
      continue;
    }
    const time = timeOf(times, i, divisor);
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
