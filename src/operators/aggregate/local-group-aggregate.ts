// LocalGroupAggregate: sums up the rows of its subtask, so that what goes over an exchange is one row per group instead of one per row.
// It keeps them until there are many groups, until a watermark has to pass, or until the task has nothing else to do. Where it hardly
// reduces, it sends each row as a group of its own, without looking for equal keys, and tries again later.
import { asSame, type Batch, type Column } from "../../arrow/batch.js";
import type { LocalGroupAggregateSpec } from "../../job/specs.js";
import type { SqlType } from "../../types/sql-type.js";
import type { Operator, OperatorContext, OperatorDefinition, Output } from "../operator.js";
import { GroupTable } from "../window/group-table.js";
import { nullRowtime, sliceParts, unitsPerMs } from "../window/slice-parts.js";
import { type Slicing, slicingOf } from "../window/slicing.js";
import { ZoneClock } from "../window/zone-clock.js";
import { type AggregatesOptions, hasKernels } from "./aggregates.js";
import { SingleRows } from "./single-rows.js";

/** Rows that are summed up at most: counts are INTEGERs. */
const MOST_ROWS = 2 ** 31 - 1;
/** Groups that are kept at most: what a cache holds. */
const MOST_GROUPS = 16_384;
/** Groups that are read together: field after field, while their rows are in the cache. */
const READ_GROUPS = 2048;
/** After so many rows it is decided whether to go on. */
const SAMPLE_ROWS = 16_384;
/** More groups than this share of the rows do not pay for finding them. */
const WORTHWHILE = 0.6;
/** Rows that are passed on before the next try: twice as many each time that it does not pay. */
const FEWEST_SKIPPED = 1 << 18;
const MOST_SKIPPED = 1 << 22;
/** Empty tables kept for the next slice. */
const MOST_SPARE = 4;

/** Rows without windows are of one slice. */
const NO_SLICE = 0;

class LocalGroupAggregate implements Operator {
	readonly #spec: LocalGroupAggregateSpec;
	readonly #context: OperatorContext;
	readonly #options: AggregatesOptions;
	readonly #keyTypes: readonly SqlType[];
	readonly #slicing: Slicing | undefined;
	/** Slices of local time. */
	readonly #clock: ZoneClock | undefined;
	/** Groups by slice: start in ms. */
	readonly #tables = new Map<number, GroupTable>();
	readonly #spare: GroupTable[] = [];
	readonly #singles: SingleRows;
	readonly #used: ReadonlySet<number>;
	/** Rows that the groups were made of. */
	#rows = 0;
	#sampledRows = 0;
	#sampledGroups = 0;
	#rowsToSkip = 0;
	#nextSkip = FEWEST_SKIPPED;

	constructor(spec: LocalGroupAggregateSpec, context: OperatorContext) {
		this.#spec = spec;
		this.#context = context;
		const { region, owner, functions } = context;
		this.#options = { calls: spec.calls, updates: false, grouped: true, merged: false, functions };
		const input = context.inputs[0]!;
		this.#keyTypes = spec.keys.map((key) => input[key]!.type);
		this.#slicing = spec.window && slicingOf(spec.window);
		this.#clock = ZoneClock.of(region, spec.window?.timeZone);
		this.#singles = new SingleRows(region, owner, this.#options);
		const filters = spec.calls.flatMap(({ filter }) => (filter === undefined ? [] : [filter]));
		this.#used = new Set([...spec.keys, ...spec.calls.flatMap(({ args }) => args), ...filters]);
	}

