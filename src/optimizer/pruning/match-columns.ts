// The input columns that MATCH_RECOGNIZE reads, and the same match over other columns.
import type { MatchExpr, MatchRef } from "../../job/match.js";
import type { MatchNode } from "../../plan/nodes.js";
import { columnsOf, type Expr } from "../../types/expr.js";

type Match = MatchNode["match"];

export function matchColumns(match: Match): number[] {
	const exprs = [
		...match.pattern.flatMap((variable) => (variable.define ? valuesOf(variable.define) : [])),
		...match.measures.flatMap((measure) => valuesOf(measure.value)),
	];
	return [...new Set([...match.partition, ...match.order.map((key) => key.column), ...columnsOf(...exprs)])].sort(
		(a, b) => a - b,
	);
}

const valuesOf = ({ refs }: MatchExpr): Expr[] =>
	refs.flatMap((ref) => (ref.kind === "aggregate" ? ref.args : "value" in ref ? [ref.value] : []));

export function moveMatch(match: Match, column: (index: number) => number, expr: (expr: Expr) => Expr): Match {
	const moveRef = (ref: MatchRef): MatchRef => {
		if (ref.kind === "aggregate") return { ...ref, args: ref.args.map(expr) };
		return "value" in ref ? { ...ref, value: expr(ref.value) } : ref;
	};
	const move = (value: MatchExpr): MatchExpr => ({ ...value, refs: value.refs.map(moveRef) });
	return {
		...match,
		partition: match.partition.map(column),
		order: match.order.map((key) => ({ ...key, column: column(key.column) })),
		pattern: match.pattern.map((variable) => ({ ...variable, define: variable.define && move(variable.define) })),
		measures: match.measures.map((measure) => ({ ...measure, value: move(measure.value) })),
	};
}
