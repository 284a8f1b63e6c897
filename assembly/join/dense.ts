// The rows of a side that has been read whole, by an integer key whose values lie close together: an array over the range of the keys instead
// of a table of slots, so that nothing is hashed or compared.
//
//   range   | least i64 | greatest i64 |
//   keys that rise one by one  nothing: the row is as far from the first as the key from the least
//   keys that rise row by row  cells | a bit for each of 64 values u64 | number of rows before u32 | – |: rows are told by their rank
//   keys that are unique       the rows are brought into their order, see above; where they have to stay, one u32 per value of the range: the
//                              row id (0: none)
//   keys that repeat           cells | position of the first id u32 | number of rows u32 | per value, and the ids of all rows by key, the
//                              newest of a key first

@inline
function placeOf<T>(values: usize, i: u32, least: i64): u64 {
  return <u64>(<i64>load<T>(values + (<usize>i) * sizeof<T>()) - least);
}

/** Enters the row found for key `i`, 0 for none, and the pair behind `count` others, which stays when there is a row. Returns 1 if so. */
@inline
function enter(i: u32, id: u32, count: u32, lists: usize, indices: usize, rows: usize): u32 {
  store<u32>(lists + (i << 2), id);
  store<u32>(indices + (count << 2), i);
  store<u32>(rows + (count << 2), id);
  return <u32>(id != 0);
}

/** Whether each key is greater than the one before it; `range` holds the keys before these, or nothing (`fresh`). */
@inline
function RISES<T>(values: usize, n: u32, range: usize, fresh: bool): bool {
  let rises = fresh || <i64>load<T>(values) > load<i64>(range, 8);
  for (let i: u32 = 1; i < n; i++) {
    const at = values + (<usize>i) * sizeof<T>();
    rises = rises & (load<T>(at - sizeof<T>()) < load<T>(at));
  }
  return rises;
}

export function denseRisesI32(values: usize, n: u32, range: usize, fresh: bool): bool { return RISES<i32>(values, n, range, fresh); }
export function denseRisesI64(values: usize, n: u32, range: usize, fresh: bool): bool { return RISES<i64>(values, n, range, fresh); }

/** Sets the bits of keys in the (zeroed) cells. */
@inline
function MARK<T>(values: usize, n: u32, range: usize, cells: usize): void {
  const least = load<i64>(range);
  for (let i: u32 = 0; i < n; i++) {
    const place = placeOf<T>(values, i, least);
    const cell = cells + (<usize>(place >> 6) << 4);
    store<u64>(cell, load<u64>(cell) | ((<u64>1) << (place & 63)));
  }
}

export function denseMarkI32(values: usize, n: u32, range: usize, cells: usize): void { MARK<i32>(values, n, range, cells); }
export function denseMarkI64(values: usize, n: u32, range: usize, cells: usize): void { MARK<i64>(values, n, range, cells); }

/** Once all bits are set: the number of rows before those of each cell. Returns the number of bits. */
export function denseRanks(cells: usize, n: u32): u32 {
  let rank: u32 = 0;
  for (const end = cells + ((<usize>n) << 4); cells < end; cells += 16) {
    store<u32>(cells, rank, 8);
    rank += <u32>popcnt(load<u64>(cells));
  }
  return rank;
}

/** The row id of each key, the first row being `first`, 0 where there is none; and the pairs that are found. Returns how many. */
@inline
function RANK<T>(values: usize, n: u32, range: usize, cells: usize, first: u32, lists: usize, indices: usize, rows: usize): u32 {
  const least = load<i64>(range);
  const span = <u64>(load<i64>(range, 8) - least);
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const place = placeOf<T>(values, i, least);
    const inside = place <= span;
    const cell = cells + (<usize>(select<u64>(place, 0, inside) >> 6) << 4);
    const bits = load<u64>(cell);
    const bit: u64 = (<u64>1) << (place & 63);
    const rank = load<u32>(cell, 8) + <u32>popcnt(bits & (bit - 1));
    const id = select<u32>(first + rank, 0, inside & ((bits & bit) != 0));
    count += enter(i, id, count, lists, indices, rows);
  }
  return count;
}

export function denseRankI32(values: usize, n: u32, range: usize, cells: usize, first: u32, lists: usize, indices: usize, rows: usize): u32 {
  return RANK<i32>(values, n, range, cells, first, lists, indices, rows);
}
export function denseRankI64(values: usize, n: u32, range: usize, cells: usize, first: u32, lists: usize, indices: usize, rows: usize): u32 {
  return RANK<i64>(values, n, range, cells, first, lists, indices, rows);
}

