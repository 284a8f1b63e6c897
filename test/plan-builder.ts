// Logical plans by hand, for tests of the optimizer and of physical planning.
import type { AggregateCall, ConnectorTable, OverFrame, SortKey } from "../src/job/specs.js";
import type { WindowSpec } from "../src/job/window.js";
import type { PlanNode, ScanNode } from "../src/plan/nodes.js";
import { call, column, type Expr, literal } from "../src/types/expr.js";
import type { ChangelogMode } from "../src/types/row-kind.js";
import { BIGINT, BOOLEAN, INTEGER, type Schema, type SqlType, STRING, timestamp } from "../src/types/sql-type.js";

export const ROWTIME: SqlType = { ...timestamp(3), attribute: "rowtime" };
export const CONTEXT = {
	timeZone: "UTC",
	queryStartMs: 0,
	batch: false,
	currentCatalog: "default_catalog",
	currentDatabase: "default_database",
};

export const fields = (types: Readonly<Record<string, SqlType>>): Schema =>
	Object.entries(types).map(([name, type]) => ({ name, type }));

export function table(name: string, types: Readonly<Record<string, SqlType>>, primaryKey?: number[]): ConnectorTable {
	const path = ["default_catalog", "default_database", name];
	return { path, connector: "values", options: {}, columns: fields(types), primaryKey, partitionKeys: [] };
}

interface ScanOptions {
	readonly changelog?: ChangelogMode;
	readonly primaryKey?: number[];
	readonly rows?: number;
	readonly distinct?: readonly (number | undefined)[];
}

export function scan(name: string, types: Readonly<Record<string, SqlType>>, options: ScanOptions = {}): ScanNode {
	return {
		kind: "Scan",
		table: table(name, types, options.primaryKey),
		projection: Object.keys(types).map((_, index) => [index]),
		filters: [],
		changelog: options.changelog ?? "insert",
		bounded: true,
		statistics:
			options.rows === undefined
				? undefined
				: { rowCount: options.rows, columns: options.distinct?.map((distinct) => ({ distinct })) },
		schema: fields(types),
	};
}

/** Column `index` of a node's output. */
export const col = (node: PlanNode, index: number): Expr => column(index, node.schema[index]!.type);
export const int = (value: number) => literal(value, { ...INTEGER, nullable: false });
export const bigint = (value: number) => literal(BigInt(value), { ...BIGINT, nullable: false });
export const text = (value: string) => literal(value, { ...STRING, nullable: false });
export const seconds = (value: number) =>
	literal(value * 1000, {
		kind: "INTERVAL_DAY_TIME",
		unit: "SECOND",
		precision: 2,
		fraction: 6,
		nullable: false,
	});
export const fn = (name: string, args: readonly Expr[], type: SqlType = BOOLEAN): Expr => call(name, args, type);
export const eq = (left: Expr, right: Expr) => fn("=", [left, right]);
export const and = (...args: Expr[]) => fn("AND", args);

export const filter = (input: PlanNode, condition: Expr): PlanNode => ({
	kind: "Filter",
	input,
	condition,
	schema: input.schema,
});

export const project = (input: PlanNode, exprs: Readonly<Record<string, Expr>>): PlanNode => ({
	kind: "Project",
	input,
	exprs: Object.values(exprs),
	schema: Object.entries(exprs).map(([name, { type }]) => ({ name, type })),
});

export function join(
	left: PlanNode,
	right: PlanNode,
	condition?: (left: (index: number) => Expr, right: (index: number) => Expr) => Expr,
	type: (PlanNode & { kind: "Join" })["type"] = "inner",
): PlanNode {
	const width = left.schema.length;
	const ofRight = (index: number) => column(index + width, right.schema[index]!.type);
	return {
		kind: "Join",
		type,
		left,
		right,
		condition: condition?.((index) => col(left, index), ofRight),
		schema: type === "semi" || type === "anti" ? left.schema : [...left.schema, ...right.schema],
	};
}

export function aggregateCall(
	input: PlanNode,
	name: string,
	args: number[] = [],
	more: Partial<AggregateCall> = {},
): AggregateCall {
	const argTypes = args.map((arg) => input.schema[arg]!.type);
	const type = name === "COUNT" || name === "ROW_NUMBER" ? { ...BIGINT, nullable: false } : (argTypes[0] ?? BIGINT);
	return { function: name, args, argTypes, distinct: false, type, name: name.toLowerCase(), ...more };
}

export function aggregate(
	input: PlanNode,
	keys: number[],
	calls: AggregateCall[],
	more: Partial<PlanNode & { kind: "Aggregate" }> = {},
): PlanNode & { kind: "Aggregate" } {
	const window = { start: timestamp(3), end: timestamp(3), time: ROWTIME };
	const schema = [
		...keys.map((key) => input.schema[key]!),
		...calls.map(({ name, type }) => ({ name, type })),
		...(more.properties ?? []).map((property) => ({ name: `window_${property}`, type: window[property] })),
	];
	return { kind: "Aggregate", input, keys, calls, schema, ...more };
}

export const tumble = (time: number, size = 10_000): WindowSpec => ({
	kind: "tumble",
	time,
	eventTime: true,
	size,
	offset: 0,
});

export const windowTable = (input: PlanNode, window: WindowSpec): PlanNode => ({
	kind: "WindowTableFunction",
	input,
	window,
	schema: [
		...input.schema,
		{ name: "window_start", type: timestamp(3) },
		{ name: "window_end", type: timestamp(3) },
		{ name: "window_time", type: ROWTIME },
	],
});

export const asc = (index: number): SortKey => ({ column: index, ascending: true, nullsFirst: true });
export const desc = (index: number): SortKey => ({ column: index, ascending: false, nullsFirst: false });

const UP_TO_NOW: OverFrame = { unit: "rows", start: { kind: "unboundedPreceding" }, end: { kind: "currentRow" } };

export function over(
	input: PlanNode,
	partition: number[],
	order: SortKey[],
	calls: AggregateCall[],
	frame: OverFrame = UP_TO_NOW,
): PlanNode {
	const schema = [...input.schema, ...calls.map(({ name, type }) => ({ name, type }))];
	return { kind: "Over", input, groups: [{ partition, order, frame, calls }], schema };
}

export const sort = (input: PlanNode, order: SortKey[], fetch?: number, offset = 0): PlanNode => ({
	kind: "Sort",
	input,
	order,
	offset,
	fetch,
	schema: input.schema,
});

export const watermark = (input: PlanNode, rowtime: number): PlanNode => ({
	kind: "Watermark",
	input,
	rowtime,
	expression: fn("-", [column(rowtime, timestamp(3)), seconds(4)], timestamp(3)),
	schema: input.schema.map((field, i) => (i === rowtime ? { ...field, type: ROWTIME } : field)),
});

export const sink = (input: PlanNode, into?: ConnectorTable): PlanNode => ({
	kind: "Sink",
	input,
	table: into,
	overwrite: false,
	staticPartition: {},
	notNull: [],
	schema: input.schema,
});
