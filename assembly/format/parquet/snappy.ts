// Snappy: bytes as literals and copies of what came at most 64 KiB before. Blocks are read and written up to 16 bytes past their end.

/** Decompresses the elements (what follows the length) to exactly `size` bytes; false when they are not that. */
export function parquetUnsnap(source: usize, bytes: u32, out: usize, size: u32): bool {
  const sourceEnd = source + bytes;
  const outStart = out;
  const outEnd = out + size;
  while (source < sourceEnd) {
    const tag = load<u8>(source++);
    const kind = tag & 3;
    let length: u32 = <u32>tag >> 2;
    if (kind == 0) {
      if (length >= 60) {
        const extra = length - 59;
        if (source + extra > sourceEnd) return false;
        length = load<u32>(source) & (0xffff_ffff >> (32 - (extra << 3)));
        source += extra;
        if (length == 0xffff_ffff) return false;
      }
      length++;
      if (length > <u32>(sourceEnd - source) || length > <u32>(outEnd - out)) return false;
      copyAhead(out, source, length);
      source += length;
      out += length;
      continue;
    }
    let offset: u32;
    if (kind == 1) {
      if (source + 1 > sourceEnd) return false;
      length = (length & 7) + 4;
      offset = ((<u32>tag & 0xe0) << 3) | load<u8>(source);
      source += 1;
    } else {
      const width: u32 = kind == 2 ? 2 : 4;
      if (source + width > sourceEnd) return false;
      length++;
      offset = kind == 2 ? load<u16>(source) : load<u32>(source);
      source += width;
    }
    if (offset == 0 || offset > <u32>(out - outStart) || length > <u32>(outEnd - out)) return false;
    if (offset >= 16) copyAhead(out, out - offset, length);
    else repeat(out, offset, length);
    out += length;
  }
  return out == outEnd;
}

/** Copies in steps of 16 bytes. */
@inline
function copyAhead(out: usize, source: usize, length: u32): void {
  v128.store(out, v128.load(source));
  if (length > 16) {
    v128.store(out, v128.load(source, 16), 16);
    for (let at: usize = 32; at < <usize>length; at += 16) v128.store(out + at, v128.load(source + at));
  }
}

/** Writes the `offset` < 16 bytes before `out` again and again. */
function repeat(out: usize, offset: u32, length: u32): void {
  if (offset == 1) {
    memory.fill(out, load<u8>(out - 1), length);
    return;
  }
  if (offset >= 8) {
    for (let at: usize = 0; at < <usize>length; at += 8) store<u64>(out + at, load<u64>(out + at - offset));
    return;
  }
  for (const end = out + length; out < end; out++) store<u8>(out, load<u8>(out - offset));
}

const HASH_BITS: u32 = 14;

/** Bytes of the table that compression works with. */
export function parquetSnapTableBytes(): u32 {
  return 4 << HASH_BITS;
}

@inline
function slotOf(table: usize, word: u32): usize {
  return table + (<usize>((word * 0x1e35_a7bd) >> (32 - HASH_BITS)) << 2);
}

/**
 * Compresses `bytes` bytes, their length first, as Snappy's own compressor does: the farther nothing has been found, the larger the steps.
 * Needs room for 7/6 of them and 48 more; returns the end.
 */
export function parquetSnap(source: usize, bytes: u32, table: usize, out: usize): usize {
  for (let left = bytes; ; left >>= 7) {
    store<u8>(out++, left >= 0x80 ? <u8>(left | 0x80) : <u8>left);
    if (left < 0x80) break;
  }
  memory.fill(table, 0, 4 << HASH_BITS);
  const end = source + bytes;
  let written = source;
  if (bytes >= 16) {
    // Positions in the table are counted from `base`, so that 0 is none.
    const base = source - 1;
    const last = end - 15;
    let at = source + 1;
    let skip: u32 = 32;
    while (at < last) {
      const word = load<u32>(at);
      const slot = slotOf(table, word);
      const candidate = base + load<u32>(slot);
      store<u32>(slot, <u32>(at - base));
      if (candidate == base || at - candidate > 0xffff || load<u32>(candidate) != word) {
        at += skip++ >> 5;
        continue;
      }
      skip = 32;
      const length = 4 + sameBytes(candidate + 4, at + 4, end);
      if (at > written) out = literal(out, written, <u32>(at - written));
      out = copies(out, <u32>(at - candidate), length);
      at += length;
      written = at;
      if (at < last) store<u32>(slotOf(table, load<u32>(at - 1)), <u32>(at - 1 - base));
    }
  }
  return written < end ? literal(out, written, <u32>(end - written)) : out;
}

/** How many bytes from `left` and `right` < `end` on are equal. */
@inline
function sameBytes(left: usize, right: usize, end: usize): u32 {
  const start = right;
  while (right + 8 <= end) {
    const differ = load<u64>(left) ^ load<u64>(right);
    if (differ != 0) return <u32>(right - start) + <u32>(ctz(differ) >> 3);
    left += 8;
    right += 8;
  }
  while (right < end && load<u8>(left) == load<u8>(right)) {
    left++;
    right++;
  }
  return <u32>(right - start);
}

function literal(out: usize, source: usize, length: u32): usize {
  const n = length - 1;
  if (n < 60) {
    store<u8>(out++, <u8>(n << 2));
  } else {
    const width = n < 0x100 ? 1 : n < 0x1_0000 ? 2 : n < 0x100_0000 ? 3 : 4;
    store<u8>(out, <u8>((59 + width) << 2));
    store<u32>(out, n, 1);
    out += 1 + width;
  }
  if (length <= 256) copyAhead(out, source, length);
  else memory.copy(out, source, length);
  return out + length;
}

function copies(out: usize, offset: u32, length: u32): usize {
  while (length >= 68) {
    out = copy(out, offset, 64);
    length -= 64;
  }
  if (length > 64) {
    out = copy(out, offset, 60);
    length -= 60;
  }
  if (length >= 12 || offset >= 2048) return copy(out, offset, length);
  store<u8>(out, <u8>(1 | ((length - 4) << 2) | ((offset >> 8) << 5)));
  store<u8>(out, <u8>offset, 1);
  return out + 2;
}

@inline
function copy(out: usize, offset: u32, length: u32): usize {
  store<u8>(out, <u8>(2 | ((length - 1) << 2)));
  store<u16>(out, <u16>offset, 1);
  return out + 3;
}
