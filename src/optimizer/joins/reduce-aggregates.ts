// An aggregate that is joined on its keys with a small relation need not group what that relation lacks: its input is semi-joined with the
// relation's keys first (TPC-H 2, 17, 20: a correlated average or minimum for a few parts).
import type { AggregateNode, PlanNode } from "../../plan/nodes.js";
import { call, column, type Expr } from "../../types/expr.js";
import { BOOLEAN } from "../../types/sql-type.js";
import { join, project } from "../plan-building.js";
import { isStreamlined } from "../rules/share-subplans.js";
import { distinctOf, estimate } from "../statistics.js";
import { type Cluster, relationOf } from "./cluster.js";

/** The reducing keys must leave at most this share of the groups. */
const WORTHWHILE_SHARE = 0.3;

export function reduceAggregates(cluster: Cluster): Cluster {
	const relations = cluster.relations.map((relation, index) => reduced(relation, index, cluster) ?? relation);
	return relations.every((relation, i) => relation === cluster.relations[i]) ? cluster : { ...cluster, relations };
}

function reduced(relation: PlanNode, index: number, cluster: Cluster): PlanNode | undefined {
	const found = aggregateBelow(relation);
	if (found === undefined) return undefined;
	const keys = cluster.classes.flatMap((members) => {
		const own = members.find((number) => relationOf(cluster, number) === index);
		const key = own === undefined ? undefined : found.keys[own - cluster.offsets[index]!];
		return key === undefined ? [] : [{ key, members }];
	});
	const reducer = bestReducer(keys, index, cluster, found.aggregate);
	return reducer && found.rebuild(semiJoined(found.aggregate, reducer));
}

interface Below {
	readonly aggregate: AggregateNode;
	/** By output column: the position of the aggregate's key, if it is one. */
	readonly keys: readonly (number | undefined)[];
	rebuild(aggregate: AggregateNode): PlanNode;
}

/** The aggregate under projections and filters. */
function aggregateBelow(node: PlanNode): Below | undefined {
	if (node.kind === "Aggregate") {
		if (node.groupingSets !== undefined || node.window !== undefined) return undefined;
		const keys = node.schema.map((_, i) => (i < node.keys.length ? i : undefined));
		return { aggregate: node, keys, rebuild: (aggregate) => aggregate };
	}
	if (node.kind !== "Project" && node.kind !== "Filter") return undefined;
	const below = aggregateBelow(node.input);
	if (below === undefined) return undefined;
	const keys =
		node.kind === "Filter"
			? below.keys
			: node.exprs.map((expr) => (expr.kind === "column" ? below.keys[expr.index] : undefined));
	return { ...below, keys, rebuild: (aggregate) => ({ ...node, input: below.rebuild(aggregate) }) };
}

interface Reducer {
	readonly relation: PlanNode;
	/** Aggregate key position, and the relation's column that equals it. */
	readonly pairs: readonly { readonly key: number; readonly column: number }[];
}

function bestReducer(
	keys: readonly { readonly key: number; readonly members: readonly number[] }[],
	index: number,
	cluster: Cluster,
	aggregate: AggregateNode,
): Reducer | undefined {
	const input = estimate(aggregate.input);
	let best: (Reducer & { share: number }) | undefined;
	for (const [other, relation] of cluster.relations.entries()) {
		if (other === index || !isCheapToRepeat(relation)) continue;
		const pairs = keys.flatMap(({ key, members }) => {
			const number = members.find((member) => relationOf(cluster, member) === other);
			return number === undefined ? [] : [{ key, column: number - cluster.offsets[other]! }];
		});
		if (pairs.length === 0) continue;
		const theirs = distinctOf(
			pairs.map((pair) => pair.column),
			estimate(relation),
		);
		const groups = distinctOf(
			pairs.map((pair) => aggregate.keys[pair.key]!),
			input,
		);
		const share = theirs / groups;
		if (share <= WORTHWHILE_SHARE && (best === undefined || share < best.share)) best = { relation, pairs, share };
	}
	return best;
}

/** Scans with filters, also semi-joined: equal ones are made once. */
const isCheapToRepeat = (node: PlanNode): boolean =>
	isStreamlined(node) ||
	((node.kind === "Filter" || node.kind === "Project") && isCheapToRepeat(node.input)) ||
	(node.kind === "Join" && node.type === "semi" && isCheapToRepeat(node.left) && isCheapToRepeat(node.right));

function semiJoined(aggregate: AggregateNode, { relation, pairs }: Reducer): AggregateNode {
	const width = aggregate.input.schema.length;
	const values = pairs.map(({ column: index }) => column(index, relation.schema[index]!.type));
	const names = pairs.map(({ column: index }) => relation.schema[index]!.name);
	const conditions = pairs.map(({ key }, i): Expr => {
		const own = aggregate.keys[key]!;
		return call("=", [column(own, aggregate.input.schema[own]!.type), column(width + i, values[i]!.type)], BOOLEAN);
	});
	return { ...aggregate, input: join("semi", aggregate.input, project(relation, values, names), conditions) };
}
