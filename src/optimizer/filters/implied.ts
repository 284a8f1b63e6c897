// Conditions on one side of a join that follow from the rest: an equality carries a condition over to the other column, and a disjunction
// whose every branch restricts a side restricts that side by the disjunction of those parts.
import type { JoinType } from "../../job/specs.js";
import { columnsOf, type Expr, mapColumns } from "../../types/expr.js";
import { isDeterministic } from "../determinism.js";
import { sideOf, splitJoinCondition } from "../join-condition.js";
import { conjunction, conjunctsOf, disjunction, disjunctsOf } from "../predicate.js";

/** `own` are the join's conditions; `above` hold for its output (of a join that is not inner: only for rows that the left side keeps). */
export function impliedConditions(type: JoinType, own: readonly Expr[], above: readonly Expr[], width: number): Expr[] {
	return [...acrossEqualities(type, own, above, width), ...own.flatMap((condition) => ofDisjunction(condition, width))];
}

function acrossEqualities(type: JoinType, own: readonly Expr[], above: readonly Expr[], width: number): Expr[] {
	const { keys } = splitJoinCondition(conjunction(own), width);
	const toRight = type === "inner" || type === "semi" || type === "left" || type === "anti";
	const toLeft = type === "inner" || type === "semi" || type === "right";
	const known = [...own, ...(type === "inner" ? [] : above)];
	return known.flatMap((condition) => {
		const columns = columnsOf(condition);
		if (columns.length !== 1 || !isDeterministic(condition)) return [];
		const [read] = columns as [number];
		return keys.flatMap((key): Expr[] => {
			if (key.nullSafe) return [];
			// A filter above a left join speaks of left rows; the matching right rows have the same key.
			if (toRight && read === key.left) return [mapColumns(condition, () => key.right + width)];
			return toLeft && own.includes(condition) && read === key.right + width
				? [mapColumns(condition, () => key.left)]
				: [];
		});
	});
}

function ofDisjunction(condition: Expr, width: number): Expr[] {
	const branches = disjunctsOf(condition).map(conjunctsOf);
	if (branches.length < 2 || sideOf(condition, width) !== undefined) return [];
	return (["left", "right"] as const).flatMap((side) => {
		const parts = branches.map((branch) =>
			conjunction(branch.filter((part) => isDeterministic(part) && sideOf(part, width) === side)),
		);
		return parts.every((part) => part !== undefined) ? [disjunction(parts)] : [];
	});
}
