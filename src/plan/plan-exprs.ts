// The expressions of a plan as a whole: for rewriting references that cross plan nodes.
import type { Expr } from "../types/expr.js";
import { inputsOf, type PlanNode, withInputs } from "./nodes.js";

/** The plan with every expression of every node changed; nodes without changes are kept as they are. */
export function mapPlanExprs(plan: PlanNode, change: (expr: Expr) => Expr): PlanNode {
	const inputs = inputsOf(plan).map((input) => mapPlanExprs(input, change));
	return mapNodeExprs(withInputs(plan, inputs), change);
}

/** One node with its own expressions changed. */
export function mapNodeExprs(node: PlanNode, change: (expr: Expr) => Expr): PlanNode {
	switch (node.kind) {
		case "Filter": {
			const condition = change(node.condition);
			return condition === node.condition ? node : { ...node, condition };
		}
		case "Project": {
			const exprs = mapAll(node.exprs, change);
			return exprs === node.exprs ? node : { ...node, exprs };
		}
		case "Join":
		case "Apply": {
			const condition = node.condition && change(node.condition);
			return condition === node.condition ? node : { ...node, condition };
		}
		case "Correlate": {
			const args = mapAll(node.args, change);
			const condition = node.condition && change(node.condition);
			return args === node.args && condition === node.condition ? node : { ...node, args, condition };
		}
		case "Watermark": {
			const expression = change(node.expression);
			return expression === node.expression ? node : { ...node, expression };
		}
		case "Scan": {
			const filters = mapAll(node.filters, change);
			return filters === node.filters ? node : { ...node, filters };
		}
		default:
			return node;
	}
}

function mapAll(exprs: readonly Expr[], change: (expr: Expr) => Expr): readonly Expr[] {
	const changed = exprs.map(change);
	return changed.every((expr, i) => expr === exprs[i]) ? exprs : changed;
}
