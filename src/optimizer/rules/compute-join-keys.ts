// Equalities between expressions over the two sides of a join become equalities between columns, which can be hashed: the expressions are
// computed below the join.

import { exprKey } from "../../expr/same.js";
import type { JoinNode, PlanNode } from "../../plan/nodes.js";
import { call, column, type Expr, mapColumns } from "../../types/expr.js";
import { BOOLEAN } from "../../types/sql-type.js";
import { isDeterministic } from "../determinism.js";
import { equalitySides } from "../join-condition.js";
import type { Rule } from "../optimizer.js";
import { columnsFrom, join, project, projectTo } from "../plan-building.js";
import { conjunctsOf } from "../predicate.js";
import { rewriteUp } from "../rewrite-plan.js";

export const computeJoinKeys: Rule = {
	name: "compute-join-keys",
	required: true,
	apply: (roots) => rewriteUp(roots, (node) => (node.kind === "Join" ? withComputedKeys(node) : node)),
};

function withComputedKeys(node: JoinNode): PlanNode {
	const width = node.left.schema.length;
	const left = new Side(node.left);
	const right = new Side(node.right);
	const conditions = conjunctsOf(node.condition).map((condition) => {
		const sides = equalitySides(condition, width);
		if (sides === undefined || !isDeterministic(condition)) return { condition, key: undefined };
		return { condition, key: { left: left.column(sides.left), right: right.column(sides.right) } };
	});
	if (left.added.length === 0 && right.added.length === 0) return node;
	// A versioned or looked-up table keeps its own columns: its keys must be among them.
	if (node.right.kind === "Snapshot" && right.added.length > 0) return node;

	const newWidth = width + left.added.length;
	const move = (index: number) => (index < width ? index : index + left.added.length);
	const moved = conditions.map(({ condition, key }): Expr => {
		if (key === undefined || condition.kind !== "call") return mapColumns(condition, move);
		return call(condition.function, [left.reference(key.left, 0), right.reference(key.right, newWidth)], BOOLEAN);
	});
	const { nullAware, single, hints } = node;
	const joined = join(node.type, left.plan(), right.plan(), moved, { nullAware, single, hints });
	const columns = columnsFrom(joined.schema);
	const ours = columns.slice(0, width);
	const theirs = node.schema.length > width ? columns.slice(newWidth, newWidth + node.right.schema.length) : [];
	return projectTo(joined, [...ours, ...theirs], node.schema);
}

/** One input and the expressions to compute behind its columns. */
class Side {
	readonly added: Expr[] = [];
	readonly #input: PlanNode;

	constructor(input: PlanNode) {
		this.#input = input;
	}

	column(expr: Expr): number {
		if (expr.kind === "column") return expr.index;
		const known = this.added.findIndex((other) => exprKey(other) === exprKey(expr));
		return this.#input.schema.length + (known < 0 ? this.added.push(expr) - 1 : known);
	}

	reference(index: number, from: number): Expr {
		const field = this.#input.schema[index];
		return column(index + from, field?.type ?? this.added[index - this.#input.schema.length]!.type);
	}

	plan(): PlanNode {
		if (this.added.length === 0) return this.#input;
		const { schema } = this.#input;
		return project(
			this.#input,
			[...columnsFrom(schema), ...this.added],
			schema.map((field) => field.name),
		);
	}
}
