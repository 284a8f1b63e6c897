// Sorting rows by their words, which lie 8 bytes behind their start, and by texts that begin alike (`texts`, see words.ts).

import { compareRows, compareWords } from "./words";

const WORDS: usize = 8;

/** Copies each row's words, which lie one after the other, into it, from `offset` on. */
export function sortWords(rows: usize, n: u32, words: usize, wordCount: u32, offset: u32): void {
  const bytes: usize = <usize>wordCount << 3;
  for (let i: u32 = 0; i < n; i++) {
    const row = <usize>load<u32>(rows + (i << 2)) + offset;
    for (let at: usize = 0; at < bytes; at += 8, words += 8) store<u64>(row + at, load<u64>(words));
  }
}

/** The position, behind `from`, of the first row that belongs before the one in front of it; `n` if there is none. */
export function sortedRows(rows: usize, from: u32, n: u32, wordCount: u32): u32 {
  for (let i = max<u32>(from, 1); i < n; i++) if (!isInOrder(rows, i - 1, i, wordCount, 0)) return i;
  return n;
}

/** Stable merge sort of row addresses. `spare` has room for as many; returns which of the two arrays holds the result. */
export function sortRows(rows: usize, spare: usize, n: u32, wordCount: u32): usize {
  return SORT(rows, spare, n, wordCount, 0);
}

export function sortRowsWithTexts(rows: usize, spare: usize, n: u32, wordCount: u32, texts: usize): usize {
  return SORT(rows, spare, n, wordCount, texts);
}

@inline
function SORT(rows: usize, spare: usize, n: u32, wordCount: u32, texts: usize): usize {
  let source = rows;
  let target = spare;
  for (let width: u32 = 1; width < n; width <<= 1) {
    for (let start: u32 = 0; start < n; start += width << 1) {
      const middle = min<u32>(start + width, n);
      merge(source, start, middle, min<u32>(middle + width, n), target, wordCount, texts);
    }
    const sorted = target;
    target = source;
    source = sorted;
  }
  return source;
}

@inline
function merge(source: usize, start: u32, middle: u32, end: u32, target: usize, wordCount: u32, texts: usize): void {
  let left = start;
  let right = middle;
  for (let at = start; at < end; at++) {
    const takesLeft = left < middle && (right == end || isInOrder(source, left, right, wordCount, texts));
    const from = takesLeft ? left++ : right++;
    store<u32>(target + (<usize>at << 2), load<u32>(source + (<usize>from << 2)));
  }
}

@inline
function isInOrder(rows: usize, left: u32, right: u32, wordCount: u32, texts: usize): bool {
  const a = <usize>load<u32>(rows + (<usize>left << 2));
  const b = <usize>load<u32>(rows + (<usize>right << 2));
  if (texts != 0) return compareRows(a, b, WORDS, wordCount, texts) <= 0;
  return compareWords(a + WORDS, b + WORDS, wordCount) <= 0;
}
