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

/** The texts +I, -U, +U, -D as views, for each of `n` kinds (0: all +I). */
export function kindsToViews(kinds: usize, n: u32, views: usize): void {
  for (let i: u32 = 0; i < n; i++) {
    const kind = kinds == 0 ? 0 : load<u8>(kinds + i);
    const sign: u64 = kind == 0 || kind == 2 ? 0x2b : 0x2d;
    const letter: u64 = kind == 0 ? 0x49 : kind == 3 ? 0x44 : 0x55;
    store<u64>(views, 2 | (sign << 32) | (letter << 40));
    store<u64>(views, 0, 8);
    views += 16;
  }
}

/** The kinds that texts name. Returns the number of the first row whose text names none, or `n`. */
export function kindsOfViews(views: usize, n: u32, kinds: usize): u32 {
  for (let i: u32 = 0; i < n; i++) {
    const text = load<u64>(views);
    let kind: u8 = 0;
    if (text == 0x492b_0000_0002) kind = 0;
    else if (text == 0x552d_0000_0002) kind = 1;
    else if (text == 0x552b_0000_0002) kind = 2;
    else if (text == 0x442d_0000_0002) kind = 3;
    else return i;
    store<u8>(kinds + i, kind);
    views += 16;
  }
  return n;
}
