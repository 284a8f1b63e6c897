// What a row counts for in an aggregate: one i8 per row, +1 added, −1 taken back, 0 not counted. Kernels of this folder take the
// address of such a column, or 0 when all rows count +1.

@inline
function bitOf(validity: usize, i: u32): i8 {
  return <i8>((load<u8>(validity + (i >> 3)) >> <u8>(i & 7)) & 1);
}

/** From row kinds (0: all +I): -U and -D are 1 and 3. */
export function weightsOfKinds(kinds: usize, n: u32, out: usize): void {
  if (kinds == 0) memory.fill(out, 1, n);
  else for (let i: u32 = 0; i < n; i++) store<i8>(out + i, 1 - ((load<i8>(kinds + i) & 1) << 1));
}

/** Zeroes the weights of NULL rows. */
export function weightsOfValid(validity: usize, n: u32, weights: usize): void {
  for (let i: u32 = 0; i < n; i++) store<i8>(weights + i, load<i8>(weights + i) * bitOf(validity, i));
}

/** Zeroes the weights of rows for which the BOOLEAN column is not TRUE. */
export function weightsOfFilter(values: usize, validity: usize, n: u32, weights: usize): void {
  for (let i: u32 = 0; i < n; i++) {
    const isTrue: i8 = load<i8>(values + i) & (validity == 0 ? 1 : bitOf(validity, i));
    store<i8>(weights + i, load<i8>(weights + i) * isTrue);
  }
}
