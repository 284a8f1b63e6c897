// Aggregates below a join by some of their keys, or by all of them in another order: their rows are brought together by the join's keys at
// once, and the join finds them where they are.
//
//     … ─hash(id, name)─► WindowAggregate ─hash(id)─► WindowJoin      becomes      … ─hash(id)─► WindowAggregate ► WindowJoin
//
// By fewer keys the subtasks may get unequal shares. They get them at the join anyway, so only aggregates take part whose rows are summed
// up before they travel: then no more of them come to a subtask than groups that it sends to the join, times the senders.
import type { JobGraph } from "../job/job-graph.js";
import { isSummedUpFirst } from "./local-global.js";
import type { PhysicalNode } from "./physical-node.js";

const JOINS: ReadonlySet<string> = new Set(["IntervalJoin", "Join", "WindowJoin"]);

/** By aggregate: the columns of its input by which the rows are to come together, where these are not all its keys in their order. */
export function partialKeys(
	order: readonly PhysicalNode[],
	options: JobGraph["options"],
): ReadonlyMap<PhysicalNode, readonly number[]> {
	const result = new Map<PhysicalNode, readonly number[]>();
	for (const [node, wish] of wishedKeys(order)) {
		const { spec } = node;
		if (wish === undefined || (spec.operator !== "GroupAggregate" && spec.operator !== "WindowAggregate")) continue;
		const keys = wish.flatMap((column) => spec.keys[column] ?? []);
		const isOther = keys.length === wish.length && keys.join() !== spec.keys.join();
		if (isOther && isSummedUpFirst(spec, options)) result.set(node, keys);
	}
	return result;
}

/** Columns of each node's output by which all its consumers want the rows; undefined: there are none, or they do not agree. */
function wishedKeys(order: readonly PhysicalNode[]): Map<PhysicalNode, readonly number[] | undefined> {
	const wishes = new Map<PhysicalNode, readonly number[] | undefined>();
	for (const node of [...order].reverse()) {
		for (const [index, { node: input }] of node.inputs.entries()) {
			const wish = wishOf(node, index, wishes.get(node));
			const agrees = !wishes.has(input) || wishes.get(input)?.join() === wish?.join();
			wishes.set(input, agrees ? wish : undefined);
		}
	}
	return wishes;
}

/** `own`: what the node's consumers want of it. */
function wishOf({ spec, inputs }: PhysicalNode, index: number, own: readonly number[] | undefined) {
	const { distribution } = inputs[index]!;
	if (JOINS.has(spec.operator)) return distribution.kind === "hash" ? distribution.keys : undefined;
	if (spec.operator !== "Calc" || own === undefined) return undefined;
	const columns = own.flatMap((column) => {
		const expr = spec.projection[column]!;
		return expr.kind === "column" ? expr.index : [];
	});
	return columns.length === own.length ? columns : undefined;
}
