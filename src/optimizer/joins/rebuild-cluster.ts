// A cluster's plan in the order of a join tree: every condition at the lowest join that has its columns, then the original columns.
import type { PlanNode } from "../../plan/nodes.js";
import { call, column, columnsOf, type Expr, mapColumns } from "../../types/expr.js";
import { BOOLEAN, type Schema } from "../../types/sql-type.js";
import { filterAll, join, projectTo } from "../plan-building.js";
import { type Cluster, relationOf } from "./cluster.js";
import type { JoinTree } from "./order.js";

interface Part {
	readonly plan: PlanNode;
	/** The cluster's number of each column. */
	readonly columns: readonly number[];
}

export function planOfTree(cluster: Cluster, tree: JoinTree, schema: Schema): PlanNode {
	const pending = new Set(cluster.conditions);
	const types = cluster.relations.flatMap((relation) => relation.schema.map((field) => field.type));
	const at = (part: Part, number: number) => column(part.columns.indexOf(number), types[number]!);
	const take = (columns: readonly number[]): Expr[] => {
		const ready = [...pending].filter((condition) => columnsOf(condition).every((number) => columns.includes(number)));
		for (const condition of ready) pending.delete(condition);
		return ready.map((condition) => mapColumns(condition, (number) => columns.indexOf(number)));
	};
	const build = (node: JoinTree): Part => {
		if (node.kind === "relation") return relation(node.index);
		const left = build(node.left);
		const right = build(node.right);
		const columns = [...left.columns, ...right.columns];
		const width = left.columns.length;
		const equalities = cluster.classes.flatMap((members): Expr[] => {
			const ours = members.find((number) => left.columns.includes(number));
			const theirs = members.find((number) => right.columns.includes(number));
			if (ours === undefined || theirs === undefined) return [];
			const other = column(right.columns.indexOf(theirs) + width, types[theirs]!);
			return [call("=", [at(left, ours), other], BOOLEAN)];
		});
		return { plan: join("inner", left.plan, right.plan, [...equalities, ...take(columns)]), columns };
	};
	/** A relation with several columns of a class must have them equal. */
	const relation = (index: number): Part => {
		const plan = cluster.relations[index]!;
		const from = cluster.offsets[index]!;
		const columns = plan.schema.map((_, i) => from + i);
		const part = { plan, columns };
		const equalities = cluster.classes.flatMap((members) => {
			const [first, ...others] = members.filter((number) => relationOf(cluster, number) === index);
			return others.map((other) => call("=", [at(part, first!), at(part, other)], BOOLEAN));
		});
		return { plan: filterAll(plan, [...equalities, ...take(columns)]), columns };
	};
	const { plan, columns } = build(tree);
	const outputs = cluster.outputs.map((number, i) => column(columns.indexOf(number), schema[i]!.type));
	return projectTo(plan, outputs, schema);
}
