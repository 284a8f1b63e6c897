// Rewrites every Apply (a subquery in SQL's own terms) into joins and aggregates. Required: nothing can run an Apply.
import type { ApplyNode, PlanNode } from "../../plan/nodes.js";
import { call, column, type Expr, literal, rewrite } from "../../types/expr.js";
import { asNullable, BOOLEAN, notNull } from "../../types/sql-type.js";
import { equalitySides } from "../join-condition.js";
import type { Rule } from "../optimizer.js";
import { columnsFrom, filterAll, join, project, projectTo } from "../plan-building.js";
import { conjunction, conjunctsOf, TRUE } from "../predicate.js";
import { rewriteUp } from "../rewrite-plan.js";
import { domainOf, throughDomain } from "../subquery/domain.js";
import { type Lifted, lift } from "../subquery/lift.js";
import { isNotNull, isTrueExpr, nullAwareIn, withMark } from "../subquery/mark.js";
import { outerColumnsOfPlan, overJoin, readsOuter } from "../subquery/outer-references.js";

export const decorrelate: Rule = {
	name: "decorrelate",
	required: true,
	apply: (roots) => rewriteUp(roots, (node) => (node.kind === "Apply" ? unnest(node) : node)),
};

function unnest(node: ApplyNode): PlanNode {
	const lifted = lift(withoutOrder(node), node.id) ?? liftByDomain(node);
	switch (node.type) {
		case "semi":
		case "anti":
			return lifted.scalar ? filterByScalar(node, lifted, node.type) : semiJoin(node, lifted, node.type);
		case "mark":
			return mark(node, lifted);
		default:
			return widen(node, lifted);
	}
}

/** EXISTS and IN do not see order, nor a limit of one row or more where only existence counts. */
function withoutOrder(node: ApplyNode): PlanNode {
	const { right, type, condition } = node;
	const onlyExists = condition === undefined && (type === "semi" || type === "anti" || type === "mark");
	if (!onlyExists || right.kind !== "Sort" || right.offset > 0) return right;
	return right.fetch === undefined || right.fetch > 0 ? right.input : right;
}

function liftByDomain(node: ApplyNode): Lifted {
	const { left, right, id } = node;
	const columns = outerColumnsOfPlan(right, id);
	const plan = throughDomain(right, domainOf(left, columns, id));
	const predicates = columns.map((index, position) => {
		const { type } = left.schema[index]!;
		return call(
			"IS NOT DISTINCT FROM",
			[column(position, type), { kind: "outer", apply: id, index, type }],
			notNull(BOOLEAN),
		);
	});
	return { plan, outputs: columnsFrom(plan.schema).slice(columns.length), predicates, scalar: false, having: [] };
}

/** The subquery's parts as expressions over left ++ plan. */
function joinedParts(node: ApplyNode, lifted: Lifted) {
	const width = node.left.schema.length;
	const onJoin = (expr: Expr) => overJoin(expr, node.id, width);
	const outputs = lifted.outputs.map(onJoin);
	const comparison = conjunctsOf(node.condition).map((condition) =>
		rewrite(condition, (part) => (part.kind === "column" && part.index >= width ? outputs[part.index - width]! : part)),
	);
	return { outputs, predicates: lifted.predicates.map(onJoin), having: lifted.having.map(onJoin), comparison };
}

function semiJoin(node: ApplyNode, lifted: Lifted, type: "semi" | "anti"): PlanNode {
	const { predicates, comparison } = joinedParts(node, lifted);
	const nullable = comparison.some((condition) => condition.type.nullable);
	if (type === "semi" || !node.nullAware || !nullable) {
		return join(type, node.left, lifted.plan, [...predicates, ...comparison]);
	}
	const [only] = comparison;
	const isKey = comparison.length === 1 && equalitySides(only!, node.left.schema.length) !== undefined;
	if (isKey && predicates.length === 0) return join("anti", node.left, lifted.plan, comparison, { nullAware: true });
	const notFalse = call("IS NOT FALSE", [conjunction(comparison)!], notNull(BOOLEAN));
	return join("anti", node.left, lifted.plan, [...predicates, notFalse]);
}

