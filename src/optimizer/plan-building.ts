// Makes plan nodes with the schema that follows from their parts.
import type { AggregateNode, FilterNode, JoinNode, PlanNode, ProjectNode } from "../plan/nodes.js";
import { column, type Expr } from "../types/expr.js";
import { asNullable, type Field, type Schema } from "../types/sql-type.js";
import { conjunction, isTrue } from "./predicate.js";

/** Column references to a whole schema, starting at `from`. */
export const columnsFrom = (schema: Schema, from = 0): Expr[] =>
	schema.map(({ type }, index) => column(index + from, type));

export function project(input: PlanNode, exprs: readonly Expr[], names: readonly string[]): ProjectNode {
	const schema = exprs.map(({ type }, index) => ({ name: names[index] ?? `$f${index}`, type }));
	return { kind: "Project", input, exprs, schema };
}

/** Projects to `schema`: its names, and its types where only nullability differs. Nothing when that is what `input` has already. */
export function projectTo(input: PlanNode, exprs: readonly Expr[], schema: Schema): PlanNode {
	const passes =
		exprs.length === input.schema.length && exprs.every((expr, i) => expr.kind === "column" && expr.index === i);
	const named = input.schema.every((field, i) => field.name === schema[i]?.name);
	return passes && named ? input : { kind: "Project", input, exprs, schema };
}

export function filter(input: PlanNode, condition: Expr | undefined): PlanNode {
	if (condition === undefined || isTrue(condition)) return input;
	const node: FilterNode = { kind: "Filter", input, condition, schema: input.schema };
	return node;
}

export const filterAll = (input: PlanNode, conditions: readonly Expr[]): PlanNode =>
	filter(input, conjunction(conditions));

export function join(
	type: JoinNode["type"],
	left: PlanNode,
	right: PlanNode,
	conditions: readonly Expr[],
	more: Pick<JoinNode, "nullAware" | "single" | "hints"> = {},
): JoinNode {
	return {
		kind: "Join",
		type,
		left,
		right,
		condition: conjunction(conditions),
		schema: joinSchema(type, left.schema, right.schema),
		...more,
	};
}

const nullable = (schema: Schema): Field[] => schema.map((field) => ({ ...field, type: asNullable(field.type) }));

export function joinSchema(type: JoinNode["type"], left: Schema, right: Schema): Schema {
	if (type === "semi" || type === "anti") return left;
	const ours = type === "right" || type === "full" ? nullable(left) : left;
	const theirs = type === "left" || type === "full" ? nullable(right) : right;
	return [...ours, ...theirs];
}

/** Groups by `keys` and computes `calls`, without windows. */
export function aggregate(input: PlanNode, keys: readonly number[], calls: AggregateNode["calls"]): AggregateNode {
	const schema = [...keys.map((key) => input.schema[key]!), ...calls.map(({ name, type }) => ({ name, type }))];
	return { kind: "Aggregate", input, keys, calls, schema };
}

export const distinct = (input: PlanNode): AggregateNode =>
	aggregate(
		input,
		input.schema.map((_, index) => index),
		[],
	);
