// Picks rows of a column by index: one kernel per width, indices are u32 and may repeat.

@inline function TAKE<T>(values: usize, indices: usize, n: u32, out: usize): void {
  const shift: usize = sizeof<T>() == 16 ? 4 : alignof<T>();
  let i = 0;
  for (const end = <i32>n - 3; i < end; i += 4) {
    const a = load<T>(values + (<usize>load<u32>(indices) << shift));
    const b = load<T>(values + (<usize>load<u32>(indices, 4) << shift));
    const c = load<T>(values + (<usize>load<u32>(indices, 8) << shift));
    const d = load<T>(values + (<usize>load<u32>(indices, 12) << shift));
    store<T>(out, a);
    store<T>(out, b, sizeof<T>());
    store<T>(out, c, sizeof<T>() * 2);
    store<T>(out, d, sizeof<T>() * 3);
    indices += 16;
    out += sizeof<T>() * 4;
  }
  for (; i < <i32>n; i++) {
    store<T>(out, load<T>(values + (<usize>load<u32>(indices) << shift)));
    indices += 4;
    out += sizeof<T>();
  }
}

export function take1(values: usize, indices: usize, n: u32, out: usize): void { TAKE<u8>(values, indices, n, out); }
export function take2(values: usize, indices: usize, n: u32, out: usize): void { TAKE<u16>(values, indices, n, out); }
export function take4(values: usize, indices: usize, n: u32, out: usize): void { TAKE<u32>(values, indices, n, out); }
export function take8(values: usize, indices: usize, n: u32, out: usize): void { TAKE<u64>(values, indices, n, out); }
export function take16(values: usize, indices: usize, n: u32, out: usize): void { TAKE<v128>(values, indices, n, out); }

/** Writes the validity bits of the picked rows to whole 8-byte words of `out`; returns how many are NULL. */
export function takeValidity(validity: usize, indices: usize, n: u32, out: usize): u32 {
  let nulls: u32 = 0;
  for (let i: u32 = 0; i < n; i += 64) {
    const count = min<u32>(64, n - i);
    let bits: u64 = 0;
    for (let j: u32 = 0; j < count; j++) {
      const index = load<u32>(indices + ((i + j) << 2));
      bits |= <u64>((load<u8>(validity + (index >> 3)) >> <u8>(index & 7)) & 1) << j;
    }
    store<u64>(out + (i >> 3), bits);
    nulls += count - <u32>popcnt(bits);
  }
  return nulls;
}
