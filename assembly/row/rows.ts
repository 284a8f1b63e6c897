// Rows of one fixed width, named by their address. Freed rows are reused first, then the open chunk is used up; kernels that need
// a row and get 0 stop and report how far they came, and the caller opens a chunk. The header, shared with
// src/operators/state/row-store.ts, 8-byte aligned:
//
//   | 0 free list u32 | 4 next unused u32 | 8 end of chunk u32 | 12 stride u32 | 16 live rows u32 |
//
// A freed row holds the address of the next one in its first 4 bytes.

/** A row with undefined contents, or 0. */
@inline
export function takeRow(store: usize): usize {
  let row: usize = load<u32>(store);
  if (row != 0) {
    store32(store, load<u32>(row));
  } else {
    row = load<u32>(store, 4);
    const next = row + load<u32>(store, 12);
    if (next > <usize>load<u32>(store, 8)) return 0;
    store32(store + 4, <u32>next);
  }
  store32(store + 16, load<u32>(store, 16) + 1);
  return row;
}

@inline
function store32(address: usize, value: u32): void {
  store<u32>(address, value);
}

@inline
export function giveRow(store: usize, row: usize): void {
  store32(row, load<u32>(store));
  store32(store, <u32>row);
  store32(store + 16, load<u32>(store, 16) - 1);
}

/** Takes rows into `out` from position `from` on; returns the position reached, less than `n` when the chunk is used up. */
export function rowsTake(store: usize, from: u32, n: u32, out: usize): u32 {
  for (let i = from; i < n; i++) {
    const row = takeRow(store);
    if (row == 0) return i;
    store32(out + (i << 2), <u32>row);
  }
  return n;
}

export function rowsGive(store: usize, rows: usize, n: u32): void {
  for (let i: u32 = 0; i < n; i++) giveRow(store, load<u32>(rows + (i << 2)));
}

/** Sets the byte of each address that is not 0. Returns how many are not. */
export function rowsMark(rows: usize, n: u32, marks: usize): u32 {
  let marked: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const isRow = load<u32>(rows + (i << 2)) != 0;
    store<u8>(marks + i, load<u8>(marks + i) | <u8>isRow);
    marked += <u32>isRow;
  }
  return marked;
}

/** The addresses of `n` rows that lie one after the other. */
export function rowsIota(base: usize, stride: u32, n: u32, out: usize): void {
  let rows = i32x4.add(i32x4.splat(<u32>base), i32x4.mul(i32x4.splat(stride), i32x4(0, 1, 2, 3)));
  const step = i32x4.splat(stride << 2);
  let i: u32 = 0;
  for (; i + 4 <= n; i += 4) {
    v128.store(out + (i << 2), rows);
    rows = i32x4.add(rows, step);
  }
  for (; i < n; i++) store<u32>(out + (i << 2), <u32>base + i * stride);
}

/** Zeroes `bytes` (a multiple of 8) bytes at `offset` of each row. */
export function rowsClear(rows: usize, n: u32, offset: u32, bytes: u32): void {
  for (let i: u32 = 0; i < n; i++) {
    const start = <usize>load<u32>(rows + (i << 2)) + offset;
    for (let at: usize = 0; at < bytes; at += 8) store<u64>(start + at, 0);
  }
}
