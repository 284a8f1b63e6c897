// Sort keys as words: unsigned comparison of a row's u64 words, first to last, is the order of the rows. A nullable key has a word
// before its value that puts NULLs first or last. The words of row i lie at `out` + i × `stride`.

import { isNull } from "../memory/mask";
import { viewBytes } from "../memory/view";
import { compareViews } from "../row/views";
import { canonical } from "../row/write";

const SIGN: u64 = 0x8000000000000000;

@inline
function WORD<T>(address: usize): u64 {
  if (isFloat<T>()) {
    const bits = reinterpret<u64>(canonical<f64>(<f64>load<T>(address)));
    return bits ^ (<u64>(<i64>bits >> 63) | SIGN);
  }
  return <u64>(<i64>load<T>(address)) ^ SIGN;
}

@inline
function WORDS<T>(values: usize, validity: usize, n: u32, descending: bool, out: usize, stride: u32): void {
  const flip: u64 = descending ? ~(<u64>0) : 0;
  for (let i: u32 = 0; i < n; i++) {
    const word = isNull(validity, i) ? 0 : WORD<T>(values + (<usize>i) * sizeof<T>()) ^ flip;
    store<u64>(out + <usize>i * stride, word);
  }
}

/** One word per value; 0 for NULL. NaN is the greatest number, the zeros are equal. */
export function orderWordsI8(values: usize, validity: usize, n: u32, descending: bool, out: usize, stride: u32): void {
  WORDS<i8>(values, validity, n, descending, out, stride);
}
export function orderWordsI16(values: usize, validity: usize, n: u32, descending: bool, out: usize, stride: u32): void {
  WORDS<i16>(values, validity, n, descending, out, stride);
}
export function orderWordsI32(values: usize, validity: usize, n: u32, descending: bool, out: usize, stride: u32): void {
  WORDS<i32>(values, validity, n, descending, out, stride);
}
export function orderWordsI64(values: usize, validity: usize, n: u32, descending: bool, out: usize, stride: u32): void {
  WORDS<i64>(values, validity, n, descending, out, stride);
}
export function orderWordsF32(values: usize, validity: usize, n: u32, descending: bool, out: usize, stride: u32): void {
  WORDS<f32>(values, validity, n, descending, out, stride);
}
export function orderWordsF64(values: usize, validity: usize, n: u32, descending: bool, out: usize, stride: u32): void {
  WORDS<f64>(values, validity, n, descending, out, stride);
}

/** Two words per value, the high one first. */
export function orderWordsI128(values: usize, validity: usize, n: u32, descending: bool, out: usize, stride: u32): void {
  const flip: u64 = descending ? ~(<u64>0) : 0;
  for (let i: u32 = 0; i < n; i++) {
    const value = values + (i << 4);
    const target = out + <usize>i * stride;
    const missing = isNull(validity, i);
    store<u64>(target, missing ? 0 : load<u64>(value, 8) ^ SIGN ^ flip);
    store<u64>(target, missing ? 0 : load<u64>(value) ^ flip, 8);
  }
}

/** The first 8 bytes of a text: where they are equal the texts themselves are compared, see sort.ts. */
export function orderWordsView(values: usize, validity: usize, n: u32, descending: bool, out: usize, stride: u32): void {
  const flip: u64 = descending ? ~(<u64>0) : 0;
  for (let i: u32 = 0; i < n; i++) {
    const word = isNull(validity, i) ? 0 : bswap<u64>(load<u64>(viewBytes(values + (<usize>i << 4)))) ^ flip;
    store<u64>(out + <usize>i * stride, word);
  }
}

/** The word before the value of a nullable key. */
export function orderNulls(validity: usize, n: u32, nullsFirst: bool, out: usize, stride: u32): void {
  for (let i: u32 = 0; i < n; i++) {
    store<u64>(out + <usize>i * stride, <u64>(isNull(validity, i) != nullsFirst));
  }
}

/** Order of two rows by their words: negative, 0 or positive. */
@inline
export function compareWords(left: usize, right: usize, words: u32): i32 {
  for (const end = left + (<usize>words << 3); left < end; left += 8, right += 8) {
    const a = load<u64>(left);
    const b = load<u64>(right);
    if (a != b) return a < b ? -1 : 1;
  }
  return 0;
}

// Texts that begin alike have equal words. `texts` is 0 when there are none, else a u32 per word: 0, or for the word of a text where in
// the row its view is and how it is sorted.
//
//   bit 31: descending | bit 30: the word before tells NULL | bit 29: that word of NULL | offset
const DESCENDING: u32 = 1 << 31;
const NULLABLE: u32 = 1 << 30;
const NULL_WORD: u32 = 29;
const OFFSET: u32 = (1 << 29) - 1;

/** Order of two rows whose words lie `words` bytes behind their start: negative, 0 or positive. */
export function compareRows(left: usize, right: usize, words: usize, wordCount: u32, texts: usize): i32 {
  if (texts == 0) return compareWords(left + words, right + words, wordCount);
  for (let i: u32 = 0; i < wordCount; i++) {
    const at = words + (<usize>i << 3);
    const a = load<u64>(left + at);
    const b = load<u64>(right + at);
    if (a != b) return a < b ? -1 : 1;
    const text = load<u32>(texts + (<usize>i << 2));
    if (text == 0) continue;
    if ((text & NULLABLE) != 0 && <u32>load<u64>(left + at - 8) == ((text >> NULL_WORD) & 1)) continue;
    const offset: usize = text & OFFSET;
    const order = compareViews(left + offset, right + offset);
    if (order != 0) return (text & DESCENDING) != 0 ? -order : order;
  }
  return 0;
}
