// Walks over plans that are graphs: a node read by several others is visited once and stays one node.
import { inputsOf, type PlanNode, withInputs } from "../plan/nodes.js";

/** Changes every node, inputs first. */
export function rewriteUp(roots: readonly PlanNode[], change: (node: PlanNode) => PlanNode): readonly PlanNode[] {
	const done = new Map<PlanNode, PlanNode>();
	const visit = (node: PlanNode): PlanNode => {
		let result = done.get(node);
		if (result === undefined) {
			result = change(withInputs(node, inputsOf(node).map(visit)));
			done.set(node, result);
		}
		return result;
	};
	return mapRoots(roots, visit);
}

/** Changes every node before its inputs, which are those of the changed node; a node is changed until it stays the same. */
export function rewriteDown(roots: readonly PlanNode[], change: (node: PlanNode) => PlanNode): readonly PlanNode[] {
	const done = new Map<PlanNode, PlanNode>();
	const visit = (node: PlanNode): PlanNode => {
		let result = done.get(node);
		if (result === undefined) {
			let changed = node;
			for (let next = change(changed); next !== changed; next = change(changed)) changed = next;
			result = withInputs(changed, inputsOf(changed).map(visit));
			done.set(node, result);
		}
		return result;
	};
	return mapRoots(roots, visit);
}

function mapRoots(roots: readonly PlanNode[], visit: (node: PlanNode) => PlanNode): readonly PlanNode[] {
	const result = roots.map(visit);
	return result.every((root, i) => root === roots[i]) ? roots : result;
}

/** Every node once, inputs before their readers. */
export function nodesOf(roots: readonly PlanNode[]): PlanNode[] {
	const seen = new Set<PlanNode>();
	const order: PlanNode[] = [];
	const visit = (node: PlanNode) => {
		if (seen.has(node)) return;
		seen.add(node);
		inputsOf(node).forEach(visit);
		order.push(node);
	};
	roots.forEach(visit);
	return order;
}

/** How many inputs each node is. */
export function readersOf(roots: readonly PlanNode[]): Map<PlanNode, PlanNode[]> {
	const readers = new Map<PlanNode, PlanNode[]>();
	for (const node of nodesOf(roots)) {
		for (const input of inputsOf(node)) readers.set(input, [...(readers.get(input) ?? []), node]);
	}
	return readers;
}
