// Filter and Project → Calc: a run of them becomes one filter and one projection over the run's input.
import { isDeterministic, sizeOf } from "../../optimizer/determinism.js";
import { conjunction } from "../../optimizer/predicate.js";
import { substitute } from "../../optimizer/substitution.js";
import type { FilterNode, PlanNode, ProjectNode } from "../../plan/nodes.js";
import { column, type Expr, visit } from "../../types/expr.js";
import { onto, type PhysicalNode } from "../physical-node.js";
import type { Translator } from "./translator.js";

/** Merging stops where expressions would grow beyond this many nodes. */
const MAX_SIZE = 2000;

export function translateCalc(node: FilterNode | ProjectNode, translator: Translator): PhysicalNode {
	let current: PlanNode = node;
	let projection: readonly Expr[] = node.schema.map(({ type }, index) => column(index, type));
	let conditions: readonly Expr[] = [];
	while (current.kind === "Filter" || current.kind === "Project") {
		if (current !== node && translator.isShared(current)) break;
		if (current.kind === "Filter") {
			conditions = [current.condition, ...conditions];
		} else {
			const { exprs }: ProjectNode = current;
			if (!mayInline(exprs, projection, conditions)) break;
			projection = projection.map((expr) => substitute(expr, exprs));
			conditions = conditions.map((expr) => substitute(expr, exprs));
		}
		current = current.input;
	}
	return calc(translator.input(current), conjunction(conditions), projection, node.schema);
}

/** A Calc, or the input itself when nothing is left to do. */
export function calc(
	input: PhysicalNode,
	condition: Expr | undefined,
	projection: readonly Expr[],
	schema: PhysicalNode["schema"],
): PhysicalNode {
	const passes = projection.every((expr, index) => expr.kind === "column" && expr.index === index);
	if (condition === undefined && passes && projection.length === input.schema.length) return input;
	const { spec } = input;
	if (
		spec.operator === "Calc" &&
		spec.condition === undefined &&
		spec.projection.every((expr) => expr.kind === "column")
	) {
		const moved = projection.map((expr) => substitute(expr, spec.projection));
		return calc(input.inputs[0]!.node, condition && substitute(condition, spec.projection), moved, schema);
	}
	return onto(input, { operator: "Calc", condition, projection }, schema);
}

/** Whether the inner expressions may take the place of the columns: none is random and none grows without measure. */
function mayInline(inner: readonly Expr[], projection: readonly Expr[], conditions: readonly Expr[]): boolean {
	const uses = new Array<number>(inner.length).fill(0);
	for (const expr of [...projection, ...conditions]) {
		visit(expr, (node) => {
			if (node.kind === "column") uses[node.index]!++;
		});
	}
	const passed = projection.map((expr) => (expr.kind === "column" ? expr.index : -1));
	let size = 0;
	for (const [index, expr] of inner.entries()) {
		const count = uses[index]!;
		if (!isDeterministic(expr) && (count > 1 || (count === 1 && !passed.includes(index)))) return false;
		size += count * sizeOf(expr);
	}
	return size <= MAX_SIZE;
}
