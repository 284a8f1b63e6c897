// Row counts for choosing join order and build sides: table statistics, selectivities of conditions, distinct values of columns.
import type { ColumnPath } from "../job/specs.js";
import type { PlanNode, ScanNode } from "../plan/nodes.js";
import { inputsOf } from "../plan/nodes.js";
import type { ColumnStatistics } from "../types/column-statistics.js";
import type { Expr } from "../types/expr.js";
import type { SqlType } from "../types/sql-type.js";
import { splitJoinCondition } from "./join-condition.js";
import { conjunctsOf, disjunctsOf, isTrue, rejectsAll } from "./predicate.js";

/** Rows of a table that has no statistics. */
const UNKNOWN_ROWS = 100_000;

export interface Estimate {
	readonly rows: number;
	/** By output column; distinct values where known or derived. */
	readonly columns: readonly (ColumnStatistics | undefined)[];
}

const known = new WeakMap<PlanNode, Estimate>();

export const estimateRows = (node: PlanNode): number => estimate(node).rows;

export function estimate(node: PlanNode): Estimate {
	let result = known.get(node);
	if (result === undefined) {
		result = derive(node);
		known.set(node, result);
	}
	return result;
}

function derive(node: PlanNode): Estimate {
	switch (node.kind) {
		case "Scan": {
			const rows = node.statistics?.rowCount ?? UNKNOWN_ROWS;
			const columns = node.projection.map((path) => columnStatistics(node, path, rows));
			return { rows: Math.min(rows, node.limit ?? rows), columns };
		}
		case "Values":
			return { rows: node.rows.length, columns: node.schema.map(() => undefined) };
		case "Filter": {
			const input = estimate(node.input);
			return filtered(input, selectivity(node.condition, input));
		}
		case "Project": {
			const input = estimate(node.input);
			return { rows: input.rows, columns: node.exprs.map((expr) => exprStatistics(expr, input)) };
		}
		case "Aggregate": {
			const input = estimate(node.input);
			const groups = Math.min(distinctOf(node.keys, input), node.keys.length === 0 ? 1 : input.rows);
			const keys = node.keys.map((key) => input.columns[key]);
			const rest = node.schema.slice(keys.length).map(() => undefined);
			return capped({ rows: groups * (node.groupingSets?.length ?? 1), columns: [...keys, ...rest] });
		}
		case "Join":
		case "Apply":
			return joined(node);
		case "Sort": {
			const input = estimate(node.input);
			const after = Math.max(0, input.rows - node.offset);
			return capped({ ...input, rows: Math.min(after, node.fetch ?? after) });
		}
		case "SetOperation": {
			const inputs = node.inputs.map(estimate);
			const rows = node.operation === "union" ? inputs.reduce((sum, one) => sum + one.rows, 0) : inputs[0]!.rows;
			return { rows, columns: node.schema.map(() => undefined) };
		}
		case "Rank":
		case "Deduplicate": {
			const input = estimate(node.input);
			const kept = node.kind === "Rank" ? (typeof node.to === "number" ? node.to : 10) : 1;
			const groups = distinctOf(node.kind === "Rank" ? node.partition : node.keys, input);
			return capped({
				rows: Math.min(input.rows, groups * kept),
				columns: node.schema.map((_, i) => input.columns[i]),
			});
		}
		default: {
			const input = estimate(inputsOf(node)[0]!);
			return { rows: input.rows, columns: node.schema.map((_, i) => input.columns[i]) };
		}
	}
}

/** A primary key of one column has as many values as there are rows. */
function columnStatistics(scan: ScanNode, path: ColumnPath, rows: number): ColumnStatistics | undefined {
	if (path.length > 1) return undefined;
	const [index] = path as [number];
	const declared = scan.statistics?.columns?.[index];
	const { primaryKey } = scan.table;
	const isKey = primaryKey?.length === 1 && primaryKey[0] === index;
	return isKey && declared?.distinct === undefined ? { ...declared, distinct: rows } : declared;
}

function filtered(input: Estimate, share: number): Estimate {
	return capped({ ...input, rows: input.rows * share });
}

/** No column has more distinct values than there are rows. */
function capped({ rows, columns }: Estimate): Estimate {
	const count = Math.max(1, rows);
	return {
		rows: count,
		columns: columns.map((column) =>
			column?.distinct !== undefined && column.distinct > count ? { ...column, distinct: count } : column,
		),
	};
}

function exprStatistics(expr: Expr, input: Estimate): ColumnStatistics | undefined {
	if (expr.kind === "column") return input.columns[expr.index];
	if (expr.kind === "literal") return { distinct: 1 };
	if (expr.kind === "cast") return exprStatistics(expr.input, input);
	if (expr.kind === "call" && (expr.function === "EXTRACT" || expr.function === "YEAR")) return { distinct: 10 };
	return undefined;
}

/** Distinct values of columns together, taken as independent and bounded by the rows. */
export function distinctOf(columns: readonly number[], input: Estimate): number {
	let product = 1;
	for (const column of columns) product *= input.columns[column]?.distinct ?? Math.max(1, input.rows / 10);
	return Math.max(1, Math.min(product, input.rows));
}

