// Numbers and times as decimal text. Each function writes at `out` and returns the end; up to 16 bytes past it may be written.

const MS_PER_DAY: i64 = 86_400_000;

/** "00" … "99". */
const PAIRS: usize = memory.data<u8>(
  // prettier-ignore
  [
    48,48,48,49,48,50,48,51,48,52,48,53,48,54,48,55,48,56,48,57,49,48,49,49,49,50,49,51,49,52,49,53,49,54,49,55,49,56,49,57,
    50,48,50,49,50,50,50,51,50,52,50,53,50,54,50,55,50,56,50,57,51,48,51,49,51,50,51,51,51,52,51,53,51,54,51,55,51,56,51,57,
    52,48,52,49,52,50,52,51,52,52,52,53,52,54,52,55,52,56,52,57,53,48,53,49,53,50,53,51,53,52,53,53,53,54,53,55,53,56,53,57,
    54,48,54,49,54,50,54,51,54,52,54,53,54,54,54,55,54,56,54,57,55,48,55,49,55,50,55,51,55,52,55,53,55,54,55,55,55,56,55,57,
    56,48,56,49,56,50,56,51,56,52,56,53,56,54,56,55,56,56,56,57,57,48,57,49,57,50,57,51,57,52,57,53,57,54,57,55,57,56,57,57,
  ],
);
const DATE: usize = memory.data<u8>([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);

const SECOND: usize = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
]);

let dateOf: i64 = i64.MIN_VALUE;
let secondOf: i64 = i64.MIN_VALUE;

@inline
export function writePair(out: usize, value: u32): void {
  store<u16>(out, load<u16>(PAIRS + (value << 1)));
}

/** Exactly `digits` digits, zeros in front. */
@inline
function writeFixed(out: usize, value: u32, digits: i32): void {
  let rest = value;
  let i = digits;
  for (; i >= 2; i -= 2) {
    const next = rest / 100;
    writePair(out + i - 2, rest - next * 100);
    rest = next;
  }
  if (i == 1) store<u8>(out, <u8>(48 + (rest % 10)));
}

@inline
export function writeU32(out: usize, value: u32): usize {
  return writeU64(out, value);
}

/** The eight decimal digits of a number below 10^8, the first in the lowest byte: halves of four digits, of two, digits. */
@inline
function eightDigits(value: u32): u64 {
  const high = value / 10_000;
  const fours = <u64>high | (<u64>(value - high * 10_000) << 32);
  const hundreds = ((fours * 10_486) >> 20) & 0x0000007f0000007f;
  const twos = hundreds | ((fours - hundreds * 100) << 16);
  const tens = ((twos * 103) >> 10) & 0x000f000f000f000f;
  return tens | ((twos - tens * 10) << 8);
}

@inline
export function writeU64(out: usize, value: u64): usize {
  return value < 100_000_000 ? writeShort(out, <u32>value) : writeLong(out, value);
}

/** A number below 10^8. */
@inline
function writeShort(out: usize, value: u32): usize {
  const digits = eightDigits(value);
  // The last digit is written even when it is 0.
  const zeros = ctz(digits | (<u64>1 << 56)) >> 3;
  store<u64>(out, (digits | 0x3030303030303030) >> (zeros << 3));
  return out + 8 - <usize>zeros;
}

function writeLong(out: usize, value: u64): usize {
  const high = value / 100_000_000;
  const end = high < 100_000_000 ? writeShort(out, <u32>high) : writeLong(out, high);
  store<u64>(end, eightDigits(<u32>(value - high * 100_000_000)) | 0x3030303030303030);
  return end + 8;
}

@inline
export function writeI64(out: usize, value: i64): usize {
  if (value >= 0) return writeU64(out, <u64>value);
  store<u8>(out, 0x2d);
  return writeU64(out + 1, <u64>0 - <u64>value);
}

/** `2024-01-02`; years 0 … 9999. */
export function writeDate(out: usize, days: i64): usize {
  if (days != dateOf) {
    dateOf = days;
    civil(days);
  }
  v128.store(out, v128.load(DATE));
  return out + 10;
}

/** The date of a day since 1970 into DATE. */
function civil(days: i64): void {
  // Years begin in March, so that the leap day is the last; eras have 400 years.
  const shifted = days + 719_468;
  const era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097;
  const dayOfEra = <u32>(shifted - era * 146_097);
  const yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
  const dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const shiftedMonth = (5 * dayOfYear + 2) / 153;
  const day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = <u32>(<i64>yearOfEra + era * 400) + <u32>(month <= 2);
  writeFixed(DATE, year, 4);
  store<u8>(DATE + 4, 0x2d);
  writePair(DATE + 5, month);
  store<u8>(DATE + 7, 0x2d);
  writePair(DATE + 8, day);
}

