// Values of Parquet's PLAIN encoding → columns. Up to 16 bytes behind the data may be read.
import { spread16 } from "../../memory/mask";
import { storeView } from "../../memory/view";

/** Views of `n` texts that stand in a row, each after its u32 length, from `position` on. Where they end; 0: `end` comes before. */
export function parquetTexts(position: usize, end: usize, n: i32, views: usize): usize {
  for (const viewsEnd = views + (<usize>n << 4); views < viewsEnd; views += 16) {
    if (end - position < 4 || position > end) return 0;
    const length = load<u32>(position);
    position += 4;
    if (<usize>length > end - position) return 0;
    storeView(views, position, length);
    position += length;
  }
  return position;
}

/** Views of values of `width` bytes each. */
export function parquetFixedTexts(position: usize, width: u32, n: i32, views: usize): void {
  for (const end = views + (<usize>n << 4); views < end; views += 16) {
    storeView(views, position, width);
    position += width;
  }
}

/** Bits from bit `first` on as bytes of 0 or 1. Writes whole lanes of 16. */
export function parquetBooleans(bits: usize, first: u32, n: i32, out: usize): void {
  for (let i = 0; i < n; i += 16) {
    const bit = first + i;
    v128.store(out + i, spread16((load<u32>(bits + (bit >> 3)) >> (bit & 7)) & 0xffff));
  }
}

/** Signed big-endian integers of `width` bytes, at most 16, as i128. */
export function parquetBigEndian128(source: usize, width: u32, n: i32, out: usize): void {
  for (const end = out + (<usize>n << 4); out < end; out += 16) {
    store<i64>(out, width <= 8 ? short(source, width) : <i64>bswap(load<u64>(source + width - 8)));
    store<i64>(out, width <= 8 ? short(source, width) >> 63 : short(source, width - 8), 8);
    source += width;
  }
}

/** The same as i64; false when one has more bits. */
export function parquetBigEndian64(source: usize, width: u32, n: i32, out: usize): bool {
  let differ: i64 = 0;
  for (const end = out + (<usize>n << 3); out < end; out += 8) {
    const low = width <= 8 ? short(source, width) : <i64>bswap(load<u64>(source + width - 8));
    if (width > 8) differ |= short(source, width - 8) ^ (low >> 63);
    store<i64>(out, low);
    source += width;
  }
  return differ == 0;
}

/** The first `width` bytes, 1 to 8. */
@inline
function short(source: usize, width: u32): i64 {
  return <i64>bswap(load<u64>(source)) >> (64 - (<i64>width << 3));
}

/** i64 times `factor`; false when one overflows. */
export function parquetScale(source: usize, factor: f64, n: i32, out: usize): bool {
  const by = <i64>factor;
  const most = i64.MAX_VALUE / by;
  let isHeld = true;
  for (const end = out + (<usize>n << 3); out < end; out += 8) {
    const value = load<i64>(source);
    isHeld = isHeld && value <= most && value >= -most;
    store<i64>(out, value * by);
    source += 8;
  }
  return isHeld;
}

/** Moves `present` values that stand in a row, in place, to the rows where `mask` is 1; the others become 0. */
@inline
function SPREAD<T>(values: usize, mask: usize, n: i32, present: i32): void {
  let from = values + <usize>present * sizeof<T>();
  for (let row = n - 1; row >= 0; row--) {
    const isPresent = load<u8>(mask + row);
    from -= <usize>isPresent * sizeof<T>();
    const value = load<T>(from);
    store<T>(values + <usize>row * sizeof<T>(), isPresent ? value : <T>0);
  }
}

export function parquetSpread1(values: usize, mask: usize, n: i32, present: i32): void { SPREAD<u8>(values, mask, n, present); }
export function parquetSpread2(values: usize, mask: usize, n: i32, present: i32): void { SPREAD<u16>(values, mask, n, present); }
export function parquetSpread4(values: usize, mask: usize, n: i32, present: i32): void { SPREAD<u32>(values, mask, n, present); }
export function parquetSpread8(values: usize, mask: usize, n: i32, present: i32): void { SPREAD<u64>(values, mask, n, present); }
export function parquetSpread16(values: usize, mask: usize, n: i32, present: i32): void {
  let from = values + (<usize>present << 4);
  for (let row = n - 1; row >= 0; row--) {
    const isPresent = load<u8>(mask + row);
    from -= <usize>isPresent << 4;
    const keep = i8x16.splat(-<i8>isPresent);
    v128.store(values + (<usize>row << 4), v128.and(v128.load(from), keep));
  }
}
