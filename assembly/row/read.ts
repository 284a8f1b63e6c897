// Rows into columns: `offset` of row i becomes value i.

@inline
function GATHER<T>(rows: usize, n: u32, offset: u32, out: usize): void {
  for (let i: u32 = 0; i < n; i++) {
    store<T>(out + (<usize>i) * sizeof<T>(), load<T>(<usize>load<u32>(rows + (i << 2)) + offset));
  }
}

export function rowsRead1(rows: usize, n: u32, offset: u32, out: usize): void { GATHER<u8>(rows, n, offset, out); }
export function rowsRead2(rows: usize, n: u32, offset: u32, out: usize): void { GATHER<u16>(rows, n, offset, out); }
export function rowsRead4(rows: usize, n: u32, offset: u32, out: usize): void { GATHER<u32>(rows, n, offset, out); }
export function rowsRead8(rows: usize, n: u32, offset: u32, out: usize): void { GATHER<u64>(rows, n, offset, out); }
export function rowsRead16(rows: usize, n: u32, offset: u32, out: usize): void { GATHER<v128>(rows, n, offset, out); }

/** Views kept as keys lose their hash, which consumers do not expect. */
export function rowsReadKeyView(rows: usize, n: u32, offset: u32, out: usize): void {
  for (let i: u32 = 0; i < n; i++) {
    const source = <usize>load<u32>(rows + (i << 2)) + offset;
    const target = out + (i << 4);
    store<v128>(target, load<v128>(source));
    if (load<u32>(source) > 12) store<u32>(target, 0, 8);
  }
}

/** Validity bits in whole 8-byte words: valid where `nullMask` is not set in the byte at `nullOffset`. Returns the number of NULLs. */
export function rowsReadValidity(rows: usize, n: u32, nullOffset: u32, nullMask: u8, out: usize): u32 {
  let nulls: u32 = 0;
  for (let i: u32 = 0; i < n; i += 64) {
    const count = min<u32>(64, n - i);
    let bits: u64 = 0;
    for (let j: u32 = 0; j < count; j++) {
      const flags = load<u8>(<usize>load<u32>(rows + ((i + j) << 2)) + nullOffset);
      bits |= <u64>((flags & nullMask) == 0) << j;
    }
    store<u64>(out + (i >> 3), bits);
    nulls += count - <u32>popcnt(bits);
  }
  return nulls;
}
