// Aggregates that are read while they run: `states` names the group row of each row, and where `snaps` is not 0 the state behind the row
// is copied to the row there.

import { countRows } from "./count";
import { momentsAdd } from "./moments";
import { pickF32, pickF64, pickI128, pickI16, pickI32, pickI64, pickI8, pickView } from "./pick";
import { sumF32, sumF32Wide, sumF64, sumI128, sumI16, sumI32, sumI64, sumI64Wide, sumI8 } from "./sum";

@inline
function at(states: usize, i: u32): usize { return states + (<usize>i << 2); }
@inline
function weight(weights: usize, i: u32): usize { return weights == 0 ? 0 : weights + i; }

@inline
function SNAP<T>(states: usize, snaps: usize, i: u32, offset: u32): void {
  const snap: usize = load<u32>(at(snaps, i));
  if (snap != 0) store<T>(snap + offset, load<T>(<usize>load<u32>(at(states, i)) + offset));
}

@inline
function SNAP_PICK<T>(states: usize, snaps: usize, i: u32, offset: u32, flag: u32): void {
  SNAP<T>(states, snaps, i, offset);
  SNAP<u8>(states, snaps, i, flag);
}

export function runningCount(states: usize, n: u32, offset: u32, weights: usize, snaps: usize): void {
  for (let i: u32 = 0; i < n; i++) {
    countRows(at(states, i), 1, offset, weight(weights, i));
    SNAP<i64>(states, snaps, i, offset);
  }
}
export function runningSumI8(states: usize, n: u32, offset: u32, values: usize, weights: usize, snaps: usize): void {
  for (let i: u32 = 0; i < n; i++) { sumI8(at(states, i), 1, offset, values + i, weight(weights, i)); SNAP<i64>(states, snaps, i, offset); }
}
export function runningSumI16(states: usize, n: u32, offset: u32, values: usize, weights: usize, snaps: usize): void {
  for (let i: u32 = 0; i < n; i++) { sumI16(at(states, i), 1, offset, values + (i << 1), weight(weights, i)); SNAP<i64>(states, snaps, i, offset); }
}
export function runningSumI32(states: usize, n: u32, offset: u32, values: usize, weights: usize, snaps: usize): void {
  for (let i: u32 = 0; i < n; i++) { sumI32(at(states, i), 1, offset, values + (i << 2), weight(weights, i)); SNAP<i64>(states, snaps, i, offset); }
}
export function runningSumI64(states: usize, n: u32, offset: u32, values: usize, weights: usize, snaps: usize): void {
  for (let i: u32 = 0; i < n; i++) { sumI64(at(states, i), 1, offset, values + (i << 3), weight(weights, i)); SNAP<i64>(states, snaps, i, offset); }
}
export function runningSumF32(states: usize, n: u32, offset: u32, values: usize, weights: usize, snaps: usize): void {
  for (let i: u32 = 0; i < n; i++) { sumF32(at(states, i), 1, offset, values + (i << 2), weight(weights, i)); SNAP<f32>(states, snaps, i, offset); }
}
export function runningSumF32Wide(states: usize, n: u32, offset: u32, values: usize, weights: usize, snaps: usize): void {
  for (let i: u32 = 0; i < n; i++) { sumF32Wide(at(states, i), 1, offset, values + (i << 2), weight(weights, i)); SNAP<f64>(states, snaps, i, offset); }
}
export function runningSumF64(states: usize, n: u32, offset: u32, values: usize, weights: usize, snaps: usize): void {
  for (let i: u32 = 0; i < n; i++) { sumF64(at(states, i), 1, offset, values + (i << 3), weight(weights, i)); SNAP<f64>(states, snaps, i, offset); }
}
export function runningSumI64Wide(states: usize, n: u32, offset: u32, values: usize, weights: usize, snaps: usize): void {
  for (let i: u32 = 0; i < n; i++) { sumI64Wide(at(states, i), 1, offset, values + (i << 3), weight(weights, i)); SNAP<v128>(states, snaps, i, offset); }
}
export function runningSumI128(states: usize, n: u32, offset: u32, values: usize, weights: usize, snaps: usize): void {
  for (let i: u32 = 0; i < n; i++) { sumI128(at(states, i), 1, offset, values + (i << 4), weight(weights, i)); SNAP<v128>(states, snaps, i, offset); }
}
export function runningMoments(states: usize, n: u32, offset: u32, values: usize, weights: usize, snaps: usize): void {
  for (let i: u32 = 0; i < n; i++) {
    momentsAdd(at(states, i), 1, offset, values + (i << 3), weight(weights, i));
    SNAP<v128>(states, snaps, i, offset);
    SNAP<i64>(states, snaps, i, offset + 16);
  }
}

