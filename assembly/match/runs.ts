// Runs of the automaton: how a row extends a run, and how runs and the rows that they share go.
import {
  AGGREGATE_BYTES, AGGREGATE_COUNT, AGGREGATES, COLUMN_COUNT, COLUMNS, CONDITIONS, DEFINES, FIRST_STATE, NODE_NULLS, NODE_NUMBER,
  NODE_PREVIOUS, NODE_SAME, NODE_TIME, NODE_VALUES, NODE_VARIABLE, NODES, RUN_LAST, RUN_START, RUN_STATE, RUN_TIME, RUN_VARIABLES,
  RUNS, SCRATCH, STATES, TIMES, TRANSITIONS, VARIABLE_BYTES, VARIABLES, columnIsNull, columnValue, giveTo, takeFrom,
} from "./layout";
import { aggregateAdd, evaluate, evaluateFor, resultIsNull } from "./program";

export const FINAL: u32 = 0;

let known: u32 = 0;
let holding: u32 = 0;

/** Whether the row may be mapped to the variable; each is asked once per run and row. */
function accepts(machine: usize, run: usize, row: u32, variable: u32): bool {
  const bit: u32 = 1 << variable;
  if ((known & bit) == 0) {
    known |= bit;
    const code: usize = load<u32>(<usize>load<u32>(machine, DEFINES) + (variable << 2));
    let holds = true;
    if (code != 0) {
      evaluateFor(machine, run, <i32>variable, row);
      holds = evaluate(code) != 0 && !resultIsNull();
    }
    if (holds) holding |= bit;
    else holding &= ~bit;
  }
  return (holding & bit) != 0;
}

function isOpen(machine: usize, run: usize, row: u32, transition: usize): bool {
  const count = load<u32>(transition, 12);
  let condition = <usize>load<u32>(machine, CONDITIONS) + (<usize>load<u32>(transition, 8) << 3);
  for (let i: u32 = 0; i < count; i++, condition += 8) {
    if (accepts(machine, run, row, load<u32>(condition)) == (load<u32>(condition, 4) != 0)) return false;
  }
  return true;
}

@inline
function stateAt(machine: usize, state: u32): usize {
  return <usize>load<u32>(machine, STATES) + <usize>state * 12;
}

@inline
function transitionAt(machine: usize, index: u32): usize {
  return <usize>load<u32>(machine, TRANSITIONS) + (<usize>index << 4);
}

/** Whether the rest of the pattern may be empty. */
function mayEndAt(machine: usize, run: usize, row: u32, state: u32): bool {
  const from = stateAt(machine, state);
  const count = load<u32>(from, 8);
  for (let i: u32 = 0; i < count; i++) {
    const transition = transitionAt(machine, load<u32>(from, 4) + i);
    if (load<u32>(transition, 4) != 0 || !isOpen(machine, run, row, transition)) continue;
    const target = load<u32>(transition);
    if (target == FINAL || mayEndAt(machine, run, row, target)) return true;
  }
  return false;
}

/** Writes the successors (state u32, variable u32) of a run (0: a new one) by a row to the scratch memory. Returns how many. */
export function successors(machine: usize, run: usize, row: u32): u32 {
  known = 0;
  let out: usize = load<u32>(machine, SCRATCH);
  const start = out;
  let state = run == 0 ? load<u32>(machine, FIRST_STATE) : load<u32>(run + RUN_STATE);
  for (;;) {
    const from = stateAt(machine, state);
    const count = load<u32>(from, 8);
    // A state has one transition to another on the same row at most.
    let onward: u32 = FINAL;
    for (let i: u32 = 0; i < count; i++) {
      const transition = transitionAt(machine, load<u32>(from, 4) + i);
      if (!isOpen(machine, run, row, transition)) continue;
      const target = load<u32>(transition);
      if (load<u32>(transition, 4) == 0) {
        onward = target;
        continue;
      }
      store<u32>(out, target);
      store<u32>(out, load<u32>(from), 4);
      out += 8;
      if (target != FINAL && mayEndAt(machine, run, row, target)) {
        store<u32>(out, FINAL);
        store<u32>(out, load<u32>(from), 4);
        out += 8;
      }
    }
    if (onward == FINAL) break;
    state = onward;
  }
  return <u32>((out - start) >> 3);
}

/** A node for a row behind the rows of a run. */
function newNode(machine: usize, run: usize, row: u32, number: u32, variable: u32): usize {
  const node = takeFrom(load<u32>(machine, NODES));
  const previous: usize = run == 0 ? 0 : load<u32>(run + RUN_LAST);
  if (previous != 0) store<u32>(previous, load<u32>(previous) + 1);
  store<u32>(node, 0);
  store<u32>(node + NODE_PREVIOUS, <u32>previous);
  store<u32>(node + NODE_SAME, run == 0 ? 0 : load<u32>(run + RUN_VARIABLES + <usize>variable * VARIABLE_BYTES));
  store<u32>(node + NODE_VARIABLE, variable);
  store<u32>(node + NODE_NUMBER, number);
  store<i64>(node + NODE_TIME, load<i64>(<usize>load<u32>(machine, TIMES) + (<usize>row << 3)));
  let column: usize = load<u32>(machine, COLUMNS);
  const count = load<u32>(machine, COLUMN_COUNT);
  let nulls: u32 = 0;
  for (let i: u32 = 0; i < count; i++, column += 12) {
    store<i64>(node + NODE_VALUES + (<usize>i << 3), columnValue(column, row));
    nulls |= <u32>columnIsNull(column, row) << i;
  }
  store<u32>(node + NODE_NULLS, nulls);
  return node;
}

