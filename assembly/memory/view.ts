// The 16-byte view of a string or binary value, as kernels read and write it:
//
//     length ≤ 12   | length u32 | bytes, zero-padded to 12           |
//     length > 12   | length u32 | first 4 bytes | 0 u32 | address u32 |

/** Address of the bytes of the view at `view`. */
@inline
export function viewBytes(view: usize): usize {
  return load<u32>(view) <= 12 ? view + 4 : <usize>load<u32>(view, 12);
}

/** Writes the view of `length` bytes at `bytes`, which must stay where they are when longer than 12. Reads up to 16 bytes. */
@inline
export function storeView(view: usize, bytes: usize, length: u32): void {
  if (length > 12) {
    store<u32>(view, length);
    store<u32>(view, load<u32>(bytes), 4);
    store<u32>(view, 0, 8);
    store<u32>(view, <u32>bytes, 12);
  } else {
    storeShortView(view, v128.load(bytes), length);
  }
}

/** The inline view of the first `length` ≤ 12 bytes of `lanes`. */
@inline
export function storeShortView(view: usize, lanes: v128, length: u32): void {
  // Bytes move up by four (lane 0 of the index vector is overwritten by the length); those past the end become zero.
  const index = i8x16(0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
  const moved = i8x16.swizzle(lanes, index);
  const kept = i8x16.lt_u(index, i8x16.splat(<i8>length));
  v128.store(view, i32x4.replace_lane(v128.and(moved, kept), 0, length));
}
