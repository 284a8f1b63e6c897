// Reads and carries only the columns, and of ROW columns only the fields, that somebody needs. A node with several readers keeps what any
// of them needs.
import type { PlanNode } from "../../plan/nodes.js";
import { inputsOf } from "../../plan/nodes.js";
import type { Rule } from "../optimizer.js";
import { demandOf } from "../pruning/demand.js";
import type { Layout } from "../pruning/layout.js";
import { Needs } from "../pruning/needs.js";
import { rebuild } from "../pruning/rebuild.js";
import { nodesOf } from "../rewrite-plan.js";

export const pruneColumns: Rule = {
	name: "prune-columns",
	apply(roots) {
		const order = nodesOf(roots);
		const needs = new Map<PlanNode, Needs>(order.map((node) => [node, new Needs()]));
		for (const root of roots) needs.get(root)!.addColumns(root.schema.keys());
		for (const node of [...order].reverse()) {
			const demand = demandOf(node, needs.get(node)!);
			inputsOf(node).forEach((input, i) => {
				needs.get(input)!.addAll(demand[i]!.paths);
			});
		}
		const layouts = new Map<PlanNode, Layout>();
		for (const node of order) {
			const inputs = inputsOf(node).map((input) => layouts.get(input)!);
			layouts.set(node, rebuild(node, needs.get(node)!, inputs));
		}
		return roots.map((root) => layouts.get(root)!.arranged([...root.schema.keys()].map((index) => [index])).plan);
	},
};
