// Which columns of a plan's output are the start and end of a window that each row belongs to. Windows join, rank and cascade by them.
import type { WindowSpec } from "../job/window.js";
import type { PlanNode } from "../plan/nodes.js";
import type { Expr } from "../types/expr.js";
import { structureKey } from "./structure-key.js";

export interface WindowColumns {
	readonly start?: number | undefined;
	readonly end: number;
	/** window_time: still a time attribute. */
	readonly time?: number | undefined;
	/** The kind and sizes of the windows: equal for windows that can be joined. */
	readonly shape: string;
	/** Windows that end together may have started apart. */
	readonly session: boolean;
	readonly eventTime: boolean;
	readonly timeZone?: string | undefined;
	/** Rows late for their window have been dropped: an aggregate made these windows. */
	readonly aggregated: boolean;
}

const known = new WeakMap<PlanNode, WindowColumns | null>();

export function windowColumnsOf(node: PlanNode): WindowColumns | undefined {
	let columns = known.get(node);
	if (columns === undefined) {
		columns = derive(node) ?? null;
		known.set(node, columns);
	}
	return columns ?? undefined;
}

function derive(node: PlanNode): WindowColumns | undefined {
	switch (node.kind) {
		case "WindowTableFunction": {
			const start = node.input.schema.length;
			const { eventTime, timeZone } = node.window;
			return {
				start,
				end: start + 1,
				time: start + 2,
				shape: shapeOf(node.window),
				session: node.window.kind === "session",
				eventTime,
				timeZone,
				aggregated: false,
			};
		}
		case "Aggregate":
			return node.window === undefined ? undefined : aggregated(node, node.window);
		case "Project": {
			const input = windowColumnsOf(node.input);
			return input && moved(input, (column) => positionOf(node.exprs, column));
		}
		case "Filter":
		case "Rank":
		case "Deduplicate":
		case "Correlate":
			return windowColumnsOf(node.input);
		case "Join": {
			// Joined on their windows, the rows of both sides belong to the left side's.
			const left = windowColumnsOf(node.left);
			return left?.aggregated === true && (node.type === "inner" || node.type === "semi") ? left : undefined;
		}
		default:
			return undefined;
	}
}

function aggregated(node: PlanNode & { kind: "Aggregate" }, window: WindowSpec): WindowColumns | undefined {
	const from = node.keys.length + node.calls.length;
	const at = (property: "start" | "end" | "time") => {
		const index = node.properties?.indexOf(property) ?? -1;
		return index < 0 ? undefined : from + index;
	};
	const end = at("end");
	if (end === undefined) return undefined;
	const attached = window.kind === "attached" ? windowColumnsOf(node.input) : undefined;
	const shape = window.kind === "attached" ? attached?.shape : shapeOf(window);
	if (shape === undefined) return undefined;
	const session = window.kind === "session" || attached?.session === true;
	const { eventTime, timeZone = attached?.timeZone } = window;
	return { start: at("start"), end, time: at("time"), shape, session, eventTime, timeZone, aggregated: true };
}

/** The columns at their new places; undefined if the end of the window is not passed on. */
function moved(columns: WindowColumns, to: (column: number) => number | undefined): WindowColumns | undefined {
	const end = to(columns.end);
	if (end === undefined) return undefined;
	const start = columns.start === undefined ? undefined : to(columns.start);
	const time = columns.time === undefined ? undefined : to(columns.time);
	return { ...columns, start, end, time };
}

function positionOf(exprs: readonly Expr[], column: number): number | undefined {
	const position = exprs.findIndex((expr) => expr.kind === "column" && expr.index === column);
	return position < 0 ? undefined : position;
}

function shapeOf(window: WindowSpec): string {
	const { time: _, ...shape } = window;
	return structureKey("partition" in shape ? { ...shape, partition: [] } : shape);
}
