// Takes the correlation out of any subquery by evaluating it for the set D of distinct outer values at once: D's columns travel through the
// subquery, in front of its own, and its rows are joined back on them (Neumann and Kemper, Unnesting Arbitrary Queries).
import { EngineError } from "../../errors.js";
import type { AggregateNode, JoinNode, PlanNode, SetOperationNode, SortNode } from "../../plan/nodes.js";
import { call, column, type Expr, rewrite } from "../../types/expr.js";
import { BOOLEAN, notNull } from "../../types/sql-type.js";
import { aggregate, columnsFrom, distinct, filter, join, project, projectTo } from "../plan-building.js";
import { conjunctsOf } from "../predicate.js";
import { overEmpty } from "./lift.js";
import { isCorrelated } from "./outer-references.js";

export interface Domain {
	readonly apply: number;
	/** The outer columns, in the order of D's columns. */
	readonly columns: readonly number[];
	/** The distinct values of those columns. */
	readonly plan: PlanNode;
}

export function domainOf(left: PlanNode, columns: readonly number[], apply: number): Domain {
	const names = columns.map((index) => left.schema[index]!.name);
	const values = columns.map((index) => column(index, left.schema[index]!.type));
	return { apply, columns, plan: distinct(project(left, values, names)) };
}

/** D's columns, then the subquery's, for every value of D. */
export function throughDomain(node: PlanNode, domain: Domain): PlanNode {
	if (!isCorrelated(node, domain.apply)) return join("inner", domain.plan, node, []);
	const width = domain.columns.length;
	const own = domain.plan.schema;
	const here = (expr: Expr, from = 0) => replaced(expr, domain, from);
	switch (node.kind) {
		case "Filter":
			return filter(throughDomain(node.input, domain), here(node.condition));
		case "Project": {
			const input = throughDomain(node.input, domain);
			const exprs = [...columnsFrom(own), ...node.exprs.map((expr) => here(expr))];
			return project(
				input,
				exprs,
				[...own, ...node.schema].map((field) => field.name),
			);
		}
		case "Join":
			return joinThrough(node, domain);
		case "Aggregate":
			return aggregateThrough(node, domain);
		case "Sort":
			return sortThrough(node, domain);
		case "Over": {
			const input = throughDomain(node.input, domain);
			const groups = node.groups.map((group) => ({
				...group,
				partition: [...own.keys(), ...shiftAll(group.partition, width)],
				order: group.order.map((key) => ({ ...key, column: key.column + width })),
				calls: group.calls.map((one) => shiftCall(one, width)),
			}));
			return { ...node, input, groups, schema: [...own, ...node.schema] };
		}
		case "SetOperation":
			return setOperationThrough(node, domain);
		case "Correlate": {
			const input = throughDomain(node.input, domain);
			const args = node.args.map((arg) => here(arg));
			return {
				...node,
				input,
				args,
				condition: node.condition && here(node.condition),
				schema: [...own, ...node.schema],
			};
		}
		case "Rank": {
			const input = throughDomain(node.input, domain);
			const order = node.order.map((key) => ({ ...key, column: key.column + width }));
			const partition = [...own.keys(), ...shiftAll(node.partition, width)];
			return { ...node, input, order, partition, schema: [...own, ...node.schema] };
		}
		default:
			throw new EngineError("UNSUPPORTED", `A subquery with ${node.kind} cannot refer to the query around it`, {
				remedy: "Write it as a join",
			});
	}
}

const shiftAll = (indexes: readonly number[], by: number) => indexes.map((index) => index + by);

/** Own columns move behind D's; outer columns are D's, which start at `from`. */
function replaced(expr: Expr, domain: Domain, from: number): Expr {
	const width = domain.columns.length;
	return rewrite(expr, (part) => {
		if (part.kind === "column") return column(part.index + width, part.type);
		if (part.kind !== "outer" || part.apply !== domain.apply) return part;
		return column(from + domain.columns.indexOf(part.index), part.type);
	});
}

type Call = AggregateNode["calls"][number];

function shiftCall(one: Call, by: number): Call {
	return {
		...one,
		args: one.args.map((arg, i) => (one.literals?.[i] === undefined ? arg + by : arg)),
		filter: one.filter === undefined ? undefined : one.filter + by,
		orderBy: one.orderBy?.map((key) => ({ ...key, column: key.column + by })),
	};
}

