// The expressions that a plan node holds.
import type { PlanNode } from "../plan/nodes.js";
import type { Expr } from "../types/expr.js";

export function exprsOf(node: PlanNode): readonly Expr[] {
	switch (node.kind) {
		case "Filter":
			return [node.condition];
		case "Project":
			return node.exprs;
		case "Join":
		case "Apply":
			return node.condition === undefined ? [] : [node.condition];
		case "Correlate":
			return node.condition === undefined ? node.args : [...node.args, node.condition];
		case "Watermark":
			return [node.expression];
		case "Scan":
			return node.filters;
		default:
			return [];
	}
}
