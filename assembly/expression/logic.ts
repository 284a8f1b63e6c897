// Three-valued logic and conditionals. A BOOLEAN column is a mask (bytes of 0 or 1) with an optional validity bitmap; the mask of a
// NULL is undefined. Loops write whole 16-byte lanes.
import { pack16, spread16 } from "../memory/mask";

@inline function truth(mask: usize, bits: usize): v128 {
  const value = v128.load(mask);
  return bits == 0 ? value : v128.and(value, spread16(load<u16>(bits)));
}

@inline function falsity(mask: usize, bits: usize): v128 {
  const value = v128.xor(v128.load(mask), i8x16.splat(1));
  return bits == 0 ? value : v128.and(value, spread16(load<u16>(bits)));
}

/** AND of two BOOLEANs of which one has NULLs: FALSE decides. Bitmaps may be 0 (no NULLs). */
export function andTruth(left: usize, leftBits: usize, right: usize, rightBits: usize, rows: i32, out: usize, outBits: usize): void {
  for (const end = out + <usize>rows; out < end; out += 16) {
    const isTrue = v128.and(truth(left, leftBits), truth(right, rightBits));
    const isFalse = v128.or(falsity(left, leftBits), falsity(right, rightBits));
    v128.store(out, isTrue);
    store<u16>(outBits, <u16>pack16(v128.or(isTrue, isFalse)));
    left += 16;
    right += 16;
    if (leftBits != 0) leftBits += 2;
    if (rightBits != 0) rightBits += 2;
    outBits += 2;
  }
}

/** OR: TRUE decides. */
export function orTruth(left: usize, leftBits: usize, right: usize, rightBits: usize, rows: i32, out: usize, outBits: usize): void {
  for (const end = out + <usize>rows; out < end; out += 16) {
    const isTrue = v128.or(truth(left, leftBits), truth(right, rightBits));
    const isFalse = v128.and(falsity(left, leftBits), falsity(right, rightBits));
    v128.store(out, isTrue);
    store<u16>(outBits, <u16>pack16(v128.or(isTrue, isFalse)));
    left += 16;
    right += 16;
    if (leftBits != 0) leftBits += 2;
    if (rightBits != 0) rightBits += 2;
    outBits += 2;
  }
}

/** Bytewise AND, OR (`operator` 1) or exclusive OR (2) of two masks; `step` 0 repeats the sixteen bytes at `right`. */
export function combineMasks(operator: i32, left: usize, right: usize, step: i32, rows: i32, out: usize): void {
  for (const end = out + <usize>rows; out < end; out += 16) {
    const a = v128.load(left);
    const b = v128.load(right);
    v128.store(out, operator == 0 ? v128.and(a, b) : operator == 1 ? v128.or(a, b) : v128.xor(a, b));
    left += 16;
    right += step;
  }
}

/** 1 where the value is 0. */
export function invertMask(mask: usize, rows: i32, out: usize): void {
  const one = i8x16.splat(1);
  for (const end = out + <usize>rows; out < end; out += 16) {
    v128.store(out, v128.xor(v128.load(mask), one));
    mask += 16;
  }
}

// The choice between two columns by a mask: yes where 1. `constants` bit 0: `yes` is one value for all rows; bit 1: `no` is.
@inline function chooseScalar<T>(mask: usize, yes: usize, no: usize, constants: i32, rows: i32, out: usize): void {
  const yesStep: usize = constants & 1 ? 0 : sizeof<T>();
  const noStep: usize = constants & 2 ? 0 : sizeof<T>();
  for (const end = mask + <usize>rows; mask < end; mask++) {
    store<T>(out, load<u8>(mask) ? load<T>(yes) : load<T>(no));
    yes += yesStep;
    no += noStep;
    out += sizeof<T>();
  }
}

/** By `width` in bytes. */
export function choose(width: i32, mask: usize, yes: usize, no: usize, constants: i32, rows: i32, out: usize): void {
  switch (width) {
    case 1: return chooseScalar<u8>(mask, yes, no, constants, rows, out);
    case 2: return chooseScalar<u16>(mask, yes, no, constants, rows, out);
    case 4: return chooseScalar<u32>(mask, yes, no, constants, rows, out);
    case 8: return chooseScalar<u64>(mask, yes, no, constants, rows, out);
    default: return chooseWide(mask, yes, no, constants, rows, out);
  }
}

function chooseWide(mask: usize, yes: usize, no: usize, constants: i32, rows: i32, out: usize): void {
  const yesStep: usize = constants & 1 ? 0 : 16;
  const noStep: usize = constants & 2 ? 0 : 16;
  for (const end = mask + <usize>rows; mask < end; mask++) {
    const lanes = i8x16.splat(-<i8>load<u8>(mask));
    v128.store(out, v128.bitselect(v128.load(yes), v128.load(no), lanes));
    yes += yesStep;
    no += noStep;
    out += 16;
  }
}

/** The same choice for bitmaps; 0 stands for all ones. */
export function chooseBits(mask: usize, yes: usize, no: usize, rows: i32, out: usize): void {
  for (const end = mask + <usize>rows; mask < end; mask += 16) {
    const bits = pack16(v128.load(mask));
    const a: u32 = yes == 0 ? 0xffff : load<u16>(yes);
    const b: u32 = no == 0 ? 0xffff : load<u16>(no);
    store<u16>(out, <u16>((a & bits) | (b & ~bits)));
    if (yes != 0) yes += 2;
    if (no != 0) no += 2;
    out += 2;
  }
}

/** 1 where a BOOLEAN is not `decisive`: undecided rows of AND (0) or OR (1), NULLs included. */
export function undecidedMask(mask: usize, bits: usize, decisive: i32, rows: i32, out: usize): void {
  const one = i8x16.splat(1);
  const flip = i8x16.splat(<i8>(1 - decisive));
  for (const end = out + <usize>rows; out < end; out += 16) {
    let decided = v128.xor(v128.load(mask), flip);
    if (bits != 0) {
      decided = v128.and(decided, spread16(load<u16>(bits)));
      bits += 2;
    }
    v128.store(out, v128.xor(decided, one));
    mask += 16;
  }
}

/** IS DISTINCT FROM, given the mask of <> and the bitmaps of the operands; `negated` 1: IS NOT DISTINCT FROM. */
export function distinctMask(differ: usize, left: usize, right: usize, negated: i32, rows: i32, out: usize): void {
  const flip = i8x16.splat(<i8>negated);
  const one = i8x16.splat(1);
  for (const end = out + <usize>rows; out < end; out += 16) {
    const a = left == 0 ? one : spread16(load<u16>(left));
    const b = right == 0 ? one : spread16(load<u16>(right));
    const distinct = v128.or(v128.and(v128.load(differ), v128.and(a, b)), v128.xor(a, b));
    v128.store(out, v128.xor(distinct, flip));
    differ += 16;
    if (left != 0) left += 2;
    if (right != 0) right += 2;
  }
}
