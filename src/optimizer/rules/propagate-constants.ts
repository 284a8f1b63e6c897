// A filter that fixes a column to a constant makes expressions above it simpler: after `event_type = 2` the CASE that picks a time by event
// type is the bid's time, and nothing else of the row need be read.
import type { PlanNode } from "../../plan/nodes.js";
import { mapNodeExprs } from "../../plan/plan-exprs.js";
import { type Expr, type LiteralExpr, rewrite } from "../../types/expr.js";
import { isApproximate } from "../../types/sql-type.js";
import { sameKind } from "../../types/type-text.js";
import type { OptimizerContext, Rule } from "../optimizer.js";
import { conjunction, conjunctsOf } from "../predicate.js";
import { rewriteUp } from "../rewrite-plan.js";
import { simplify } from "./fold-constants.js";

export const propagateConstants: Rule = {
	name: "propagate-constants",
	apply: (roots, context) => rewriteUp(roots, (node) => withConstants(node, context)),
};

type Constants = ReadonlyMap<number, LiteralExpr>;

function withConstants(node: PlanNode, context: OptimizerContext): PlanNode {
	if (node.kind === "Filter") {
		const known = constantsOf(node.input);
		const fixed = conjunctsOf(node.condition);
		const conditions = fixed.map((condition, i) => {
			// A conjunct may use what the others fix, not what it fixes itself.
			const others = constantsIn(fixed.filter((_, other) => other !== i));
			return replaced(condition, new Map([...known, ...others]), context);
		});
		const condition = conjunction(conditions);
		if (condition === undefined) return node.input;
		return fixed.every((one, i) => one === conditions[i]) ? node : { ...node, condition };
	}
	if (node.kind !== "Project") return node;
	const constants = constantsOf(node.input);
	return constants.size === 0 ? node : mapNodeExprs(node, (expr) => replaced(expr, constants, context));
}

/** Plain column references stay: they carry keys and time attributes. */
function replaced(expr: Expr, constants: Constants, context: OptimizerContext): Expr {
	if (expr.kind === "column" || constants.size === 0) return expr;
	const result = rewrite(expr, (part) => (part.kind === "column" ? (constants.get(part.index) ?? part) : part));
	return result === expr ? expr : simplify(result, context);
}

/** Columns of a plan's output that are the same constant in every row. */
function constantsOf(node: PlanNode): Constants {
	switch (node.kind) {
		case "Filter":
			return new Map([...constantsOf(node.input), ...constantsIn(conjunctsOf(node.condition))]);
		case "Watermark":
		case "Sort":
		case "WindowTableFunction":
			return constantsOf(node.input);
		case "Project": {
			const input = constantsOf(node.input);
			const found = new Map<number, LiteralExpr>();
			node.exprs.forEach((expr, index) => {
				const value = expr.kind === "column" ? input.get(expr.index) : undefined;
				if (value !== undefined) found.set(index, value);
			});
			return found;
		}
		default:
			return new Map();
	}
}

function constantsIn(conditions: readonly Expr[]): Map<number, LiteralExpr> {
	const found = new Map<number, LiteralExpr>();
	for (const condition of conditions) {
		if (condition.kind !== "call" || condition.function !== "=") continue;
		const [first, second] = condition.args as [Expr, Expr];
		const [read, value] = first.kind === "column" ? [first, second] : [second, first];
		if (read.kind !== "column" || value.kind !== "literal" || value.value === null) continue;
		// 0.0 equals -0.0 but is another number.
		if (sameKind(read.type, value.type) && !isApproximate(read.type))
			found.set(read.index, { ...value, type: read.type });
	}
	return found;
}
