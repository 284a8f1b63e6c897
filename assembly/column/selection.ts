// Selections: ascending u32 row numbers. Made from masks (bytes of 0 or 1), without branches on the data. `out` needs room for all
// rows plus 32 bytes.
import { pack16 } from "../memory/mask";

// For each byte of eight mask bits, the numbers of its 1 bits in order, one byte each.
const POSITIONS = memory.data(2048);
for (let byte: usize = 0; byte < 256; byte++) {
  let at = POSITIONS + (byte << 3);
  for (let bit: u8 = 0; bit < 8; bit++) if (byte & (1 << bit)) store<u8>(at++, bit);
}

/** Appends the numbers of the 1 bits of eight, counted from `base`. Writes 32 bytes. */
@inline export function emit8(bits: u32, base: i32, out: usize): usize {
  const positions = i16x8.extend_low_i8x16_u(v128.load64_zero(POSITIONS + (<usize>bits << 3)));
  const first = i32x4.splat(base);
  v128.store(out, i32x4.add(i32x4.extend_low_i16x8_u(positions), first));
  v128.store(out, i32x4.add(i32x4.extend_high_i16x8_u(positions), first), 16);
  return out + (<usize>popcnt(bits) << 2);
}

/** Rows whose mask is 1 and whose bit is 1 (`validity` 0: all are). Returns how many. */
export function maskToSelection(mask: usize, validity: usize, rows: i32, out: usize): i32 {
  const start = out;
  for (let row = 0; row < rows; row += 16) {
    let bits = pack16(v128.load(mask + row));
    if (validity != 0) bits &= load<u16>(validity + (row >> 3));
    const rest = rows - row;
    if (rest < 16) bits &= (1 << rest) - 1;
    if (bits == 0) continue;
    out = emit8(bits & 0xff, row, out);
    out = emit8(bits >> 8, row + 8, out);
  }
  return <i32>((out - start) >> 2);
}

/** Rows whose bit is 1; the bits beyond `rows`, up to the next multiple of sixteen, are 0. Returns how many. */
export function bitsToSelection(bits: usize, rows: i32, out: usize): i32 {
  const start = out;
  for (let row = 0; row < rows; row += 16) {
    const some = <u32>load<u16>(bits + (row >> 3));
    if (some == 0) continue;
    out = emit8(some & 0xff, row, out);
    out = emit8(some >> 8, row + 8, out);
  }
  return <i32>((out - start) >> 2);
}

/** Keeps those of `rows` selected rows whose mask (one byte per selected row) and bit are 1. `out` may be `selection`. */
export function maskSelection(mask: usize, validity: usize, selection: usize, rows: i32, out: usize): i32 {
  const start = out;
  for (let i: u32 = 0; i < <u32>rows; i++) {
    store<u32>(out, load<u32>(selection));
    let keep: u32 = load<u8>(mask + i);
    if (validity != 0) keep &= <u32>load<u8>(validity + (i >> 3)) >> (i & 7);
    out += keep << 2;
    selection += 4;
  }
  return <i32>((out - start) >> 2);
}

/** The rows 0 … rows - 1 that are not in the selection. Returns how many. */
export function complementSelection(selection: usize, selected: i32, rows: i32, out: usize): i32 {
  const start = out;
  const end = selection + (<usize>selected << 2);
  for (let row: u32 = 0; row < <u32>rows; row++) {
    store<u32>(out, row);
    if (selection < end && load<u32>(selection) == row) selection += 4;
    else out += 4;
  }
  return <i32>((out - start) >> 2);
}