/** As RANK, where each value of the range is a key and the rows are in its order. */
@inline
function SHIFT<T>(values: usize, n: u32, range: usize, first: u32, lists: usize, indices: usize, rows: usize): u32 {
  const least = load<i64>(range);
  const span = <u64>(load<i64>(range, 8) - least);
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const place = placeOf<T>(values, i, least);
    const inside = place <= span;
    const id = select<u32>(first + <u32>place, 0, inside);
    count += enter(i, id, count, lists, indices, rows);
  }
  return count;
}

export function denseShiftI32(values: usize, n: u32, range: usize, first: u32, lists: usize, indices: usize, rows: usize): u32 {
  return SHIFT<i32>(values, n, range, first, lists, indices, rows);
}
export function denseShiftI64(values: usize, n: u32, range: usize, first: u32, lists: usize, indices: usize, rows: usize): u32 {
  return SHIFT<i64>(values, n, range, first, lists, indices, rows);
}

/** Whether each key is in the range. */
@inline
function COVERS<T>(values: usize, n: u32, range: usize): bool {
  const least = load<i64>(range);
  const span = <u64>(load<i64>(range, 8) - least);
  let inside = true;
  for (let i: u32 = 0; i < n; i++) inside = inside & (placeOf<T>(values, i, least) <= span);
  return inside;
}

export function denseCoversI32(values: usize, n: u32, range: usize): bool { return COVERS<i32>(values, n, range); }
export function denseCoversI64(values: usize, n: u32, range: usize): bool { return COVERS<i64>(values, n, range); }

/** The values of a column, an array by key from the least on, for keys that are all in the range. */
@inline
function TAKE<T, V>(values: usize, n: u32, range: usize, column: usize, out: usize): void {
  const shift: usize = sizeof<V>() == 16 ? 4 : alignof<V>();
  // Wraps around where the array would begin before memory does.
  const base = column - (<usize>load<i64>(range) << shift);
  for (const end = values + (<usize>n) * sizeof<T>(); values < end; values += sizeof<T>()) {
    store<V>(out, load<V>(base + (<usize>load<T>(values) << shift)));
    out += sizeof<V>();
  }
}

export function denseTake4I32(values: usize, n: u32, range: usize, column: usize, out: usize): void { TAKE<i32, u32>(values, n, range, column, out); }
export function denseTake8I32(values: usize, n: u32, range: usize, column: usize, out: usize): void { TAKE<i32, u64>(values, n, range, column, out); }
export function denseTake16I32(values: usize, n: u32, range: usize, column: usize, out: usize): void { TAKE<i32, v128>(values, n, range, column, out); }
export function denseTake4I64(values: usize, n: u32, range: usize, column: usize, out: usize): void { TAKE<i64, u32>(values, n, range, column, out); }
export function denseTake8I64(values: usize, n: u32, range: usize, column: usize, out: usize): void { TAKE<i64, u64>(values, n, range, column, out); }
export function denseTake16I64(values: usize, n: u32, range: usize, column: usize, out: usize): void { TAKE<i64, v128>(values, n, range, column, out); }

/** The place of each key of the range in order: how many keys are less. */
@inline
function PLACES<T>(values: usize, n: u32, range: usize, cells: usize, out: usize): void {
  const least = load<i64>(range);
  for (let i: u32 = 0; i < n; i++) {
    const place = placeOf<T>(values, i, least);
    const cell = cells + (<usize>(place >> 6) << 4);
    store<u32>(out + (i << 2), load<u32>(cell, 8) + <u32>popcnt(load<u64>(cell) & (((<u64>1) << (place & 63)) - 1)));
  }
}

export function densePlacesI32(values: usize, n: u32, range: usize, cells: usize, out: usize): void { PLACES<i32>(values, n, range, cells, out); }
export function densePlacesI64(values: usize, n: u32, range: usize, cells: usize, out: usize): void { PLACES<i64>(values, n, range, cells, out); }

/** Enters rows `id`…, whose keys are in the range. Returns how many keys were there already. */
@inline
function SET<T>(values: usize, n: u32, id: u32, range: usize, ids: usize): u32 {
  const least = load<i64>(range);
  let repeated: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const at = ids + (<usize>placeOf<T>(values, i, least) << 2);
    repeated += <u32>(load<u32>(at) != 0);
    store<u32>(at, id + i);
  }
  return repeated;
}

export function denseSetI32(values: usize, n: u32, id: u32, range: usize, ids: usize): u32 { return SET<i32>(values, n, id, range, ids); }
export function denseSetI64(values: usize, n: u32, id: u32, range: usize, ids: usize): u32 { return SET<i64>(values, n, id, range, ids); }

