// Columns into rows: value i goes to `offset` of row i. A NULL writes zero and sets its bit `nullMask` in the byte at `nullOffset`;
// the null bytes were zeroed before. Zero is what makes equal keys equal bytes.

import { hashLongView } from "./views";

@inline
function isNull(validity: usize, i: u32): bool {
  return ((load<u8>(validity + (i >> 3)) >> <u8>(i & 7)) & 1) == 0;
}

@inline
function markNull(row: usize, nullOffset: u32, nullMask: u8): void {
  const at = row + nullOffset;
  store<u8>(at, load<u8>(at) | nullMask);
}

@inline
function SCATTER<T>(values: usize, validity: usize, n: u32, rows: usize, offset: u32, nullOffset: u32, nullMask: u8): void {
  if (validity == 0) {
    for (let i: u32 = 0; i < n; i++) {
      store<T>(<usize>load<u32>(rows + (i << 2)) + offset, load<T>(values + (<usize>i) * sizeof<T>()));
    }
    return;
  }
  for (let i: u32 = 0; i < n; i++) {
    const row: usize = load<u32>(rows + (i << 2));
    if (isNull(validity, i)) {
      memory.fill(row + offset, 0, sizeof<T>());
      markNull(row, nullOffset, nullMask);
    } else {
      store<T>(row + offset, load<T>(values + (<usize>i) * sizeof<T>()));
    }
  }
}

export function rowsWrite1(values: usize, validity: usize, n: u32, rows: usize, offset: u32, nullOffset: u32, nullMask: u8): void {
  SCATTER<u8>(values, validity, n, rows, offset, nullOffset, nullMask);
}
export function rowsWrite2(values: usize, validity: usize, n: u32, rows: usize, offset: u32, nullOffset: u32, nullMask: u8): void {
  SCATTER<u16>(values, validity, n, rows, offset, nullOffset, nullMask);
}
export function rowsWrite4(values: usize, validity: usize, n: u32, rows: usize, offset: u32, nullOffset: u32, nullMask: u8): void {
  SCATTER<u32>(values, validity, n, rows, offset, nullOffset, nullMask);
}
export function rowsWrite8(values: usize, validity: usize, n: u32, rows: usize, offset: u32, nullOffset: u32, nullMask: u8): void {
  SCATTER<u64>(values, validity, n, rows, offset, nullOffset, nullMask);
}
export function rowsWrite16(values: usize, validity: usize, n: u32, rows: usize, offset: u32, nullOffset: u32, nullMask: u8): void {
  SCATTER<v128>(values, validity, n, rows, offset, nullOffset, nullMask);
}

/** Key columns of FLOAT and DOUBLE: -0 is stored as 0 and every NaN as the same one. */
@inline
export function canonical<T>(value: T): T {
  return value == <T>0 ? <T>0 : value == value ? value : <T>NaN;
}

@inline
function SCATTER_FLOAT<T>(values: usize, validity: usize, n: u32, rows: usize, offset: u32, nullOffset: u32, nullMask: u8): void {
  for (let i: u32 = 0; i < n; i++) {
    const row: usize = load<u32>(rows + (i << 2));
    if (validity != 0 && isNull(validity, i)) {
      store<T>(row + offset, <T>0);
      markNull(row, nullOffset, nullMask);
    } else {
      store<T>(row + offset, canonical<T>(load<T>(values + (<usize>i) * sizeof<T>())));
    }
  }
}

export function rowsWriteKeyF32(values: usize, validity: usize, n: u32, rows: usize, offset: u32, nullOffset: u32, nullMask: u8): void {
  SCATTER_FLOAT<f32>(values, validity, n, rows, offset, nullOffset, nullMask);
}
export function rowsWriteKeyF64(values: usize, validity: usize, n: u32, rows: usize, offset: u32, nullOffset: u32, nullMask: u8): void {
  SCATTER_FLOAT<f64>(values, validity, n, rows, offset, nullOffset, nullMask);
}

/** Key columns of views: a long view gets the hash of its bytes in its third word, see views.ts. */
export function rowsWriteKeyView(values: usize, validity: usize, n: u32, rows: usize, offset: u32, nullOffset: u32, nullMask: u8): void {
  for (let i: u32 = 0; i < n; i++) {
    const row: usize = load<u32>(rows + (i << 2));
    const target = row + offset;
    if (validity != 0 && isNull(validity, i)) {
      store<u64>(target, 0);
      store<u64>(target, 0, 8);
      markNull(row, nullOffset, nullMask);
      continue;
    }
    const source = values + (i << 4);
    store<v128>(target, load<v128>(source));
    if (load<u32>(source) > 12) store<u32>(target, hashLongView(source), 8);
  }
}
