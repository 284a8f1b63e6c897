// References from a subquery to the rows of the query around it.
import { inputsOf, type PlanNode } from "../../plan/nodes.js";
import { column, type Expr, rewrite, visit } from "../../types/expr.js";
import { exprsOf } from "../plan-exprs.js";

/** The outer columns of `apply` that an expression reads. */
export function outerColumnsOf(expr: Expr, apply: number): number[] {
	const found = new Set<number>();
	visit(expr, (node) => {
		if (node.kind === "outer" && node.apply === apply) found.add(node.index);
	});
	return [...found];
}

export const readsOuter = (expr: Expr, apply: number) => outerColumnsOf(expr, apply).length > 0;

/** Whether any expression of the plan refers to the row that Apply `apply` evaluates it for. */
export function isCorrelated(plan: PlanNode, apply: number): boolean {
	return (
		exprsOf(plan).some((expr) => readsOuter(expr, apply)) || inputsOf(plan).some((input) => isCorrelated(input, apply))
	);
}

/** All outer columns of `apply` that the plan reads, ascending. */
export function outerColumnsOfPlan(plan: PlanNode, apply: number): number[] {
	const found = new Set<number>();
	const visitPlan = (node: PlanNode) => {
		for (const expr of exprsOf(node)) for (const index of outerColumnsOf(expr, apply)) found.add(index);
		inputsOf(node).forEach(visitPlan);
	};
	visitPlan(plan);
	return [...found].sort((left, right) => left - right);
}

/** The expression with the outer columns of `apply` replaced. */
export function replaceOuter(expr: Expr, apply: number, to: (index: number) => Expr): Expr {
	return rewrite(expr, (node) => (node.kind === "outer" && node.apply === apply ? to(node.index) : node));
}

/** The expression over a join's output: outer columns are the left input's, own columns follow them. */
export function overJoin(expr: Expr, apply: number, leftWidth: number): Expr {
	return rewrite(expr, (node) => {
		if (node.kind === "column") return column(node.index + leftWidth, node.type);
		return node.kind === "outer" && node.apply === apply ? column(node.index, node.type) : node;
	});
}
