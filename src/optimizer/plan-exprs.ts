// The expressions that a plan node holds, and the node with them rewritten.
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

/** The node with `change` applied to each of its expressions; the same object when none changed. */
export function mapExprs(node: PlanNode, change: (expr: Expr) => Expr): PlanNode {
	if (exprsOf(node).every((expr) => change(expr) === expr)) return node;
	switch (node.kind) {
		case "Filter":
			return { ...node, condition: change(node.condition) };
		case "Project":
			return { ...node, exprs: node.exprs.map(change) };
		case "Join":
		case "Apply":
			return { ...node, condition: node.condition && change(node.condition) };
		case "Correlate":
			return { ...node, args: node.args.map(change), condition: node.condition && change(node.condition) };
		case "Watermark":
			return { ...node, expression: change(node.expression) };
		case "Scan":
			return { ...node, filters: node.filters.map(change) };
		default:
			return node;
	}
}
