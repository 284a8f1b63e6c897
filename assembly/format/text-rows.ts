// Columns → rows of text (CSV and JSON lines). What text surrounds the values, and how strings are quoted, the columns say.
import { writeClock, writeDate, writeDecimal, writeI64, writeShortDecimal, writeTimestamp } from "./digits";

// A column, 40 bytes:
//
//      0 data u32         |  4 validity u32      |  8 kind u32          | 12 argument i32
//     16 text before u32  | 20 its bytes u32     | 24 text of NULL u32  | 28 its bytes u32
//     32 quoting u32      | 36 highest byte that needs quotes u8, quote u8, escape u8 (0: none), separator u8
const COLUMN = 40;

// Kinds. The argument is the scale of a decimal, or units per millisecond of a timestamp.
const TEXT = 0;
const RAW_TEXT = 1;
const BOOLEAN = 2;
const I8 = 3;
const I16 = 4;
const I32 = 5;
const I64 = 6;
const DECIMAL = 7;
const SHORT_DECIMAL = 8;
const DAYS = 9;
const CLOCK = 10;
const TIMESTAMP = 11;
const INSTANT = 12;

// Quoting.
const NEVER = 0;
const IF_NEEDED = 1;
const ALWAYS = 2;
const JSON_STRING = 3;

/** Texts of more UTF-16 units are quoted without need. */
const MAX_QUOTE_CHECK = 24;

/**
 * Writes `rows` rows of `count` columns, each row followed by `suffixBytes` bytes at `suffix`. Needs room for all texts, 48 bytes per
 * value that is not a string, strings six times as long in JSON, twice in CSV, plus 2, and 16 bytes at the end. Returns the end.
 */
export function formatRows(columns: usize, count: i32, rows: i32, suffix: usize, suffixBytes: i32, out: usize): usize {
  const end = columns + <usize>count * COLUMN;
  for (let row: usize = 0; row < <usize>rows; row++) {
    for (let column = columns; column < end; column += COLUMN) {
      out = copyText(out, load<usize>(column, 16), load<i32>(column, 20));
      const validity = load<usize>(column, 4);
      if (validity != 0 && !(load<u8>(validity + (row >>> 3)) & (1 << (<u8>row & 7)))) {
        out = copyText(out, load<usize>(column, 24), load<i32>(column, 28));
      } else {
        out = formatValue(column, row, out);
      }
    }
    out = copyText(out, suffix, suffixBytes);
  }
  return out;
}

/** Copies in steps of 16 bytes, the first even of an empty text: what stands around values is short. */
@inline
function copyText(out: usize, text: usize, bytes: i32): usize {
  v128.store(out, v128.load(text));
  for (let at: usize = 16; at < <usize>bytes; at += 16) v128.store(out + at, v128.load(text + at));
  return out + bytes;
}

@inline
function formatValue(column: usize, row: usize, out: usize): usize {
  const data = load<usize>(column);
  const kind = load<i32>(column, 8);
  if (kind == I64) return writeI64(out, load<i64>(data + (row << 3)));
  if (kind <= RAW_TEXT) {
    const view = data + (row << 4);
    const length = load<i32>(view);
    const bytes = length <= 12 ? view + 4 : load<usize>(view, 12);
    return kind == TEXT ? formatText(column, bytes, length, out) : copyText(out, bytes, length);
  }
  if (kind < DAYS) return formatNumber(kind, data, row, load<i32>(column, 12), out);
  return formatTime(column, kind, data, row, out);
}

function formatNumber(kind: i32, data: usize, row: usize, scale: i32, out: usize): usize {
  switch (kind) {
    case BOOLEAN:
      return formatBoolean(load<u8>(data + row) != 0, out);
    case I8:
      return writeI64(out, load<i8>(data + row));
    case I16:
      return writeI64(out, load<i16>(data + (row << 1)));
    case I32:
      return writeI64(out, load<i32>(data + (row << 2)));
    case DECIMAL:
      return writeDecimal(out, load<i64>(data + (row << 3)), scale);
    default:
      return writeShortDecimal(out, load<i64>(data + (row << 3)), scale);
  }
}

function formatBoolean(value: bool, out: usize): usize {
  if (value) {
    store<u32>(out, 0x65757274); // "true"
    return out + 4;
  }
  store<u64>(out, 0x65736c6166); // "false"
  return out + 5;
}

function formatTime(column: usize, kind: i32, data: usize, row: usize, out: usize): usize {
  const quoting = load<u32>(column, 32);
  const quote = load<u8>(column, 37);
  // What stands between date and time mostly needs quotes.
  const isQuoted =
    quoting == ALWAYS || (quoting == IF_NEEDED && kind >= TIMESTAMP && load<u8>(column, 39) <= load<u8>(column, 36));
  const start = out;
  if (isQuoted) store<u8>(out++, quote);
  if (kind == DAYS) out = writeDate(out, load<i32>(data + (row << 2)));
  else if (kind == CLOCK) out = writeClock(out, load<u32>(data + (row << 2)), 0);
  else {
    out = writeTimestamp(out, load<i64>(data + (row << 3)), load<i32>(column, 12), load<u8>(column, 39));
    if (kind == INSTANT) store<u8>(out++, 0x5a);
  }
  if (isQuoted) store<u8>(out++, quote);
  else if (quoting == IF_NEEDED && needsQuotes(column, start, <i32>(out - start))) {
    // Times have at most 32 bytes.
    const first = v128.load(start);
    v128.store(start, v128.load(start, 16), 17);
    v128.store(start, first, 1);
    store<u8>(start, quote);
    store<u8>(out + 1, quote);
    out += 2;
  }
  return out;
}

