// Watermarks of a batch of rows, and where one row of it lies behind the watermark that the rows before it have made.
//
//   state   | 0 highest time seen i64 | 8 watermark due i64 | 16 watermark sent i64 |

import { isNull } from "../memory/mask";

/**
 * Looks at rows `from`… in order. A row's time is `times` − `delay` (NULL: none); a watermark is due when the highest time has risen
 * by more than `interval` since the last one. Stops before a row whose `rowtimes` value is not after the watermark that is due but
 * not sent, or is the next after it: a session that ends there has fired with the watermark. Returns the row it stopped at, or n.
 */
export function watermarkCut(
  rowtimes: usize, times: usize, validity: usize, delay: f64, interval: f64, state: usize, from: u32, n: u32,
): u32 {
  const late = <i64>delay;
  const step = <i64>interval;
  const sent = load<i64>(state, 16);
  let highest = load<i64>(state);
  let due = load<i64>(state, 8);
  let i = from;
  for (; i < n; i++) {
    if (load<i64>(rowtimes + (i << 3)) <= due + 1 && due > sent) break;
    if (isNull(validity, i)) continue;
    const time = load<i64>(times + (i << 3)) - late;
    if (time <= highest) continue;
    highest = time;
    if (highest - due > step) due = highest;
  }
  store<i64>(state, highest);
  store<i64>(state, due, 8);
  return i;
}
