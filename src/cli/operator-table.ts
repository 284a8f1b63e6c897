// What each operator of a job has done and what it cost, as a table: where the time went, and who waited for whom.
import Table from "cli-table3";
import type { OperatorMetricsReport } from "../engine/job.js";

/** One operator, all subtasks together. Times in ms; of subtasks that ran side by side they add up. */
export interface OperatorCost {
	readonly vertex: number;
	readonly operator: string;
	readonly description: string;
	readonly rowsIn: number;
	readonly rowsOut: number;
	readonly busyMs: number;
	readonly backPressuredMs: number;
	readonly idleMs: number;
	readonly peakStateBytes: number;
	readonly lateRows: number;
}

export const operatorCosts = (reports: readonly OperatorMetricsReport[]): OperatorCost[] =>
	reports.map(({ vertex, operator, description, metrics }) => ({
		vertex,
		operator,
		description,
		rowsIn: metrics.numRecordsIn,
		rowsOut: metrics.numRecordsOut,
		busyMs: metrics.accumulateBusyTimeMs,
		backPressuredMs: metrics.accumulateBackPressuredTimeMs,
		idleMs: metrics.accumulateIdleTimeMs,
		peakStateBytes: metrics.peakStateBytes,
		lateRows: metrics.numLateRecordsDropped,
	}));

/** Of an operator's description on screen, so that lines have at most 100 characters. */
const MOST_CHARACTERS = 32;

const BARE = { top: "", bottom: "", left: "", right: "", mid: "", middle: "  " };
const NO_BORDERS = Object.fromEntries(
	["top", "bottom", "left", "right"].flatMap((side) => ["", "-mid", "-left", "-right"].map((end) => [side + end, ""])),
);

/** In plan order, inputs before their consumers. `ns/row` is per row that came in, of a source that went out. */
export function operatorTable(costs: readonly OperatorCost[]): string {
	const hasLateRows = costs.some(({ lateRows }) => lateRows > 0);
	const late = (text: string) => (hasLateRows ? [text] : []);
	const head = [
		"operator",
		"rows in",
		"rows out",
		...late("late"),
		"busy ms",
		"share",
		"ns/row",
		"back-pressured ms",
		"idle ms",
		"MiB",
	];
	const table = new Table({
		head,
		colAligns: ["left", ...head.slice(1).map(() => "right" as const)],
		chars: { ...NO_BORDERS, ...BARE, "mid-mid": "", "left-mid": "", "right-mid": "" },
		style: { head: [], border: [], compact: true, "padding-left": 0, "padding-right": 0 },
	});
	const total = costs.reduce((sum, { busyMs }) => sum + busyMs, 0);
	for (const cost of costs) {
		const rows = cost.rowsIn || cost.rowsOut;
		table.push([
			shortened(cost.description),
			count(cost.rowsIn),
			count(cost.rowsOut),
			...late(count(cost.lateRows)),
			cost.busyMs.toFixed(1),
			total === 0 ? "" : `${((100 * cost.busyMs) / total).toFixed(0)}%`,
			rows === 0 ? "" : ((cost.busyMs * 1e6) / rows).toFixed(0),
			cost.backPressuredMs.toFixed(1),
			cost.idleMs.toFixed(1),
			(cost.peakStateBytes / 2 ** 20).toFixed(1),
		]);
	}
	return table
		.toString()
		.split("\n")
		.map((line) => line.trimEnd())
		.join("\n");
}

const count = (value: number) => value.toLocaleString("en-US");

const shortened = (text: string) => (text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS - 1)}…`);