	process(batch: Batch, _input: number, out: Output): void {
		if (this.#rows > MOST_ROWS - batch.length) this.flush(out);
		if (this.#slicing === undefined) this.#take(batch, NO_SLICE, out);
		else for (const part of this.#parts(batch, this.#slicing)) this.#take(part.batch, part.slice, out);
		let groups = 0;
		for (const table of this.#tables.values()) groups += table.size;
		if (groups >= MOST_GROUPS) this.flush(out);
	}

	advance(_watermark: number, out: Output): void {
		if (this.#spec.eventTime) this.flush(out);
	}

	finish(_input: number, out: Output): void {
		this.flush(out);
	}

	flush(out: Output): boolean {
		if (this.#tables.size === 0) return false;
		const { arena } = this.#context.region;
		let groups = 0;
		for (const [slice, table] of this.#tables) {
			groups += table.size;
			for (const { rows, count } of table.groups(READ_GROUPS)) {
				const mark = arena.mark();
				this.#emit(table.keysOf(rows, count), slice, table.aggregates.results(rows, count), count, out);
				arena.release(mark);
			}
			this.#tables.delete(slice);
			this.#giveTable(table);
		}
		this.#judge(groups);
		return true;
	}

	dispose(): void {
		for (const table of [...this.#tables.values(), ...this.#spare]) table.dispose();
		this.#singles.dispose();
	}

	#parts(batch: Batch, { column, unit, offset }: Slicing) {
		const instants = batch.columns[column!]!;
		const times = this.#clock?.local(instants, batch.length) ?? instants;
		const parts = sliceParts(this.#context.region, batch, times, unit, offset, this.#used);
		if (times.validity !== 0 && parts.reduce((sum, part) => sum + part.batch.length, 0) < batch.length) {
			throw nullRowtime();
		}
		return parts;
	}

	#take(batch: Batch, slice: number, out: Output): void {
		const { arena } = this.#context.region;
		const mark = arena.mark();
		if (this.#rowsToSkip > 0) this.#passOn(batch, slice, out);
		else {
			this.#rows += batch.length;
			this.#tableOf(slice).update(
				batch,
				this.#spec.keys.map((key) => batch.columns[key]!),
			);
		}
		arena.release(mark);
	}

	#tableOf(slice: number): GroupTable {
		let table = this.#tables.get(slice);
		if (!table) {
			table = this.#spare.pop() ?? new GroupTable(this.#context, this.#keyTypes, this.#options);
			this.#tables.set(slice, table);
		}
		return table;
	}

	#giveTable(table: GroupTable): void {
		if (this.#spare.length < MOST_SPARE) {
			table.clear();
			this.#spare.push(table);
		} else table.dispose();
	}

	/** Whether it has paid, once enough has been seen. */
	#judge(groups: number): void {
		this.#sampledRows += this.#rows;
		this.#sampledGroups += groups;
		this.#rows = 0;
		if (this.#sampledRows < SAMPLE_ROWS) return;
		if (this.#sampledGroups > this.#sampledRows * WORTHWHILE) {
			this.#rowsToSkip = this.#nextSkip;
			this.#nextSkip = Math.min(this.#nextSkip * 2, MOST_SKIPPED);
		} else this.#nextSkip = FEWEST_SKIPPED;
		this.#sampledRows = 0;
		this.#sampledGroups = 0;
	}

	#passOn(batch: Batch, slice: number, out: Output): void {
		this.#rowsToSkip = Math.max(0, this.#rowsToSkip - batch.length);
		const keys = this.#spec.keys.map((key) => batch.columns[key]!);
		this.#emit(keys, slice, this.#singles.results(batch), batch.length, out);
	}

	#emit(keys: readonly Column[], slice: number, results: readonly Column[], n: number, out: Output): void {
		const time = this.#slicing === undefined ? [] : [this.#sliceColumn(slice, n)];
		out.emit({ length: n, columns: [...keys, ...time, ...results], kinds: 0 });
	}

	#sliceColumn(start: number, n: number): Column {
		const { region, inputs } = this.#context;
		const { type } = inputs[0]![this.#slicing!.column!]!;
		const data = region.arena.allocate(n * 8);
		region.kernels.sliceFill(data, n, this.#instantOf(start) * unitsPerMs(type));
		return asSame({ type, physical: "i64", data, validity: 0 });
	}

	/** An instant of a slice: of one whose start the clocks skip, the last. */
	#instantOf(slice: number): number {
		const clock = this.#clock;
		if (clock === undefined) return slice;
		const instant = clock.instantOf(slice);
		return clock.localOf(instant) === slice ? instant : clock.instantOf(slice + this.#slicing!.unit - 1);
	}
}

export const localGroupAggregate: OperatorDefinition<"LocalGroupAggregate"> = {
	name: "LocalGroupAggregate",
	create: (spec, context) => (hasKernels(spec.calls) ? new LocalGroupAggregate(spec, context) : undefined),
};
