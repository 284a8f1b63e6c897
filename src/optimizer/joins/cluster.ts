// A run of inner joins as a set of relations and conditions between them, free of order. Columns are numbered through all relations.
import type { JoinNode, PlanNode } from "../../plan/nodes.js";
import { columnsOf, type Expr, mapColumns } from "../../types/expr.js";
import { canHashAlike } from "../join-condition.js";
import { conjunctsOf, distinctExprs } from "../predicate.js";

export interface Cluster {
	readonly relations: readonly PlanNode[];
	/** The number of each relation's first column. */
	readonly offsets: readonly number[];
	/** Over all columns; without the equalities that `classes` stand for. */
	readonly conditions: readonly Expr[];
	/** Columns that are equal in every row of the result. */
	readonly classes: readonly (readonly number[])[];
	/** The number of each output column. */
	readonly outputs: readonly number[];
	/** Whether some join of the run has no condition. */
	readonly hasCross: boolean;
}

/** Joins whose order may change: plain inner ones. */
export const isReorderable = (node: PlanNode): node is JoinNode =>
	node.kind === "Join" &&
	node.type === "inner" &&
	node.right.kind !== "Snapshot" &&
	!node.single &&
	node.hints === undefined;

export function clusterOf(root: JoinNode): Cluster {
	const relations: PlanNode[] = [];
	const offsets: number[] = [];
	const conjuncts: Expr[] = [];
	let width = 0;
	let hasCross = false;
	const collect = (node: PlanNode): readonly number[] => {
		if (isReorderable(node)) {
			const outputs = [...collect(node.left), ...collect(node.right)];
			const own = conjunctsOf(node.condition);
			if (own.length === 0) hasCross = true;
			conjuncts.push(...own.map((condition) => mapColumns(condition, (index) => outputs[index]!)));
			return outputs;
		}
		if (node.kind === "Project" && node.exprs.every((expr) => expr.kind === "column") && isReorderable(node.input)) {
			const inner = collect(node.input);
			return node.exprs.map((expr) => inner[expr.kind === "column" ? expr.index : 0]!);
		}
		const from = width;
		relations.push(node);
		offsets.push(from);
		width += node.schema.length;
		return node.schema.map((_, i) => from + i);
	};
	const outputs = collect(root);
	const { classes, rest } = equivalences(distinctExprs(conjuncts));
	return { relations, offsets, conditions: rest, classes, outputs, hasCross };
}

/** Merges the columns of plain equalities into classes. */
function equivalences(conjuncts: readonly Expr[]): { classes: number[][]; rest: Expr[] } {
	const classes: number[][] = [];
	const rest: Expr[] = [];
	for (const conjunct of conjuncts) {
		const pair = equalColumns(conjunct);
		if (pair === undefined) {
			rest.push(conjunct);
			continue;
		}
		const touched = classes.filter((members) => pair.some((column) => members.includes(column)));
		for (const members of touched) classes.splice(classes.indexOf(members), 1);
		classes.push([...new Set([...touched.flat(), ...pair])].sort((left, right) => left - right));
	}
	return { classes, rest };
}

function equalColumns(conjunct: Expr): readonly [number, number] | undefined {
	if (conjunct.kind !== "call" || conjunct.function !== "=") return undefined;
	const [first, second] = conjunct.args as [Expr, Expr];
	if (first.kind !== "column" || second.kind !== "column" || !canHashAlike(first.type, second.type)) return undefined;
	return [first.index, second.index];
}

/** The relation that a column belongs to. */
export function relationOf(cluster: Pick<Cluster, "offsets">, column: number): number {
	let relation = 0;
	while (relation + 1 < cluster.offsets.length && cluster.offsets[relation + 1]! <= column) relation++;
	return relation;
}

/** The relations that an expression reads, as bits. */
export const relationsOf = (cluster: Pick<Cluster, "offsets">, expr: Expr): number =>
	columnsOf(expr).reduce((bits, column) => bits | (1 << relationOf(cluster, column)), 0);
