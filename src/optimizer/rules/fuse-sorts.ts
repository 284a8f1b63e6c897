// A limit above a sort becomes the sort's own; a sort whose order nobody sees goes away.
import { inputsOf, type PlanNode, type SortNode, withInputs } from "../../plan/nodes.js";
import type { Rule } from "../optimizer.js";
import { rewriteUp } from "../rewrite-plan.js";

export const fuseSorts: Rule = {
	name: "fuse-sorts",
	apply: (roots) => rewriteUp(roots, (node) => fused(node)),
};

function fused(node: PlanNode): PlanNode {
	switch (node.kind) {
		case "Sort":
			return node.input.kind === "Sort" ? (combined(node, node.input) ?? node) : node;
		case "Join":
		case "SetOperation":
			return withInputs(node, inputsOf(node).map(unordered));
		case "Aggregate": {
			const ordered = node.calls.some((one) => ORDER_SENSITIVE.has(one.function) || one.user !== undefined);
			return ordered ? node : withInputs(node, [unordered(node.input)]);
		}
		default:
			return node;
	}
}

/** Aggregates whose result follows the order of arrival. */
const ORDER_SENSITIVE = new Set([
	"FIRST_VALUE",
	"LAST_VALUE",
	"LISTAGG",
	"ARRAY_AGG",
	"JSON_ARRAYAGG",
	"JSON_OBJECTAGG",
	"COLLECT",
]);

/** The input without a sort that only orders it. */
function unordered(node: PlanNode): PlanNode {
	if (node.kind === "Sort" && node.fetch === undefined && node.offset === 0) return node.input;
	if (node.kind !== "Project" && node.kind !== "Filter") return node;
	const input = unordered(node.input);
	return input === node.input ? node : { ...node, input };
}

function combined(outer: SortNode, inner: SortNode): SortNode | undefined {
	const innerAll = inner.fetch === undefined && inner.offset === 0;
	if (outer.order.length > 0) return innerAll ? { ...outer, input: inner.input } : undefined;
	const left = inner.fetch === undefined ? undefined : Math.max(0, inner.fetch - outer.offset);
	const fetch = left === undefined ? outer.fetch : Math.min(left, outer.fetch ?? left);
	return { ...inner, offset: inner.offset + outer.offset, fetch, schema: outer.schema };
}
