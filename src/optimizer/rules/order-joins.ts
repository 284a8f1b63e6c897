// The order of inner joins. Batch: by cost, from statistics, with semi joins moved down and aggregates reduced where that pays. Streaming:
// as written (state lives as long as the query, and estimates do not), but never a cross join that another order avoids, and what is joined
// on one key with the small inputs first: each join keeps all that comes into it.
import { inputsOf, type PlanNode, withInputs } from "../../plan/nodes.js";
import { Cardinality } from "../joins/cardinality.js";
import { clusterOf, isReorderable } from "../joins/cluster.js";
import { ascendingTree, cheapestTree, connectedTree } from "../joins/order.js";
import { pushSemiJoin } from "../joins/push-semi-join.js";
import { planOfTree } from "../joins/rebuild-cluster.js";
import { reduceAggregates } from "../joins/reduce-aggregates.js";
import type { Rule } from "../optimizer.js";

/** Sets of relations are bits of a number. */
const MAX_RELATIONS = 30;

export const orderJoins: Rule = {
	name: "order-joins",
	apply(roots, { batch }) {
		const done = new Map<PlanNode, PlanNode>();
		const visit = (node: PlanNode): PlanNode => {
			let result = done.get(node);
			if (result === undefined) {
				result = ordered(node, batch, visit);
				done.set(node, result);
			}
			return result;
		};
		return roots.map(visit);
	},
};

function ordered(node: PlanNode, batch: boolean, visit: (node: PlanNode) => PlanNode): PlanNode {
	const start = batch && node.kind === "Join" ? pushSemiJoin(node) : node;
	if (start !== node) return visit(start);
	if (!isReorderable(node)) return withInputs(node, inputsOf(node).map(visit));
	const written = clusterOf(node);
	const count = written.relations.length;
	const ascending = batch || written.hasCross ? undefined : ascendingTree(written);
	if (count > MAX_RELATIONS || (!batch && !written.hasCross && ascending === undefined)) {
		return withInputs(node, inputsOf(node).map(visit));
	}
	const cluster = batch ? reduceAggregates(written) : written;
	const relations = cluster.relations.map(visit);
	const settled = { ...cluster, relations };
	const tree = ascending ?? (batch ? cheapestTree(settled, new Cardinality(settled)) : connectedTree(settled));
	return planOfTree(settled, tree, node.schema);
}