/** The row id of each key, 0 where there is none, and the pairs that are found. Returns how many. */
@inline
function FIND<T>(values: usize, n: u32, range: usize, ids: usize, lists: usize, indices: usize, rows: usize): u32 {
  const least = load<i64>(range);
  const span = <u64>(load<i64>(range, 8) - least);
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const place = placeOf<T>(values, i, least);
    const inside = place <= span;
    const id = select<u32>(load<u32>(ids + (select<usize>(<usize>place, 0, inside) << 2)), 0, inside);
    count += enter(i, id, count, lists, indices, rows);
  }
  return count;
}

export function denseFindI32(values: usize, n: u32, range: usize, ids: usize, lists: usize, indices: usize, rows: usize): u32 {
  return FIND<i32>(values, n, range, ids, lists, indices, rows);
}
export function denseFindI64(values: usize, n: u32, range: usize, ids: usize, lists: usize, indices: usize, rows: usize): u32 {
  return FIND<i64>(values, n, range, ids, lists, indices, rows);
}

/** Counts the rows of each key in the (zeroed) cells. */
@inline
function COUNT<T>(values: usize, n: u32, range: usize, cells: usize): void {
  const least = load<i64>(range);
  for (let i: u32 = 0; i < n; i++) {
    const cell = cells + (<usize>placeOf<T>(values, i, least) << 3);
    store<u32>(cell, load<u32>(cell, 4) + 1, 4);
  }
}

export function denseCountI32(values: usize, n: u32, range: usize, cells: usize): void { COUNT<i32>(values, n, range, cells); }
export function denseCountI64(values: usize, n: u32, range: usize, cells: usize): void { COUNT<i64>(values, n, range, cells); }

/** Once all rows are counted: positions behind each key's last id, from which densePlace counts down. */
export function denseEnds(cells: usize, span: u32): void {
  let position: u32 = 0;
  for (const end = cells + ((<usize>span) << 3); cells < end; cells += 8) {
    position += load<u32>(cells, 4);
    store<u32>(cells, position);
  }
}

/** Enters the ids of rows `id`…; ids must rise from call to call. */
@inline
function PLACE<T>(values: usize, n: u32, id: u32, range: usize, cells: usize, ids: usize): void {
  const least = load<i64>(range);
  for (let i: u32 = 0; i < n; i++) {
    const cell = cells + (<usize>placeOf<T>(values, i, least) << 3);
    const position = load<u32>(cell) - 1;
    store<u32>(cell, position);
    store<u32>(ids + (position << 2), id + i);
  }
}

export function densePlaceI32(values: usize, n: u32, id: u32, range: usize, cells: usize, ids: usize): void {
  PLACE<i32>(values, n, id, range, cells, ids);
}
export function densePlaceI64(values: usize, n: u32, id: u32, range: usize, cells: usize, ids: usize): void {
  PLACE<i64>(values, n, id, range, cells, ids);
}

/** The cell of each key, or 0 where there is no row. */
@inline
function LOOKUP<T>(values: usize, n: u32, range: usize, cells: usize, out: usize): void {
  const least = load<i64>(range);
  const span = <u64>(load<i64>(range, 8) - least);
  for (let i: u32 = 0; i < n; i++) {
    const place = placeOf<T>(values, i, least);
    const inside = place <= span;
    const cell = cells + (select<usize>(<usize>place, 0, inside) << 3);
    store<u32>(out + (i << 2), select<u32>(<u32>cell, 0, inside & (load<u32>(cell, 4) != 0)));
  }
}

export function denseLookupI32(values: usize, n: u32, range: usize, cells: usize, out: usize): void {
  LOOKUP<i32>(values, n, range, cells, out);
}
export function denseLookupI64(values: usize, n: u32, range: usize, cells: usize, out: usize): void {
  LOOKUP<i64>(values, n, range, cells, out);
}

/** Every row of `from` … `to` with every row of its cell: numbers and ids. Returns how many. */
export function densePairs(lists: usize, from: u32, to: u32, ids: usize, indices: usize, rows: usize): u32 {
  let count: u32 = 0;
  for (let i = from; i < to; i++) {
    const cell: usize = load<u32>(lists + (i << 2));
    if (cell == 0) continue;
    let at = ids + (<usize>load<u32>(cell) << 2);
    for (const end = at + (<usize>load<u32>(cell, 4) << 2); at < end; at += 4) {
      store<u32>(indices + (count << 2), i);
      store<u32>(rows + (count << 2), load<u32>(at));
      count++;
    }
  }
  return count;
}
