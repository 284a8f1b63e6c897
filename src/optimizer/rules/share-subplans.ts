// Equal parts of a job become one: a table is read once for all its readers, two equal joins or aggregates are one. Comes before pruning,
// which then keeps what any reader needs. In batch a scan is read as often as it is named, each time with its reader's columns.
import { inputsOf, type PlanNode, withInputs } from "../../plan/nodes.js";
import { internPlans } from "../intern.js";
import type { Rule } from "../optimizer.js";

export const shareSubplans: Rule = {
	name: "share-subplans",
	apply(roots, { batch }) {
		const shared = internPlans(roots);
		return batch ? withOwnScans(shared) : shared;
	},
};

/** Rows pass through without being collected anywhere. */
export function isStreamlined(node: PlanNode): boolean {
	switch (node.kind) {
		case "Scan":
		case "Values":
			return true;
		case "Filter":
		case "Project":
		case "Watermark":
		case "Correlate":
			return isStreamlined(node.input);
		default:
			return false;
	}
}

function withOwnScans(roots: readonly PlanNode[]): readonly PlanNode[] {
	const done = new Map<PlanNode, PlanNode>();
	const seen = new Set<PlanNode>();
	let changed = false;
	const visit = (node: PlanNode): PlanNode => {
		if (isStreamlined(node)) {
			if (!seen.has(node)) {
				seen.add(node);
				return withInputs(node, inputsOf(node).map(visit));
			}
			changed = true;
			return { ...withInputs(node, inputsOf(node).map(visit)) };
		}
		let result = done.get(node);
		if (result === undefined) {
			result = withInputs(node, inputsOf(node).map(visit));
			done.set(node, result);
		}
		return result;
	};
	const result = roots.map(visit);
	return changed ? result : roots;
}
