// Grouping by the columns of a window table function aggregates in windows: rows go to slices once, results come when a window ends.
// Grouping by the window columns of such a result, or of a join or ranking of them, continues in the same windows (attached).

import type { AggregateCall } from "../../job/specs.js";
import type { WindowSpec } from "../../job/window.js";
import type { AggregateNode, PlanNode, ProjectNode, WindowTableFunctionNode } from "../../plan/nodes.js";
import { column, columnsOf, type Expr } from "../../types/expr.js";
import { columnsReadBy } from "../aggregate-columns.js";
import { isDeterministic } from "../determinism.js";
import type { Rule } from "../optimizer.js";
import { filterAll, projectTo } from "../plan-building.js";
import { conjunctsOf } from "../predicate.js";
import { rewriteUp } from "../rewrite-plan.js";
import { substitute } from "../substitution.js";
import { type WindowColumns, windowColumnsOf } from "../window-columns.js";

export const mergeWindows: Rule = {
	name: "merge-windows",
	required: true,
	apply: (roots) => rewriteUp(roots, (node) => (node.kind === "Aggregate" ? (windowed(node) ?? node) : node)),
};

type Property = "start" | "end" | "time";

function windowed(node: AggregateNode): PlanNode | undefined {
	const windows = windowColumnsOf(node.input);
	if (node.window !== undefined || windows === undefined || windows.start === undefined) return undefined;
	const positionOf = (index: number | undefined) => (index === undefined ? -1 : node.keys.indexOf(index));
	const positions = { start: positionOf(windows.start), end: positionOf(windows.end), time: positionOf(windows.time) };
	if (positions.start < 0 || positions.end < 0) return undefined;
	const { groupingSets } = node;
	const inEvery = (position: number) => position < 0 || (groupingSets ?? []).every((set) => set.includes(position));
	if (!Object.values(positions).every(inEvery)) return undefined;

	const properties = (Object.keys(positions) as Property[]).filter((property) => positions[property] >= 0);
	const kept = node.keys.flatMap((_, i) => (Object.values(positions).includes(i) ? [] : [i]));
	const merged = sliced(node, windows, kept) ?? attached(node, windows, kept);
	const aggregate: AggregateNode = {
		...node,
		...merged,
		calls: merged.calls.map((call) => (isGrouping(call) ? movedGrouping(call, kept) : call)),
		groupingSets: groupingSets?.map((set) =>
			set.flatMap((position) => (kept.includes(position) ? [kept.indexOf(position)] : [])),
		),
		properties,
		schema: [
			...kept.map((position) => node.schema[position]!),
			...node.calls.map((_, i) => node.schema[node.keys.length + i]!),
			...properties.map((property) => node.schema[positions[property]]!),
		],
	};
	return projectTo(aggregate, restored(node, kept, properties, positions), node.schema);
}

const isGrouping = (call: AggregateCall) => call.function === "GROUPING" || call.function === "GROUPING_ID";

/** Its literals are positions of keys; -1 is a window column, which every set has. */
const movedGrouping = (call: AggregateCall, kept: readonly number[]): AggregateCall => ({
	...call,
	literals: (call.literals ?? []).map((position) => BigInt(kept.indexOf(Number(position)))),
});

/** The old output in terms of the new one: keys where they stood, window columns from the properties. */
function restored(
	node: AggregateNode,
	kept: readonly number[],
	properties: readonly Property[],
	positions: Readonly<Record<Property, number>>,
): Expr[] {
	const from = kept.length + node.calls.length;
	const keys = node.keys.map((_, position) => {
		const property = properties.findIndex((name) => positions[name] === position);
		return property < 0 ? kept.indexOf(position) : from + property;
	});
	const calls = node.calls.map((_, i) => kept.length + i);
	return [...keys, ...calls].map((index, i) => column(index, node.schema[i]!.type));
}

type Merged = Pick<AggregateNode, "input" | "keys" | "calls" | "window">;

