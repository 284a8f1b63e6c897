// Which kinds of change an operator may emit besides +I, and the names of such sets.
import type { ChangelogMode } from "../types/row-kind.js";

/** Whether updates carry -U is decided apart, from the consumers. */
export interface RowKinds {
	readonly update: boolean;
	readonly delete: boolean;
}

export const INSERT_ONLY: RowKinds = { update: false, delete: false };

export const isUpdating = (kinds: RowKinds) => kinds.update || kinds.delete;

export function modeOf(kinds: RowKinds, before: boolean): ChangelogMode {
	if (!isUpdating(kinds)) return "insert";
	return kinds.update && !before ? "upsert" : "retract";
}

/** Flink's text, e.g. `I,UB,UA,D`. */
export function kindsText(kinds: RowKinds, before: boolean): string {
	const names = ["I"];
	if (kinds.update) names.push(...(before ? ["UB", "UA"] : ["UA"]));
	if (kinds.delete) names.push("D");
	return names.join(",");
}