@inline
function appendTo(entry: usize, node: usize): void {
  store<u32>(entry, <u32>node);
  const count = load<u32>(entry, 8);
  if (count == 0) store<u32>(entry, <u32>node, 4);
  store<u32>(entry, count + 1, 8);
}

/** Moves a run on to `state` by a node of `variable`. */
export function append(machine: usize, run: usize, node: usize, variable: u32, state: u32): void {
  store<u32>(node, load<u32>(node) + 1);
  store<u32>(run + RUN_STATE, state);
  store<u32>(run + RUN_LAST, <u32>node);
  const variables = load<u32>(machine, VARIABLES);
  appendTo(run + RUN_VARIABLES + <usize>variable * VARIABLE_BYTES, node);
  appendTo(run + RUN_VARIABLES + <usize>variables * VARIABLE_BYTES, node);
  let slot = run + RUN_VARIABLES + <usize>(variables + 1) * VARIABLE_BYTES;
  let definition: usize = load<u32>(machine, AGGREGATES);
  const count = load<u32>(machine, AGGREGATE_COUNT);
  for (let i: u32 = 0; i < count; i++, definition += 12, slot += AGGREGATE_BYTES) {
    const wanted = load<u32>(definition);
    if (wanted != variable && wanted != variables) continue;
    const column = load<i32>(definition, 4);
    if (column >= 0 && ((load<u32>(node + NODE_NULLS) >> column) & 1) != 0) continue;
    aggregateAdd(slot, load<u32>(definition, 8), column < 0 ? 0 : load<i64>(node + NODE_VALUES + (<usize>column << 3)));
  }
}

/** The runs that a run (0: a new one) becomes by a row: addresses in their order at `out`, which may be where `successors` wrote. */
export function advanceRun(machine: usize, run: usize, row: u32, number: u32, count: u32, out: usize, nodes: usize): void {
  const pool: usize = load<u32>(machine, RUNS);
  const stride: usize = load<u32>(pool, 8);
  const past: usize = run == 0 ? 0 : load<u32>(run + RUN_LAST);
  memory.fill(nodes, 0, <usize>load<u32>(machine, VARIABLES) << 2);
  // The first successor takes the run's place, so it is made last.
  for (let i = <i32>count - 1; i >= 0; i--) {
    const successor = out + (<usize>i << 3);
    const state = load<u32>(successor);
    const variable = load<u32>(successor, 4);
    let node: usize = load<u32>(nodes + (variable << 2));
    if (node == 0) {
      node = newNode(machine, run, row, number, variable);
      store<u32>(nodes + (variable << 2), <u32>node);
    }
    let target = run;
    if (run == 0 || i > 0) {
      target = takeFrom(pool);
      if (run != 0) memory.copy(target, run, stride);
      else {
        memory.fill(target, 0, stride);
        store<u32>(target + RUN_START, number);
        store<i64>(target + RUN_TIME, load<i64>(node + NODE_TIME));
      }
    }
    append(machine, target, node, variable, state);
    store<u32>(successor, <u32>target);
  }
  if (past != 0) release(machine, past);
}

/** Adds a saved row to a run (0: a new one, which began at row `start` of its partition). */
export function restoreRow(machine: usize, run: usize, row: u32, number: u32, variable: u32, state: u32, start: u32): usize {
  const past: usize = run == 0 ? 0 : load<u32>(run + RUN_LAST);
  const node = newNode(machine, run, row, number, variable);
  let target = run;
  if (target == 0) {
    const pool: usize = load<u32>(machine, RUNS);
    target = takeFrom(pool);
    memory.fill(target, 0, load<u32>(pool, 8));
    store<u32>(target + RUN_START, start);
    store<i64>(target + RUN_TIME, load<i64>(node + NODE_TIME));
  }
  append(machine, target, node, variable, state);
  if (past != 0) release(machine, past);
  return target;
}

/** One reference less to a node; nodes without any are freed. */
function release(machine: usize, node: usize): void {
  const pool: usize = load<u32>(machine, NODES);
  while (node != 0) {
    const references = load<u32>(node) - 1;
    store<u32>(node, references);
    if (references != 0) return;
    const previous: usize = load<u32>(node + NODE_PREVIOUS);
    giveTo(pool, node);
    node = previous;
  }
}

export function dropRun(machine: usize, run: usize): void {
  release(machine, load<u32>(run + RUN_LAST));
  giveTo(load<u32>(machine, RUNS), run);
}
