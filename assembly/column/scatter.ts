// Puts rows into a column by number (scatter), repeats one value (fill). By width in bytes: 1, 2, 4, 8, 16.

// `constant` 1: `source` holds one value for all rows.
@inline function scatter<T>(source: usize, constant: i32, rowIds: usize, rows: i32, out: usize): void {
  const step: usize = constant ? 0 : sizeof<T>();
  for (let i = 0; i < rows; i++) {
    store<T>(out + (<usize>load<u32>(rowIds) << alignof<T>()), load<T>(source));
    source += step;
    rowIds += 4;
  }
}

export function scatter1(source: usize, constant: i32, rowIds: usize, rows: i32, out: usize): void {
  scatter<u8>(source, constant, rowIds, rows, out);
}

export function scatter2(source: usize, constant: i32, rowIds: usize, rows: i32, out: usize): void {
  scatter<u16>(source, constant, rowIds, rows, out);
}

export function scatter4(source: usize, constant: i32, rowIds: usize, rows: i32, out: usize): void {
  scatter<u32>(source, constant, rowIds, rows, out);
}

export function scatter8(source: usize, constant: i32, rowIds: usize, rows: i32, out: usize): void {
  scatter<u64>(source, constant, rowIds, rows, out);
}

export function scatter16(source: usize, constant: i32, rowIds: usize, rows: i32, out: usize): void {
  const step: usize = constant ? 0 : 16;
  for (let i = 0; i < rows; i++) {
    v128.store(out + (<usize>load<u32>(rowIds) << 4), v128.load(source));
    source += step;
    rowIds += 4;
  }
}

/** Sets the bits of the given rows to those of `source` in order; `source` 0: to 1. Other bits stay. */
export function scatterBits(source: usize, rowIds: usize, rows: i32, out: usize): void {
  for (let i: u32 = 0; i < <u32>rows; i++) {
    const row = load<u32>(rowIds);
    const at = out + (row >> 3);
    const bit: u32 = source == 0 ? 1 : (<u32>load<u8>(source + (i >> 3)) >> (i & 7)) & 1;
    store<u8>(at, <u8>((<u32>load<u8>(at) & ~(1 << (row & 7))) | (bit << (row & 7))));
    rowIds += 4;
  }
}

/** Repeats the value of `width` bytes at `value`. Writes whole 16-byte lanes. */
export function fillValue(value: usize, width: i32, rows: i32, out: usize): void {
  const lanes = width == 1 ? i8x16.splat(load<i8>(value))
    : width == 2 ? i16x8.splat(load<i16>(value))
    : width == 4 ? i32x4.splat(load<i32>(value))
    : width == 8 ? i64x2.splat(load<i64>(value))
    : v128.load(value);
  for (const end = out + <usize>rows * width; out < end; out += 16) v128.store(out, lanes);
}