export function runningPickI8(mode: i32, states: usize, n: u32, offset: u32, flag: u32, values: usize, weights: usize, snaps: usize): void {
  for (let i: u32 = 0; i < n; i++) { pickI8(mode, at(states, i), 1, offset, flag, values + i, weight(weights, i)); SNAP_PICK<i8>(states, snaps, i, offset, flag); }
}
export function runningPickI16(mode: i32, states: usize, n: u32, offset: u32, flag: u32, values: usize, weights: usize, snaps: usize): void {
  for (let i: u32 = 0; i < n; i++) { pickI16(mode, at(states, i), 1, offset, flag, values + (i << 1), weight(weights, i)); SNAP_PICK<i16>(states, snaps, i, offset, flag); }
}
export function runningPickI32(mode: i32, states: usize, n: u32, offset: u32, flag: u32, values: usize, weights: usize, snaps: usize): void {
  for (let i: u32 = 0; i < n; i++) { pickI32(mode, at(states, i), 1, offset, flag, values + (i << 2), weight(weights, i)); SNAP_PICK<i32>(states, snaps, i, offset, flag); }
}
export function runningPickI64(mode: i32, states: usize, n: u32, offset: u32, flag: u32, values: usize, weights: usize, snaps: usize): void {
  for (let i: u32 = 0; i < n; i++) { pickI64(mode, at(states, i), 1, offset, flag, values + (i << 3), weight(weights, i)); SNAP_PICK<i64>(states, snaps, i, offset, flag); }
}
export function runningPickF32(mode: i32, states: usize, n: u32, offset: u32, flag: u32, values: usize, weights: usize, snaps: usize): void {
  for (let i: u32 = 0; i < n; i++) { pickF32(mode, at(states, i), 1, offset, flag, values + (i << 2), weight(weights, i)); SNAP_PICK<f32>(states, snaps, i, offset, flag); }
}
export function runningPickF64(mode: i32, states: usize, n: u32, offset: u32, flag: u32, values: usize, weights: usize, snaps: usize): void {
  for (let i: u32 = 0; i < n; i++) { pickF64(mode, at(states, i), 1, offset, flag, values + (i << 3), weight(weights, i)); SNAP_PICK<f64>(states, snaps, i, offset, flag); }
}
export function runningPickI128(mode: i32, states: usize, n: u32, offset: u32, flag: u32, values: usize, weights: usize, snaps: usize): void {
  for (let i: u32 = 0; i < n; i++) { pickI128(mode, at(states, i), 1, offset, flag, values + (i << 4), weight(weights, i)); SNAP_PICK<v128>(states, snaps, i, offset, flag); }
}
/** As pickView: `replaced` receives the views given up; returns how many. */
export function runningPickView(
  mode: i32, states: usize, n: u32, offset: u32, flag: u32, values: usize, weights: usize, replaced: usize, snaps: usize,
): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    count += pickView(mode, at(states, i), 1, offset, flag, values + (i << 4), weight(weights, i), replaced + (count << 4));
    SNAP_PICK<v128>(states, snaps, i, offset, flag);
  }
  return count;
}
