// The connector contract: what the outside world looks like to the planner (describe, options) and to a task (readers, writers).
// A connector is one object listed in connectors/index.ts; it holds no state, its readers and writers do.
import type { Batch } from "../arrow/batch.js";
import type { ColumnPath, ConnectorTable } from "../job/specs.js";
import type { ColumnStatistics } from "../types/column-statistics.js";
import type { Expr } from "../types/expr.js";
import type { OptionDescriptions } from "../types/option.js";
import type { ChangelogMode } from "../types/row-kind.js";
import type { Field, Schema } from "../types/sql-type.js";
import type { Row, Value } from "../types/value.js";
import type { Region } from "../wasm/region.js";

export interface Connector {
	/** The value of the 'connector' option. */
	readonly name: string;
	/** One sentence for the documentation. */
	readonly doc: string;
	/** By name, without 'connector' and 'format'; options of a format are added when `formats` is set. */
	readonly options: OptionDescriptions;
	/** The table names a format; the format's options are prefixed with its name. */
	readonly formats?: boolean;
	/** Columns that `METADATA` may declare, with the type they have unless cast. */
	readonly metadata?: readonly Field[];
	/** What the planner may rely on. Options have been checked (checkTable). */
	describe(table: ConnectorTable): TableDescription;
	/** Brings in code that most sessions do not need; awaited before readers, writers and committers are made. */
	load?(): Promise<unknown>;
	readonly source?: TableSource;
	readonly sink?: TableSink;
	readonly lookup?: TableLookup;
}

export interface TableDescription {
	/** What a scan emits. */
	readonly changelog: ChangelogMode;
	readonly bounded: boolean;
	/** Rows that a scan will give, and what is known of columns by table column index, where cheaply known. */
	readonly statistics?: { readonly rows?: number; readonly columns?: readonly (ColumnStatistics | undefined)[] };
	/** More subtasks than this would find nothing to read. Absent: any number. */
	readonly maxParallelism?: number;
}

/** Data handed over by the session for tables with a `handle`. What the values are is up to connectors/values. */
export type Handles = ReadonlyMap<string, unknown>;

interface OpenContext {
	readonly region: Region;
	readonly table: ConnectorTable;
	readonly handles: Handles;
	readonly subtask: number;
	readonly parallelism: number;
	/** Aborted when the job is cancelled: pending promises must settle soon after. */
	readonly signal: AbortSignal;
	/** `table.local-time-zone`. */
	readonly timeZone: string;
	/** Wall clock, injectable. */
	now(): number;
}

export interface SourceContext extends OpenContext {
	/** Output columns, in order; see SourceSpec. */
	readonly projection: readonly ColumnPath[];
	/** Conjuncts over the output columns: rows for which one is not TRUE may be left out. */
	readonly filters: readonly Expr[];
	/** The filters in kernels; gives undefined when there are none, or one may fail for some row. Absent for the baseline. */
	readonly rowFilter?: (() => RowFilter | undefined) | undefined;
	/** The reader may stop after this many rows. */
	readonly limit?: number | undefined;
	/** Rows to aim at per batch. */
	readonly batchRows: number;
	/**
	 * 0, 1, 2 … in all subtasks together, each once: for readers that take a next part when they have done one, so that a slot that has more
	 * else to do reads less. Absent: the subtask cannot know of the others, and takes its share by its number.
	 */
	readonly claim?: (() => number) | undefined;
	/** What `position()` gave at the checkpoint that is restored. After rescaling: the positions of all former subtasks. */
	readonly startPosition?: readonly unknown[] | undefined;
}

/** For readers that make dear columns only for rows that pass. */
export interface RowFilter {
	/** Rows of a batch in the source's layout for which all filters are TRUE: addresses of their numbers (u32; 0: the first `rows` rows). */
	select(batch: Batch): { readonly rowIds: number; readonly rows: number };
	/** Output columns that `select` looks at; it takes no notice of the others. */
	readonly columns: ReadonlySet<number>;
	dispose(): void;
}

export interface TableSource {
	open(context: SourceContext): SourceReader;
}

export interface SourceReader {
	/**
	 * The next rows; null at the end; or a promise when there is nothing to give yet: wait for it, then call again. So a batch is
	 * always built within this call, in `region.arena`, and lives until the task releases its mark.
	 */
	next(): Batch | null | Promise<void>;
	/** Structured-clonable: reopening with it continues after the last batch that `next` gave. */
	position(): unknown;
	/** Called exactly once, also after errors and cancellation. */
	close(): void | Promise<void>;
}

export interface SinkContext extends OpenContext {
	/** Columns of the batches to come: the table's physical columns. */
	readonly schema: Schema;
	/** INSERT OVERWRITE: replaces what the table (or the partitions written) held. */
	readonly overwrite: boolean;
	/** PARTITION (column = value) of the INSERT, by column name; these columns are among `schema` as well. */
	readonly staticPartition: Readonly<Record<string, Value>>;
	/** Where `print` writes; absent: the process's own. */
	readonly output?: { readonly out: (text: string) => void; readonly error: (text: string) => void };
}

export interface TableSink {
	/** The richest changelog that the table can take in; the planner turns away queries that need more. */
	accepts(table: ConnectorTable): ChangelogMode;
	open(context: SinkContext): SinkWriter;
	/** Sinks that publish atomically: one per job, on the coordinating thread. */
	committer?(context: Omit<SinkContext, "region" | "subtask">): SinkCommitter;
}

/**
 * Writes what one subtask sends. The batch given to `write` is borrowed until the call returns, not until its promise settles. A
 * returned promise is backpressure: the task awaits it before the next call.
 */
export interface SinkWriter {
	write(batch: Batch): void | Promise<void>;
	/** In place of `write` for the baseline's rows, where columns are of no use. */
	writeRows?(rows: readonly Row[]): void;
	watermark?(time: number): void;
	/**
	 * Makes everything written so far durable but not yet visible. What it gives back (structured-clonable) is stored with the
	 * checkpoint and handed to the committer when that is complete, and again after a restore from it.
	 */
	flush(checkpointId?: number): unknown;
	/** Like `flush`, after the last batch. */
	finish(): unknown;
	/** Called exactly once. Without a `finish` before it: drop what is not committed. */
	close(): void | Promise<void>;
}

export interface SinkCommitter {
	/** Makes visible what the subtasks' `flush` or `finish` gave. Idempotent: may be called again with the same. */
	commit(committables: readonly unknown[], info: CommitInfo): Promise<void>;
}

export interface CommitInfo {
	/** Lowest watermark of the subtasks, ms. */
	readonly watermark: number;
	/** Nothing more will be written. */
	readonly final: boolean;
}

/**
 * How a lookup join reads the table. `scan`: small and static, the operator reads it whole through `source` and probes a hash
 * table of its own. `keys`: the operator asks for the rows of a batch of keys.
 */
export type TableLookup =
	| { readonly kind: "scan" }
	| { readonly kind: "keys"; open(context: LookupContext): LookupFunction };

export interface LookupContext extends Omit<SourceContext, "limit" | "batchRows" | "startPosition"> {
	/** Output column indexes whose values are given as keys. */
	readonly keys: readonly number[];
}

export interface LookupFunction {
	/** For each key (values of the key columns) the matching rows, in the layout of the projection. */
	lookup(keys: readonly Row[]): readonly (readonly Row[])[] | Promise<readonly (readonly Row[])[]>;
	close(): void | Promise<void>;
}
