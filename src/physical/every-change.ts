// Where each change of a row matters, not only what became of it: operators below whose result depends on the way a result came about
// (versions by time, values by order of arrival, windows that close between two changes) must not fold the changes of a batch.
import type { OperatorSpec } from "../job/specs.js";
import type { PhysicalNode } from "./physical-node.js";
import { isUpdating } from "./row-kinds.js";

/** Aggregates whose value depends on the order in which rows come and go. */
const IN_ORDER = new Set(["ARRAY_AGG", "FIRST_VALUE", "JSON_ARRAYAGG", "JSON_OBJECTAGG", "LAST_VALUE", "LISTAGG"]);

/** The nodes that must pass on each change; `order` has inputs before their consumers. */
export function everyChange(order: readonly PhysicalNode[]): ReadonlySet<PhysicalNode> {
	const all = new Set<PhysicalNode>();
	for (const node of [...order].reverse()) {
		for (const [index, { node: input }] of node.inputs.entries()) {
			if (all.has(node) || (isUpdating(input.kinds) && readsHistory(node.spec, index))) all.add(input);
		}
	}
	return all;
}

function readsHistory(spec: OperatorSpec, input: number): boolean {
	switch (spec.operator) {
		case "GroupAggregate":
			return spec.calls.some((call) => call.user !== undefined || IN_ORDER.has(call.function));
		case "TemporalJoin":
			return input === 1;
		case "WindowAggregate":
			return true;
		default:
			return false;
	}
}
