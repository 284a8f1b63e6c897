// Sorting many rows by their words, which lie 8 bytes behind their start: byte by byte from the last one on, leaving out bytes that all
// rows have alike. Each pass keeps the order of equal ones.
//
//   entry | word u64 | row u32 | 0 |

const WORDS: usize = 8;
const ENTRY: usize = 16;
const BUCKETS: usize = 256;

/** Sorts row addresses. `entries` and `spare` have room for `n` entries, `counts` for 256 × 4 bytes. */
export function radixRows(rows: usize, n: u32, wordCount: u32, entries: usize, spare: usize, counts: usize): void {
  let source = entries;
  let target = spare;
  for (let i: usize = 0; i < <usize>n; i++) store<u64>(source + i * ENTRY, load<u32>(rows + (i << 2)), 8);
  for (let word = wordCount; word-- > 0; ) {
    const differing = read(source, n, WORDS + (<usize>word << 3));
    for (let shift: u64 = 0; shift < 64; shift += 8) {
      if (((differing >> shift) & 0xff) == 0) continue;
      pass(source, n, shift, target, counts);
      const sorted = target;
      target = source;
      source = sorted;
    }
  }
  for (let i: usize = 0; i < <usize>n; i++) store<u32>(rows + (i << 2), load<u32>(source + i * ENTRY, 8));
}

/** Takes the word at `at` of every row into its entry. Returns the bits in which they differ. */
@inline
function read(entries: usize, n: u32, at: usize): u64 {
  let any: u64 = 0;
  let all: u64 = u64.MAX_VALUE;
  for (const end = entries + <usize>n * ENTRY; entries < end; entries += ENTRY) {
    const word = load<u64>(<usize>load<u32>(entries, 8) + at);
    store<u64>(entries, word);
    any |= word;
    all &= word;
  }
  return any & ~all;
}

@inline
function pass(source: usize, n: u32, shift: u64, target: usize, counts: usize): void {
  memory.fill(counts, 0, BUCKETS << 2);
  const end = source + <usize>n * ENTRY;
  for (let entry = source; entry < end; entry += ENTRY) {
    const bucket = counts + (<usize>((load<u64>(entry) >> shift) & 0xff) << 2);
    store<u32>(bucket, load<u32>(bucket) + 1);
  }
  let before: u32 = 0;
  for (let bucket = counts; bucket < counts + (BUCKETS << 2); bucket += 4) {
    const count = load<u32>(bucket);
    store<u32>(bucket, before);
    before += count;
  }
  for (let entry = source; entry < end; entry += ENTRY) {
    const bucket = counts + (<usize>((load<u64>(entry) >> shift) & 0xff) << 2);
    const place = load<u32>(bucket);
    store<u32>(bucket, place + 1);
    store<v128>(target + <usize>place * ENTRY, load<v128>(entry));
  }
}
