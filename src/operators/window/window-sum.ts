// The sum over the slices of the hopping window that fires next, made ahead: slices for which rows have stopped coming are added while
// those of younger ones come, so that there is little left to add when the window closes. Not saved: the slices have it all.
// Slices that have hardly a group in common are not added up: see slice-union.ts.
import type { Batch, Column } from "../../arrow/batch.js";
import type { GroupTable } from "./group-table.js";
import { areApart, grownOf, type Slice } from "./slice-union.js";

/** Where empty tables come from and go to. */
export interface Tables {
	take(): GroupTable;
	/** Takes it back, whatever is in it. */
	give(table: GroupTable): void;
}

/** Batches without a row for a slice after which few more are expected: those have to be counted here, too. */
const RESTING_BATCHES = 8;

export class WindowSum {
	readonly #tables: Tables;
	/** Of the window; NaN: there is no sum. */
	#end = Number.NaN;
	#table: GroupTable | undefined;
	readonly #added = new Set<number>();
	/** Slices that may be added ahead, youngest first. */
	#waiting: Slice[] = [];
	/** The batch that last brought rows, by slice. */
	readonly #touched = new Map<number, number>();
	#batches = 0;
	/** How many slices were compared, and what came of it. */
	#compared = 0;
	#areApart = true;

	constructor(tables: Tables) {
		this.#tables = tables;
	}

	/** Rows have come for a slice, and have been counted there. */
	update(slice: number, batch: Batch, keys: readonly Column[]): void {
		this.#touched.set(slice, this.#batches);
		if (this.#added.has(slice)) this.#change((table) => table.update(batch, keys));
	}

	/** After a batch: adds one slice at rest, so that no batch waits for long. `slicesOf`: those of a window, oldest first. */
	addAhead(end: number, slicesOf: (end: number) => readonly Slice[]): void {
		const restingSince = this.#batches++ - RESTING_BATCHES;
		if (this.#end !== end) this.#begin(end, slicesOf(end));
		const oldest = this.#waiting.at(-1);
		if (oldest === undefined || (this.#touched.get(oldest[0]) ?? 0) > restingSince) return;
		if (!this.#table && this.#mayBeApart(slicesOf(end))) return;
		this.#waiting.pop();
		this.#add([oldest]);
	}

	/** Whether something has been added for this window. */
	hasBegun(end: number): boolean {
		return this.#end === end && this.#table !== undefined;
	}

	/** The sum of a window of these slices, valid until `drop`. */
	total(end: number, slices: readonly Slice[]): GroupTable {
		if (this.#end !== end) this.#begin(end, []);
		this.#add(slices);
		return this.#table as GroupTable;
	}

	/** Slices that no window needs any more. */
	forget(slice: number): void {
		this.#touched.delete(slice);
	}

	drop(): void {
		if (this.#table) this.#tables.give(this.#table);
		this.#table = undefined;
		this.#end = Number.NaN;
		this.#added.clear();
		this.#waiting = [];
		this.#compared = 0;
		this.#areApart = true;
	}

	/** Compares slices when they have grown, not with each batch. */
	#mayBeApart(slices: readonly Slice[]): boolean {
		const grown = grownOf(slices).length;
		if (grown >= 2 && grown !== this.#compared) this.#areApart = areApart(slices);
		this.#compared = grown;
		return this.#areApart;
	}

	#begin(end: number, slices: readonly Slice[]): void {
		this.drop();
		this.#end = end;
		this.#waiting = [...slices].reverse();
	}

	/** Adds the groups of the slices that are not part of it yet. */
	#add(slices: readonly Slice[]): void {
		this.#table ??= this.#tables.take();
		for (const [start, groups] of slices) {
			if (this.#added.has(start)) continue;
			this.#change((table) => table.merge(groups));
			this.#added.add(start);
		}
	}

	/** A sum that a failing step has left half done must not be used again. */
	#change(step: (table: GroupTable) => void): void {
		try {
			step(this.#table as GroupTable);
		} catch (error) {
			this.drop();
			throw error;
		}
	}
}
