// Plan nodes with their schemas: the small constructors that every clause uses.
import type { SortKey } from "../../job/specs.js";
import { column, type Expr } from "../../types/expr.js";
import type { Field, Schema } from "../../types/sql-type.js";
import { asNullable, BOOLEAN } from "../../types/sql-type.js";
import type { ApplyNode, FilterNode, PlanNode, ProjectNode, SortNode } from "../nodes.js";
import type { SubqueryRequest } from "./collector.js";

/** Of an empty FROM: one row without columns. */
export const ONE_ROW: PlanNode = { kind: "Values", schema: [], rows: [[]] };

export function filter(input: PlanNode, condition: Expr | undefined): PlanNode {
	if (condition === undefined) return input;
	return { kind: "Filter", schema: input.schema, input, condition } satisfies FilterNode;
}

export function project(input: PlanNode, exprs: readonly Expr[], names: readonly string[]): PlanNode {
	const schema = exprs.map((expr, i) => ({ name: names[i] as string, type: expr.type }));
	return { kind: "Project", schema, input, exprs } satisfies ProjectNode;
}

/** The input's columns followed by what is not one of them yet; plain columns need no projection. */
export function withColumns(
	input: PlanNode,
	exprs: readonly Expr[],
): { readonly plan: PlanNode; readonly columns: readonly number[] } {
	const added: Expr[] = [];
	const columns = exprs.map((expr) => {
		if (expr.kind === "column") return expr.index;
		const known = added.indexOf(expr);
		return input.schema.length + (known >= 0 ? known : added.push(expr) - 1);
	});
	if (added.length === 0) return { plan: input, columns };
	const all = [...input.schema.map((field, i) => column(i, field.type)), ...added];
	const names = [...input.schema.map((field) => field.name), ...added.map((_, i) => `$f${input.schema.length + i}`)];
	return { plan: project(input, all, names), columns };
}

/** Cuts the input to its first columns. */
export function firstColumns(input: PlanNode, count: number): PlanNode {
	if (input.schema.length === count) return input;
	const kept = input.schema.slice(0, count);
	return project(
		input,
		kept.map((field, i) => column(i, field.type)),
		kept.map((field) => field.name),
	);
}

export function sort(input: PlanNode, order: readonly SortKey[], offset: number, fetch: number | undefined): PlanNode {
	return { kind: "Sort", schema: input.schema, input, order, offset, fetch } satisfies SortNode;
}

/** The Apply node of a subquery over a plan; operands and condition are already over the plan's columns. */
export function apply(
	left: PlanNode,
	request: SubqueryRequest,
	operands: readonly Expr[],
	type: ApplyNode["type"],
): ApplyNode {
	const width = left.schema.length;
	const right = request.plan.schema.map((field, i) => column(width + i, field.type));
	const condition = request.compare?.(operands, right);
	return {
		kind: "Apply",
		type,
		id: request.apply,
		left,
		right: request.plan,
		schema: applySchema(left.schema, request, type),
		condition,
		nullAware: request.nullAware && type !== "semi" ? true : undefined,
	};
}

function applySchema(left: Schema, request: SubqueryRequest, type: ApplyNode["type"]): Schema {
	if (type === "semi" || type === "anti") return left;
	const added: Field =
		type === "single"
			? { name: request.plan.schema[0]?.name ?? "$value", type: asNullable(request.type) }
			: { name: "$mark", type: { ...BOOLEAN, nullable: request.type.nullable } };
	return [...left, added];
}

/** Names made distinct as Flink does: id, id0, id1. */
export function uniqueNames(names: readonly string[]): string[] {
	const used = new Set<string>();
	return names.map((name) => {
		let unique = name;
		for (let attempt = 0; used.has(unique); attempt++) unique = `${name}${attempt}`;
		used.add(unique);
		return unique;
	});
}
