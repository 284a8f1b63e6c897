// A naive interpreter of logical plans over tables in memory, subqueries evaluated for each row as SQL defines them: what an optimized plan
// must agree with.
import { compileRow } from "../src/expr/evaluate.js";
import { aggregateFunction } from "../src/functions/registry.js";
import type { AggregateCall, SortKey } from "../src/job/specs.js";
import type { ApplyNode, JoinNode, PlanNode } from "../src/plan/nodes.js";
import { inputsOf, withInputs } from "../src/plan/nodes.js";
import { mapNodeExprs } from "../src/plan/plan-exprs.js";
import { type Expr, literal, rewrite } from "../src/types/expr.js";
import type { Row, Value } from "../src/types/value.js";
import { CONTEXT } from "./plan-builder.js";

export type Tables = Readonly<Record<string, readonly Row[]>>;

export function interpret(node: PlanNode, tables: Tables): Row[] {
	const run = (input: PlanNode) => interpret(input, tables);
	switch (node.kind) {
		case "Scan": {
			const rows = tables[node.table.path.at(-1)!]!;
			return rows.map((row) =>
				node.projection.map((path) =>
					path.reduce<Value>((value, index) => (value as Row | null)?.[index] ?? null, row),
				),
			);
		}
		case "Values":
			return [...node.rows];
		case "Filter":
			return run(node.input).filter(predicate(node.condition));
		case "Project": {
			const exprs = node.exprs.map(evaluator);
			return run(node.input).map((row) => exprs.map((expr) => expr(row)));
		}
		case "Aggregate": {
			const sets = node.groupingSets ?? [node.keys.map((_, i) => i)];
			const input = run(node.input);
			return sets.flatMap((set) => {
				const keys = node.keys.map((key, i) => (set.includes(i) ? key : -1));
				const groups = groupBy(input, keys);
				if (node.keys.length === 0 && groups.length === 0) groups.push([]);
				return groups.map((rows) => [
					...keys.map((key) => (key < 0 ? null : rows[0]![key]!)),
					...node.calls.map((one) => aggregated(one, rows)),
				]);
			});
		}
		case "Join":
			return joined(node, run(node.left), run(node.right));
		case "Apply":
			return run(node.left).flatMap((row) => applied(node, row, tables));
		case "Sort": {
			const rows = ordered(run(node.input), node.order);
			return rows.slice(node.offset, node.fetch === undefined ? undefined : node.offset + node.fetch);
		}
		case "SetOperation":
			return combined(node, node.inputs.map(run));
		case "Over": {
			let rows = run(node.input);
			for (const { partition, order, calls } of node.groups) {
				rows = groupBy(rows, partition).flatMap((group) =>
					ranked(
						ordered(group, order),
						order,
						calls.map((one) => one.function),
					),
				);
			}
			return rows;
		}
		case "Rank": {
			const { partition, order, from, to, outputRank } = node;
			return groupBy(run(node.input), partition).flatMap((group) => {
				const rows = ranked(ordered(group, order), order, [node.function]);
				const kept = rows.filter(
					(row) =>
						Number(row.at(-1)) >= from && Number(row.at(-1)) <= (typeof to === "number" ? to : Number(row[to.column])),
				);
				return outputRank ? kept : kept.map((row) => row.slice(0, -1));
			});
		}
		case "Deduplicate": {
			const key: SortKey = { column: node.order, ascending: node.keep === "first", nullsFirst: true };
			return groupBy(run(node.input), node.keys).map((group) => ordered(group, [key])[0]!);
		}
		case "Watermark":
		case "Sink":
			return run(inputsOf(node)[0]!);
		default:
			throw new Error(`no interpretation of ${node.kind}`);
	}
}

const evaluator = (expr: Expr) => compileRow(expr, CONTEXT);
const predicate = (expr: Expr | undefined) => {
	if (expr === undefined) return () => true;
	const run = evaluator(expr);
	return (row: Row) => run(row) === true;
};

export const rowText = (row: Row) =>
	row.map((value) => (typeof value === "bigint" ? `${value}n` : JSON.stringify(value))).join("|");

/** Rows in no order. */
export const bag = (rows: readonly Row[]) => rows.map(rowText).sort();

function groupBy(rows: readonly Row[], keys: readonly number[]): Row[][] {
	const groups = new Map<string, Row[]>();
	for (const row of rows) {
		const key = rowText(keys.map((index) => row[index] ?? null));
		groups.set(key, [...(groups.get(key) ?? []), row]);
	}
	return [...groups.values()];
}

function aggregated(one: AggregateCall, rows: readonly Row[]): Value {
	const args = one.argTypes.map((type) => ({ type }));
	const accumulator = aggregateFunction(one.function)!.create({ args, result: one.type, context: CONTEXT });
	const seen = new Set<string>();
	for (const row of rows) {
		if (one.filter !== undefined && row[one.filter] !== true) continue;
		const values = one.args.map((arg) => row[arg]!);
		if (one.distinct && seen.size === seen.add(rowText(values)).size) continue;
		accumulator.add(values);
	}
	return accumulator.result();
}

