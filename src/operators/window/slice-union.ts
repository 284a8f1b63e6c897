// The groups of a window over slices that have hardly a group in common, as where keys are ids that rise with time: groups of one slice go
// out as they are, only the others are added up.
import type { Column } from "../../arrow/batch.js";
import type { Region } from "../../wasm/region.js";
import type { GroupRows, GroupTable } from "./group-table.js";

/** A slice's start and groups. */
export type Slice = readonly [start: number, table: GroupTable];

/** With fewer groups a slice says nothing about where its keys lie. */
const GROWN_SIZE = 32;
/** Of the values that slices span together, what they may span one by one: 5/4. */
const OVERLAP = 5n;
const OVERLAP_DIVISOR = 4n;

export const grownOf = (slices: readonly Slice[]) => slices.filter(([, { size }]) => size >= GROWN_SIZE);

/** Whether the slices' keys are integers of ranges that hardly overlap. */
export function areApart(slices: readonly Slice[]): boolean {
	let sum = 0n;
	let all: Range | undefined;
	for (const [, { range }] of grownOf(slices)) {
		if (!range) return false;
		const [from, to] = range;
		sum += to - from + 1n;
		all = all ? [from < all[0] ? from : all[0], to > all[1] ? to : all[1]] : range;
	}
	return all !== undefined && sum * OVERLAP_DIVISOR <= (all[1] - all[0] + 1n) * OVERLAP;
}

type Range = readonly [least: bigint, greatest: bigint];

interface Ranged {
	readonly table: GroupTable;
	readonly range: Range | undefined;
}

const meet = (a: Range | undefined, b: Range | undefined) => !a || !b || (a[0] <= b[1] && b[0] <= a[1]);

/** All groups of the slices, each once, with the table that they are in. `shared`: an empty table for those of several slices. */
export function* unionOf(
	region: Region,
	slices: readonly Slice[],
	shared: GroupTable,
): Generator<readonly [GroupTable, GroupRows]> {
	const { arena, kernels } = region;
	const tables = slices.map(([, table]) => ({ table, range: table.range }));
	for (const { table, range } of tables) {
		const others = tables.filter((other) => other.table !== table && meet(other.range, range));
		for (const group of table.groups()) {
			const marks = others.length === 0 ? 0 : marksOf(region, others, table, group);
			if (marks === 0) {
				yield [table, group];
				continue;
			}
			const { count } = group;
			const indices = arena.allocate(count * 4);
			const rows = arena.allocate(count * 4);
			const common = kernels.kindsOtherThan(marks, count, 0, indices);
			kernels.take4(group.rows, indices, common, rows);
			shared.mergeRows(table, rows, common);
			const own = kernels.kindsOtherThan(marks, count, 1, indices);
			kernels.take4(group.rows, indices, own, rows);
			if (own > 0) yield [table, { rows, count: own }];
		}
	}
	for (const group of shared.groups()) yield [shared, group];
}

/** A byte per group of `table`: 1 when another slice has it, too. 0: none has any. */
function marksOf(region: Region, others: readonly Ranged[], table: GroupTable, { rows, count }: GroupRows): number {
	const { arena, kernels } = region;
	const keys = table.keysOf(rows, count);
	const range = others.some((other) => other.range) ? rangeOf(region, keys[0]!, count) : undefined;
	let marks = 0;
	let marked = 0;
	for (const other of others) {
		if (!meet(other.range, range)) continue;
		if (marks === 0) {
			marks = arena.allocate(count);
			kernels.fillBytes(marks, 0, count);
		}
		marked += kernels.rowsMark(other.table.lookup(keys, count), count, marks);
	}
	return marked === 0 ? 0 : marks;
}

/** Of integers that are not NULL; for others it says nothing. */
function rangeOf(region: Region, { physical, data, validity }: Column, n: number): Range | undefined {
	if (validity !== 0 || (physical !== "i64" && physical !== "i32")) return undefined;
	const range = region.arena.allocate(16);
	region.kernels[physical === "i32" ? "rangeExtendI32" : "rangeExtendI64"](data, n, range, true);
	return [region.i64[range / 8]!, region.i64[range / 8 + 1]!];
}
