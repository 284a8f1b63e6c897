// What each operator is told: immutable, structured-clonable specs. Shared by the planner (writes), the kernels' operators and the
// baseline (both run them). One spec per operator, named as in EXPLAIN. Columns are input column indexes unless said otherwise.
import type { Expr } from "../types/expr.js";
import type { Schema, SqlType } from "../types/sql-type.js";
import type { Value } from "../types/value.js";
import type { MatchSpec } from "./match.js";
import type { WindowSpec } from "./window.js";

export type JoinType = "inner" | "left" | "right" | "full" | "semi" | "anti";

export interface SortKey {
	readonly column: number;
	readonly ascending: boolean;
	readonly nullsFirst: boolean;
}

export interface AggregateCall {
	/** Canonical aggregate function name; user aggregates carry `user`. */
	readonly function: string;
	readonly user?: string | undefined;
	/** Input columns of the arguments, already cast to the function's parameter types. COUNT(*) has none. */
	readonly args: readonly number[];
	/** Constant arguments by position (LISTAGG's separator); undefined where the argument is a column. */
	readonly literals?: readonly (Value | undefined)[] | undefined;
	readonly argTypes: readonly SqlType[];
	readonly distinct: boolean;
	/** BOOLEAN column: only rows where it is TRUE count. */
	readonly filter?: number | undefined;
	/** ORDER BY inside the aggregate (LISTAGG WITHIN GROUP, ARRAY_AGG); empty: arrival order. */
	readonly orderBy?: readonly SortKey[] | undefined;
	readonly type: SqlType;
	/** Name of the output column, for EXPLAIN. */
	readonly name: string;
}

/** A table of a connector as DDL declared it; what a source or sink is opened with. */
export interface ConnectorTable {
	/** Fully qualified path, e.g. ["default_catalog","default_database","bid"]. */
	readonly path: readonly string[];
	readonly connector: string;
	readonly options: Readonly<Record<string, string>>;
	/** Physical columns in order, then METADATA columns (with `metadata` key). */
	readonly columns: readonly (Schema[number] & { readonly metadata?: string | undefined })[];
	readonly primaryKey?: readonly number[] | undefined;
	readonly partitionKeys: readonly string[];
	/** In-process data registered by the session (arrays of batches, async iterables): the id under which the engine hands it over. */
	readonly handle?: string | undefined;
}

/** A column path into the table: column index, then ROW field indexes. */
export type ColumnPath = readonly number[];

export type OperatorSpec =
	| SourceSpec
	| ValuesSpec
	| CalcSpec
	| ExpandSpec
	| CorrelateSpec
	| WatermarkAssignerSpec
	| GroupAggregateSpec
	| LocalGroupAggregateSpec
	| WindowTableFunctionSpec
	| WindowAggregateSpec
	| JoinSpec
	| IntervalJoinSpec
	| TemporalJoinSpec
	| LookupJoinSpec
	| WindowJoinSpec
	| OverAggregateSpec
	| RankSpec
	| DeduplicateSpec
	| SortSpec
	| LimitSpec
	| TemporalSortSpec
	| UnionSpec
	| SetOperationSpec
	| ChangelogNormalizeSpec
	| DropUpdateBeforeSpec
	| MatchSpec
	| SinkSpec;

export type OperatorName = OperatorSpec["operator"];
export type SpecOf<N extends OperatorName> = Extract<OperatorSpec, { readonly operator: N }>;

export interface SourceSpec {
	readonly operator: "Source";
	readonly table: ConnectorTable;
	/** What is read, in output order: nested paths are read flat. */
	readonly projection: readonly ColumnPath[];
	/** Conjuncts over the output columns that the connector may use to skip data; a Calc above still applies them. */
	readonly filters: readonly Expr[];
	/** Rows after which the source may stop, per subtask (LIMIT without order). */
	readonly limit?: number | undefined;
	/** The scan's output carries row kinds (debezium-json, registered changelogs). */
	readonly changelog: boolean;
}

