// Rows by time, the earliest first: a binary heap that src/operators/state/time-heap.ts makes room in.
//
//   heap | 0 entries u32 | 4 count u32 |              entries: | time i64 | row u32 | 0 |

@inline
export function count(heap: usize): u32 { return load<u32>(heap, 4); }
@inline
export function firstTime(heap: usize): i64 { return load<i64>(<usize>load<u32>(heap)); }
@inline
export function firstRow(heap: usize): usize { return load<u32>(<usize>load<u32>(heap), 8); }

export function push(heap: usize, time: i64, row: usize): void {
  const entries: usize = load<u32>(heap);
  let at = load<u32>(heap, 4);
  store<u32>(heap, at + 1, 4);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = entries + (<usize>parent << 4);
    if (load<i64>(above) <= time) break;
    store<v128>(entries + (<usize>at << 4), load<v128>(above));
    at = parent;
  }
  store<i64>(entries + (<usize>at << 4), time);
  store<u32>(entries + (<usize>at << 4), <u32>row, 8);
}

/** Puts an entry in place of the first one, among `among`. */
export function sink(heap: usize, time: i64, row: usize, among: u32): void {
  const entries: usize = load<u32>(heap);
  let at: u32 = 0;
  while (true) {
    let child: u32 = (at << 1) + 1;
    if (child >= among) break;
    let from = entries + (<usize>child << 4);
    if (child + 1 < among && load<i64>(from, 16) < load<i64>(from)) {
      child++;
      from += 16;
    }
    if (load<i64>(from) >= time) break;
    store<v128>(entries + (<usize>at << 4), load<v128>(from));
    at = child;
  }
  store<i64>(entries + (<usize>at << 4), time);
  store<u32>(entries + (<usize>at << 4), <u32>row, 8);
}

export function pop(heap: usize): void {
  const left = count(heap) - 1;
  store<u32>(heap, left, 4);
  if (left == 0) return;
  const last = <usize>load<u32>(heap) + (<usize>left << 4);
  sink(heap, load<i64>(last), load<u32>(last, 8), left);
}
