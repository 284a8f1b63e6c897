// A semi or anti join whose condition reads one relation of the joins below it goes down to that relation where it leaves few of its rows.
import type { JoinNode, PlanNode } from "../../plan/nodes.js";
import { columnsOf, mapColumns } from "../../types/expr.js";
import { estimateRows } from "../statistics.js";
import { isReorderable } from "./cluster.js";

/** Above this share of rows left, a smaller left side at the top is the better place. */
const WORTHWHILE_SHARE = 0.6;

export function pushSemiJoin(node: JoinNode): PlanNode {
	if ((node.type !== "semi" && node.type !== "anti") || node.condition === undefined) return node;
	const width = node.left.schema.length;
	const read = columnsOf(node.condition).filter((column) => column < width);
	return (read.length > 0 && pushed(node, node.left, read, (column) => column)) || node;
}

/** `to`: where the semi join's left columns are in `below`. */
function pushed(
	node: JoinNode,
	below: PlanNode,
	read: readonly number[],
	to: (column: number) => number,
): PlanNode | undefined {
	if (below.kind === "Project") {
		const through = (column: number) => {
			const expr = below.exprs[to(column)]!;
			return expr.kind === "column" ? expr.index : -1;
		};
		if (read.some((column) => through(column) < 0)) return undefined;
		const input = pushed(node, below.input, read, through);
		return input && { ...below, input };
	}
	if (!isReorderable(below)) return undefined;
	const width = below.left.schema.length;
	const inLeft = read.every((column) => to(column) < width);
	if (!inLeft && !read.every((column) => to(column) >= width)) return undefined;
	const target = inLeft ? below.left : below.right;
	const local = (column: number) => (inLeft ? to(column) : to(column) - width);
	const result = pushed(node, target, read, local) ?? placed(node, target, local);
	return result && { ...below, [inLeft ? "left" : "right"]: result };
}

function placed(node: JoinNode, target: PlanNode, to: (column: number) => number): PlanNode | undefined {
	const width = node.left.schema.length;
	const condition = mapColumns(node.condition!, (column) =>
		column < width ? to(column) : column - width + target.schema.length,
	);
	const semi: JoinNode = { ...node, left: target, condition, schema: target.schema };
	return estimateRows(semi) <= WORTHWHILE_SHARE * estimateRows(target) ? semi : undefined;
}
