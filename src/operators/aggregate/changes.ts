// The changelog of touched groups: results before and after a batch become +I, -U, +U and -D rows.
import { type Batch, type Column, validityBytes } from "../../arrow/batch.js";
import { takeColumn } from "../../arrow/take.js";
import { PHYSICAL_WIDTH } from "../../types/value.js";
import type { Region } from "../../wasm/region.js";

/** Addresses are in the arena; one entry per touched group, in order. */
export interface Touched {
	readonly rows: number;
	readonly count: number;
	/** Bytes: the group was never sent. */
	readonly fresh: number;
	/** Bytes: the group holds no rows any more. */
	readonly empty: number;
}

/** Every group is sent, with its new result only. */
export function changesAfter(region: Region, { count, fresh }: Touched, columns: readonly Column[]): Batch {
	const kinds = region.arena.allocate(count);
	region.kernels.changelogKinds(fresh, count, kinds);
	return { length: count, columns, kinds };
}

/** Groups whose result is as before send nothing. `keys` are the columns that both results share. */
export function changesBetween(
	region: Region,
	{ count, fresh, empty }: Touched,
	keys: readonly Column[],
	before: readonly Column[],
	after: readonly Column[],
	updateBefore: boolean,
): Batch {
	const { arena, kernels } = region;
	const changed = arena.allocate(count);
	kernels.fillBytes(changed, 0, count);
	for (const [i, column] of before.entries()) markChanged(region, column, after[i] as Column, count, changed);
	const picks = arena.allocate(count * 8);
	const groups = arena.allocate(count * 8);
	const kinds = arena.allocate(count * 2);
	const length = kernels.changelogRows(count, count, fresh, empty, changed, updateBefore, picks, groups, kinds);
	const columns = keys.map((key) => takeColumn(region, key, groups, length));
	for (const [i, column] of before.entries()) {
		columns.push(pickColumn(region, column, after[i] as Column, count, picks, length));
	}
	return { length, columns, kinds };
}

function markChanged(region: Region, before: Column, after: Column, n: number, changed: number): void {
	const isView = before.physical === "view";
	const differ = isView
		? region.kernels.changelogDifferView
		: region.byWidth.changelogDiffer[PHYSICAL_WIDTH[before.physical]];
	differ(before.data, after.data, before.validity, after.validity, n, changed);
}

function pickColumn(region: Region, before: Column, after: Column, split: number, picks: number, n: number): Column {
	const { type, physical } = after;
	const width = PHYSICAL_WIDTH[physical];
	const data = region.arena.allocate(n * width);
	region.byWidth.changelogPick[width](before.data, after.data, split, picks, n, data);
	if (before.validity === 0 && after.validity === 0) return { type, physical, data, validity: 0 };
	const validity = region.arena.allocate(validityBytes(n));
	const nulls = region.kernels.changelogPickValidity(before.validity, after.validity, split, picks, n, validity);
	return { type, physical, data, validity: nulls === 0 ? 0 : validity };
}
