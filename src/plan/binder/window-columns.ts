// Which columns of a plan are the bounds of a window table function below it: what tells a window aggregate from a plain one.
import type { PlanNode } from "../nodes.js";

export interface WindowColumns {
	readonly start: number;
	readonly end: number;
	/** Absent once dropped by a projection. */
	readonly time?: number | undefined;
}

/** undefined when start or end does not reach the output. */
export function windowColumns(node: PlanNode): WindowColumns | undefined {
	switch (node.kind) {
		case "WindowTableFunction": {
			const width = node.schema.length;
			return { start: width - 3, end: width - 2, time: width - 1 };
		}
		case "Project": {
			const at = (index: number) => node.exprs.findIndex((expr) => expr.kind === "column" && expr.index === index);
			return moved(windowColumns(node.input), at);
		}
		case "Aggregate":
			return moved(windowColumns(node.input), (index) => node.keys.indexOf(index));
		case "Filter":
		case "Sort":
		case "Over":
		case "Correlate":
		case "Watermark":
		case "Rank":
		case "Deduplicate":
			return windowColumns(node.input);
		case "Apply":
		case "Join":
			return windowColumns(node.left);
		default:
			return undefined;
	}
}

function moved(columns: WindowColumns | undefined, to: (index: number) => number): WindowColumns | undefined {
	if (columns === undefined) return undefined;
	const start = to(columns.start);
	const end = to(columns.end);
	if (start < 0 || end < 0) return undefined;
	const time = columns.time === undefined ? -1 : to(columns.time);
	return { start, end, time: time < 0 ? undefined : time };
}
