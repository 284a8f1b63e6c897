// Parquet's hybrid of runs and bit-packed values (definition levels, dictionary indexes), read piece by piece. Nothing before the end of the
// data is taken on trust; up to 8 bytes behind it may be read.
import { spread16 } from "../../memory/mask";

// A reader, 24 bytes:
//
//      0 next byte u32 | 4 end u32 | 8 bits per value u32 | 12 values left in the run u32
//     16 value of the run, or bits taken of its packed values u32 | 20 whether the run is packed u32

/** Goes on to the next run that has values; false when there is none. */
function nextRun(reader: usize): bool {
  const bits = load<u32>(reader, 8);
  const end = load<usize>(reader, 4);
  let position = load<usize>(reader);
  if (load<u32>(reader, 20)) position = min(end, position + (load<usize>(reader, 16) >> 3));
  let left: u32 = 0;
  while (left == 0) {
    let header: u64 = 0;
    for (let shift: u64 = 0; ; shift += 7) {
      if (position >= end || shift > 28) return false;
      const byte = load<u8>(position++);
      header |= <u64>(byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    const isPacked = <u32>header & 1;
    store<u32>(reader, isPacked, 20);
    if (isPacked) {
      // The padding of the last group may be missing.
      const most = bits == 0 ? (header >> 1) << 3 : (<u64>(end - position) << 3) / bits;
      left = <u32>min(min((header >> 1) << 3, most), 0x7fff_ffff / max<u64>(bits, 1));
      store<u32>(reader, 0, 16);
    } else {
      const bytes = (<usize>bits + 7) >> 3;
      if (position + bytes > end) return false;
      store<u32>(reader, bytes == 0 ? 0 : load<u32>(position) & (0xffff_ffff >> (32 - (<u32>bytes << 3))), 16);
      position += bytes;
      left = <u32>min<u64>(header >> 1, 0x7fff_ffff);
    }
  }
  store<usize>(reader, position);
  store<u32>(reader, left, 12);
  return true;
}

/** The next `n` values as u32; false when there are not so many, or one is not below `limit`. */
export function parquetIndexes(reader: usize, n: i32, limit: u32, out: usize): bool {
  const bits = load<u32>(reader, 8);
  const mask = bits >= 32 ? 0xffff_ffff : ((<u64>1 << bits) - 1);
  while (n > 0) {
    const left = load<u32>(reader, 12);
    if (left == 0) {
      if (!nextRun(reader)) return false;
      continue;
    }
    const count = min<u32>(left, <u32>n);
    const end = out + (<usize>count << 2);
    let greatest: u32 = 0;
    if (load<u32>(reader, 20)) {
      const bytes = load<usize>(reader);
      let bit = load<u32>(reader, 16);
      for (; out < end; out += 4) {
        const value = <u32>((load<u64>(bytes + (bit >> 3)) >> (bit & 7)) & mask);
        store<u32>(out, value);
        greatest = max(greatest, value);
        bit += bits;
      }
      store<u32>(reader, bit, 16);
    } else {
      greatest = load<u32>(reader, 16);
      const four = i32x4.splat(greatest);
      for (; out < end; out += 16) v128.store(out, four);
      out = end;
    }
    if (greatest >= limit) return false;
    store<u32>(reader, left - count, 12);
    n -= count;
  }
  return true;
}

/** The next `n` values, each 0 or 1, as bytes; how many are 1, or -1 when there are not so many or they are others. Writes 16 more bytes. */
export function parquetLevels(reader: usize, n: i32, out: usize): i32 {
  let ones = 0;
  while (n > 0) {
    const left = load<u32>(reader, 12);
    if (left == 0) {
      if (!nextRun(reader)) return -1;
      continue;
    }
    const count = <i32>min<u32>(left, <u32>n);
    if (load<u32>(reader, 20)) {
      const bytes = load<usize>(reader);
      const first = load<u32>(reader, 16);
      for (let i = 0; i < count; i += 16) {
        const bit = first + i;
        let bits = (load<u32>(bytes + (bit >> 3)) >> (bit & 7)) & 0xffff;
        v128.store(out + i, spread16(bits));
        if (count - i < 16) bits &= (1 << (count - i)) - 1;
        ones += popcnt(bits);
      }
      store<u32>(reader, first + count, 16);
    } else {
      const value = load<u32>(reader, 16);
      if (value > 1) return -1;
      memory.fill(out, <u8>value, count);
      if (value) ones += count;
    }
    store<u32>(reader, left - count, 12);
    out += count;
    n -= count;
  }
  return ones;
}
