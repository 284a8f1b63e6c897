// Texts of the TPC-H generator: the pool of English-like sentences that comments are cut from, addresses, phones, numbered and coloured names.
import { storeView } from "../memory/view";
import { drawn, nextSeed, preparePowers, skipDraws, skipFew } from "./tpch-random";

// A distribution of words, 12 bytes: total weight i32, address of a word number u8 per unit of weight, address of the words. A word is 16
// bytes: its text with a space behind it, the length with the space in the last byte.
const DISTRIBUTION = 12;
const NOUNS = 0;
const VERBS = 1;
const ADVERBS = 2;
const ADJECTIVES = 3;
const PREPOSITIONS = 4;
const AUXILIARIES = 5;
const TERMINATORS = 6;
const THE: u32 = 0x20656874; // "the "

let state: u64 = 0;
let words: usize = 0;

/** Fills `bytes` bytes at `out` with sentences. Up to 400 bytes past them may be written. */
export function tpchTextPool(out: usize, bytes: usize, distributions: usize, seed: u32): void {
  state = seed;
  words = distributions;
  for (const end = out + bytes; out < end; ) out = sentence(out);
}

@inline
function below(bound: i32): i32 {
  state = nextSeed(state);
  return drawn(state, 0, <f64>bound);
}

@inline
function word(out: usize, distribution: i32): usize {
  const record = words + distribution * DISTRIBUTION;
  const number = <usize>load<u8>(load<usize>(record, 4) + below(load<i32>(record)));
  const from = load<usize>(record, 8) + (number << 4);
  v128.store(out, v128.load(from));
  return out + load<u8>(from, 15);
}

// Weights and forms of the grammar's levels: sentence, noun phrase, verb phrase.

function sentence(out: usize): usize {
  const form = below(11);
  out = nounPhrase(out);
  if (form >= 9) out = prepositionPhrase(out);
  out = verbPhrase(out);
  if (form >= 6 && form < 10) out = nounPhrase(out);
  else if (form >= 3) out = prepositionPhrase(out);
  // A terminator abuts the word before.
  return word(out - 1, TERMINATORS);
}

function nounPhrase(out: usize): usize {
  const form = below(90);
  if (form >= 40) out = word(out, ADVERBS);
  if (form >= 10) out = word(out, ADJECTIVES);
  if (form >= 30 && form < 40) {
    store<u16>(out - 1, 0x202c);
    out = word(out + 1, ADJECTIVES);
  }
  return word(out, NOUNS);
}

function verbPhrase(out: usize): usize {
  const form = below(72);
  if (form == 30 || form == 71) out = word(out, AUXILIARIES);
  out = word(out, VERBS);
  return form > 30 ? word(out, ADVERBS) : out;
}

function prepositionPhrase(out: usize): usize {
  out = word(out, PREPOSITIONS);
  store<u32>(out, THE);
  return nounPhrase(out + 4);
}

/** Views of pieces of the pool, `perRow` a row, two draws each; with `counts`, so many for order i (u8) of at most `perRow` < 8. */
export function tpchComments(
  seed: u32,
  perRow: i32,
  counts: usize,
  rows: i32,
  shortest: i32,
  longest: i32,
  pool: usize,
  poolBytes: f64,
  views: usize,
): void {
  preparePowers();
  state = seed;
  const lengths = <f64>(longest - shortest + 1);
  const offsets = poolBytes - <f64>longest + 1;
  for (let row: usize = 0; row < <usize>rows; row++) {
    const pieces = counts == 0 ? perRow : <i32>load<u8>(counts + row);
    for (let i = 0; i < pieces; i++, views += 16) {
      state = nextSeed(state);
      const offset = <usize>drawn(state, 0, offsets);
      state = nextSeed(state);
      storeView(views, pool + offset, drawn(state, shortest, lengths));
    }
    // Twice half of the way, which the table of powers reaches.
    state = skipFew(skipFew(state, perRow - pieces), perRow - pieces);
  }
}