/** Literal rows. */
export interface ValuesSpec {
	readonly operator: "Values";
	readonly rows: readonly (readonly Value[])[];
}

/** Filter, then projection; a row passes when `condition` is TRUE. */
export interface CalcSpec {
	readonly operator: "Calc";
	readonly condition?: Expr | undefined;
	readonly projection: readonly Expr[];
}

/** Each row becomes one row per projection (GROUPING SETS: absent keys NULL, and a BIGINT expand id). */
export interface ExpandSpec {
	readonly operator: "Expand";
	readonly projections: readonly (readonly Expr[])[];
}

/** Appends to each input row the rows of a table function; `left` keeps rows without any, padded with NULL. */
export interface CorrelateSpec {
	readonly operator: "Correlate";
	readonly type: "inner" | "left";
	readonly function: string;
	readonly user?: string | undefined;
	readonly args: readonly Expr[];
	/** Type of the function's rows. */
	readonly row: SqlType;
	readonly condition?: Expr | undefined;
}

/** Emits watermarks = max of `expression` over rows so far; cuts batches as design.md D6 says. A NULL rowtime is an error. */
export interface WatermarkAssignerSpec {
	readonly operator: "WatermarkAssigner";
	readonly rowtime: number;
	/** BIGINT-like time expression over the input, e.g. ts - INTERVAL '5' SECOND. */
	readonly expression: Expr;
	/** `pipeline.auto-watermark-interval`, ms. */
	readonly intervalMs: number;
	readonly idleTimeoutMs: number;
}

/** Output: keys, then one column per call. Updating (streaming) or final-only (batch: emits at the end). */
export interface GroupAggregateSpec {
	readonly operator: "GroupAggregate";
	readonly keys: readonly number[];
	readonly calls: readonly AggregateCall[];
	readonly inputUpdates: boolean;
	/** Whether consumers need -U rows. */
	readonly updateBefore: boolean;
	readonly final: boolean;
	/** Without keys: emit one row over empty input (batch) or none (streaming). */
	readonly emitEmpty: boolean;
	/** Set: a call adds up numbers of rows, so that whatever comes changes the result of its group. */
	readonly addsRowCounts?: boolean | undefined;
	readonly distributedBy?: DistributedBy;
}

/** Of the keys (positions among them), those that a row's key group is made of; absent: all, in their order. */
export type DistributedBy = readonly number[] | undefined;

/**
 * Sums of part of the rows of a group, for another aggregate to add up: any number of rows per group may come out. Output: keys, the
 * start of the rows' slice in the window's time column where there is a window, then one column per call. Input is only added.
 */
export interface LocalGroupAggregateSpec {
	readonly operator: "LocalGroupAggregate";
	readonly keys: readonly number[];
	readonly calls: readonly AggregateCall[];
	/** Rows of different slices of these windows are kept apart. */
	readonly window?: Exclude<WindowSpec, { readonly kind: "session" | "attached" }> | undefined;
	/** No watermark may overtake a row: the aggregate that they go to is one of windows. */
	readonly eventTime?: boolean | undefined;
}

/** Appends window_start, window_end, window_time to each row (one output row per window that holds it). Late rows pass. */
export interface WindowTableFunctionSpec {
	readonly operator: "WindowTableFunction";
	readonly window: WindowSpec;
}

/** Output: keys, calls, then the listed window properties. Rows too late for every window are dropped and counted. */
export interface WindowAggregateSpec {
	readonly operator: "WindowAggregate";
	readonly window: WindowSpec;
	readonly keys: readonly number[];
	readonly calls: readonly AggregateCall[];
	readonly properties: readonly ("start" | "end" | "time")[];
	readonly inputUpdates: boolean;
	/** Batch: no watermark, all windows fire at the end. */
	readonly final: boolean;
	readonly distributedBy?: DistributedBy;
}

