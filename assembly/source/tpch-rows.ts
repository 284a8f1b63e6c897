// Columns of the TPC-H tables that follow from draws: keys, money, dates of lines, totals and states of orders.
// Draws and dates are i32, keys and money i64, one after the other.

/** The 17th of June 1995, in days since 1970: what is shipped by then is. */
const TODAY = 9298;
const SUPPLIERS_PER_PART = 4;

/** Order keys use 8 of 32 numbers. */
@inline
function orderKey(index: i64): i64 {
  return ((index >>> 3) << 5) + (index & 7);
}

/** Keys of the orders `first` … , counted from 1. */
export function tpchOrderKeys(first: f64, orders: i32, out: usize): void {
  let index = <i64>first;
  for (let i = 0; i < orders; i++, out += 8) store<i64>(out, orderKey(index++));
}

/** `first`, first + 1, … as i64. */
export function tpchKeys(first: f64, rows: i32, out: usize): void {
  let key = <i64>first;
  for (let i = 0; i < rows; i++, out += 8) store<i64>(out, key++);
}

/** `first` + row / `repeat` as i32. */
export function tpchRowNumbers(first: i32, repeat: i32, rows: i32, out: usize): void {
  for (let i = 0; i < rows; i++, out += 4) store<i32>(out, first + i / repeat);
}

/** Values times `factor` as i64. */
export function tpchScaled(values: usize, rows: i32, factor: i32, out: usize): void {
  for (let i = 0; i < rows; i++, values += 4, out += 8) store<i64>(out, <i64>load<i32>(values) * factor);
}

/** The 16-byte views that numbers stand for. */
export function tpchPick(numbers: usize, rows: i32, views: usize, out: usize): void {
  for (let i = 0; i < rows; i++, numbers += 4, out += 16) {
    v128.store(out, v128.load(views + (<usize>load<i32>(numbers) << 4)));
  }
}

/** left · factor + right, in place of left. */
export function tpchCombine(left: usize, factor: i32, right: usize, rows: i32): void {
  for (let i = 0; i < rows; i++, left += 4, right += 4) store<i32>(left, load<i32>(left) * factor + load<i32>(right));
}

/** Order keys (0: none) and line numbers (0: none) of the lines of orders `first` … */
export function tpchLines(first: f64, counts: usize, orders: i32, keys: usize, numbers: usize): void {
  let index = <i64>first;
  for (const end = counts + <usize>orders; counts < end; counts++, index++) {
    const lines = <i32>load<u8>(counts);
    const key = orderKey(index);
    for (let line = 1; line <= lines; line++) {
      if (keys != 0) {
        store<i64>(keys, key);
        keys += 8;
      }
      if (numbers != 0) {
        store<i32>(numbers, line);
        numbers += 4;
      }
    }
  }
}

/** Adds each order's date to the values of its lines. */
export function tpchAddOrderDates(dates: usize, counts: usize, orders: i32, lines: usize): void {
  for (const end = counts + <usize>orders; counts < end; counts++, dates += 4) {
    const date = load<i32>(dates);
    for (const last = lines + (<usize>load<u8>(counts) << 2); lines < last; lines += 4) {
      store<i32>(lines, load<i32>(lines) + date);
    }
  }
}

/** 1 where the date has passed, else 0. */
export function tpchIsPast(dates: usize, rows: i32, out: usize): void {
  for (let i = 0; i < rows; i++, dates += 4, out += 4) store<i32>(out, i32(load<i32>(dates) <= TODAY));
}

@inline
function retailPrice(part: i64): i64 {
  return 90000 + ((part / 10) % 20001) + (part % 1000) * 100;
}

/** Retail prices of parts (i32). */
export function tpchRetailPrices(parts: usize, rows: i32, out: usize): void {
  for (let i = 0; i < rows; i++, parts += 4, out += 8) store<i64>(out, retailPrice(load<i32>(parts)));
}

export function tpchExtendedPrices(parts: usize, quantities: usize, rows: i32, out: usize): void {
  for (let i = 0; i < rows; i++, parts += 4, quantities += 4, out += 8) {
    store<i64>(out, retailPrice(load<i32>(parts)) * load<i32>(quantities));
  }
}

/** The supplier of each part with this number (0 … 3); numbers at 0: each row's place among four. */
export function tpchSuppliers(parts: usize, numbers: usize, rows: i32, suppliers: f64, out: usize): void {
  const count = <i64>suppliers;
  for (let i = 0; i < rows; i++, parts += 4, out += 8) {
    const part = <i64>load<i32>(parts);
    const number = <i64>(numbers == 0 ? i & (SUPPLIERS_PER_PART - 1) : load<i32>(numbers + (<usize>i << 2)));
    store<i64>(out, ((part + number * (count / SUPPLIERS_PER_PART + (part - 1) / count)) % count) + 1);
  }
}

/** Customers without orders are those whose key 3 divides: the next or the one before takes its place. */
export function tpchActiveCustomers(customers: usize, rows: i32, most: i32): void {
  for (let i = 0; i < rows; i++, customers += 4) {
    let key = load<i32>(customers);
    for (let step = 1; key % 3 == 0; step = -step) key = min(key + step, most);
    store<i32>(customers, key);
  }
}

/** Order totals from the draws of their lines. */
export function tpchOrderTotals(
  counts: usize,
  orders: i32,
  parts: usize,
  quantities: usize,
  discounts: usize,
  taxes: usize,
  out: usize,
): void {
  for (const end = counts + <usize>orders; counts < end; counts++, out += 8) {
    let total: i64 = 0;
    for (let left = load<u8>(counts); left > 0; left--) {
      const price = retailPrice(load<i32>(parts)) * load<i32>(quantities);
      const discounted = price * (100 - load<i32>(discounts));
      total += ((discounted / 100) * (100 + load<i32>(taxes))) / 100;
      parts += 4;
      quantities += 4;
      discounts += 4;
      taxes += 4;
    }
    store<i64>(out, total);
  }
}

/** 0: all lines shipped, 1: some, 2: none. */
export function tpchOrderStates(counts: usize, orders: i32, shipDates: usize, out: usize): void {
  for (const end = counts + <usize>orders; counts < end; counts++, out += 4) {
    const lines = <i32>load<u8>(counts);
    let shipped = 0;
    for (let i = 0; i < lines; i++, shipDates += 4) shipped += i32(load<i32>(shipDates) <= TODAY);
    store<i32>(out, shipped == lines ? 0 : shipped > 0 ? 1 : 2);
  }
}
