// DEFINE conditions and measures as programs of a stack machine over a run and, in conditions, the row that may join it. Every value has
// 8 bytes: integers, dates and times as i64, doubles, booleans as 0 or 1; NULL beside it. Opcodes as in src/operators/match/program.ts.
import {
  AGGREGATE_BYTES, AGGREGATES, AT_THE_END, COLUMNS, FOUND, NODE_NULLS, NODE_PREVIOUS, NODE_SAME, NODE_TIME, NODE_VALUES, NOW,
  RUN_VARIABLES, VARIABLE_BYTES, VARIABLES, columnIsNull, columnValue,
} from "./layout";

const STACK = memory.data(1024);
/** Stands for the row that may join: nodes are addresses. */
const CANDIDATE: usize = 1;

let machine: usize = 0;
let run: usize = 0;
/** The variable that the row would be mapped to; -1: there is no row. */
let variable: i32 = -1;
let row: u32 = 0;

let isNull: bool = false;

/** Whether the result of the last program was NULL. */
@inline
export function resultIsNull(): bool {
  return isNull;
}

/** `ofRun` 0: no rows before this one. */
@inline
export function evaluateFor(ofMachine: usize, ofRun: usize, asVariable: i32, ofRow: u32): void {
  machine = ofMachine;
  run = ofRun;
  variable = asVariable;
  row = ofRow;
}

@inline
function entryOf(wanted: i32): usize {
  return run + RUN_VARIABLES + <usize>wanted * VARIABLE_BYTES;
}

/** Whether the candidate counts among the rows of the variable; the number behind the last variable means all rows. */
@inline
function joins(wanted: i32): bool {
  return variable >= 0 && (wanted == variable || wanted == load<i32>(machine, VARIABLES));
}

@inline
function stepBack(node: usize, wanted: i32, steps: u32): usize {
  const link = wanted == load<i32>(machine, VARIABLES) ? NODE_PREVIOUS : NODE_SAME;
  for (let i: u32 = 0; i < steps; i++) node = load<u32>(node + link);
  return node;
}

@inline
function lastRow(wanted: i32, offset: u32): usize {
  let steps = offset;
  if (joins(wanted)) {
    if (steps == 0) return CANDIDATE;
    steps--;
  }
  if (run == 0) return 0;
  const entry = entryOf(wanted);
  return steps >= load<u32>(entry, 8) ? 0 : stepBack(load<u32>(entry), wanted, steps);
}

@inline
function firstRow(wanted: i32, offset: u32): usize {
  const entry = entryOf(wanted);
  const count: u32 = run == 0 ? 0 : load<u32>(entry, 8);
  if (offset < count) return offset == 0 ? <usize>load<u32>(entry, 4) : stepBack(load<u32>(entry), wanted, count - 1 - offset);
  return offset == count && joins(wanted) ? CANDIDATE : 0;
}

@inline
function pushColumn(at: usize, source: usize, column: u32): void {
  if (source == 0) {
    store<u64>(at, 0);
    store<u8>(at, 1, 8);
  } else if (source == CANDIDATE) {
    const from = <usize>load<u32>(machine, COLUMNS) + <usize>column * 12;
    store<i64>(at, columnValue(from, row));
    store<u8>(at, <u8>columnIsNull(from, row), 8);
  } else {
    store<i64>(at, load<i64>(source + NODE_VALUES + (<usize>column << 3)));
    store<u8>(at, <u8>((load<u32>(source + NODE_NULLS) >> column) & 1), 8);
  }
}

/** Adds a value to an aggregate's running rows and value at `slot`. */
export function aggregateAdd(slot: usize, kind: u32, value: i64): void {
  const rows = load<i64>(slot);
  const old = load<i64>(slot, 8);
  let next: i64 = old;
  if (kind == 0) next = old + value;
  else if (kind == 1) next = reinterpret<i64>(reinterpret<f64>(old) + reinterpret<f64>(value));
  else if (rows == 0) next = value;
  else if (kind == 2) next = min(old, value);
  else next = max(old, value);
  store<i64>(slot, rows + 1);
  store<i64>(slot, next, 8);
}

const MERGED = memory.data(16);

/** The aggregate over the run's rows and the candidate. `result`: 0 rows, 1 sum or extreme, 2 average of integers, 3 of doubles. */
function pushAggregate(at: usize, index: u32, result: u32): void {
  const definition = <usize>load<u32>(machine, AGGREGATES) + <usize>index * 12;
  if (run == 0) v128.store(MERGED, i64x2(0, 0));
  else {
    const slots = run + RUN_VARIABLES + <usize>(load<u32>(machine, VARIABLES) + 1) * VARIABLE_BYTES;
    v128.store(MERGED, v128.load(slots + <usize>index * AGGREGATE_BYTES));
  }
  if (joins(load<i32>(definition))) {
    const column = load<i32>(definition, 4);
    const source = <usize>load<u32>(machine, COLUMNS) + <usize>column * 12;
    if (column < 0) aggregateAdd(MERGED, load<u32>(definition, 8), 0);
    else if (!columnIsNull(source, row)) aggregateAdd(MERGED, load<u32>(definition, 8), columnValue(source, row));
  }
  const rows = load<i64>(MERGED);
  const value = load<i64>(MERGED, 8);
  store<u8>(at, <u8>(result != 0 && rows == 0), 8);
  if (result == 0) store<i64>(at, rows);
  else if (result == 1 || rows == 0) store<i64>(at, value);
  else if (result == 2) store<i64>(at, value / rows);
  else store<f64>(at, reinterpret<f64>(value) / <f64>rows);
}