const ALPHABET = memory.data<u8>([
  48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 97, 98, 99, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112,
  113, 114, 115, 116, 117, 118, 119, 120, 121, 122, 32, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80,
  81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 44,
]);
const ADDRESS_DRAWS = 9;
const CHARACTERS_PER_DRAW = 5;

/** Views of 10 to 40 random characters, written from `text` on. Returns the end of the text. */
export function tpchAddresses(seed: u32, rows: i32, text: usize, views: usize): usize {
  state = seed;
  for (let row = 0; row < rows; row++, views += 16) {
    const start = state;
    const length = 10 + below(31);
    let bits: i32 = 0;
    for (let i = 0; i < length; i++) {
      if (i % CHARACTERS_PER_DRAW == 0) {
        state = nextSeed(state);
        bits = drawn(state, 0, -2147483648.0);
      }
      store<u8>(text + i, load<u8>(ALPHABET + (bits & 63)));
      bits >>= 6;
    }
    storeView(views, text, length);
    text += length;
    state = skipDraws(start, ADDRESS_DRAWS);
  }
  return text;
}

export const PHONE_BYTES: i32 = 15;

/** Views of phone numbers, 15 bytes each written from `text` on; the country is 10 more than the nation (i32). */
export function tpchPhones(seed: u32, nations: usize, rows: i32, text: usize, views: usize): void {
  state = seed;
  for (let row = 0; row < rows; row++, nations += 4, views += 16, text += PHONE_BYTES) {
    writeDigits(text, 10 + load<i32>(nations), 2);
    store<u8>(text, 0x2d, 2);
    writeDigits(text + 3, 100 + below(900), 3);
    store<u8>(text, 0x2d, 6);
    writeDigits(text + 7, 100 + below(900), 3);
    store<u8>(text, 0x2d, 10);
    writeDigits(text + 11, 1000 + below(9000), 4);
    storeView(views, text, PHONE_BYTES);
  }
}

@inline
function writeDigits(out: usize, value: i32, digits: i32): void {
  for (let i = digits - 1; i >= 0; i--, value /= 10) store<u8>(out + i, <u8>(48 + (value % 10)));
}

/** Views of a prefix of up to 16 bytes and nine digits of each number (i32). `text` takes rows × (prefix + 9) bytes and 16 more. */
export function tpchNumbered(prefix: usize, prefixBytes: i32, numbers: usize, rows: i32, text: usize, views: usize): void {
  const lanes = v128.load(prefix);
  for (let row = 0; row < rows; row++, numbers += 4, views += 16, text += prefixBytes + 9) {
    v128.store(text, lanes);
    writeDigits(text + prefixBytes, load<i32>(numbers), 9);
    storeView(views, text, prefixBytes + 9);
  }
}

const COLORS = 92;
const NAME_COLORS = 5;
const order = memory.data(COLORS);

/** Views of five different colours each; `colors` are words as those of a distribution. Writes up to 80 bytes a row. Returns the end. */
export function tpchPartNames(seed: u32, rows: i32, colors: usize, text: usize, views: usize): usize {
  state = seed;
  const row = skipDraws(1, COLORS - NAME_COLORS);
  for (let i = 0; i < rows; i++, views += 16) {
    for (let color: usize = 0; color < <usize>COLORS; color++) store<u8>(order + color, <u8>color);
    const start = text;
    for (let place = 0; place < NAME_COLORS; place++) {
      const other = place + below(COLORS - place);
      const chosen = load<u8>(order + other);
      store<u8>(order + other, load<u8>(order + place));
      const from = colors + (<usize>chosen << 4);
      v128.store(text, v128.load(from));
      text += load<u8>(from, 15);
    }
    text -= 1;
    storeView(views, start, <u32>(text - start));
    state = (state * row) % 0x7fffffff;
  }
  return text;
}