function joined(node: PlanNode & { kind: "Join" | "Apply" }): Estimate {
	const left = estimate(node.left);
	const right = estimate(node.right);
	const { keys, rest } = splitJoinCondition(node.condition, node.left.schema.length);
	const columns = [...left.columns, ...right.columns];
	let rows = left.rows * right.rows;
	for (const [position, key] of keys.entries()) {
		const most = Math.max(distinctOf([key.left], left), distinctOf([key.right], right), 1);
		// Further keys of a join are seldom independent of the first.
		rows /= position === 0 ? most : Math.sqrt(most);
	}
	for (const conjunct of rest) rows *= selectivity(conjunct, { rows, columns });
	switch (node.type) {
		case "semi":
			return filtered(left, keys.length === 0 ? 0.5 : Math.min(1, matchShare(node, left, right)));
		case "anti":
			return filtered(left, keys.length === 0 ? 0.5 : Math.max(0.1, 1 - matchShare(node, left, right)));
		case "mark":
		case "single":
			return capped({ rows: left.rows, columns: node.schema.map((_, i) => left.columns[i]) });
		case "left":
			return capped({ rows: Math.max(rows, left.rows), columns });
		case "right":
			return capped({ rows: Math.max(rows, right.rows), columns });
		case "full":
			return capped({ rows: Math.max(rows, left.rows + right.rows), columns });
		default:
			return capped({ rows, columns });
	}
}

/** Share of the left rows that have a match: how many of the left's key values the right side holds. */
function matchShare(node: PlanNode & { kind: "Join" | "Apply" }, left: Estimate, right: Estimate): number {
	const { keys } = splitJoinCondition(node.condition, node.left.schema.length);
	const ours = distinctOf(
		keys.map((key) => key.left),
		left,
	);
	const theirs = distinctOf(
		keys.map((key) => key.right),
		right,
	);
	return Math.min(1, theirs / ours);
}

export function selectivity(condition: Expr, input: Estimate): number {
	if (isTrue(condition)) return 1;
	if (rejectsAll(condition)) return 0;
	if (condition.kind !== "call") return 0.5;
	const [first, second] = condition.args;
	switch (condition.function) {
		case "AND":
			return conjunctionShare(conjunctsOf(condition), input);
		case "OR":
			return 1 - disjunctsOf(condition).reduce((none, disjunct) => none * (1 - selectivity(disjunct, input)), 1);
		case "NOT":
			return 1 - selectivity(first!, input);
		case "=":
			return equalShare(first!, second!, input);
		case "<>":
			return 1 - equalShare(first!, second!, input);
		case "<":
		case "<=":
		case ">":
		case ">=":
			return rangeShare(condition, input);
		case "IN":
			return Math.min(1, (condition.args.length - 1) * equalShare(first!, second!, input));
		case "LIKE":
			return typeof (second?.kind === "literal" && second.value) === "string" ? 0.1 : 0.25;
		case "IS NULL":
			return 0.1;
		case "IS NOT NULL":
			return 0.9;
		default:
			return 0.25;
	}
}

function equalShare(one: Expr, other: Expr, input: Estimate): number {
	const [statistics, others] = [exprStatistics(one, input), exprStatistics(other, input)];
	if (other.kind === "literal") {
		const share = statistics?.shares?.find(([value]) => value === other.value)?.[1];
		if (share !== undefined) return share;
	}
	const distinct = Math.max(statistics?.distinct ?? 0, others?.distinct ?? 0);
	return distinct > 0 ? 1 / distinct : 0.1;
}

/** Conditions are taken as independent, but for the two ends of a range of one column. */
function conjunctionShare(conjuncts: readonly Expr[], input: Estimate): number {
	const ranges = new Map<number, { low: number; high: number }>();
	let share = 1;
	for (const conjunct of conjuncts) {
		const bound = rangeBound(conjunct, input);
		if (bound === undefined) {
			share *= selectivity(conjunct, input);
			continue;
		}
		const range = ranges.get(bound.column) ?? { low: 0, high: 1 };
		const low = bound.below ? range.low : Math.max(range.low, bound.at);
		const high = bound.below ? Math.min(range.high, bound.at) : range.high;
		ranges.set(bound.column, { low, high });
	}
	for (const { low, high } of ranges.values()) share *= Math.max(MIN_SHARE, high - low);
	return share;
}

const MIN_SHARE = 0.0005;

/** Where a comparison with a literal cuts the column's range of values, as a share of it. */
function rangeBound(condition: Expr, input: Estimate): { column: number; at: number; below: boolean } | undefined {
	if (condition.kind !== "call" || !["<", "<=", ">", ">="].includes(condition.function)) return undefined;
	const [first, second] = condition.args as [Expr, Expr];
	const [read, bound] = first.kind === "column" ? [first, second] : [second, first];
	if (read.kind !== "column" || bound.kind !== "literal") return undefined;
	const statistics = input.columns[read.index];
	const value = numeric(bound.value, bound.type);
	const low = numeric(statistics?.min ?? null, read.type);
	const high = numeric(statistics?.max ?? null, read.type);
	if (value === undefined || low === undefined || high === undefined || high <= low) return undefined;
	const at = Math.min(1, Math.max(0, (value - low) / (high - low)));
	return { column: read.index, at, below: condition.function.startsWith("<") === (read === first) };
}

function rangeShare(condition: Expr, input: Estimate): number {
	return rangeBound(condition, input) === undefined ? 0.33 : conjunctionShare([condition], input);
}

/** A value on a line, DECIMALs of any scale alike. */
function numeric(value: ColumnStatistics["min"] | null, type: SqlType): number | undefined {
	if (typeof value === "number") return value;
	if (typeof value !== "bigint") return undefined;
	return type.kind === "DECIMAL" ? Number(value) / 10 ** type.scale : Number(value);
}
