// Which Watermark nodes drive something: event-time operators, sinks that publish by time, CURRENT_WATERMARK. A filter may pass below a
// watermark only where nobody looks at it, as rows that are filtered away move the watermark, too.
import { inputsOf, type PlanNode } from "../plan/nodes.js";
import { visit } from "../types/expr.js";
import { timeAttributeOf } from "../types/sql-type.js";
import { timeBounds } from "./join-condition.js";
import { exprsOf } from "./plan-exprs.js";

export function usedWatermarks(roots: readonly PlanNode[]): Set<PlanNode> {
	const used = new Set<PlanNode>();
	const seen = new Map<PlanNode, boolean>();
	const walk = (node: PlanNode, above: boolean) => {
		const before = seen.get(node);
		if (before === true || before === above) return;
		seen.set(node, above);
		if (above && node.kind === "Watermark") used.add(node);
		const below = above || usesWatermark(node);
		for (const input of inputsOf(node)) walk(input, below);
	};
	for (const root of roots) walk(root, false);
	return used;
}

const isRowtime = (node: PlanNode, column: number | undefined) =>
	column !== undefined && timeAttributeOf(node.schema[column]!.type) === "rowtime";

function usesWatermark(node: PlanNode): boolean {
	switch (node.kind) {
		case "Sink":
			return node.table !== undefined && node.table.connector !== "blackhole" && node.table.connector !== "print";
		case "Aggregate":
			return node.window?.eventTime === true;
		case "WindowTableFunction":
			return node.window.eventTime;
		case "Snapshot":
			return node.attribute === "rowtime";
		case "Join":
			return (
				(node.right.kind === "Snapshot" && node.right.attribute === "rowtime") ||
				timeBounds(node.condition, node.left.schema.length)?.eventTime === true
			);
		case "Over":
			return node.groups.some((group) => isRowtime(node.input, group.order[0]?.column));
		case "Sort":
			return node.fetch === undefined && isRowtime(node.input, node.order[0]?.column);
		case "Match":
			return true;
		case "Rank":
			return node.windowEnd !== undefined;
		case "Deduplicate":
			return node.windowEnd !== undefined || (node.keep === "first" && isRowtime(node.input, node.order));
		default:
			return exprsOf(node).some((expr) => {
				let reads = false;
				visit(expr, (part) => {
					if (part.kind === "call" && part.function === "CURRENT_WATERMARK") reads = true;
				});
				return reads;
			});
	}
}
