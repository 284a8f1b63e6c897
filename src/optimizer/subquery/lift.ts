// Takes the correlation out of a subquery by lifting its correlated predicates to the top: for an outer row, the subquery's rows are the
// rows of `plan` for which `predicates` hold. Works for filters, projections, inner joins, and aggregates, limits and OVER under equalities;
// where it does not, domain.ts does.

import type { AggregateNode, JoinNode, OverNode, PlanNode, SortNode } from "../../plan/nodes.js";
import { call, column, columnsOf, type Expr, literal, mapColumns, rewrite } from "../../types/expr.js";
import { BOOLEAN, notNull } from "../../types/sql-type.js";
import { columnsReadBy } from "../aggregate-columns.js";
import { isDeterministic } from "../determinism.js";
import { aggregate, columnsFrom, filterAll, join, project } from "../plan-building.js";
import { conjunctsOf } from "../predicate.js";
import { isCorrelated, readsOuter } from "./outer-references.js";

export interface Lifted {
	/** Without references to the outer row. */
	readonly plan: PlanNode;
	/** The subquery's columns, over `plan`'s columns and the outer row. */
	readonly outputs: readonly Expr[];
	/** Over both: which rows of `plan` belong to an outer row. */
	readonly predicates: readonly Expr[];
	/**
	 * An aggregate without keys: always one row. Where `plan` has none for an outer row, `outputs` over NULLs give it, and `having` says
	 * (over both) whether it is there at all.
	 */
	readonly scalar: boolean;
	readonly having: readonly Expr[];
}

/** undefined: this subquery cannot be lifted. */
export function lift(node: PlanNode, apply: number): Lifted | undefined {
	if (!isCorrelated(node, apply)) {
		return { plan: node, outputs: columnsFrom(node.schema), predicates: [], scalar: false, having: [] };
	}
	switch (node.kind) {
		case "Filter": {
			const input = lift(node.input, apply);
			if (input === undefined) return undefined;
			const conditions = conjunctsOf(over(node.condition, input.outputs));
			if (input.scalar) return { ...input, having: [...input.having, ...conditions] };
			const [outer, own] = divided(conditions, apply);
			return { ...input, plan: filterAll(input.plan, own), predicates: [...input.predicates, ...outer] };
		}
		case "Project": {
			const input = lift(node.input, apply);
			if (input === undefined || !node.exprs.every(isDeterministic)) return undefined;
			return { ...input, outputs: node.exprs.map((expr) => over(expr, input.outputs)) };
		}
		case "Join":
			return liftJoin(node, apply);
		case "Aggregate":
			return liftAggregate(node, apply);
		case "Sort":
			return node.fetch === undefined && node.offset === 0 ? lift(node.input, apply) : liftLimit(node, apply);
		case "Over":
			return liftOver(node, apply);
		default:
			return undefined;
	}
}

const over = (expr: Expr, outputs: readonly Expr[]) =>
	rewrite(expr, (part) => (part.kind === "column" ? outputs[part.index]! : part));

function divided(conditions: readonly Expr[], apply: number): [outer: Expr[], own: Expr[]] {
	const outer = conditions.filter((condition) => readsOuter(condition, apply));
	return [outer, conditions.filter((condition) => !outer.includes(condition))];
}

function liftJoin(node: JoinNode, apply: number): Lifted | undefined {
	if (node.right.kind === "Snapshot" || node.single) return undefined;
	const left = lift(node.left, apply);
	if (left === undefined || left.scalar) return undefined;
	if (node.type !== "inner") return liftLeftOfJoin(node, left, apply);
	const right = lift(node.right, apply);
	if (right === undefined || right.scalar) return undefined;
	const width = left.plan.schema.length;
	const shift = (expr: Expr) => mapColumns(expr, (index) => index + width);
	const outputs = [...left.outputs, ...right.outputs.map(shift)];
	const [outer, own] = divided(
		conjunctsOf(node.condition).map((condition) => over(condition, outputs)),
		apply,
	);
	return {
		plan: join("inner", left.plan, right.plan, own),
		outputs,
		predicates: [...left.predicates, ...right.predicates.map(shift), ...outer],
		scalar: false,
		having: [],
	};
}

/** A left, semi or anti join keeps its left rows apart: what selects among them may come after the join. */
function liftLeftOfJoin(node: JoinNode, left: Lifted, apply: number): Lifted | undefined {
	if (node.type !== "left" && node.type !== "semi" && node.type !== "anti") return undefined;
	if (isCorrelated(node.right, apply)) return undefined;
	const width = left.plan.schema.length;
	const rightColumns = columnsFrom(node.right.schema, width);
	const conditions = conjunctsOf(node.condition).map((condition) =>
		over(condition, [...left.outputs, ...rightColumns]),
	);
	if (conditions.some((condition) => readsOuter(condition, apply))) return undefined;
	const joined = join(node.type, left.plan, node.right, conditions, { nullAware: node.nullAware });
	return { ...left, plan: joined, outputs: node.type === "left" ? [...left.outputs, ...rightColumns] : left.outputs };
}

/** Equalities `own = outer`, with the own sides to group or partition by. */
interface Equalities {
	readonly own: readonly Expr[];
	readonly predicate: (own: Expr, position: number) => Expr;
}

