// Integer keys whose values lie close together: an array over their range beside an index by one integer that is never NULL
// (fixed.ts), which has the row of each key where the index has one. Nothing is hashed or compared.
//
//   near    | least key i64 | values in the range u64 | row address u32 per value (0: none) | 0 u32, for the values of no place |

const CELLS: usize = 16;

/** The row of each key, 0 where the array has none. Returns how many it has not. */
@inline
function FIND<T>(near: usize, values: usize, n: u32, rows: usize): u32 {
  const least = load<i64>(near);
  const span = load<u64>(near, 8);
  let missing: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const place = <u64>(<i64>load<T>(values + (<usize>i) * sizeof<T>()) - least);
    const row = load<u32>(near + (<usize>select<u64>(place, span, place < span) << 2), CELLS);
    store<u32>(rows + (i << 2), row);
    missing += <u32>(row == 0);
  }
  return missing;
}

export function nearFindI32(near: usize, values: usize, n: u32, rows: usize): u32 { return FIND<i32>(near, values, n, rows); }
export function nearFindI64(near: usize, values: usize, n: u32, rows: usize): u32 { return FIND<i64>(near, values, n, rows); }

/** Enters rows of the index, or takes them out. Those whose keys are not in the range are passed by. */
export function nearSet(near: usize, rows: usize, n: u32, enters: bool): void {
  const least = load<i64>(near);
  const span = load<u64>(near, 8);
  for (let i: u32 = 0; i < n; i++) {
    const row = load<u32>(rows + (i << 2));
    const place = <u64>(load<i64>(row) - least);
    if (place < span) store<u32>(near + (<usize>place << 2), enters ? row : 0, CELLS);
  }
}
