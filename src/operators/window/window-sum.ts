// The sum over the slices of the hopping window that closes next, made before it closes: slices for which rows have stopped coming are
// added while those of younger ones come, so that there is little left to add when the window closes.
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

	/** Adds the groups of the slices that are not part of it yet. */
	add(slices: Iterable<readonly [number, GroupTable]>): void {
		for (const [slice, table] of slices) {
			if (this.#slices.has(slice)) continue;
			this.table.merge(table);
			this.#slices.add(slice);
		}
	}

	/** Rows that still come for a slice that has been added. */
	update(slice: number, batch: Batch, keys: readonly Column[]): void {
		if (this.#slices.has(slice)) this.table.update(batch, keys);
	}
}
