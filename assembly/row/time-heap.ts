// Rows by time, the earliest first. Times mostly come in order: such entries form a run, a ring that grows at one end and shrinks at the
// other; those that come after a later one go into a binary heap. src/operators/state/time-heap.ts makes room in both.
//
//   header | 0 entries of the heap u32 | 4 how many u32 | 8 ring u32 | 12 first of the run u32 | 16 how many u32 | 20 entries of the ring − 1 u32 |
//          | 24 last time of the run i64 |
//   entry  | time i64 | row u32 | 0 |

@inline
function inHeap(heap: usize): u32 { return load<u32>(heap, 4); }
@inline
function inRun(heap: usize): u32 { return load<u32>(heap, 16); }
@inline
function runEntry(heap: usize, place: u32): usize {
  return <usize>load<u32>(heap, 8) + (<usize>((load<u32>(heap, 12) + place) & load<u32>(heap, 20)) << 4);
}
@inline
function put(at: usize, time: i64, row: usize): void {
  store<i64>(at, time);
  store<u64>(at, <u64>row, 8);
}

@inline
export function count(heap: usize): u32 { return inHeap(heap) + inRun(heap); }

@inline
function isRunFirst(heap: usize): bool {
  if (inRun(heap) == 0) return false;
  return inHeap(heap) == 0 || load<i64>(runEntry(heap, 0)) <= load<i64>(<usize>load<u32>(heap));
}

/** The first of at least one. */
@inline
function first(heap: usize): usize { return isRunFirst(heap) ? runEntry(heap, 0) : <usize>load<u32>(heap); }
@inline
export function firstTime(heap: usize): i64 { return load<i64>(first(heap)); }
@inline
export function firstRow(heap: usize): usize { return load<u32>(first(heap), 8); }

export function push(heap: usize, time: i64, row: usize): void {
  const run = inRun(heap);
  if (run != 0 && time < load<i64>(heap, 24)) {
    rise(heap, time, row);
    return;
  }
  put(runEntry(heap, run), time, row);
  store<u32>(heap, run + 1, 16);
  store<i64>(heap, time, 24);
}

function rise(heap: usize, time: i64, row: usize): void {
  const entries: usize = load<u32>(heap);
  let at = inHeap(heap);
  store<u32>(heap, at + 1, 4);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = entries + (<usize>parent << 4);
    if (load<i64>(above) <= time) break;
    store<v128>(entries + (<usize>at << 4), load<v128>(above));
    at = parent;
  }
  put(entries + (<usize>at << 4), time, row);
}

/** Puts an entry in place of the heap's first, among `among`. */
function sink(heap: usize, time: i64, row: usize, among: u32): void {
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
  put(entries + (<usize>at << 4), time, row);
}

@inline
function leaveRun(heap: usize): void {
  store<u32>(heap, (load<u32>(heap, 12) + 1) & load<u32>(heap, 20), 12);
  store<u32>(heap, inRun(heap) - 1, 16);
}

/** Puts an entry in place of the first. */
export function replaceFirst(heap: usize, time: i64, row: usize): void {
  if (isRunFirst(heap)) {
    leaveRun(heap);
    push(heap, time, row);
  } else sink(heap, time, row, inHeap(heap));
}

export function pop(heap: usize): void {
  if (isRunFirst(heap)) {
    leaveRun(heap);
    return;
  }
  const left = inHeap(heap) - 1;
  store<u32>(heap, left, 4);
  if (left == 0) return;
  const last = <usize>load<u32>(heap) + (<usize>left << 4);
  sink(heap, load<i64>(last), load<u32>(last, 8), left);
}

/** All entries, in no order. */
export function readAll(heap: usize, times: usize, rows: usize): void {
  for (let i: u32 = 0, n = count(heap), run = inRun(heap); i < n; i++) {
    const at = i < run ? runEntry(heap, i) : <usize>load<u32>(heap) + (<usize>(i - run) << 4);
    store<i64>(times + (<usize>i << 3), load<i64>(at));
    store<u32>(rows + (<usize>i << 2), load<u32>(at, 8));
  }
}
