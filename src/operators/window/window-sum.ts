// The sum over the slices of the hopping window that closes next, made before it closes: slices that the watermark has passed are
// added while rows for younger ones still come, so that closing the window has to add the last ones only.
import type { Batch, Column } from "../../arrow/batch.js";
import type { GroupTable } from "./group-table.js";

export class WindowSum {
	readonly end: number;
	readonly table: GroupTable;
	readonly #slices = new Set<number>();

	/** `end`: of the window; `table`: an empty one. */
	constructor(end: number, table: GroupTable) {
		this.end = end;
		this.table = table;
	}

	/** Adds the groups of the slices that are not part of it yet, oldest first, at most `limit` of them. */
	add(slices: Iterable<readonly [number, GroupTable]>, limit = Number.POSITIVE_INFINITY): void {
		let added = 0;
		for (const [slice, table] of slices) {
			if (added >= limit) return;
			if (this.#slices.has(slice)) continue;
			this.table.merge(table);
			this.#slices.add(slice);
			added++;
		}
	}

	/** Rows that come for a slice after the watermark has passed it count in the windows that are still open. */
	update(slice: number, batch: Batch, keys: readonly Column[]): void {
		if (this.#slices.has(slice)) this.table.update(batch, keys);
	}
}
