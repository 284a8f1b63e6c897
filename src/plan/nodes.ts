// The logical plan: relational algebra with resolved names and types. The binder makes it, optimizer rules rewrite it, physical/ turns
// it into a JobGraph. Immutable plain data; `schema` is the output. Column indexes count the input's columns, a join's left ++ right.
import type { MatchSpec } from "../job/match.js";
import type { AggregateCall, ColumnPath, ConnectorTable, JoinType, OverFrame, SortKey } from "../job/specs.js";
import type { WindowSpec } from "../job/window.js";
import type { ColumnStatistics } from "../types/column-statistics.js";
import type { Expr } from "../types/expr.js";
import type { ChangelogMode } from "../types/row-kind.js";
import type { Schema, SqlType } from "../types/sql-type.js";
import type { Value } from "../types/value.js";

export type PlanNode =
	| ScanNode
	| ValuesNode
	| FilterNode
	| ProjectNode
	| AggregateNode
	| WindowTableFunctionNode
	| JoinNode
	| ApplyNode
	| CorrelateNode
	| SnapshotNode
	| OverNode
	| SortNode
	| SetOperationNode
	| WatermarkNode
	| MatchNode
	| RankNode
	| DeduplicateNode
	| SinkNode;

export type PlanKind = PlanNode["kind"];

interface Common {
	readonly schema: Schema;
	/** Hints of the SELECT or table, by upper-case name. */
	readonly hints?: readonly PlanHint[] | undefined;
}

export interface PlanHint {
	readonly name: string;
	readonly args: readonly string[];
	readonly options: Readonly<Record<string, string>>;
}

/** Reads a table. Computed columns and watermarks are Project and Watermark nodes above it; `projection` starts as every column. */
export interface ScanNode extends Common {
	readonly kind: "Scan";
	readonly table: ConnectorTable;
	readonly projection: readonly ColumnPath[];
	readonly filters: readonly Expr[];
	readonly limit?: number | undefined;
	/** What the connector delivers. */
	readonly changelog: ChangelogMode;
	readonly bounded: boolean;
	readonly statistics?: TableStatistics | undefined;
}

export interface TableStatistics {
	readonly rowCount: number;
	/** By table column index. */
	readonly columns?: readonly (ColumnStatistics | undefined)[] | undefined;
}

export interface ValuesNode extends Common {
	readonly kind: "Values";
	readonly rows: readonly (readonly Value[])[];
}

export interface FilterNode extends Common {
	readonly kind: "Filter";
	readonly input: PlanNode;
	readonly condition: Expr;
}

export interface ProjectNode extends Common {
	readonly kind: "Project";
	readonly input: PlanNode;
	readonly exprs: readonly Expr[];
}

/** `keys` are input columns. With `groupingSets` (lists of positions into `keys`) absent keys are NULL. Output: keys, calls, properties. */
export interface AggregateNode extends Common {
	readonly kind: "Aggregate";
	readonly input: PlanNode;
	readonly keys: readonly number[];
	readonly groupingSets?: readonly (readonly number[])[] | undefined;
	/** GROUPING / GROUPING_ID calls appear as function "GROUPING" with key positions as literals. */
	readonly calls: readonly AggregateCall[];
	/**
	 * Legacy group windows (GROUP BY TUMBLE(ts, …)), and, once the optimizer has merged it, a window table function below. `properties`
	 * are appended to the output; the window's own start/end columns are then no longer among `keys`.
	 */
	readonly window?: WindowSpec | undefined;
	readonly properties?: readonly ("start" | "end" | "time")[] | undefined;
}

/** TABLE(TUMBLE|HOP|CUMULATE|SESSION(…)): input columns, window_start, window_end, window_time. */
export interface WindowTableFunctionNode extends Common {
	readonly kind: "WindowTableFunction";
	readonly input: PlanNode;
	readonly window: WindowSpec;
}

export interface JoinNode extends Common {
	readonly kind: "Join";
	readonly type: JoinType;
	readonly left: PlanNode;
	readonly right: PlanNode;
	/** Over left ++ right; absent: TRUE. */
	readonly condition?: Expr | undefined;
	/** NOT IN: a comparison that is NULL counts as a match for the anti join. */
	readonly nullAware?: boolean | undefined;
	/** Scalar subquery: more than one right row for a left row is an error. */
	readonly single?: boolean | undefined;
}

/**
 * A subquery or LATERAL in SQL's own terms: for each left row, `right` is evaluated with OuterExpr{apply: id} standing for the row.
 * Decorrelation rewrites every Apply into joins and aggregates before physical planning.
 * - `inner`/`left`: LATERAL, output left ++ right. - `semi`/`anti`: [NOT] EXISTS and, with `condition`, [NOT] IN as a whole conjunct.
 * - `single`: scalar subquery, output left ++ one column (NULL if no row, error if several).
 * - `mark`: output left ++ one BOOLEAN, EXISTS or IN's three-valued result, for use inside larger expressions.
 */
