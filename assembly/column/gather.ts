// Picks rows of a column by number (gather), puts rows back (scatter), repeats one value (fill). By width in bytes: 1, 2, 4, 8, 16.

@inline function gather<T>(source: usize, rowIds: usize, rows: i32, out: usize): void {
  const shift = alignof<T>();
  let i = 0;
  for (const end = rows - 3; i < end; i += 4) {
    const a = load<T>(source + (<usize>load<u32>(rowIds) << shift));
    const b = load<T>(source + (<usize>load<u32>(rowIds, 4) << shift));
    const c = load<T>(source + (<usize>load<u32>(rowIds, 8) << shift));
    const d = load<T>(source + (<usize>load<u32>(rowIds, 12) << shift));
    store<T>(out, a);
    store<T>(out, b, sizeof<T>());
    store<T>(out, c, sizeof<T>() * 2);
    store<T>(out, d, sizeof<T>() * 3);
    rowIds += 16;
    out += sizeof<T>() * 4;
  }
  for (; i < rows; i++) {
    store<T>(out, load<T>(source + (<usize>load<u32>(rowIds) << shift)));
    rowIds += 4;
    out += sizeof<T>();
  }
}

export function gather1(source: usize, rowIds: usize, rows: i32, out: usize): void {
  gather<u8>(source, rowIds, rows, out);
}

export function gather2(source: usize, rowIds: usize, rows: i32, out: usize): void {
  gather<u16>(source, rowIds, rows, out);
}

export function gather4(source: usize, rowIds: usize, rows: i32, out: usize): void {
  gather<u32>(source, rowIds, rows, out);
}

export function gather8(source: usize, rowIds: usize, rows: i32, out: usize): void {
  gather<u64>(source, rowIds, rows, out);
}

export function gather16(source: usize, rowIds: usize, rows: i32, out: usize): void {
  for (let i = 0; i < rows; i++) {
    v128.store(out, v128.load(source + (<usize>load<u32>(rowIds) << 4)));
    rowIds += 4;
    out += 16;
  }
}

/** Bits of a bitmap by number. Writes whole bytes. */
export function gatherBits(source: usize, rowIds: usize, rows: i32, out: usize): void {
  for (let start = 0; start < rows; start += 8) {
    const count = min(8, rows - start);
    let bits: u32 = 0;
    for (let i = 0; i < count; i++) {
      const row = load<u32>(rowIds);
      bits |= ((<u32>load<u8>(source + (row >> 3)) >> (row & 7)) & 1) << i;
      rowIds += 4;
    }
    store<u8>(out++, <u8>bits);
  }
}

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
