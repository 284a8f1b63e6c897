// MATCH_RECOGNIZE: rows drive the runs of their partitions; matches that no unfinished earlier run holds back are sent.
import {
  FAILURE, FOUND, LACK, MEASURE_COUNT, MEASURES, MOST_SUCCESSORS, NODE_NUMBER, NODES, OUT_PARTITIONS, OUT_ROOM, OUT_ROWS,
  PARTITION, RUN_LAST, RUN_START, RUN_TIME, RUN_VARIABLES, RUNS, SCRATCH, SKIP, SKIP_VARIABLE, TIMES, VARIABLE_BYTES, VARIABLES,
  WAITING, WITHIN,
} from "./layout";
import { evaluate, evaluateFor, resultIsNull } from "./program";
import { FINAL, advanceRun, dropRun, restoreRow, successors } from "./runs";

const LACKS_RUNS: u32 = 1;
const LACKS_NODES: u32 = 2;
const LACKS_ROOM: u32 = 4;

const SKIP_PAST_LAST: u32 = 0;
const SKIP_TO_NEXT: u32 = 1;
const SKIP_TO_FIRST: u32 = 2;

const NO_SUCH_ROW: u32 = 1;
const FIRST_ROW_AGAIN: u32 = 2;

/** Rows whose time is after the watermark. Returns how many. */
export function matchOnTime(times: usize, n: u32, watermark: f64, out: usize): u32 {
  const limit = <i64>watermark;
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    store<u32>(out + (count << 2), i);
    count += <u32>(load<i64>(times + (i << 3)) > limit);
  }
  return count;
}