/** Equi-join with optional residual condition. Output: left columns, then right ones (left only for semi/anti). */
export interface JoinSpec {
	readonly operator: "Join";
	readonly type: JoinType;
	readonly leftKeys: readonly number[];
	readonly rightKeys: readonly number[];
	/** Per key: IS NOT DISTINCT FROM instead of =. */
	readonly nullSafe: readonly boolean[];
	readonly condition?: Expr | undefined;
	readonly leftWidth: number;
	/**
	 * Bounded input: read the build side whole, then stream the probe side; the planner may pick either side for every join type.
	 * Absent: both-sides streaming join with retraction.
	 */
	readonly build?: "left" | "right" | undefined;
	readonly leftUpdates: boolean;
	readonly rightUpdates: boolean;
	/** Anti join of NOT IN: a NULL key on either side yields nothing (see relational-notes 15). */
	readonly nullAware?: boolean | undefined;
	/** Columns that identify a row of a side (its upsert key), where known: state may be keyed by it. */
	readonly leftUpsertKey?: readonly number[] | undefined;
	readonly rightUpsertKey?: readonly number[] | undefined;
	/** The right side has at most one row (scalar subquery); a second one is an error. */
	readonly single?: boolean | undefined;
}

/** left.time between right.time + lower and right.time + upper (ms). Output like Join. */
export interface IntervalJoinSpec {
	readonly operator: "IntervalJoin";
	readonly type: "inner" | "left" | "right" | "full" | "semi" | "anti";
	readonly leftKeys: readonly number[];
	readonly rightKeys: readonly number[];
	readonly nullSafe: readonly boolean[];
	readonly leftTime: number;
	readonly rightTime: number;
	readonly lowerMs: number;
	readonly upperMs: number;
	readonly eventTime: boolean;
	readonly condition?: Expr | undefined;
	readonly leftWidth: number;
}

/** Joins each left row with the version of the right row (by key) valid at the left row's time. */
export interface TemporalJoinSpec {
	readonly operator: "TemporalJoin";
	readonly type: "inner" | "left";
	readonly leftKeys: readonly number[];
	readonly rightKeys: readonly number[];
	readonly leftTime: number;
	/** Absent: processing time, the latest version. */
	readonly rightTime?: number | undefined;
	readonly condition?: Expr | undefined;
	readonly leftWidth: number;
}

/** Joins each left row with an external table looked up by key at processing time. */
export interface LookupJoinSpec {
	readonly operator: "LookupJoin";
	readonly type: "inner" | "left";
	readonly table: ConnectorTable;
	readonly projection: readonly ColumnPath[];
	readonly leftKeys: readonly number[];
	/** Output column indexes of the table (after projection). */
	readonly rightKeys: readonly number[];
	readonly condition?: Expr | undefined;
	readonly leftWidth: number;
}

/** Joins rows of the same window; both inputs carry window_start/window_end columns. */
export interface WindowJoinSpec {
	readonly operator: "WindowJoin";
	readonly type: JoinType;
	readonly leftKeys: readonly number[];
	readonly rightKeys: readonly number[];
	readonly nullSafe: readonly boolean[];
	readonly leftWindowEnd: number;
	readonly rightWindowEnd: number;
	/** Only where all windows that end together started together. */
	readonly leftWindowStart?: number | undefined;
	readonly rightWindowStart?: number | undefined;
	/** As in WindowSpec: the zone of the window columns when the windows are over TIMESTAMP_LTZ. */
	readonly timeZone?: string | undefined;
	readonly condition?: Expr | undefined;
	readonly leftWidth: number;
	readonly final: boolean;
}

export type FrameBound =
	| { readonly kind: "unboundedPreceding" }
	| { readonly kind: "preceding"; readonly offset: number }
	| { readonly kind: "currentRow" }
	| { readonly kind: "following"; readonly offset: number }
	| { readonly kind: "unboundedFollowing" };

export interface OverFrame {
	/** Offsets: rows, or for a range the order column's unit (ms for times). */
	readonly unit: "rows" | "range";
	readonly start: FrameBound;
	readonly end: FrameBound;
}

