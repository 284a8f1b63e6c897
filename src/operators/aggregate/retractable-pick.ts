// MIN and MAX of rows that may be taken back: the values are counted in a distinct set; when the one picked is gone, the group's
// others are looked through, as Flink does.
import type { Column } from "../../arrow/batch.js";
import type { SqlType } from "../../types/sql-type.js";
import type { Region } from "../../wasm/region.js";
import type { Accumulator, AggregateInput } from "./accumulator.js";
import type { DistinctSet } from "./distinct-set.js";
import type { Pick } from "./pick.js";

export class RetractablePick implements Accumulator {
	readonly #region: Region;
	readonly #pick: Pick;
	readonly #set: DistinctSet;
	readonly #slot: number;
	readonly #arg: number;
	readonly saved: readonly SqlType[];

	constructor(region: Region, pick: Pick, set: DistinctSet, slot: number, arg: number) {
		this.#region = region;
		this.#pick = pick;
		this.#set = set;
		this.#slot = slot;
		this.#arg = arg;
		this.saved = pick.saved;
	}

	update(input: AggregateInput): void {
		const { arena, kernels } = this.#region;
		this.#pick.update(input);
		const values = input.batch.columns[this.#arg] as Column;
		const weights = this.#set.weighing(this.#slot)(input);
		const lost = this.#pick.lose(input.rows, input.batch.length, values, weights);
		if (lost.count === 0) return;
		const { indices, rows: entries, count } = this.#set.entriesOf(lost.rows, lost.count);
		const groups = arena.allocate(count * 4);
		kernels.take4(lost.rows, indices, count, groups);
		const [left] = this.#set.argsOf(entries, count);
		this.#pick.see(groups, count, left as Column, this.#set.presence(entries, count, this.#slot));
	}

	result(rows: number, n: number): Column {
		return this.#pick.result(rows, n);
	}

	/** The set tells about the values that come. */
	merge(): void {}

	save(rows: number, n: number): Column[] {
		return this.#pick.save(rows, n);
	}

	load(columns: readonly Column[], rows: number, n: number): void {
		this.#pick.load(columns, rows, n);
	}

	settle(rows: number, n: number): void {
		this.#pick.settle(rows, n);
	}

	release(rows: number, n: number): void {
		this.#pick.release(rows, n);
	}

	clear(): void {
		this.#pick.clear();
	}

	dispose(): void {
		this.#pick.dispose();
	}
}