function formatText(column: usize, bytes: usize, length: i32, out: usize): usize {
  const quoting = load<u32>(column, 32);
  if (quoting == JSON_STRING) return jsonString(bytes, length, out);
  if (quoting == NEVER || !needsQuotes(column, bytes, length)) return copyText(out, bytes, length);
  const quote = load<u8>(column, 37);
  const escape = load<u8>(column, 38) || quote;
  store<u8>(out++, quote);
  out = isCopied(bytes, length, quote, escape, out) ? out + length : doubled(bytes, length, quote, escape, out);
  store<u8>(out++, quote);
  return out;
}

/** Copies the text; false if `quote` or `escape` is in it, or in the 15 bytes behind. */
@inline
function isCopied(bytes: usize, length: i32, quote: u8, escape: u8, out: usize): bool {
  const quotes = i8x16.splat(quote);
  const escapes = i8x16.splat(escape);
  let special = i8x16.splat(0);
  for (let at: usize = 0; at < <usize>length; at += 16) {
    const lanes = v128.load(bytes + at);
    v128.store(out + at, lanes);
    special = v128.or(special, v128.or(i8x16.eq(lanes, quotes), i8x16.eq(lanes, escapes)));
  }
  return !v128.any_true(special);
}

/** The text with every `quote` and `escape` twice. */
function doubled(bytes: usize, length: i32, quote: u8, escape: u8, out: usize): usize {
  const quotes = i8x16.splat(quote);
  const escapes = i8x16.splat(escape);
  const end = bytes + length;
  while (bytes < end) {
    const lanes = v128.load(bytes);
    v128.store(out, lanes);
    const special = i8x16.bitmask(v128.or(i8x16.eq(lanes, quotes), i8x16.eq(lanes, escapes)));
    const step = min(<usize>16, end - bytes);
    const first: usize = special == 0 ? <usize>16 : <usize>ctz(special);
    if (first >= step) {
      bytes += step;
      out += step;
      continue;
    }
    store<u8>(out + first + 1, load<u8>(bytes + first));
    bytes += first + 1;
    out += first + 2;
  }
  return out;
}

/** Whether a CSV field is longer than what is looked at, or has a byte up to the highest special one. */
function needsQuotes(column: usize, bytes: usize, length: i32): bool {
  if (length > MAX_QUOTE_CHECK && hasMoreUnits(bytes, length)) return true;
  const highest = i8x16.splat(load<u8>(column, 36));
  // Without an escape character the quote stands in for it, which is not above the highest.
  const escape = i8x16.splat(load<u8>(column, 38) || load<u8>(column, 37));
  for (let left = length; left > 0; left -= 16, bytes += 16) {
    const lanes = v128.load(bytes);
    const special = i8x16.bitmask(v128.or(i8x16.le_u(lanes, highest), i8x16.eq(lanes, escape)));
    if (special != 0 && ctz(special) < min(left, 16)) return true;
  }
  return false;
}

/** Whether UTF-8 text has more than MAX_QUOTE_CHECK UTF-16 units; a unit has at most three bytes. */
function hasMoreUnits(bytes: usize, length: i32): bool {
  // Mostly the first characters have one byte each.
  if (!i8x16.bitmask(v128.or(v128.load(bytes), v128.load(bytes, MAX_QUOTE_CHECK + 1 - 16)))) return true;
  if (length > 3 * MAX_QUOTE_CHECK) return true;
  let units = 0;
  for (let left = length; left > 0; left -= 16, bytes += 16) {
    const lanes = v128.load(bytes);
    const inside = left < 16 ? (1 << left) - 1 : 0xffff;
    // Bytes that begin a character, and again those that begin one of two units.
    units += popcnt(i8x16.bitmask(i8x16.gt_s(lanes, i8x16.splat(-65))) & inside);
    units += popcnt(i8x16.bitmask(i8x16.ge_u(lanes, i8x16.splat(<i8>0xf0))) & inside);
    if (units > MAX_QUOTE_CHECK) return true;
  }
  return false;
}

function jsonString(bytes: usize, length: i32, out: usize): usize {
  store<u8>(out++, 0x22);
  const end = bytes + length;
  while (bytes < end) {
    const lanes = v128.load(bytes);
    v128.store(out, lanes);
    const special = i8x16.bitmask(
      v128.or(
        i8x16.lt_u(lanes, i8x16.splat(0x20)),
        v128.or(i8x16.eq(lanes, i8x16.splat(0x22)), i8x16.eq(lanes, i8x16.splat(0x5c))),
      ),
    );
    const step = min(<usize>16, end - bytes);
    const first: usize = special == 0 ? <usize>16 : <usize>ctz(special);
    if (first >= step) {
      bytes += step;
      out += step;
      continue;
    }
    out = jsonEscape(load<u8>(bytes + first), out + first);
    bytes += first + 1;
  }
  store<u8>(out++, 0x22);
  return out;
}

function jsonEscape(byte: u8, out: usize): usize {
  store<u8>(out, 0x5c);
  const short: u8 =
    byte >= 0x20 ? byte : byte == 8 ? 0x62 : byte == 9 ? 0x74 : byte == 10 ? 0x6e : byte == 12 ? 0x66 : byte == 13 ? 0x72 : 0;
  if (short != 0) {
    store<u8>(out + 1, short);
    return out + 2;
  }
  store<u32>(out + 1, 0x30303075); // "u000"
  store<u8>(out + 4, 0x30 + (byte >>> 4));
  const low = byte & 15;
  store<u8>(out + 5, low < 10 ? 0x30 + low : 0x57 + low);
  return out + 6;
}
