// The operator contract: what a task drives. One instance per subtask; calls never overlap and are synchronous.
import type { Batch } from "../arrow/batch.js";
import type { UserFunctions } from "../expr/evaluate.js";
import type { JobVertex } from "../job/job-graph.js";
import type { OperatorName, SpecOf } from "../job/specs.js";
import type { FunctionContext } from "../types/function-context.js";
import type { Schema } from "../types/sql-type.js";
import type { MemoryOwner } from "../wasm/heap.js";
import type { Region } from "../wasm/region.js";
import type { RowFilter } from "./row-filter.js";

/** End of time: the watermark after the last row of a bounded input. */
export const MAX_WATERMARK = Number.MAX_SAFE_INTEGER;

/** Where an operator sends its rows. The batch is borrowed by the consumer until `emit` returns; the operator may then reuse its memory. */
export interface Output {
	emit(batch: Batch): void;
	/**
	 * Rows of an input batch, borrowed like those of `emit`, that were dropped because they came too late, in their order. `rows`: `n` row
	 * numbers (u32); 0: all `n` rows of the batch. Absent: nobody wants them. Of WindowAggregate alone.
	 */
	late?(batch: Batch, rows: number, n: number): void;
	/** What the only consumer, in the same task, will drop of the rows that are emitted next; absent: nothing is known. */
	filters?(): readonly RowFilter[];
	/**
	 * Ms since the epoch. For operators with `ownWatermarks`; for all others the task forwards watermarks, and in `advance` they may send
	 * lower ones between what they emit.
	 */
	watermark(time: number): void;
	/** Only for operators with `ownWatermarks`: whether this output stops holding back the watermarks of consumers with other inputs. */
	idle(idle: boolean): void;
}

/** Counters of one operator in one subtask, cheap enough to be always on; the task fills the row counts. */
export interface OperatorMetrics {
	lateRecordsDropped: number;
}

/** Serialises state. `snapshot` calls `table` once per named table; rows are copied out before it returns. */
export interface StateWriter {
	/** `keys`: columns that hold the row's key, by which it is assigned to a key group; absent: operator state, kept whole. */
	table(name: string, schema: Schema, batches: Iterable<Batch>, keys?: readonly number[]): void;
	/** Small plain values: counters, positions. */
	value(name: string, value: unknown): void;
}

export interface StateReader {
	/**
	 * The rows of this subtask's key groups, in batches valid until the next is asked for; empty when the table is unknown. What the
	 * arena gives while a batch is read goes back with the batch.
	 */
	table(name: string): Iterable<Batch>;
	value(name: string): unknown;
}

export interface Operator {
	/** Set: watermarks go on only when the operator emits them. */
	readonly ownWatermarks?: boolean;
	/** Set: rows may come out this much behind the watermark, so the task forwards it reduced by as much (interval joins). */
	readonly watermarkDelayMs?: number;
	/**
	 * Takes rows of input `input` (a join's left is 0). `batch` is borrowed: valid until the call returns; its memory must not be
	 * written. Memory for outputs comes from `region.arena`; the task releases it after the whole chain has seen the batch.
	 */
	process(batch: Batch, input: number, out: Output): void;
	/** What it will drop of rows of input `input` that come next, whatever else they hold. The same array while nothing changes. */
	filters?(input: number, out: Output): readonly RowFilter[];
	/** The combined watermark of all inputs has risen to `watermark` (ms). Emit what is now complete; the task then forwards it. */
	advance?(watermark: number, out: Output): void;
	/**
	 * In place of `advance`, where the task has other inputs to look at meanwhile: emits a part. True: there is more; the task then calls
	 * again with the same watermark before anything else reaches the operator, and forwards the watermark at the end.
	 */
	advanceInParts?(watermark: number, out: Output): boolean;
	/**
	 * Emits rows that are kept only to be emitted together; whether there were any. Called when the task has nothing else to do, after
	 * `execution.buffer-timeout.interval`, and before a snapshot, so that they are never state.
	 */
	flush?(out: Output): boolean;
	/** Input `input` has ended (after its MAX_WATERMARK). Batch operators emit once all inputs have. */
	finish?(input: number, out: Output): void;
	/** Processing time has reached a moment asked for by `context.registerTimer`. */
	onTimer?(nowMs: number, out: Output): void;
	/** At an aligned barrier. Must not emit. */
	snapshot?(writer: StateWriter): void;
	/** Before any row. */
	restore?(reader: StateReader): void;
	/** Frees all memory; called exactly once. */
	dispose(): void;
}

/** What an operator instance is given. */
export interface OperatorContext {
	readonly region: Region;
	/** The account for this operator's state. */
	readonly owner: MemoryOwner;
	readonly vertex: JobVertex;
	readonly inputs: readonly Schema[];
	readonly functions: FunctionContext;
	/** Scalar functions that users registered, by id; absent where only built-in ones can be called. */
	readonly user?: UserFunctions | undefined;
	readonly options: Readonly<Record<string, string>>;
	readonly metrics: OperatorMetrics;
	readonly subtask: number;
	readonly parallelism: number;
	/** Processing-time clock, injectable. */
	now(): number;
	/** Asks for `onTimer` at or after `timeMs`. */
	registerTimer(timeMs: number): void;
}

/** One per operator, listed in operators/stateless.ts or stateful.ts. */
export interface OperatorDefinition<N extends OperatorName = OperatorName> {
	readonly name: N;
	/** Undefined: this variant has no kernels; the engine runs it row by row. */
	create(spec: SpecOf<N>, context: OperatorContext): Operator | undefined;
}

export type OperatorDefinitions = { readonly [N in OperatorName]?: OperatorDefinition<N> };
