// What the MATCH_RECOGNIZE kernels are told and keep. Written by src/operators/match/machine.ts (same names there).
//
//   machine | 0 states | 4 transitions | 8 conditions | 12 DEFINE code per variable (0: every row) | 16 variables
//           | 20 first state | 24 runs pool | 28 nodes pool | 32 columns | 36 column count | 40 aggregates | 44 aggregate count
//           | 48 skip kind | 52 skip variable | 56 within ms i64 (-1: none) | 64 measures | 68 measure count
//           | 72 successors of a run at most | 76 scratch | 80 out rows | 84 room for out rows | 88 out partitions | 92 lack
//           | 96 failure | 100 finished matches that wait | 104 offset of the partition part in key rows | 108 times
//           | 112 now i64 | 120 time at which matches are found i64 (the greatest safe integer: after the last row)
//   state      | variable i32 | first transition u32 | transitions u32 |
//   transition | target u32 | takes the row u32 | first condition u32 | conditions u32 |
//   condition  | variable u32 | negated u32 |
//   column     | data u32 | validity u32 | kind u32 |           aggregate | variable u32 | column i32 | kind u32 |
//   measure    | code u32 | data u32 | mask u32 | width u32 |
//   partition  | first run u32 | last run u32 | first finished u32 | finished u32 | runs u32 | rows so far u32 |
//   run        | next u32 | state u32 | start u32 | last node u32 | start time i64 | per variable, then for all rows:
//              | last node u32, first node u32, rows u32, – | per aggregate: rows i64, value i64 or f64 |
//   node       | references u32 | previous u32 | previous of its variable u32 | variable u32 | row number u32 | NULL bits u32
//              | time i64 | values of 8 bytes … |
//   pool       | free list u32 | free u32 | stride u32 |
//
// A row number counts the rows of a partition. A run refers to its last node, a node to the one before: runs share their past.

import { isNull } from "../memory/mask";

export const STATES = 0;
export const TRANSITIONS = 4;
export const CONDITIONS = 8;
export const DEFINES = 12;
export const VARIABLES = 16;
export const FIRST_STATE = 20;
export const RUNS = 24;
export const NODES = 28;
export const COLUMNS = 32;
export const COLUMN_COUNT = 36;
export const AGGREGATES = 40;
export const AGGREGATE_COUNT = 44;
export const SKIP = 48;
export const SKIP_VARIABLE = 52;
export const WITHIN = 56;
export const MEASURES = 64;
export const MEASURE_COUNT = 68;
export const MOST_SUCCESSORS = 72;
export const SCRATCH = 76;
export const OUT_ROWS = 80;
export const OUT_ROOM = 84;
export const OUT_PARTITIONS = 88;
export const LACK = 92;
export const FAILURE = 96;
export const WAITING = 100;
export const PARTITION = 104;
export const TIMES = 108;
export const NOW = 112;
export const FOUND = 120;

export const AT_THE_END: i64 = 0x1fffffffffffff;

export const RUN_STATE: usize = 4;
export const RUN_START: usize = 8;
export const RUN_LAST: usize = 12;
export const RUN_TIME: usize = 16;
export const RUN_VARIABLES: usize = 24;
export const VARIABLE_BYTES: usize = 16;
export const AGGREGATE_BYTES: usize = 16;

export const NODE_PREVIOUS: usize = 4;
export const NODE_SAME: usize = 8;
export const NODE_VARIABLE: usize = 12;
export const NODE_NUMBER: usize = 16;
export const NODE_NULLS: usize = 20;
export const NODE_TIME: usize = 24;
export const NODE_VALUES: usize = 32;

/** Of an empty pool: 0. Callers have seen to it that there is one. */
@inline
export function takeFrom(pool: usize): usize {
  const block: usize = load<u32>(pool);
  store<u32>(pool, load<u32>(block));
  store<u32>(pool, load<u32>(pool, 4) - 1, 4);
  return block;
}

@inline
export function giveTo(pool: usize, block: usize): void {
  store<u32>(block, load<u32>(pool));
  store<u32>(pool, <u32>block);
  store<u32>(pool, load<u32>(pool, 4) + 1, 4);
}

/** Adds `count` blocks that lie one after the other. */
export function matchPoolGrow(pool: usize, address: usize, count: u32): void {
  const stride: usize = load<u32>(pool, 8);
  for (let i: u32 = 0; i < count; i++) giveTo(pool, address + <usize>(count - 1 - i) * stride);
}

/** A column's value of a row widened to 8 bytes. */
@inline
export function columnValue(column: usize, row: u32): i64 {
  const data: usize = load<u32>(column);
  switch (load<u32>(column, 8)) {
    case 0:
      return load<u8>(data + row);
    case 1:
      return load<i8>(data + row);
    case 2:
      return load<i16>(data + (<usize>row << 1));
    case 3:
      return load<i32>(data + (<usize>row << 2));
    default:
      return load<i64>(data + (<usize>row << 3));
  }
}

@inline
export function columnIsNull(column: usize, row: u32): bool {
  const validity: usize = load<u32>(column, 4);
  return isNull(validity, row);
}
