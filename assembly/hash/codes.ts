// Keys of short strings and small integers as one word per row, equal exactly when the keys are: rows of few keys are told apart by it, and
// only one row of each goes into the index.

/** More keys than this in a batch are not worth it. */
const MAX_KEYS: u32 = 64;
const ENTRIES: u32 = 256;

@inline
function put(codes: usize, i: u32, shift: u64, code: u64): void {
  const at = codes + (<usize>i << 3);
  store<u64>(at, shift == 0 ? code : load<u64>(at) | (code << shift));
}

@inline
function INTEGERS<T>(values: usize, n: u32, shift: u64, codes: usize): void {
  for (let i: u32 = 0; i < n; i++) put(codes, i, shift, <u64>load<T>(values + (<usize>i) * sizeof<T>()));
}

/** Puts a column's values `shift` bits up into the codes; what is put at 0 overwrites them. */
export function codesI8(values: usize, n: u32, shift: u32, codes: usize): void { INTEGERS<u8>(values, n, shift, codes); }
export function codesI16(values: usize, n: u32, shift: u32, codes: usize): void { INTEGERS<u16>(values, n, shift, codes); }
export function codesI32(values: usize, n: u32, shift: u32, codes: usize): void { INTEGERS<u32>(values, n, shift, codes); }

/** 32 bits of strings of up to 3 bytes: these and the length. Returns whether all are that short. */
export function codesView(views: usize, n: u32, shift: u32, codes: usize): bool {
  let lengths: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const head = load<u64>(views + (<usize>i << 4));
    lengths |= <u32>head;
    put(codes, i, shift, (head >> 32) | ((head & 3) << 24));
  }
  return lengths <= 3;
}

/** 64 bits of strings of up to 7 bytes. */
export function codesOnlyView(views: usize, n: u32, codes: usize): bool {
  let lengths: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const view = views + (<usize>i << 4);
    const length = load<u32>(view);
    lengths |= length;
    store<u64>(codes + (<usize>i << 3), load<u64>(view, 4) | (<u64>length << 56));
  }
  return lengths <= 7;
}

/**
 * Numbers the codes in the order in which they come: a u8 per row, and in `firsts` the first row of each. Returns how many there are; 0 when
 * they are too many. `table` has CODES_TABLE bytes.
 */
export function codesNumber(codes: usize, n: u32, table: usize, numbers: usize, firsts: usize): u32 {
  memory.fill(table, 0, ENTRIES << 4);
  const end = table + (<usize>ENTRIES << 4);
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const code = load<u64>(codes + (<usize>i << 3));
    let entry = table + (<usize>((code * 0x9e3779b97f4a7c15) >> 56) << 4);
    let number = load<u32>(entry, 8);
    while (number == 0 || load<u64>(entry) != code) {
      if (number == 0) {
        if (count == MAX_KEYS) return 0;
        store<u32>(firsts + (count << 2), i);
        number = ++count;
        store<u64>(entry, code);
        store<u32>(entry, number, 8);
        break;
      }
      entry += 16;
      if (entry == end) entry = table;
      number = load<u32>(entry, 8);
    }
    store<u8>(numbers + i, <u8>(number - 1));
  }
  return count;
}

/** The row of each number. */
export function codesRows(numbers: usize, n: u32, groups: usize, rows: usize): void {
  for (let i: u32 = 0; i < n; i++) store<u32>(rows + (i << 2), load<u32>(groups + (<usize>load<u8>(numbers + i) << 2)));
}