const sameDomain = (width: number, rightFrom: number, schema: PlanNode["schema"]) =>
	schema
		.slice(0, width)
		.map(({ type }, i) =>
			call("IS NOT DISTINCT FROM", [column(i, type), column(rightFrom + i, type)], notNull(BOOLEAN)),
		);

/** Both inputs carry D; they meet on it, and one copy stays. */
function joinThrough(node: JoinNode, domain: Domain): PlanNode {
	if (node.right.kind === "Snapshot") {
		throw new EngineError("UNSUPPORTED", "A subquery with a temporal join cannot refer to the query around it");
	}
	const width = domain.columns.length;
	const left = throughDomain(node.left, domain);
	const leftWidth = node.left.schema.length;
	const inRight = isCorrelated(node.right, domain.apply) || node.type === "right" || node.type === "full";
	const right = inRight ? throughDomain(node.right, domain) : node.right;
	const skipped = inRight ? width : 0;
	const conditions = conjunctsOf(node.condition).map((condition) =>
		rewrite(condition, (part) => {
			if (part.kind === "outer" && part.apply === domain.apply) {
				return column(domain.columns.indexOf(part.index), part.type);
			}
			if (part.kind !== "column") return part;
			return column(part.index + width + (part.index >= leftWidth ? skipped : 0), part.type);
		}),
	);
	const meeting = inRight ? sameDomain(width, width + leftWidth, domain.plan.schema) : [];
	const more = { nullAware: node.nullAware, single: node.single };
	const joined = join(node.type, left, right, [...meeting, ...conditions], more);
	if (node.type === "semi" || node.type === "anti" || skipped === 0) return joined;
	// A right or full join may have D's values on the right side alone.
	const copies = columnsFrom(joined.schema);
	const domainColumns = copies.slice(0, width).map((ours, i): Expr => {
		if (node.type !== "right" && node.type !== "full") return ours;
		const when = call("IS NOT NULL", [ours], notNull(BOOLEAN));
		return {
			kind: "case",
			branches: [{ when, then: ours }],
			otherwise: copies[width + leftWidth + i]!,
			type: ours.type,
		};
	});
	const rest = copies.filter((_, i) => i >= width && (i < width + leftWidth || i >= width + leftWidth + width));
	return projectTo(joined, [...domainColumns, ...rest], [...domain.plan.schema, ...node.schema]);
}

function aggregateThrough(node: AggregateNode, domain: Domain): PlanNode {
	if (node.window !== undefined) {
		throw new EngineError("UNSUPPORTED", "A subquery with window aggregation cannot refer to the query around it");
	}
	const width = domain.columns.length;
	const input = throughDomain(node.input, domain);
	const keys = [...domain.plan.schema.keys(), ...shiftAll(node.keys, width)];
	const calls = node.calls.map((one) => shiftCall(one, width));
	const domainKeys = [...domain.plan.schema.keys()];
	const groupingSets = node.groupingSets?.map((set) => [...domainKeys, ...shiftAll(set, width)]);
	const grouped: AggregateNode = { ...aggregate(input, keys, calls), groupingSets };
	if (node.keys.length > 0) return grouped;
	// Without keys there is a row for every value of D, also where there was nothing to aggregate.
	const all = join("left", domain.plan, grouped, sameDomain(width, width, domain.plan.schema));
	const results = columnsFrom(all.schema).slice(2 * width);
	const exprs = [...columnsFrom(domain.plan.schema), ...results.map((result, i) => overEmpty(result, node.calls[i]!))];
	return projectTo(all, exprs, [...domain.plan.schema, ...node.schema]);
}

function sortThrough(node: SortNode, domain: Domain): PlanNode {
	const input = throughDomain(node.input, domain);
	if (node.fetch === undefined && node.offset === 0) return input;
	return {
		kind: "Rank",
		input,
		function: "ROW_NUMBER",
		partition: [...domain.plan.schema.keys()],
		order: node.order.map((key) => ({ ...key, column: key.column + domain.columns.length })),
		from: node.offset + 1,
		to: node.fetch === undefined ? Number.MAX_SAFE_INTEGER : node.offset + node.fetch,
		outputRank: false,
		schema: input.schema,
	};
}

function setOperationThrough(node: SetOperationNode, domain: Domain): PlanNode {
	const inputs = node.inputs.map((input) => throughDomain(input, domain));
	return { ...node, inputs, schema: [...domain.plan.schema, ...node.schema] };
}
