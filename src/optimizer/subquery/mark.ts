// EXISTS and IN as a value: a BOOLEAN column beside each left row, for conditions where the subquery is not a conjunct of its own.
import type { AggregateCall } from "../../job/specs.js";
import type { PlanNode } from "../../plan/nodes.js";
import { call, column, columnsOf, type Expr, literal, mapColumns } from "../../types/expr.js";
import { BIGINT, BOOLEAN, notNull } from "../../types/sql-type.js";
import { equalitySides } from "../join-condition.js";
import { aggregate, columnsFrom, distinct, join, project } from "../plan-building.js";
import { conjunction, FALSE, TRUE } from "../predicate.js";

const BOOL = notNull(BOOLEAN);
export const isNull = (expr: Expr) => call("IS NULL", [expr], BOOL);
export const isNotNull = (expr: Expr) => call("IS NOT NULL", [expr], BOOL);
export const isTrueExpr = (expr: Expr) => call("IS TRUE", [expr], BOOL);

/** `left` with one more column: not NULL where some row of `right` meets `conditions` (over left ++ right). */
export function withMark(left: PlanNode, right: PlanNode, conditions: readonly Expr[]): PlanNode {
	const width = left.schema.length;
	const sides = conditions.map((condition) => equalitySides(condition, width));
	return sides.every((side) => side !== undefined)
		? markByKeys(left, right, sides)
		: markByDomain(left, right, conditions);
}

type Side = NonNullable<ReturnType<typeof equalitySides>>;

/** The right side's distinct keys, each marked, joined on them. */
function markByKeys(left: PlanNode, right: PlanNode, sides: readonly Side[]): PlanNode {
	const width = left.schema.length;
	const keys = sides.map((side) => side.right);
	const names = keys.map((_, i) => `$key${i}`);
	const values =
		keys.length === 0 ? distinct(project(right, [TRUE], ["$mark"])) : distinct(project(right, keys, names));
	const marked = project(values, [...columnsFrom(values.schema), TRUE], [...names, "$mark"]);
	const conditions = sides.map((side, i) => {
		const key = column(width + i, keys[i]!.type);
		return call(side.nullSafe ? "IS NOT DISTINCT FROM" : "=", [side.left, key], BOOLEAN);
	});
	return keepMark(left, join("left", left, marked, conditions));
}

/** The distinct left values that have a match, joined back. */
function markByDomain(left: PlanNode, right: PlanNode, conditions: readonly Expr[]): PlanNode {
	const width = left.schema.length;
	const used = columnsOf(...conditions).filter((index) => index < width);
	const domain = distinct(
		project(
			left,
			used.map((index) => column(index, left.schema[index]!.type)),
			[],
		),
	);
	const moved = conditions.map((condition) =>
		mapColumns(condition, (index) => (index < width ? used.indexOf(index) : index - width + used.length)),
	);
	const matching = join("semi", domain, right, moved);
	const marked = project(matching, [...columnsFrom(matching.schema), TRUE], []);
	const meeting = used.map((index, i) => {
		const { type } = left.schema[index]!;
		return call("IS NOT DISTINCT FROM", [column(index, type), column(width + i, type)], BOOL);
	});
	return keepMark(left, join("left", left, marked, meeting));
}

function keepMark(left: PlanNode, joined: PlanNode): PlanNode {
	const columns = columnsFrom(joined.schema);
	const exprs = [...columns.slice(0, left.schema.length), columns.at(-1)!];
	return project(joined, exprs, [...left.schema.map((field) => field.name), "$mark"]);
}

/**
 * IN with NULLs: TRUE when a row matches; else NULL when a comparison with some row is NULL; else FALSE. `predicates` choose the subquery's
 * rows for a left row, `comparison` is the IN itself.
 */
export function nullAwareIn(
	left: PlanNode,
	right: PlanNode,
	predicates: readonly Expr[],
	comparison: readonly Expr[],
): { readonly plan: PlanNode; readonly value: Expr } {
	const width = left.schema.length;
	const matched = withMark(left, right, [...predicates, ...comparison]);
	const isMatched = isNotNull(column(width, matched.schema[width]!.type));
	// The mark stands between the left columns and the right ones from here on.
	const behindMark = (expr: Expr) => mapColumns(expr, (index) => (index < width ? index : index + 1));
	const groups = predicates.map((predicate) => equalitySides(predicate, width));
	const [only, ...others] = comparison.map((condition) => equalitySides(condition, width));
	const counted = only !== undefined && others.length === 0 && groups.every((side) => side !== undefined);
	const unknown = counted
		? unknownByCounts(matched, right, groups, only)
		: unknownByMark(matched, right, [...predicates.map(behindMark), isNull(behindMark(conjunction(comparison)!))]);
	const branches = [
		{ when: isMatched, then: TRUE as Expr },
		{ when: unknown.value, then: literal(null, BOOLEAN) as Expr },
	];
	return { plan: unknown.plan, value: { kind: "case", branches, otherwise: FALSE, type: BOOLEAN } };
}

function unknownByMark(left: PlanNode, right: PlanNode, conditions: readonly Expr[]) {
	const plan = withMark(left, right, conditions);
	return { plan, value: isNotNull(column(plan.schema.length - 1, BOOLEAN)) };
}

/** From the numbers of rows and of NOT NULL rows: without a match, NULL if the left value is NULL or the right side holds one. */
function unknownByCounts(left: PlanNode, right: PlanNode, groups: readonly Side[], comparison: Side) {
	const width = left.schema.length;
	const keys = groups.map((side) => side.right);
	const wide = project(right, [...keys, comparison.right], []);
	const count = (args: readonly number[], name: string): AggregateCall => ({
		function: "COUNT",
		args,
		argTypes: args.map((arg) => wide.schema[arg]!.type),
		distinct: false,
		type: notNull(BIGINT),
		name,
	});
	const counts = aggregate(
		wide,
		keys.map((_, i) => i),
		[count([], "$rows"), count([keys.length], "$values")],
	);
	const meeting = groups.map((side, i) => {
		const key = column(width + i, counts.schema[i]!.type);
		return call(side.nullSafe ? "IS NOT DISTINCT FROM" : "=", [side.left, key], BOOLEAN);
	});
	const plan = join("left", left, counts, meeting);
	const rows = column(width + keys.length, BIGINT);
	const values = column(width + keys.length + 1, BIGINT);
	const someRow = call(">", [rows, literal(0n, notNull(BIGINT))], BOOLEAN);
	const someNull = call("OR", [isNull(comparison.left), call("<", [values, rows], BOOLEAN)], BOOLEAN);
	return { plan, value: isTrueExpr(call("AND", [someRow, someNull], BOOLEAN)) };
}