/** `12:13:14.5`, of the nanoseconds of a day; the fraction without trailing zeros, none when zero. */
export function writeClock(out: usize, ms: u32, nanosOfMs: u32): usize {
  const seconds = ms / 1000;
  const minutes = seconds / 60;
  const hours = minutes / 60;
  writePair(out, hours);
  store<u8>(out + 2, 0x3a);
  writePair(out + 3, minutes - hours * 60);
  store<u8>(out + 5, 0x3a);
  writePair(out + 6, seconds - minutes * 60);
  const msOfSecond = ms - seconds * 1000;
  if ((msOfSecond | nanosOfMs) == 0) return out + 8;
  store<u8>(out + 8, 0x2e);
  writeFixed(out + 9, msOfSecond, 3);
  let end = out + 12;
  if (nanosOfMs != 0) {
    writeFixed(end, nanosOfMs, 6);
    end += 6;
  }
  while (load<u8>(end - 1) == 0x30) end--;
  return end;
}

/** `2024-01-02 12:13:14.5` of a timestamp in units of which a millisecond has `perMs`; `separator` between date and time. */
export function writeTimestamp(out: usize, value: i64, perMs: i64, separator: u8): usize {
  if (perMs == 1) return writeMillis(out, value, separator);
  const ms = floorDivide(value, perMs);
  const nanosOfMs = <u32>((value - ms * perMs) * (1_000_000 / perMs));
  const days = floorDivide(ms, MS_PER_DAY);
  const end = writeDate(out, days);
  store<u8>(end, separator);
  return writeClock(end + 1, <u32>(ms - days * MS_PER_DAY), nanosOfMs);
}

/** The text of the last second is at hand: neighbours mostly share it. */
@inline
function writeMillis(out: usize, ms: i64, separator: u8): usize {
  if (<u64>(ms - secondOf) >= 1000 || load<u8>(SECOND + 10) != separator) writeSecond(floorDivide(ms, 1000) * 1000, separator);
  v128.store(out, v128.load(SECOND));
  v128.store(out, v128.load(SECOND, 16), 16);
  const fraction = <u32>(ms - secondOf);
  if (fraction == 0) return out + 19;
  const tenths = fraction / 100;
  const rest = fraction - tenths * 100;
  store<u16>(out, <u16>(0x302e + (tenths << 8)), 19);
  if (rest == 0) return out + 21;
  writePair(out + 21, rest);
  return out + 22 + <usize>(load<u8>(out + 22) != 0x30);
}

/** The text of a second's start into SECOND. */
function writeSecond(ms: i64, separator: u8): void {
  secondOf = ms;
  const days = floorDivide(ms, MS_PER_DAY);
  const end = writeDate(SECOND, days);
  store<u8>(end, separator);
  writeClock(end + 1, <u32>(ms - days * MS_PER_DAY), 0);
}

@inline
function floorDivide(value: i64, divisor: i64): i64 {
  const quotient = value / divisor;
  return quotient - <i64>(value < quotient * divisor);
}

/** A decimal with all digits of its scale. */
export function writeDecimal(out: usize, unscaled: i64, scale: i32): usize {
  let at = out;
  if (unscaled < 0) store<u8>(at++, 0x2d);
  const magnitude = unscaled < 0 ? <u64>0 - <u64>unscaled : <u64>unscaled;
  return scale == 0 ? writeU64(at, magnitude) : writePlaced(at, magnitude, scale);
}

/** The digits of `magnitude`, the last `scale` > 0 of them behind a point. */
function writePlaced(out: usize, magnitude: u64, scale: i32): usize {
  // Digits first, leaving room for the point (and zeros) to be put in.
  const end = writeU64(out, magnitude);
  const digits = <i32>(end - out);
  if (digits > scale) {
    const point = end - scale;
    memory.copy(point + 1, point, scale);
    store<u8>(point, 0x2e);
    return end + 1;
  }
  const zeros = scale - digits;
  memory.copy(out + 2 + zeros, out, digits);
  memory.fill(out, 0x30, 2 + zeros);
  store<u8>(out + 1, 0x2e);
  return out + 2 + scale;
}

/** A decimal as Java's BigDecimal prints it without trailing zeros: scientific when very small or ending in zeros. */
export function writeShortDecimal(out: usize, unscaled: i64, scale: i32): usize {
  if (unscaled == 0) {
    store<u8>(out, 0x30);
    return out + 1;
  }
  let at = out;
  if (unscaled < 0) store<u8>(at++, 0x2d);
  let magnitude = unscaled < 0 ? <u64>0 - <u64>unscaled : <u64>unscaled;
  let rest = scale;
  for (let tenth = magnitude / 10; tenth * 10 == magnitude; tenth = magnitude / 10) {
    magnitude = tenth;
    rest--;
  }
  if (rest == 0) return writeU64(at, magnitude);
  const end = writeU64(at, magnitude);
  const exponent = <i32>(end - at) - 1 - rest;
  if (rest > 0 && exponent >= -6) return writePlaced(at, magnitude, rest);
  return writeScientific(at, end, exponent);
}

/** Puts a point behind the first of the digits from `start` to `end`, and the exponent after them. */
function writeScientific(start: usize, end: usize, exponent: i32): usize {
  let at = end;
  if (end - start > 1) {
    memory.copy(start + 2, start + 1, end - start - 1);
    store<u8>(start + 1, 0x2e);
    at = end + 1;
  }
  store<u8>(at++, 0x45);
  store<u8>(at++, exponent < 0 ? 0x2d : 0x2b);
  return writeU32(at, <u32>(exponent < 0 ? -exponent : exponent));
}
