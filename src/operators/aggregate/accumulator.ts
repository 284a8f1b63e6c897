// What an aggregate keeps per group: fields of the group's state row, changed a batch at a time by kernels.
import type { Batch, Column } from "../../arrow/batch.js";
import type { SqlType } from "../../types/sql-type.js";
import type { NumberedRows } from "../state/group-index.js";

/** A batch on its way into the groups. `rows`: address of one u32 group row address per row. */
export interface AggregateInput {
	readonly batch: Batch;
	readonly rows: number;
	/** Where whoever found the groups knows that they are few. */
	readonly numbered?: NumberedRows | undefined;
	/** The weights of rows for aggregates over `args` (a NULL in one does not count) with a FILTER column; 0: all count +1. */
	weights(args: readonly number[], filter: number | undefined): number;
}

/** Address of the weights (assembly/aggregate/weights.ts) that apply to a batch. */
export type Weighing = (input: AggregateInput) => number;

/**
 * The fields are zero in a fresh row. `update` is called once per batch, in the order in which accumulators were made, so that one
 * may build on another.
 */
export interface Accumulator {
	/** Adds the rows of a batch, or takes them back. */
	update(input: AggregateInput, few?: NumberedRows): void;
	/**
	 * As update, row by row; where `snaps` (a u32 address per row) is not 0 the group's state behind the row is copied to the group row
	 * there. Absent: it cannot be read on the way.
	 */
	run?(input: AggregateInput, snaps: number): void;
	/** Adds the state of group row `from[i]` to that of `into[i]`; rows in `into` may repeat. */
	merge(into: number, from: number, n: number): void;
	/** Types of the columns that hold the state in a snapshot. */
	readonly saved: readonly SqlType[];
	save(rows: number, n: number): Column[];
	/** Fills fresh rows. */
	load(columns: readonly Column[], rows: number, n: number): void;
	/** The batch and all results read from the groups are about to go: keep what is borrowed, free what is not needed any more. */
	settle?(rows: number, n: number): void;
	/** The rows are about to be freed. */
	release?(rows: number, n: number): void;
	/** All groups are gone. */
	clear?(): void;
	dispose?(): void;
}

/** The result column (in the arena) of an aggregate for group rows. */
export type ResultReader = (rows: number, n: number) => Column;
