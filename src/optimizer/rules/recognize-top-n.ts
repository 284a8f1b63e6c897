// ROW_NUMBER, RANK or DENSE_RANK over a partition with a filter on the number is a Top-N: only the first rows are kept in state. With
// ROW_NUMBER = 1 in the order of a time attribute it is deduplication. Within windows (partitioned by their ends) both fire per window.
import type {
	DeduplicateNode,
	FilterNode,
	OverGroup,
	OverNode,
	PlanNode,
	ProjectNode,
	RankNode,
} from "../../plan/nodes.js";
import { type Expr, literal } from "../../types/expr.js";
import { timeAttributeOf } from "../../types/sql-type.js";
import type { Rule } from "../optimizer.js";
import { columnsFrom, filterAll, projectTo } from "../plan-building.js";
import { conjunctsOf } from "../predicate.js";
import { rewriteDown } from "../rewrite-plan.js";
import { substitute } from "../substitution.js";
import { windowColumnsOf } from "../window-columns.js";

export const recognizeTopN: Rule = {
	name: "recognize-top-n",
	required: true,
	apply: (roots) => rewriteDown(roots, (node) => (node.kind === "Filter" ? (topN(node) ?? node) : node)),
};

const RANKINGS = ["ROW_NUMBER", "RANK", "DENSE_RANK"] as const;

function topN(filter: FilterNode): PlanNode | undefined {
	const { over, exprs, projects } = overBelow(filter.input);
	const group = over?.groups[0];
	if (over === undefined || group === undefined || over.groups.length > 1 || group.calls.length !== 1) return undefined;
	const ranking = RANKINGS.find((name) => name === group.calls[0]!.function);
	if (ranking === undefined) return undefined;
	const width = over.input.schema.length;
	const conditions = conjunctsOf(filter.condition).map((condition) =>
		exprs ? substitute(condition, exprs) : condition,
	);
	const range = rankRange(conditions, width);
	if (range === undefined || (range.to !== "column" && range.to < range.from)) return undefined;
	const rest = conditions.filter((condition) => !range.used.includes(condition));
	const ranked = rank(over, group, ranking, range);
	const above = filterAll(ranked, rest);
	if (projects === 0) return above;
	return { kind: "Project", input: above, exprs: exprs!, schema: filter.schema } satisfies ProjectNode;
}

/** The Over below some projections, and the projections as expressions over it. */
function overBelow(node: PlanNode): {
	over: OverNode | undefined;
	exprs: readonly Expr[] | undefined;
	projects: number;
} {
	let exprs: readonly Expr[] | undefined;
	let current = node;
	let projects = 0;
	while (current.kind === "Project") {
		const inner: ProjectNode = current;
		exprs = exprs === undefined ? inner.exprs : exprs.map((expr) => substitute(expr, inner.exprs));
		current = inner.input;
		projects++;
	}
	return { over: current.kind === "Over" ? current : undefined, exprs, projects };
}

interface RankRange {
	readonly from: number;
	readonly to: number | "column";
	/** The column that holds the last rank. */
	readonly column: number;
	readonly used: readonly Expr[];
}

/** What conjuncts say about the rank in column `rank`; undefined without an upper end. */
function rankRange(conditions: readonly Expr[], rank: number): RankRange | undefined {
	let from = 1;
	let to = Number.POSITIVE_INFINITY;
	let variable: { column: number; condition: Expr } | undefined;
	const used: Expr[] = [];
	for (const condition of conditions) {
		const bound = rankBound(condition, rank);
		if (bound === undefined) continue;
		if (bound.column !== undefined) {
			variable ??= { column: bound.column, condition };
			continue;
		}
		from = Math.max(from, bound.from);
		to = Math.min(to, bound.to);
		used.push(condition);
	}
	if (Number.isFinite(to)) return { from, to, column: -1, used };
	return variable && { from, to: "column", column: variable.column, used: [...used, variable.condition] };
}

const MIRRORED: Readonly<Record<string, string>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=" };

function rankBound(condition: Expr, rank: number): { from: number; to: number; column?: number } | undefined {
	if (condition.kind !== "call" || MIRRORED[condition.function] === undefined) return undefined;
	const [first, second] = condition.args.map(withoutCast) as [Expr, Expr];
	const isRank = (expr: Expr) => expr.kind === "column" && expr.index === rank;
	if (isRank(first) === isRank(second)) return undefined;
	const operator = isRank(first) ? condition.function : MIRRORED[condition.function]!;
	const other = isRank(first) ? second : first;
	if (other.kind === "column") {
		const upper = operator === "<=" && other.index < rank;
		return upper ? { from: 1, to: Number.POSITIVE_INFINITY, column: other.index } : undefined;
	}
	if (other.kind !== "literal" || (typeof other.value !== "bigint" && typeof other.value !== "number"))
		return undefined;
	if (other.type.kind === "DECIMAL") return undefined;
	const value = Number(other.value);
	const unbounded = Number.POSITIVE_INFINITY;
	switch (operator) {
		case "=":
			return { from: Math.ceil(value), to: Math.floor(value) };
		case "<":
			return { from: 1, to: Math.ceil(value) - 1 };
		case "<=":
			return { from: 1, to: Math.floor(value) };
		case ">":
			return { from: Math.floor(value) + 1, to: unbounded };
		default:
			return { from: Math.ceil(value), to: unbounded };
	}
}

/** Integer widenings that the comparison put around the rank or the bound. */
function withoutCast(expr: Expr): Expr {
	const widens = expr.kind === "cast" && (expr.type.kind === "BIGINT" || expr.type.kind === "INTEGER");
	return widens && (expr.input.kind === "column" || expr.input.kind === "literal") ? expr.input : expr;
}

/** The same columns as the Over: its input's, then the rank. */
function rank(over: OverNode, group: OverGroup, name: (typeof RANKINGS)[number], range: RankRange): PlanNode {
	const { input } = over;
	const windows = windowColumnsOf(input);
	const perWindow = windows?.eventTime === true && group.partition.includes(windows.end);
	const windowEnd = perWindow ? windows.end : undefined;
	const partition = perWindow
		? group.partition.filter((index) => index !== windows.end && index !== windows.start && index !== windows.time)
		: group.partition;
	const rankType = group.calls[0]!.type;
	const [key] = group.order;
	const byTime = group.order.length === 1 && timeAttributeOf(input.schema[key!.column]!.type) !== undefined;
	const one = literal(rankType.kind === "BIGINT" ? 1n : 1, rankType);
	if (name === "ROW_NUMBER" && range.from <= 1 && range.to === 1 && byTime) {
		const keep = key!.ascending ? "first" : "last";
		const kept: DeduplicateNode = {
			kind: "Deduplicate",
			input,
			keys: partition,
			order: key!.column,
			keep,
			windowEnd,
			schema: input.schema,
		};
		return projectTo(kept, [...columnsFrom(input.schema), one], over.schema);
	}
	const node: RankNode = {
		kind: "Rank",
		input,
		function: name,
		partition,
		order: group.order,
		from: range.from,
		to: range.to === "column" ? { column: range.column } : range.to,
		outputRank: true,
		windowEnd,
		schema: over.schema,
	};
	// A rank that can only be one number is that number.
	if (name !== "ROW_NUMBER" || range.from !== range.to) return node;
	const rankless = { ...node, outputRank: false, schema: input.schema };
	const constant = literal(rankType.kind === "BIGINT" ? BigInt(range.from) : range.from, rankType);
	return projectTo(rankless, [...columnsFrom(input.schema), constant], over.schema);
}