/** How many of the sorted rows (addresses; the time's word at `word`) are not after the watermark. */
export function matchDue(rows: usize, n: u32, word: u32, watermark: f64): u32 {
  const limit = <u64>(<i64>watermark) ^ 0x8000000000000000;
  let low: u32 = 0;
  let high = n;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<u64>(<usize>load<u32>(rows + (middle << 2)) + word) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

@inline
function partitionOf(machine: usize, keyRow: usize): usize {
  return keyRow + load<u32>(machine, PARTITION);
}

/** What a row of the partition may need that is not there; 0: nothing. */
function lackFor(machine: usize, partition: usize): u32 {
  const most = load<u32>(machine, MOST_SUCCESSORS);
  const runs = load<u32>(partition, 16) + 1;
  let lack: u32 = 0;
  if (load<u32>(<usize>load<u32>(machine, RUNS) + 4) < runs * most) lack |= LACKS_RUNS;
  if (load<u32>(<usize>load<u32>(machine, NODES) + 4) < runs * most) lack |= LACKS_NODES;
  const matches = load<u32>(partition, 12) + runs * most;
  if (load<u32>(machine, OUT_ROOM) - load<u32>(machine, OUT_ROWS) < matches) lack |= LACKS_ROOM;
  return lack;
}

/**
 * Rows from position `from` on; `keyRows` are the addresses of their partitions. Stops before a row for which there may be too little
 * room, says what is lacking and how many runs the partition has, and returns its position.
 */
export function matchRows(machine: usize, keyRows: usize, from: u32, n: u32): u32 {
  for (let i = from; i < n; i++) {
    const keyRow: usize = load<u32>(keyRows + (i << 2));
    const partition = partitionOf(machine, keyRow);
    const lack = lackFor(machine, partition);
    if (lack != 0) {
      store<u32>(machine, lack, LACK);
      return i;
    }
    processRow(machine, keyRow, partition, i);
    if (load<u32>(machine, FAILURE) != 0) return i;
  }
  store<u32>(machine, 0, LACK);
  return n;
}

function processRow(machine: usize, keyRow: usize, partition: usize, row: u32): void {
  expire(machine, keyRow, partition, load<i64>(<usize>load<u32>(machine, TIMES) + (<usize>row << 3)));
  const number = load<u32>(partition, 20);
  store<u32>(partition, number + 1, 20);
  let run: usize = load<u32>(partition);
  store<u64>(partition, 0);
  store<u32>(partition, 0, 16);
  const made: usize = load<u32>(machine, SCRATCH);
  const nodes = made + (<usize>load<u32>(machine, MOST_SUCCESSORS) << 3);
  for (;;) {
    const next: usize = run == 0 ? 0 : load<u32>(run);
    const count = successors(machine, run, row);
    if (count == 0) {
      if (run != 0) dropRun(machine, run);
    } else {
      // States are read before they are replaced by addresses: the finished ones are marked in a bit set of at most 64.
      let finals: u64 = 0;
      for (let i: u32 = 0; i < count; i++) finals |= <u64>(load<u32>(made + (<usize>i << 3)) == FINAL) << i;
      advanceRun(machine, run, row, number, count, made, nodes);
      for (let i: u32 = 0; i < count; i++) {
        const successor: usize = load<u32>(made + (<usize>i << 3));
        if ((finals >> i) & 1) addFinished(machine, partition, successor);
        else addRun(partition, successor);
      }
    }
    if (run == 0) break;
    run = next;
  }
  emitFinished(machine, keyRow, partition);
}

@inline
function addRun(partition: usize, run: usize): void {
  const last: usize = load<u32>(partition, 4);
  if (last == 0) store<u32>(partition, <u32>run);
  else store<u32>(last, <u32>run);
  store<u32>(run, 0);
  store<u32>(partition, <u32>run, 4);
  store<u32>(partition, load<u32>(partition, 16) + 1, 16);
}

/** Behind those that began no later. */
function addFinished(machine: usize, partition: usize, match: usize): void {
  const start = load<u32>(match + RUN_START);
  let link: usize = partition + 8;
  for (let at: usize = load<u32>(link); at != 0 && load<u32>(at + RUN_START) <= start; at = load<u32>(link)) link = at;
  store<u32>(match, load<u32>(link));
  store<u32>(link, <u32>match);
  countFinished(machine, partition, 1);
}

@inline
function countFinished(machine: usize, partition: usize, by: i32): void {
  store<i32>(partition, load<i32>(partition, 12) + by, 12);
  store<i32>(machine, load<i32>(machine, WAITING) + by, WAITING);
}

@inline
function dropFirstRun(machine: usize, partition: usize): void {
  const run: usize = load<u32>(partition);
  const next = load<u32>(run);
  store<u32>(partition, next);
  if (next == 0) store<u32>(partition, 0, 4);
  store<u32>(partition, load<u32>(partition, 16) - 1, 16);
  dropRun(machine, run);
}

/** Drops the runs that can no longer finish in time. */
function expire(machine: usize, keyRow: usize, partition: usize, time: i64): void {
  store<i64>(machine, time, FOUND);
  const within = load<i64>(machine, WITHIN);
  if (within < 0) return;
  let run: usize = load<u32>(partition);
  if (run == 0 || time - load<i64>(run + RUN_TIME) < within) return;
  for (; run != 0 && time - load<i64>(run + RUN_TIME) >= within; run = load<u32>(partition)) dropFirstRun(machine, partition);
  emitFinished(machine, keyRow, partition);
}

function emitFinished(machine: usize, keyRow: usize, partition: usize): void {
  for (let match: usize = load<u32>(partition, 8); match != 0; match = load<u32>(partition, 8)) {
    const first: usize = load<u32>(partition);
    if (first != 0 && load<u32>(match + RUN_START) > load<u32>(first + RUN_START)) return;
    store<u32>(partition, load<u32>(match), 8);
    countFinished(machine, partition, -1);
    const next = searchFrom(machine, match);
    if (load<u32>(machine, FAILURE) != 0) {
      dropRun(machine, match);
      return;
    }
    // Both lists are in the order of their starts.
    for (let run: usize = load<u32>(partition); run != 0 && load<u32>(run + RUN_START) < next; run = load<u32>(partition)) {
      dropFirstRun(machine, partition);
    }
    for (let other: usize = load<u32>(partition, 8); other != 0 && load<u32>(other + RUN_START) < next; other = load<u32>(partition, 8)) {
      store<u32>(partition, load<u32>(other), 8);
      countFinished(machine, partition, -1);
      dropRun(machine, other);
    }
    emit(machine, keyRow, match);
    dropRun(machine, match);
  }
}

/** AFTER MATCH SKIP: the number of the first row that may begin another match. */
function searchFrom(machine: usize, match: usize): u32 {
  const skip = load<u32>(machine, SKIP);
  if (skip == SKIP_TO_NEXT) return load<u32>(match + RUN_START) + 1;
  if (skip == SKIP_PAST_LAST) return load<u32>(<usize>load<u32>(match + RUN_LAST) + NODE_NUMBER) + 1;
  const entry = match + RUN_VARIABLES + <usize>load<u32>(machine, SKIP_VARIABLE) * VARIABLE_BYTES;
  if (load<u32>(entry, 8) == 0) {
    store<u32>(machine, NO_SUCH_ROW, FAILURE);
    return 0;
  }
  const node: usize = skip == SKIP_TO_FIRST ? load<u32>(entry, 4) : load<u32>(entry);
  const number = load<u32>(node + NODE_NUMBER);
  if (number == load<u32>(match + RUN_START)) store<u32>(machine, FIRST_ROW_AGAIN, FAILURE);
  return number;
}

/** Writes the values that the measures are made of. */
function emit(machine: usize, keyRow: usize, match: usize): void {
  const at: usize = load<u32>(machine, OUT_ROWS);
  store<u32>(machine, <u32>at + 1, OUT_ROWS);
  store<u32>(<usize>load<u32>(machine, OUT_PARTITIONS) + (at << 2), <u32>keyRow);
  evaluateFor(machine, match, -1, 0);
  let measure: usize = load<u32>(machine, MEASURES);
  const count = load<u32>(machine, MEASURE_COUNT);
  for (let i: u32 = 0; i < count; i++, measure += 16) {
    const value = evaluate(load<u32>(measure));
    const data: usize = load<u32>(measure, 4);
    store<u8>(<usize>load<u32>(measure, 8) + at, <u8>!resultIsNull());
    switch (load<u32>(measure, 12)) {
      case 1:
        store<u8>(data + at, <u8>value);
        break;
      case 2:
        store<u16>(data + (at << 1), <u16>value);
        break;
      case 4:
        store<u32>(data + (at << 2), <u32>value);
        break;
      default:
        store<i64>(data + (at << 3), value);
    }
  }
}

/** Drops, in the partitions from position `from` on, runs that `watermark` ends. Stops when there may be too little room for matches. */
export function matchExpire(machine: usize, keyRows: usize, from: u32, n: u32, watermark: f64): u32 {
  for (let i = from; i < n; i++) {
    const keyRow: usize = load<u32>(keyRows + (i << 2));
    const partition = partitionOf(machine, keyRow);
    if (load<u32>(machine, OUT_ROOM) - load<u32>(machine, OUT_ROWS) < load<u32>(partition, 12)) {
      store<u32>(machine, LACKS_ROOM, LACK);
      return i;
    }
    expire(machine, keyRow, partition, <i64>watermark);
    if (load<u32>(machine, FAILURE) != 0) return i;
  }
  store<u32>(machine, 0, LACK);
  return n;
}

/** Those of the partitions, each once, that have neither runs nor matches. Their row count says that they were found. */
export function matchIdle(machine: usize, keyRows: usize, n: u32, out: usize): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const keyRow: usize = load<u32>(keyRows + (i << 2));
    const partition = partitionOf(machine, keyRow);
    if (load<u32>(partition) != 0 || load<u32>(partition, 8) != 0 || load<u32>(partition, 20) == u32.MAX_VALUE) continue;
    store<u32>(partition, u32.MAX_VALUE, 20);
    store<u32>(out + (count++ << 2), <u32>keyRow);
  }
  return count;
}

/** The run that saved rows are being added to. */
let restored: usize = 0;

/**
 * Builds runs from the rows that they were saved as. `facts`: addresses of i64 columns: rows of the partition, position in the run,
 * finished, state, start, variable, row number.
 */
export function matchRestore(machine: usize, keyRows: usize, n: u32, facts: usize): void {
  for (let i: u32 = 0; i < n; i++) {
    const partition = partitionOf(machine, load<u32>(keyRows + (i << 2)));
    store<u32>(partition, fact(facts, 0, i), 20);
    const begins = fact(facts, 1, i) == 0;
    restored = restoreRow(machine, begins ? 0 : restored, i, fact(facts, 6, i), fact(facts, 5, i), fact(facts, 3, i), fact(facts, 4, i));
    if (!begins) continue;
    if (fact(facts, 2, i) != 0) addFinished(machine, partition, restored);
    else addRun(partition, restored);
  }
}

@inline
function fact(facts: usize, index: usize, row: u32): u32 {
  return load<u32>(<usize>load<u32>(facts + (index << 2)) + (<usize>row << 3));
}
