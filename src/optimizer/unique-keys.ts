// Columns that identify a row of a plan, and how many rows there are before filters: what a join on them can match.
import type { PlanNode } from "../plan/nodes.js";
import { estimateRows } from "./statistics.js";

export interface UniqueKey {
	readonly columns: readonly number[];
	/** Values of the key in the whole table. */
	readonly values: number;
}

export function uniqueKeyOf(node: PlanNode): UniqueKey | undefined {
	switch (node.kind) {
		case "Scan": {
			const { primaryKey } = node.table;
			const columns = primaryKey?.map((column) =>
				node.projection.findIndex((path) => path.length === 1 && path[0] === column),
			);
			return columns === undefined || columns.includes(-1) ? undefined : { columns, values: estimateRows(node) };
		}
		case "Aggregate":
			if (node.groupingSets !== undefined || node.window !== undefined) return undefined;
			return { columns: node.keys.map((_, position) => position), values: estimateRows(node) };
		case "Filter":
		case "Watermark":
			return uniqueKeyOf(node.input);
		case "Join":
			return node.type === "semi" || node.type === "anti" ? uniqueKeyOf(node.left) : undefined;
		case "Project": {
			const key = uniqueKeyOf(node.input);
			const columns = key?.columns.map((column) =>
				node.exprs.findIndex((expr) => expr.kind === "column" && expr.index === column),
			);
			return key === undefined || columns === undefined || columns.includes(-1) ? undefined : { ...key, columns };
		}
		default:
			return undefined;
	}
}
