// Common subplans: structurally equal, deterministic subtrees become one object, which rules and translation then treat as one.

import type { AggregateCall } from "../job/specs.js";
import { inputsOf, type PlanNode, withInputs } from "../plan/nodes.js";
import { type Expr, visit } from "../types/expr.js";
import { isDeterministic } from "./determinism.js";
import { exprsOf } from "./plan-exprs.js";
import { structureKey } from "./structure-key.js";

/** The plans with equal subtrees shared, within and across the roots. Names of columns do not tell subtrees apart. */
export function internPlans(roots: readonly PlanNode[]): PlanNode[] {
	const alike = new Map<string, PlanNode[]>();
	const ids = new Map<PlanNode, number>();
	const done = new Map<PlanNode, PlanNode>();
	/** Most nodes are told apart by what they read: only the others are written out. */
	const groupOf = (node: PlanNode): PlanNode[] => {
		const source = node.kind === "Scan" ? node.table.path : inputsOf(node).map((input) => ids.get(input));
		const key = `${node.kind} ${node.schema.length} ${source.join()}`;
		const group = alike.get(key) ?? [];
		alike.set(key, group);
		return group;
	};
	const intern = (node: PlanNode): PlanNode => {
		const before = done.get(node);
		if (before !== undefined) return before;
		const rebuilt = withInputs(node, inputsOf(node).map(intern));
		const known = groupOf(rebuilt);
		const result = sharedOf(rebuilt, known) ?? rebuilt;
		if (result === rebuilt) known.push(rebuilt);
		if (!ids.has(result)) ids.set(result, ids.size);
		done.set(node, result);
		return result;
	};
	return roots.map(intern);
}

/** The node of `known`, which all read the same, that gives what `node` does. */
function sharedOf(node: PlanNode, known: readonly PlanNode[]): PlanNode | undefined {
	if (known.length === 0 || !sharable(node)) return undefined;
	const key = keyOf(node);
	return known.find((other) => keyOf(other) === key);
}

/** A sink has an effect of its own; what draws random values must draw them once for each reader. */
const sharable = (node: PlanNode) => node.kind !== "Sink" && exprsOf(node).every(isSharable);

function isSharable(expr: Expr): boolean {
	if (isDeterministic(expr)) return true;
	// The wall clock may be read once for all.
	let random = false;
	visit(expr, (node) => {
		if (node.kind === "call" && (node.function.startsWith("RAND") || node.function === "UUID")) random = true;
	});
	return !random;
}

/** Of nodes that read the same. */
function keyOf(node: PlanNode): string {
	const { schema, ...plain } = nameless(node);
	const own: Record<string, unknown> = { ...plain };
	for (const child of ["input", "left", "right", "inputs"]) delete own[child];
	return structureKey([own, schema.map((field) => field.type)]);
}

const namelessCalls = (calls: readonly AggregateCall[]) => calls.map((aggregate) => ({ ...aggregate, name: "" }));

function nameless(node: PlanNode): PlanNode {
	if (node.kind === "Aggregate") return { ...node, calls: namelessCalls(node.calls) };
	if (node.kind !== "Over") return node;
	return { ...node, groups: node.groups.map((group) => ({ ...group, calls: namelessCalls(group.calls) })) };
}
