// Which integer keys a side of a join has, as one bit per value of their range: most rows of the other side are turned away by a bit that is
// in the cache, before they are looked up in the table of slots.
//
//   range  | least i64 | greatest i64 |        bit k: the value least + k is a key

/** Sets the bits of some keys, which are in the range. */
@inline
function SET<T>(values: usize, n: u32, range: usize, bits: usize): void {
  const least = load<i64>(range);
  for (let i: u32 = 0; i < n; i++) {
    const bit = <usize>(<i64>load<T>(values + (<usize>i) * sizeof<T>()) - least);
    const at = bits + (bit >> 3);
    store<u8>(at, load<u8>(at) | (1 << (<u8>bit & 7)));
  }
}

export function keyBitsSetI32(values: usize, n: u32, range: usize, bits: usize): void { SET<i32>(values, n, range, bits); }
export function keyBitsSetI64(values: usize, n: u32, range: usize, bits: usize): void { SET<i64>(values, n, range, bits); }

/** Those of some rows whose keys have a bit. Returns how many. */
@inline
function NARROW<T>(values: usize, rowIds: usize, n: u32, range: usize, bits: usize, out: usize): u32 {
  const least = load<i64>(range);
  const span = <u64>(load<i64>(range, 8) - least);
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const row = load<u32>(rowIds + (i << 2));
    const bit = <u64>(<i64>load<T>(values + (<usize>row) * sizeof<T>()) - least);
    const inside = <u32>(bit <= span);
    const at = select<usize>(<usize>bit, 0, inside != 0);
    store<u32>(out + (count << 2), row);
    count += (<u32>load<u8>(bits + (at >> 3)) >> (<u32>at & 7)) & inside;
  }
  return count;
}

export function keyBitsNarrowI32(values: usize, rowIds: usize, n: u32, range: usize, bits: usize, out: usize): u32 {
  return NARROW<i32>(values, rowIds, n, range, bits, out);
}
export function keyBitsNarrowI64(values: usize, rowIds: usize, n: u32, range: usize, bits: usize, out: usize): u32 {
  return NARROW<i64>(values, rowIds, n, range, bits, out);
}

/** Numbers of the rows whose keys have a bit, or of those whose keys have none. Returns how many. */
@inline
function SELECT<T>(values: usize, n: u32, range: usize, bits: usize, wanted: bool, out: usize): u32 {
  const least = load<i64>(range);
  const span = <u64>(load<i64>(range, 8) - least);
  const other = <u32>!wanted;
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const bit = <u64>(<i64>load<T>(values + (<usize>i) * sizeof<T>()) - least);
    const inside = <u32>(bit <= span);
    const at = select<usize>(<usize>bit, 0, inside != 0);
    store<u32>(out + (count << 2), i);
    count += ((<u32>load<u8>(bits + (at >> 3)) >> (<u32>at & 7)) & inside) ^ other;
  }
  return count;
}

export function keyBitsSelectI32(values: usize, n: u32, range: usize, bits: usize, wanted: bool, out: usize): u32 {
  return SELECT<i32>(values, n, range, bits, wanted, out);
}
export function keyBitsSelectI64(values: usize, n: u32, range: usize, bits: usize, wanted: bool, out: usize): u32 {
  return SELECT<i64>(values, n, range, bits, wanted, out);
}
