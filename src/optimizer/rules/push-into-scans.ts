// Tells sources what is filtered right above them, and how many rows are wanted, so that they can skip data. The filters stay where they are.

import { exprKey } from "../../expr/same.js";
import type { PlanNode, ScanNode } from "../../plan/nodes.js";
import { type Expr, visit } from "../../types/expr.js";
import { isDeterministic } from "../determinism.js";
import type { Rule } from "../optimizer.js";
import { conjunction, conjunctsOf, disjunction } from "../predicate.js";
import { readersOf, rewriteUp } from "../rewrite-plan.js";

export const pushIntoScans: Rule = {
	name: "push-into-scans",
	apply(roots) {
		const readers = readersOf(roots);
		return rewriteUp(roots, (node) => (node.kind === "Scan" ? informed(node, readers) : node));
	},
};

function informed(scan: ScanNode, readers: ReadonlyMap<PlanNode, readonly PlanNode[]>): ScanNode {
	const filters = filtersOf(scan, readers.get(scan) ?? []);
	const limit = limitOf(scan, readers);
	const known = scan.filters.map(exprKey).join();
	if (limit === scan.limit && filters.map(exprKey).join() === known) return scan;
	return { ...scan, filters, limit };
}

/** Conditions without which no reader takes a row: with several readers the disjunction of theirs. */
function filtersOf(scan: ScanNode, readers: readonly PlanNode[]): readonly Expr[] {
	// Dropping an upsert would leave the row that it replaces.
	if (scan.changelog === "upsert" || readers.length === 0) return scan.filters;
	const conditions = readers.map((reader) =>
		reader.kind === "Filter" ? conjunctsOf(reader.condition).filter(isPlain) : [],
	);
	if (conditions.some((conjuncts) => conjuncts.length === 0)) return scan.filters;
	if (conditions.length === 1) return conditions[0]!;
	return [disjunction(conditions.map((conjuncts) => conjunction(conjuncts)!))];
}

function isPlain(condition: Expr): boolean {
	let user = false;
	visit(condition, (part) => {
		if (part.kind === "call" && part.user !== undefined) user = true;
	});
	return !user && isDeterministic(condition);
}

/** A plain LIMIT with nothing but projections between. */
function limitOf(scan: ScanNode, readers: ReadonlyMap<PlanNode, readonly PlanNode[]>): number | undefined {
	if (scan.changelog !== "insert") return undefined;
	let current: PlanNode = scan;
	for (;;) {
		const [reader, ...others]: readonly PlanNode[] = readers.get(current) ?? [];
		if (reader === undefined || others.length > 0) return undefined;
		if (reader.kind === "Sort" && reader.order.length === 0 && reader.fetch !== undefined)
			return reader.offset + reader.fetch;
		if (reader.kind !== "Project") return undefined;
		current = reader;
	}
}