@inline
function compareResult(operator: i32, isLess: bool, isEqual: bool, isGreater: bool): i64 {
  switch (operator) {
    case 0:
      return <i64>isEqual;
    case 1:
      return <i64>!isEqual;
    case 2:
      return <i64>isLess;
    case 3:
      return <i64>(isLess || isEqual);
    case 4:
      return <i64>isGreater;
    default:
      return <i64>(isGreater || isEqual);
  }
}

@inline
function arithmetic(operator: i32, a: i64, b: i64): i64 {
  return operator == 0 ? a + b : operator == 1 ? a - b : a * b;
}

@inline
function arithmeticF64(operator: i32, a: f64, b: f64): f64 {
  return operator == 0 ? a + b : operator == 1 ? a - b : a * b;
}

/** Two operands at `left` and behind it → one at `left`. */
function binary(opcode: i32, left: usize): void {
  const right = left + 16;
  const a = load<i64>(left);
  const b = load<i64>(right);
  const aNull = load<u8>(left, 8);
  const bNull = load<u8>(right, 8);
  if (opcode >= 40) {
    // AND (40) and OR (41): the dominant value wins over NULL.
    const dominant: i64 = opcode == 40 ? 0 : 1;
    if ((!aNull && a == dominant) || (!bNull && b == dominant)) {
      store<i64>(left, dominant);
      store<u8>(left, 0, 8);
    } else {
      store<i64>(left, 1 - dominant);
      store<u8>(left, aNull | bNull, 8);
    }
    return;
  }
  store<u8>(left, aNull | bNull, 8);
  if (opcode < 16) store<i64>(left, compareResult(opcode - 10, a < b, a == b, a > b));
  else if (opcode < 22) {
    const x = reinterpret<f64>(a);
    const y = reinterpret<f64>(b);
    store<i64>(left, compareResult(opcode - 16, x < y, x == y, x > y));
  } else if (opcode < 25) store<i64>(left, arithmetic(opcode - 22, a, b));
  else store<f64>(left, arithmeticF64(opcode - 25, reinterpret<f64>(a), reinterpret<f64>(b)));
}

function unary(opcode: i32, at: usize): void {
  const value = load<i64>(at);
  if (opcode == 42) store<i64>(at, 1 - value);
  else if (opcode == 43 || opcode == 44) {
    store<i64>(at, <i64>((load<u8>(at, 8) != 0) == (opcode == 43)));
    store<u8>(at, 0, 8);
  } else if (opcode == 45) store<i64>(at, <i64>(<i32>value));
  else store<f64>(at, <f64>value);
}

/** Runs a program; its result. */
export function evaluate(code: usize): i64 {
  let top: usize = STACK - 16;
  for (;;) {
    const opcode = load<i32>(code);
    code += 4;
    if (opcode == 0) break;
    if (opcode >= 42) unary(opcode, top);
    else if (opcode >= 10) {
      top -= 16;
      binary(opcode, top);
    } else {
      top += 16;
      switch (opcode) {
        case 1:
          store<u32>(top, load<u32>(code));
          store<u32>(top, load<u32>(code, 4), 4);
          store<u8>(top, 0, 8);
          code += 8;
          break;
        case 2:
          pushColumn(top, 0, 0);
          break;
        case 3:
          pushColumn(top, lastRow(load<i32>(code), load<u32>(code, 4)), load<u32>(code, 8));
          code += 12;
          break;
        case 4:
          pushColumn(top, firstRow(load<i32>(code), load<u32>(code, 4)), load<u32>(code, 8));
          code += 12;
          break;
        case 5:
          pushAggregate(top, load<u32>(code), load<u32>(code, 4));
          code += 8;
          break;
        case 7: {
          const found = load<i64>(machine, FOUND);
          const last = lastRow(load<i32>(machine, VARIABLES), 0);
          store<i64>(top, found == AT_THE_END ? load<i64>(last + NODE_TIME) : found);
          store<u8>(top, 0, 8);
          break;
        }
        default:
          store<i64>(top, load<i64>(machine, NOW));
          store<u8>(top, 0, 8);
      }
    }
  }
  isNull = load<u8>(top, 8) != 0;
  return load<i64>(top);
}