function joined(node: JoinNode, left: readonly Row[], right: readonly Row[]): Row[] {
	const condition = node.condition && evaluator(node.condition);
	const result: Row[] = [];
	const matchedRight = new Set<Row>();
	const nulls = (width: number): Row => new Array<Value>(width).fill(null);
	for (const row of left) {
		const verdicts = right.map((other) => (condition === undefined ? true : condition([...row, ...other])));
		const matches = right.filter((_, i) => verdicts[i] === true);
		if (node.single && matches.length > 1) throw new Error("more than one row");
		if (node.type === "semi") {
			if (matches.length > 0) result.push(row);
			continue;
		}
		if (node.type === "anti") {
			if (matches.length === 0 && !(node.nullAware && verdicts.includes(null))) result.push(row);
			continue;
		}
		for (const match of matches) {
			matchedRight.add(match);
			result.push([...row, ...match]);
		}
		if (matches.length === 0 && (node.type === "left" || node.type === "full")) {
			result.push([...row, ...nulls(node.right.schema.length)]);
		}
	}
	if (node.type === "right" || node.type === "full") {
		for (const row of right) if (!matchedRight.has(row)) result.push([...nulls(node.left.schema.length), ...row]);
	}
	return result;
}

/** A subquery for one left row. */
function applied(node: ApplyNode, row: Row, tables: Tables): Row[] {
	const right = interpret(bind(node.right, node.id, row), tables);
	const condition = node.condition && evaluator(node.condition);
	const verdicts = right.map((other) => (condition === undefined ? true : condition([...row, ...other])));
	const matches = right.filter((_, i) => verdicts[i] === true);
	const unknown = node.nullAware === true && verdicts.includes(null);
	switch (node.type) {
		case "semi":
			return matches.length > 0 ? [row] : [];
		case "anti":
			return matches.length === 0 && !unknown ? [row] : [];
		case "mark":
			return [[...row, matches.length > 0 ? true : unknown ? null : false]];
		case "single":
			if (right.length > 1) throw new Error("more than one row");
			return [[...row, ...(right[0] ?? [null])]];
		default: {
			if (matches.length > 0 || node.type === "inner") return matches.map((match) => [...row, ...match]);
			return [[...row, ...node.right.schema.map(() => null)]];
		}
	}
}

function bind(node: PlanNode, apply: number, row: Row): PlanNode {
	const bound = withInputs(
		node,
		inputsOf(node).map((input) => bind(input, apply, row)),
	);
	return mapNodeExprs(bound, (expr) =>
		rewrite(expr, (part) =>
			part.kind === "outer" && part.apply === apply ? literal(row[part.index]!, part.type) : part,
		),
	);
}

const compareValues = (left: Value, right: Value) => (left! < right! ? -1 : left! > right! ? 1 : 0);

function compareRows(left: Row, right: Row, order: readonly SortKey[]): number {
	for (const { column, ascending, nullsFirst } of order) {
		const [one, other] = [left[column]!, right[column]!];
		if (one === null || other === null) {
			if (one !== other) return (one === null) === nullsFirst ? -1 : 1;
			continue;
		}
		const sign = compareValues(one, other);
		if (sign !== 0) return ascending ? sign : -sign;
	}
	return 0;
}

const ordered = (rows: readonly Row[], order: readonly SortKey[]) =>
	[...rows].sort((left, right) => compareRows(left, right, order));

/** Appends ROW_NUMBER, RANK or DENSE_RANK to rows that are in order. */
function ranked(rows: readonly Row[], order: readonly SortKey[], functions: readonly string[]): Row[] {
	let rank = 0;
	let dense = 0;
	return rows.map((row, i) => {
		if (i === 0 || compareRows(rows[i - 1]!, row, order) !== 0) {
			rank = i + 1;
			dense++;
		}
		return [...row, ...functions.map((name) => BigInt(name === "RANK" ? rank : name === "DENSE_RANK" ? dense : i + 1))];
	});
}

function combined(node: PlanNode & { kind: "SetOperation" }, inputs: readonly Row[][]): Row[] {
	const distinct = (rows: readonly Row[]) => [...new Map(rows.map((row) => [rowText(row), row])).values()];
	if (node.operation === "union") return node.all ? inputs.flat() : distinct(inputs.flat());
	return inputs.reduce((left, right) => {
		const counts = new Map<string, number>();
		for (const row of right) counts.set(rowText(row), (counts.get(rowText(row)) ?? 0) + 1);
		const source = node.all ? left : distinct(left);
		return source.filter((row) => {
			const count = counts.get(rowText(row)) ?? 0;
			if (node.all) counts.set(rowText(row), count - 1);
			return node.operation === "intersect" ? count > 0 : count <= 0;
		});
	});
}
