// Row kinds: +I 0, -U 1, +U 2, -D 3.

/** The numbers of the rows whose kind is not `kind`. Returns how many. */
export function kindsOtherThan(kinds: usize, n: u32, kind: u8, out: usize): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    store<u32>(out + (count << 2), i);
    count += <u32>(load<u8>(kinds + i) != kind);
  }
  return count;
}
