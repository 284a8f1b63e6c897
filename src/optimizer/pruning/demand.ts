// What each kind of node needs of its inputs, given what its readers need of it.
import { type AggregateNode, inputsOf, type OverGroup, type PlanNode } from "../../plan/nodes.js";
import type { Expr } from "../../types/expr.js";
import { timeAttributeOf } from "../../types/sql-type.js";
import { columnsReadBy } from "../aggregate-columns.js";
import { fieldOf } from "./layout.js";
import { matchColumns } from "./match-columns.js";
import { Needs, type Path, pathOf } from "./needs.js";

/** One set for each input. */
export function demandOf(node: PlanNode, needs: Needs): Needs[] {
	const { paths } = needs;
	switch (node.kind) {
		case "Scan":
		case "Values":
			return [];
		case "Sink":
			return [new Needs().addColumns(node.schema.keys())];
		case "Filter":
			return [new Needs().addAll(paths).addExprs([node.condition])];
		case "Project":
			return [new Needs().addExprs(projectedPaths(node.exprs, paths).map(({ expr }) => expr))];
		case "Watermark":
			return [new Needs().addAll(paths).addColumns([node.rowtime]).addExprs([node.expression])];
		case "Sort":
			return [new Needs().addAll(paths).addColumns(node.order.map((key) => key.column))];
		case "Snapshot": {
			const times = [...node.schema.keys()].filter((i) => timeAttributeOf(node.schema[i]!.type) === "rowtime");
			return [new Needs().addAll(paths).addColumns(node.attribute === "rowtime" ? times : [])];
		}
		case "Aggregate":
			return [aggregateDemand(node, needs)];
		case "SetOperation": {
			const columns = node.operation === "union" && node.all ? unionColumns(node, needs) : [...node.schema.keys()];
			return node.inputs.map(() => new Needs().addColumns(columns));
		}
		case "Match":
			return [new Needs().addColumns(matchColumns(node.match))];
		case "Join":
		case "Apply":
			return joinDemand(node, paths);
		default:
			return [widening(node, needs)];
	}
}

/** Nodes that append to their input's columns. */
function widening(
	node: PlanNode & { kind: "WindowTableFunction" | "Over" | "Rank" | "Deduplicate" | "Correlate" },
	needs: Needs,
): Needs {
	const width = node.input.schema.length;
	const result = new Needs().addAll(needs.paths.filter((path) => path[0]! < width));
	switch (node.kind) {
		case "WindowTableFunction":
			return result.addColumns([node.window.time, ...("partition" in node.window ? node.window.partition : [])]);
		case "Over":
			for (const group of usedGroups(node.groups, width, needs)) {
				result.addColumns([
					...group.partition,
					...group.order.map((key) => key.column),
					...group.calls.flatMap(columnsReadBy),
				]);
			}
			return result;
		case "Rank":
			result.addColumns([...node.partition, ...node.order.map((key) => key.column)]);
			if (typeof node.to !== "number") result.add([node.to.column]);
			return node.windowEnd === undefined ? result : result.add([node.windowEnd]);
		case "Deduplicate":
			result.addColumns([...node.keys, node.order]);
			return node.windowEnd === undefined ? result : result.add([node.windowEnd]);
		case "Correlate": {
			const condition = new Needs().addExprs(node.condition === undefined ? [] : [node.condition]);
			return result.addExprs(node.args).addAll(condition.paths.filter((path) => path[0]! < width));
		}
	}
}

/** The outputs of a projection that are needed: parts of a column pass through it as parts, other expressions stay whole. */
export function projectedPaths(
	exprs: readonly Expr[],
	paths: readonly Path[],
): { readonly path: Path; readonly expr: Expr }[] {
	const found = new Map<string, { path: Path; expr: Expr }>();
	for (const path of paths) {
		const [column, ...fields] = path as [number, ...number[]];
		const whole = exprs[column]!;
		const inParts = pathOf(whole) !== undefined;
		const kept = inParts ? path : [column];
		const expr = inParts ? fields.reduce<Expr>((value, field) => fieldOf(value, field), whole) : whole;
		found.set(kept.join(), { path: kept, expr });
	}
	return [...found.values()];
}

/** The calls whose results are read; one is kept where nothing else is left of the row. */
export function usedCalls(node: AggregateNode, needs: Needs): number[] {
	const { columns } = needs;
	const used = [...node.calls.keys()].filter((i) => columns.includes(node.keys.length + i));
	const empty = used.length === 0 && node.keys.length === 0 && usedProperties(node, needs).length === 0;
	return empty && node.calls.length > 0 ? [0] : used;
}

export function usedProperties(node: AggregateNode, needs: Needs): number[] {
	const from = node.keys.length + node.calls.length;
	return [...(node.properties ?? []).keys()].filter((i) => needs.columns.includes(from + i));
}

function aggregateDemand(node: AggregateNode, needs: Needs): Needs {
	const calls = usedCalls(node, needs).map((i) => node.calls[i]!);
	const result = new Needs().addColumns([...node.keys, ...calls.flatMap(columnsReadBy)]);
	const { window } = node;
	if (window === undefined) return result;
	return result.addColumns(window.kind === "attached" ? [window.time, window.start, window.end] : [window.time]);
}

/** Groups with the calls whose results are read. */
export function usedGroups(groups: readonly OverGroup[], width: number, needs: Needs): OverGroup[] {
	const { columns } = needs;
	let next = width;
	return groups.flatMap((group) => {
		const calls = group.calls.filter(() => columns.includes(next++));
		return calls.length === 0 ? [] : [{ ...group, calls }];
	});
}

export function unionColumns(node: PlanNode, needs: Needs): readonly number[] {
	const { columns } = needs;
	return columns.length > 0 || node.schema.length === 0 ? columns : [0];
}

function joinDemand(node: PlanNode & { kind: "Join" | "Apply" }, paths: readonly Path[]): Needs[] {
	const width = node.left.schema.length;
	const read = new Needs().addAll(paths).addExprs(node.condition === undefined ? [] : [node.condition]).paths;
	const left = new Needs().addAll(read.filter((path) => path[0]! < width));
	const [, second] = inputsOf(node);
	if (second!.kind === "Snapshot") left.add([second!.time]);
	const right = new Needs().addAll(
		read.filter((path) => path[0]! >= width).map(([column, ...fields]) => [column! - width, ...fields]),
	);
	return [left, right];
}
