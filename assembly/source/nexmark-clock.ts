// Ids, types and times of Nexmark events: a fixed pattern of person, auction and bid shares, one event every `delay` microseconds.
import { AUCTION_SHARE, BASE_TIME, CONSUMED, DELAY_US, FIRST_ID, GROUP_SIZE, PERSON_SHARE, TOTAL_SHARE } from "./nexmark-layout";

/** Position k (0-based) of a split is the event of this number; groups of out-of-order events are permuted. */
@inline
export function eventNumber(config: usize, position: i64): i64 {
  const group = <i64>load<i32>(config, GROUP_SIZE);
  const number = position + 1;
  if (group == 1) return number;
  return (number / group) * group + ((number * 953) % group);
}

/** Epoch ms of an event. */
@inline
export function eventTime(config: usize, number: i64): i64 {
  const micros = f64.trunc(<f64>number * load<f64>(config, DELAY_US));
  return load<i64>(config, BASE_TIME) + <i64>f64.trunc(micros / 1000.0);
}

/** 0 person, 1 auction, 2 bid, for an id's place in its epoch. */
@inline
export function eventType(config: usize, place: i64): i32 {
  const persons = <i64>load<i32>(config, PERSON_SHARE);
  return <i32>(place >= persons) + <i32>(place >= persons + <i64>load<i32>(config, AUCTION_SHARE));
}

/** Base-0 id of the newest person at an event. */
@inline
export function lastPerson(config: usize, id: i64): i64 {
  const total = <i64>load<i32>(config, TOTAL_SHARE);
  const share = <i64>load<i32>(config, PERSON_SHARE);
  const place = id % total;
  return (id / total) * share + (place < share ? place : share - 1);
}

/** Base-0 id of the newest auction at an event. */
@inline
export function lastAuction(config: usize, id: i64): i64 {
  const total = <i64>load<i32>(config, TOTAL_SHARE);
  const persons = <i64>load<i32>(config, PERSON_SHARE);
  const share = <i64>load<i32>(config, AUCTION_SHARE);
  const place = id % total;
  const epoch = id / total;
  if (place < persons) return (epoch - 1) * share + share - 1;
  return epoch * share + (place >= persons + share ? share - 1 : place - persons);
}

/**
 * Writes the ids (i64) of the events at up to `count` positions from `first` whose type is in `mask` (bit t: type t) and, unless 0,
 * their types (u8), until there are `capacity`. Returns how many; CONSUMED says how many positions that took.
 */
export function nexmarkRows(config: usize, first: f64, count: f64, capacity: i32, mask: i32, ids: usize, types: usize): i32 {
  return load<i32>(config, GROUP_SIZE) == 1
    ? rowsOfRuns(config, <i64>first, <i64>count, capacity, mask, ids, types)
    : rowsSingly(config, <i64>first, <i64>count, capacity, mask, ids, types);
}

function rowsSingly(config: usize, first: i64, count: i64, capacity: i32, mask: i32, ids: usize, types: usize): i32 {
  const firstId = load<i64>(config, FIRST_ID);
  const total = <i64>load<i32>(config, TOTAL_SHARE);
  let rows: i32 = 0;
  let k: i64 = 0;
  for (; k < count && rows < capacity; k++) {
    const id = firstId + eventNumber(config, first + k);
    const type = eventType(config, id % total);
    store<i64>(ids + (<usize>rows << 3), id);
    if (types != 0) store<u8>(types + <usize>rows, <u8>type);
    rows += (mask >>> type) & 1;
  }
  store<f64>(config, <f64>k, CONSUMED);
  return rows;
}

/** Events in order: those of one type in one epoch have consecutive ids. */
function rowsOfRuns(config: usize, first: i64, count: i64, capacity: i32, mask: i32, ids: usize, types: usize): i32 {
  const total = <i64>load<i32>(config, TOTAL_SHARE);
  const persons = <i64>load<i32>(config, PERSON_SHARE);
  const auctions = persons + <i64>load<i32>(config, AUCTION_SHARE);
  const start = load<i64>(config, FIRST_ID) + first + 1;
  const end = start + count;
  let rows: i32 = 0;
  let id = start;
  let epoch = (id / total) * total;
  while (id < end && rows < capacity) {
    const place = id - epoch;
    const type = place < persons ? 0 : place < auctions ? 1 : 2;
    const next = min(epoch + (type == 0 ? persons : type == 1 ? auctions : total), end);
    if ((mask >>> type) & 1) {
      const stop = min(next, id + <i64>(capacity - rows));
      if (types != 0) memory.fill(types + <usize>rows, <u8>type, <usize>(stop - id));
      for (; id < stop; id++, rows++) store<i64>(ids + (<usize>rows << 3), id);
    } else {
      id = next;
    }
    if (id == epoch + total) epoch = id;
  }
  store<f64>(config, <f64>(id - start), CONSUMED);
  return rows;
}

/** event_type of each row as INT. */
export function nexmarkTypes(types: usize, rows: i32, out: usize): void {
  for (let row: usize = 0; row < <usize>rows; row++) store<i32>(out + (row << 2), load<u8>(types + row));
}

/** Arrow bitmap of the rows that have `type`. */
export function nexmarkValidity(types: usize, rows: i32, type: i32, out: usize): void {
  for (let row = 0; row < rows; row += 8) {
    let bits = 0;
    const last = min(8, rows - row);
    for (let bit = 0; bit < last; bit++) bits |= <i32>(<i32>load<u8>(types + row + bit) == type) << bit;
    store<u8>(out + (row >>> 3), <u8>bits);
  }
}

/** Event times of rows, as eventTime: two at a time. Writes one value past an odd number of rows. */
export function nexmarkTimes(config: usize, ids: usize, rows: i32, out: usize): void {
  // A double 2^52 + n has n in its lowest bits, for whole n below 2^52.
  const carrier = f64x2.splat(4503599627370496.0);
  const firstId = i64x2.splat(load<i64>(config, FIRST_ID));
  const delay = f64x2.splat(load<f64>(config, DELAY_US));
  const thousand = f64x2.splat(1000.0);
  const base = i64x2.sub(i64x2.splat(load<i64>(config, BASE_TIME)), carrier);
  for (let row: usize = 0; row < <usize>rows; row += 2) {
    const number = i64x2.sub(v128.load(ids + (row << 3)), firstId);
    const micros = f64x2.floor(f64x2.mul(f64x2.sub(v128.or(number, carrier), carrier), delay));
    const millis = f64x2.floor(f64x2.div(micros, thousand));
    v128.store(out + (row << 3), i64x2.add(f64x2.add(millis, carrier), base));
  }
}