function attached(node: AggregateNode, windows: WindowColumns, kept: readonly number[]): Merged {
	const { eventTime, timeZone, end, start } = windows;
	const window: WindowSpec = { kind: "attached", time: end, start: start!, end, eventTime, timeZone };
	return { input: node.input, keys: kept.map((position) => node.keys[position]!), calls: node.calls, window };
}

/** The table function goes away when nothing between it and the aggregate looks at the window's columns. */
function sliced(node: AggregateNode, windows: WindowColumns, kept: readonly number[]): Merged | undefined {
	const between: PlanNode[] = [];
	let current = node.input;
	while (current.kind === "Project" || current.kind === "Filter") {
		between.push(current);
		current = current.input;
	}
	if (current.kind !== "WindowTableFunction") return undefined;
	const below = withoutWindow(between, current);
	if (below === undefined) return undefined;
	const ofWindow = [windows.start, windows.end, windows.time];
	const reads = [...kept.map((position) => node.keys[position]!), ...node.calls.flatMap(columnsReadBy)];
	if (reads.some((index) => ofWindow.includes(index))) return undefined;
	const keys = kept.map((position) => node.keys[position]!);
	const window = windowOver(current.window, below, keys);
	return window && { input: below.input, keys, calls: node.calls, window };
}

interface Below {
	/** The nodes between over the table function's input: the same columns, window columns dead, further ones behind. */
	readonly input: PlanNode;
	readonly time: number;
	/** Where the table function's columns are in `input`, by their expression. */
	readonly exprs: readonly Expr[];
}

/** The projections and filters below the aggregate as one of each, without the window columns. */
function withoutWindow(between: readonly PlanNode[], table: WindowTableFunctionNode): Below | undefined {
	const width = table.input.schema.length;
	let exprs: readonly Expr[] = table.schema.map(({ type }, index) => column(index, type));
	const conditions: Expr[] = [];
	for (const node of [...between].reverse()) {
		if (node.kind === "Filter") {
			conditions.push(...conjunctsOf(substitute(node.condition, exprs)));
		} else {
			const inner = exprs;
			exprs = (node as ProjectNode).exprs.map((expr) => substitute(expr, inner));
		}
	}
	const readsWindow = (expr: Expr) => columnsOf(expr).some((index) => index >= width);
	const computes = exprs.some((expr) => expr.kind !== "column" && readsWindow(expr));
	if (computes || conditions.some(readsWindow) || !exprs.every(isDeterministic)) return undefined;
	const timeColumn = column(table.window.time, table.input.schema[table.window.time]!.type);
	// Window columns are replaced by the time column, which nobody reads under their names.
	const outputs = exprs.map((expr) => (readsWindow(expr) ? timeColumn : expr));
	const known = outputs.findIndex((expr) => expr.kind === "column" && expr.index === table.window.time);
	const time = known < 0 ? outputs.length : known;
	const all = known < 0 ? [...outputs, timeColumn] : outputs;
	const schema = all.map(({ type }, i) => ({ name: nameOf(all[i]!, table) ?? `$f${i}`, type }));
	const filtered = filterAll(table.input, conditions);
	const passes = all.length === width && all.every((expr, i) => expr.kind === "column" && expr.index === i);
	return { input: passes ? filtered : { kind: "Project", input: filtered, exprs: all, schema }, time, exprs };
}

const nameOf = (expr: Expr, table: WindowTableFunctionNode) =>
	expr.kind === "column" ? table.schema[expr.index]!.name : undefined;

/** Sessions are per partition of the table function: they can be the aggregate's own only if its keys are just that partition. */
function windowOver(window: WindowSpec, below: Below, keys: readonly number[]): WindowSpec | undefined {
	if (window.kind === "attached") return undefined;
	if (window.kind !== "session") return { ...window, time: below.time };
	const grouped = keys.map((key) => below.exprs[key]!).map((expr) => (expr.kind === "column" ? expr.index : -1));
	const same = grouped.length === window.partition.length && window.partition.every((index) => grouped.includes(index));
	return same ? { ...window, time: below.time, partition: keys } : undefined;
}