/** Output: input columns, then one column per call. */
export interface OverAggregateSpec {
	readonly operator: "OverAggregate";
	readonly partition: readonly number[];
	readonly order: readonly SortKey[];
	/** `rowtime`/`proctime`: append-only in time order; `row`: any column, retracting later rows; `final`: batch, at the end. */
	readonly time: "rowtime" | "proctime" | "row" | "final";
	readonly groups: readonly { readonly frame: OverFrame; readonly calls: readonly AggregateCall[] }[];
	readonly inputUpdates: boolean;
}

/** Top-N per partition: rows ranked `from`…`to` (1-based, inclusive) by `order`. */
export interface RankSpec {
	readonly operator: "Rank";
	readonly function: "ROW_NUMBER" | "RANK" | "DENSE_RANK";
	readonly partition: readonly number[];
	readonly order: readonly SortKey[];
	readonly from: number;
	/** Number, or a column holding it (variable Top-N). */
	readonly to: number | { readonly column: number };
	/** Append the rank as a BIGINT column. */
	readonly outputRank: boolean;
	readonly inputUpdates: boolean;
	readonly inputUpsertKey?: readonly number[] | undefined;
	readonly updateBefore: boolean;
	readonly final: boolean;
	/** Set: rank within event-time windows, emitted once when the window (this window_end column) fires. */
	readonly windowEnd?: number | undefined;
	/** As in WindowSpec, for `windowEnd`. */
	readonly timeZone?: string | undefined;
}

/** First or last row per key in time order. */
export interface DeduplicateSpec {
	readonly operator: "Deduplicate";
	readonly keys: readonly number[];
	/** Rowtime column, or undefined for processing time (arrival order). */
	readonly order?: number | undefined;
	readonly keep: "first" | "last";
	readonly updateBefore: boolean;
	readonly final: boolean;
	readonly windowEnd?: number | undefined;
	/** As in WindowSpec, for `windowEnd`. */
	readonly timeZone?: string | undefined;
}

/** Bounded sort, or streaming Top-N over the whole table when `fetch` is set and not `final`. */
export interface SortSpec {
	readonly operator: "Sort";
	readonly order: readonly SortKey[];
	readonly offset: number;
	readonly fetch?: number | undefined;
	readonly inputUpdates: boolean;
	readonly final: boolean;
}

export interface LimitSpec {
	readonly operator: "Limit";
	readonly offset: number;
	readonly fetch: number;
	readonly inputUpdates: boolean;
}

/** Emits rows in rowtime order as the watermark passes; further keys break ties. */
export interface TemporalSortSpec {
	readonly operator: "TemporalSort";
	readonly order: readonly SortKey[];
}

/** UNION ALL: passes the rows of all inputs on. */
export interface UnionSpec {
	readonly operator: "Union";
}

/** INTERSECT / EXCEPT [ALL] on whole rows (NULLs equal), with retraction. */
export interface SetOperationSpec {
	readonly operator: "SetOperation";
	readonly kind: "intersect" | "except";
	readonly all: boolean;
	readonly final: boolean;
}

/** Upsert stream → retract stream by keeping the last row per key. */
export interface ChangelogNormalizeSpec {
	readonly operator: "ChangelogNormalize";
	readonly keys: readonly number[];
	readonly updateBefore: boolean;
}

export interface DropUpdateBeforeSpec {
	readonly operator: "DropUpdateBefore";
}

/** The end of a job: a connector's table, or the collector of `session.query`. */
export interface SinkSpec {
	readonly operator: "Sink";
	/** Absent: results go to the job's collector. */
	readonly table?: ConnectorTable | undefined;
	readonly overwrite: boolean;
	readonly staticPartition: Readonly<Record<string, Value>>;
	/** Columns that must not be NULL. */
	readonly notNull: readonly number[];
	/** Rows with NULL there are left out instead of refused (`table.exec.sink.not-null-enforcer`). */
	readonly dropsNulls?: boolean | undefined;
	/** The sink's primary key columns, when it upserts. */
	readonly upsertKey?: readonly number[] | undefined;
}
