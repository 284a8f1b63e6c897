// Checks that a plan hangs together: column references in range and of the type they say, schemas as wide as their parts.

import { EngineError } from "../errors.js";
import { inputsOf, type PlanNode } from "../plan/nodes.js";
import { type Expr, visit } from "../types/expr.js";
import type { Schema } from "../types/sql-type.js";
import { columnsReadBy } from "./aggregate-columns.js";
import { exprsOf } from "./plan-exprs.js";
import { nodesOf } from "./rewrite-plan.js";

/** Throws an INTERNAL error that names the rule after which the plan is broken. */
export function verifyPlan(roots: readonly PlanNode[], rule: string): void {
	for (const node of nodesOf(roots)) {
		const fail = (problem: string): never => {
			throw new EngineError("INTERNAL", `After rule ${rule}: ${node.kind} ${problem}`);
		};
		const scope = scopeOf(node);
		for (const expr of exprsOf(node)) checkColumns(expr, scope, fail);
		for (const index of columnsRead(node))
			if (scope[index] === undefined) fail(`reads column ${index} of ${scope.length}`);
		const width = widthOf(node);
		if (width !== undefined && width !== node.schema.length)
			fail(`has ${width} columns but a schema of ${node.schema.length}`);
	}
}

function checkColumns(expr: Expr, scope: Schema, fail: (problem: string) => never): void {
	visit(expr, (part) => {
		if (part.kind !== "column") return;
		const field = scope[part.index];
		if (field === undefined) return fail(`reads column ${part.index} of ${scope.length}`);
		if (field.type.kind !== part.type.kind) fail(`reads \`${field.name}\` (${field.type.kind}) as ${part.type.kind}`);
	});
}

/** What the node's expressions count columns of. */
function scopeOf(node: PlanNode): Schema {
	if (node.kind === "Scan") return node.schema;
	return inputsOf(node).flatMap((input) => input.schema);
}

function columnsRead(node: PlanNode): readonly number[] {
	switch (node.kind) {
		case "Aggregate":
			return [...node.keys, ...node.calls.flatMap(columnsReadBy), ...(node.window ? [node.window.time] : [])];
		case "WindowTableFunction":
			return [node.window.time];
		case "Over":
			return node.groups.flatMap((group) => [
				...group.partition,
				...group.order.map((key) => key.column),
				...group.calls.flatMap(columnsReadBy),
			]);
		case "Sort":
			return node.order.map((key) => key.column);
		case "Rank":
			return [...node.partition, ...node.order.map((key) => key.column)];
		case "Deduplicate":
			return [...node.keys, node.order];
		case "Watermark":
			return [node.rowtime];
		case "Match":
			return [...node.match.partition, ...node.match.order.map((key) => key.column)];
		default:
			return [];
	}
}

/** The number of columns that the node's parts make; undefined where only the schema says. */
function widthOf(node: PlanNode): number | undefined {
	switch (node.kind) {
		case "Scan":
			return node.projection.length;
		case "Project":
			return node.exprs.length;
		case "Aggregate":
			return node.keys.length + node.calls.length + (node.properties?.length ?? 0);
		case "Join":
			return node.type === "semi" || node.type === "anti"
				? node.left.schema.length
				: node.left.schema.length + node.right.schema.length;
		case "WindowTableFunction":
			return node.input.schema.length + 3;
		case "Over":
			return node.input.schema.length + node.groups.reduce((count, group) => count + group.calls.length, 0);
		case "Rank":
			return node.input.schema.length + (node.outputRank ? 1 : 0);
		case "Filter":
		case "Sort":
		case "Deduplicate":
		case "Watermark":
		case "Snapshot":
			return node.input.schema.length;
		default:
			return undefined;
	}
}