/** The one row of an aggregate decides: joined to each left row, then filtered. */
function filterByScalar(node: ApplyNode, lifted: Lifted, type: "semi" | "anti"): PlanNode {
	const { predicates, having, comparison } = joinedParts(node, lifted);
	const joined = join("left", node.left, lifted.plan, predicates);
	const holds = conjunction([...having, ...comparison]) ?? TRUE;
	const rejected = call(node.nullAware ? "NOT" : "IS NOT TRUE", [holds], BOOLEAN);
	const kept = filterAll(joined, [type === "semi" ? holds : rejected]);
	return projectTo(kept, columnsFrom(node.left.schema), node.schema);
}

function mark(node: ApplyNode, lifted: Lifted): PlanNode {
	const { left } = node;
	const { predicates, having, comparison } = joinedParts(node, lifted);
	const finish = (plan: PlanNode, value: Expr) => projectTo(plan, [...columnsFrom(left.schema), value], node.schema);
	if (lifted.scalar) {
		const joined = join("left", left, lifted.plan, predicates);
		const there = isTrueExpr(conjunction(having) ?? TRUE);
		const compared = conjunction(comparison) ?? TRUE;
		const value = node.nullAware
			? call("AND", [there, compared], BOOLEAN)
			: isTrueExpr(call("AND", [there, compared], BOOLEAN));
		return finish(joined, value);
	}
	if (node.nullAware && comparison.some((condition) => condition.type.nullable)) {
		const { plan, value } = nullAwareIn(left, lifted.plan, predicates, comparison);
		return finish(plan, value);
	}
	const marked = withMark(left, lifted.plan, [...predicates, ...comparison]);
	return finish(marked, isNotNull(column(left.schema.length, BOOLEAN)));
}

/** LATERAL and scalar subqueries: their columns beside the left ones. */
function widen(node: ApplyNode, lifted: Lifted): PlanNode {
	const { left } = node;
	const keepsLeft = node.type !== "inner";
	// An output that is not a plain column would not be NULL where the join pads: an indicator tells those rows apart.
	const padded = keepsLeft && !lifted.scalar;
	const marks = padded && lifted.outputs.some((expr) => expr.kind !== "column");
	const { plan, outputs: own } = computed(lifted, node.id, marks);
	const { outputs, predicates, having, comparison } = joinedParts(node, { ...lifted, plan, outputs: own });
	const single = node.type === "single" && !lifted.scalar && !hasOneRow(lifted.plan) ? true : undefined;
	const onJoin = lifted.scalar ? predicates : [...predicates, ...comparison];
	const joined = join(keepsLeft || lifted.scalar ? "left" : "inner", left, plan, onJoin, { single });
	const late = lifted.scalar ? [...having, ...comparison] : [];
	const kept = keepsLeft ? joined : filterAll(joined, late);
	const indicator = marks
		? isNotNull(column(joined.schema.length - 1, BOOLEAN))
		: keepsLeft
			? conjunction(late)
			: undefined;
	const columns = outputs.map((expr, i) => {
		// A column of the subquery's own is padded by the join.
		const padsItself = indicator === undefined || (marks && own[i]!.kind === "column");
		return padsItself ? expr : orNull(indicator, expr);
	});
	return projectTo(kept, [...columnsFrom(left.schema), ...columns], node.schema);
}

const orNull = (when: Expr, then: Expr): Expr => ({
	kind: "case",
	branches: [{ when, then }],
	otherwise: literal(null, asNullable(then.type)),
	type: asNullable(then.type),
});

/** Outputs that need no outer row are computed before the join. */
function computed(lifted: Lifted, apply: number, marks: boolean): Pick<Lifted, "plan" | "outputs"> {
	if (!marks) return lifted;
	const width = lifted.plan.schema.length;
	const early = lifted.outputs.filter((expr) => expr.kind !== "column" && !readsOuter(expr, apply));
	const names = lifted.plan.schema.map((field) => field.name);
	const plan = project(lifted.plan, [...columnsFrom(lifted.plan.schema), ...early, TRUE], names);
	const outputs = lifted.outputs.map((expr) =>
		early.includes(expr) ? column(width + early.indexOf(expr), expr.type) : expr,
	);
	return { plan, outputs };
}

function hasOneRow(plan: PlanNode): boolean {
	switch (plan.kind) {
		case "Aggregate":
			return plan.keys.length === 0 && plan.groupingSets === undefined && plan.window === undefined;
		case "Sort":
			return plan.fetch !== undefined && plan.fetch <= 1;
		case "Rank":
			return plan.to === 1 && plan.function === "ROW_NUMBER";
		case "Values":
			return plan.rows.length <= 1;
		case "Project":
		case "Filter":
			return hasOneRow(plan.input);
		default:
			return false;
	}
}
