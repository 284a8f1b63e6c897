// Random numbers of the Nexmark generator: Java's SplittableRandom as one sequence (`random*`, exact), and the same mixer keyed by
// event and purpose (`drawFor`), which needs no sequence.

const GAMMA: u64 = 0x9e3779b97f4a7c15;
const POOL_CHARS = 1_048_576;

let state: u64 = 0;

/** The sequence continues from here. */
@inline
export function setRandomState(value: u64): void {
  state = value;
}

@inline
export function randomState(): u64 {
  return state;
}

@inline
export function mix64(value: u64): u64 {
  let z = value;
  z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >>> 27)) * 0x94d049bb133111eb;
  return z ^ (z >>> 31);
}

@inline
export function randomInt(): i32 {
  state += GAMMA;
  let z = state;
  z = (z ^ (z >>> 33)) * 0x62a9d9ed799705f5;
  z = (z ^ (z >>> 28)) * 0xcb24d0a5c88c35b3;
  return <i32>(z >>> 32);
}

/** 64 random bits, as nextLong and nextDouble take them. */
@inline
export function randomBits(): u64 {
  state += GAMMA;
  return mix64(state);
}

/** Uniform in 0 … bound - 1, as nextInt(bound) draws it. */
@inline
export function randomBelow(bound: i32): i32 {
  const last = bound - 1;
  let value = randomInt();
  if ((bound & last) == 0) return value & last;
  let bits = value >>> 1;
  value = bits % bound;
  while (bits + last - value < 0) {
    bits = randomInt() >>> 1;
    value = bits % bound;
  }
  return value;
}

/** Uniform in 0 … bound - 1 for 64-bit bounds; as nextInt while the bound is one. */
@inline
export function randomBelow64(bound: i64): i64 {
  if (bound < <i64>i32.MAX_VALUE) return <i64>randomBelow(<i32>bound);
  const value = <i64>randomBits() % bound;
  return value < 0 ? -value : value;
}

/** Random bits of event `id` for purpose `slot` (0 … 7); any event and slot in any order gives the same. */
@inline
export function drawFor(seed: u64, id: i64, slot: u64): u64 {
  return mix64(seed + ((<u64>id << 3) + slot) * GAMMA);
}

/** Uniform in 0 … bound - 1 from 32 random bits. */
@inline
export function scaled(bits: u64, bound: i64): i64 {
  return <i64>(((bits & 0xffffffff) * <u64>bound) >>> 32);
}

/**
 * Writes a random text of 3 … max - 1 characters, `special` or lower-case letters, and trims it when `special` is a space. Returns
 * its length. Writes up to max - 1 bytes.
 */
export function randomText(out: usize, max: i32, special: u8): i32 {
  const length = 3 + randomBelow(max - 3);
  for (let i = 0; i < length; i++) {
    store<u8>(out + i, randomBelow(13) == 0 ? special : <u8>(97 + randomBelow(26)));
  }
  return special == 0x20 ? trimmed(out, length) : length;
}

/** Moves the text without surrounding spaces to its start; its new length. */
function trimmed(out: usize, length: i32): i32 {
  let end = length;
  while (end > 0 && load<u8>(out + end - 1) == 0x20) end--;
  let start = 0;
  while (start < end && load<u8>(out + start) == 0x20) start++;
  if (start > 0) memory.copy(out, out + start, end - start);
  return end - start;
}

/** Bytes of filler for an event that should have `wanted` bytes and has `current`; 0 without a draw when it has more. */
@inline
export function randomExtraBytes(current: i32, wanted: i32): i32 {
  if (current > wanted) return -1;
  const rest = wanted - current;
  const delta = extraDelta(rest);
  return rest - delta + (delta == 0 ? 0 : randomBelow(2 * delta));
}

/** A fifth, rounded: the size of the filler is uniform in rest - delta … rest + delta - 1. */
@inline
export function extraDelta(rest: i32): i32 {
  return <i32>Math.floor(<f64>rest * 0.2 + 0.5);
}

/** Where in the pool a filler of `length` bytes begins. */
@inline
export function randomPoolOffset(length: i32): i32 {
  return randomBelow(POOL_CHARS - length);
}

/** Fills the pool that fillers are cut from: six characters per draw, the signs of Java's remainder included. */
export function nexmarkBuildPool(out: usize, seed: f64): void {
  const saved = state;
  state = <u64><i64>seed;
  for (let i = 0; i < POOL_CHARS; ) {
    let value = randomInt();
    for (let j = 0; j < 6 && i < POOL_CHARS; j++, i++) {
      store<u8>(out + i, <u8>(97 + (value % 26)));
      value /= 26;
    }
  }
  state = saved;
}