export interface ApplyNode extends Common {
	readonly kind: "Apply";
	readonly type: "inner" | "left" | "semi" | "anti" | "single" | "mark";
	readonly id: number;
	readonly left: PlanNode;
	readonly right: PlanNode;
	/** Over left ++ right (IN: equality of the operands). */
	readonly condition?: Expr | undefined;
	/** IN semantics for NULLs rather than EXISTS. */
	readonly nullAware?: boolean | undefined;
}

/** LATERAL TABLE(f(args)) and UNNEST: input columns, then the function's. Args are over the input. */
export interface CorrelateNode extends Common {
	readonly kind: "Correlate";
	readonly type: "inner" | "left";
	readonly input: PlanNode;
	/** "UNNEST", "UNNEST WITH ORDINALITY", or a table function's name. */
	readonly function: string;
	readonly user?: string | undefined;
	readonly args: readonly Expr[];
	readonly row: SqlType;
	readonly condition?: Expr | undefined;
}

/** Right input of a join written FOR SYSTEM_TIME AS OF left.`time`; `time` indexes the join's left columns. */
export interface SnapshotNode extends Common {
	readonly kind: "Snapshot";
	readonly input: PlanNode;
	readonly time: number;
	readonly attribute: "rowtime" | "proctime";
}

export interface OverGroup {
	readonly partition: readonly number[];
	readonly order: readonly SortKey[];
	readonly frame: OverFrame;
	/** Aggregates and window functions (ROW_NUMBER, RANK, LAG, …). */
	readonly calls: readonly AggregateCall[];
}

/** Output: input columns, then the calls of each group in order. */
export interface OverNode extends Common {
	readonly kind: "Over";
	readonly input: PlanNode;
	readonly groups: readonly OverGroup[];
}

/** ORDER BY and/or LIMIT/OFFSET; empty `order` is a plain limit. */
export interface SortNode extends Common {
	readonly kind: "Sort";
	readonly input: PlanNode;
	readonly order: readonly SortKey[];
	readonly offset: number;
	readonly fetch?: number | undefined;
}

export interface SetOperationNode extends Common {
	readonly kind: "SetOperation";
	readonly inputs: readonly PlanNode[];
	readonly operation: "union" | "intersect" | "except";
	readonly all: boolean;
}

/** WATERMARK FOR column AS expression; the column's type carries attribute "rowtime" from here on. */
export interface WatermarkNode extends Common {
	readonly kind: "Watermark";
	readonly input: PlanNode;
	readonly rowtime: number;
	readonly expression: Expr;
}

export interface MatchNode extends Common {
	readonly kind: "Match";
	readonly input: PlanNode;
	readonly match: Omit<MatchSpec, "operator" | "eventTime" | "final">;
}

/** Recognised ROW_NUMBER/RANK/DENSE_RANK() OVER (…) <= n. Output: input columns, and the rank if `outputRank`. */
export interface RankNode extends Common {
	readonly kind: "Rank";
	readonly input: PlanNode;
	readonly function: "ROW_NUMBER" | "RANK" | "DENSE_RANK";
	readonly partition: readonly number[];
	readonly order: readonly SortKey[];
	readonly from: number;
	readonly to: number | { readonly column: number };
	readonly outputRank: boolean;
	/** window_end column when ranking per window (partition then excludes window columns). */
	readonly windowEnd?: number | undefined;
}

/** Recognised ROW_NUMBER() OVER (PARTITION BY keys ORDER BY timeAttribute) = 1. */
export interface DeduplicateNode extends Common {
	readonly kind: "Deduplicate";
	readonly input: PlanNode;
	readonly keys: readonly number[];
	/** The time attribute column. */
	readonly order: number;
	readonly keep: "first" | "last";
	readonly windowEnd?: number | undefined;
}

/** INSERT INTO: input columns are those of the table, already cast. Absent table: the query's result. */
export interface SinkNode extends Common {
	readonly kind: "Sink";
	readonly input: PlanNode;
	readonly table?: ConnectorTable | undefined;
	readonly overwrite: boolean;
	readonly staticPartition: Readonly<Record<string, Value>>;
	readonly notNull: readonly number[];
}

export function inputsOf(node: PlanNode): readonly PlanNode[] {
	switch (node.kind) {
		case "Scan":
		case "Values":
			return [];
		case "Join":
		case "Apply":
			return [node.left, node.right];
		case "SetOperation":
			return node.inputs;
		default:
			return [node.input];
	}
}

/** The node with other inputs of the same schemas; the same object when nothing changed. */
export function withInputs(node: PlanNode, inputs: readonly PlanNode[]): PlanNode {
	if (inputsOf(node).every((input, i) => input === inputs[i])) return node;
	switch (node.kind) {
		case "Scan":
		case "Values":
			return node;
		case "Join":
		case "Apply":
			return { ...node, left: inputs[0]!, right: inputs[1]! };
		case "SetOperation":
			return { ...node, inputs };
		default:
			return { ...node, input: inputs[0]! };
	}
}
