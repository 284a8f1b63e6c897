// Conditions above and in a join: what one side can decide goes to that side, the rest of an inner join's becomes its condition. A filter
// that rejects padded rows makes an outer join an inner one.
import type { JoinNode, PlanNode } from "../../plan/nodes.js";
import { columnsOf, type Expr, mapColumns } from "../../types/expr.js";
import { isDeterministic } from "../determinism.js";
import { filterAll, join } from "../plan-building.js";
import { conjunctsOf, distinctExprs } from "../predicate.js";
import { impliedConditions } from "./implied.js";
import { rejectsNulls } from "./null-rejection.js";
import type { PushDown } from "./push-down.js";

export function pushIntoJoin(node: JoinNode, above: readonly Expr[], pushDown: PushDown): PlanNode {
	const width = node.left.schema.length;
	const type = narrowed(node, above, width);
	const on = conjunctsOf(node.condition);
	if (node.right.kind === "Snapshot") return pushIntoTemporal(node, above, pushDown);
	const inner = type === "inner";
	const all = inner ? [...on, ...above] : on;
	const implied = node.nullAware ? [] : impliedConditions(type, all, inner ? [] : above, width);
	const conditions = distinctExprs([...all, ...implied]);
	const isLeft = (expr: Expr) => isPushable(expr) && columnsOf(expr).every((column) => column < width);
	const isRight = (expr: Expr) => isPushable(expr) && columnsOf(expr).every((column) => column >= width);

	// Rows that the join keeps whatever its condition says must not be filtered by it.
	const leftOfOn = inner || type === "semi" || type === "right" ? conditions.filter(isLeft) : [];
	const rightOfOn =
		(inner || type === "semi" || type === "left" || type === "anti") && !node.nullAware
			? conditions.filter(isRight)
			: [];
	const rest = conditions.filter((condition) => !leftOfOn.includes(condition) && !rightOfOn.includes(condition));

	const keepsLeft = type === "left" || type === "semi" || type === "anti";
	const leftOfAbove = keepsLeft ? above.filter(isLeft) : [];
	const rightOfAbove = type === "right" ? above.filter(isRight) : [];
	const stay = inner
		? []
		: above.filter((condition) => !leftOfAbove.includes(condition) && !rightOfAbove.includes(condition));

	const toRight = (expr: Expr) => mapColumns(expr, (column) => column - width);
	const left = pushDown.push(node.left, distinctExprs([...leftOfOn, ...leftOfAbove]));
	const right = pushDown.push(node.right, distinctExprs([...rightOfOn, ...rightOfAbove].map(toRight)));
	const { nullAware, single, hints } = node;
	const joined = join(type, left, right, rest, { nullAware, single, hints });
	// The columns of a join that has become inner keep the types that readers expect.
	return filterAll({ ...joined, schema: node.schema }, stay);
}

/** A constant condition goes to neither side: it decides the join as a whole. */
const isPushable = (expr: Expr) => isDeterministic(expr) && columnsOf(expr).length > 0;

function narrowed({ type }: JoinNode, above: readonly Expr[], width: number): JoinNode["type"] {
	const rejects = (side: (column: number) => boolean) => above.some((condition) => rejectsNulls(condition, side));
	const noLeftNulls = (type === "right" || type === "full") && rejects((column) => column < width);
	const noRightNulls = (type === "left" || type === "full") && rejects((column) => column >= width);
	if (type === "full") {
		if (noLeftNulls && noRightNulls) return "inner";
		return noLeftNulls ? "left" : noRightNulls ? "right" : "full";
	}
	return noLeftNulls || noRightNulls ? "inner" : type;
}

/** Versions are chosen before they are filtered: only the left side's conditions go down. */
function pushIntoTemporal(node: JoinNode, above: readonly Expr[], pushDown: PushDown): PlanNode {
	const width = node.left.schema.length;
	const down = above.filter(
		(condition) => isPushable(condition) && columnsOf(condition).every((column) => column < width),
	);
	const stay = above.filter((condition) => !down.includes(condition));
	return filterAll({ ...node, left: pushDown.push(node.left, down), right: pushDown.push(node.right, []) }, stay);
}