function equalitiesOf(predicates: readonly Expr[], apply: number): Equalities | undefined {
	const own: Expr[] = [];
	const others: { outer: Expr; function: string }[] = [];
	for (const predicate of predicates) {
		if (predicate.kind !== "call" || (predicate.function !== "=" && predicate.function !== "IS NOT DISTINCT FROM"))
			return undefined;
		const [first, second] = predicate.args as [Expr, Expr];
		const isOuter = (expr: Expr) => readsOuter(expr, apply) && columnsOf(expr).length === 0;
		const outer = isOuter(first) ? first : second;
		const inner = outer === first ? second : first;
		if (!isOuter(outer) || readsOuter(inner, apply)) return undefined;
		own.push(inner);
		others.push({ outer, function: predicate.function });
	}
	return {
		own,
		predicate: (expr, position) => call(others[position]!.function, [expr, others[position]!.outer], BOOLEAN),
	};
}

/** The subquery's columns made real, with further ones behind them; undefined if a column that is read depends on the outer row. */
function materialized(
	input: Lifted,
	reads: readonly number[],
	more: readonly Expr[],
	apply: number,
	names: PlanNode,
): PlanNode | undefined {
	if (reads.some((index) => readsOuter(input.outputs[index]!, apply))) return undefined;
	const outputs = input.outputs.map((expr) =>
		readsOuter(expr, apply) ? literal(null, { ...expr.type, nullable: true }) : expr,
	);
	return project(
		input.plan,
		[...outputs, ...more],
		names.schema.map((field) => field.name),
	);
}

function liftAggregate(node: AggregateNode, apply: number): Lifted | undefined {
	if (node.groupingSets !== undefined || node.window !== undefined) return undefined;
	const input = lift(node.input, apply);
	if (input === undefined || input.scalar) return undefined;
	const equalities = equalitiesOf(input.predicates, apply);
	if (equalities === undefined) return undefined;
	const reads = [...node.keys, ...node.calls.flatMap(columnsReadBy)];
	const wide = materialized(input, reads, equalities.own, apply, node.input);
	if (wide === undefined) return undefined;
	const from = node.input.schema.length;
	const groups = equalities.own.map((_, i) => from + i);
	const grouped = aggregate(wide, [...node.keys, ...groups], node.calls);
	const columns = columnsFrom(grouped.schema);
	const keys = node.keys.length;
	const results = columns.slice(keys + groups.length);
	const scalar = keys === 0;
	return {
		plan: grouped,
		outputs: [
			...columns.slice(0, keys),
			...results.map((result, i) => (scalar ? overEmpty(result, node.calls[i]!) : result)),
		],
		predicates: groups.map((_, i) => equalities.predicate(columns[keys + i]!, i)),
		scalar,
		having: [],
	};
}

/** COUNT over nothing is 0, every other aggregate NULL; `result` is NULL where there was nothing. */
type Call = AggregateNode["calls"][number];

export function overEmpty(result: Expr, one: Call): Expr {
	if (one.function !== "COUNT") return result;
	const there = call("IS NOT NULL", [result], notNull(BOOLEAN));
	return { kind: "case", branches: [{ when: there, then: result }], otherwise: literal(0n, one.type), type: one.type };
}

/** LIMIT per outer row: the first rows of each group of equal correlation columns. */
function liftLimit(node: SortNode, apply: number): Lifted | undefined {
	const input = lift(node.input, apply);
	const equalities = input && !input.scalar ? equalitiesOf(input.predicates, apply) : undefined;
	if (input === undefined || equalities === undefined) return undefined;
	const every = node.input.schema.map((_, index) => index);
	const wide = materialized(input, every, equalities.own, apply, node.input);
	if (wide === undefined) return undefined;
	const from = every.length;
	const ranked: PlanNode = {
		kind: "Rank",
		input: wide,
		function: "ROW_NUMBER",
		partition: equalities.own.map((_, i) => from + i),
		order: node.order,
		from: node.offset + 1,
		to: node.fetch === undefined ? Number.MAX_SAFE_INTEGER : node.offset + node.fetch,
		outputRank: false,
		schema: wide.schema,
	};
	return {
		...input,
		plan: ranked,
		outputs: columnsFrom(node.schema),
		predicates: equalities.own.map((own, i) => equalities.predicate(column(from + i, own.type), i)),
	};
}

function liftOver(node: OverNode, apply: number): Lifted | undefined {
	const input = lift(node.input, apply);
	const equalities = input && !input.scalar ? equalitiesOf(input.predicates, apply) : undefined;
	if (input === undefined || equalities === undefined) return undefined;
	const every = node.input.schema.map((_, index) => index);
	const wide = materialized(input, every, equalities.own, apply, node.input);
	if (wide === undefined) return undefined;
	const from = every.length;
	const partition = equalities.own.map((_, i) => from + i);
	const groups = node.groups.map((group) => ({ ...group, partition: [...group.partition, ...partition] }));
	const added = node.schema.slice(from);
	const schema = [...wide.schema, ...added];
	const plan: PlanNode = { kind: "Over", input: wide, groups, schema };
	const columns = columnsFrom(schema);
	return {
		...input,
		plan,
		outputs: [...columns.slice(0, from), ...columns.slice(wide.schema.length)],
		predicates: partition.map((index, i) => equalities.predicate(columns[index]!, i)),
	};
}
