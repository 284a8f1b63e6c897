// WindowAggregate over tumbling, hopping, cumulating and attached windows: one table of groups per slice; a window is the sum of its
// slices, sent once when the watermark (or the clock) passes its end − 1. A row counts in those of its windows that are still open; a
// row with none is late.
import { asSame, type Batch, type Column } from "../../arrow/batch.js";
import { keepsOrder } from "../../job/aggregate-order.js";
import type { WindowAggregateSpec } from "../../job/specs.js";
import { BIGINT, notNull, type Schema, type SqlType } from "../../types/sql-type.js";
import { hasKernels } from "../aggregate/aggregates.js";
import { readSets, savedEntries, writeSets } from "../aggregate/saved-sets.js";
import type { Operator, OperatorContext, OperatorDefinition, Output, StateReader, StateWriter } from "../operator.js";
import { type GroupRows, GroupTable } from "./group-table.js";
import { PendingEnds } from "./pending-ends.js";
import { SessionAggregate } from "./session-aggregate.js";
import { nullRowtime, rowsOfParts, type SlicePart, sliceParts } from "./slice-parts.js";
import { areApart, type Slice, unionOf } from "./slice-union.js";
import { type Slicing, slicingOf } from "./slicing.js";
import { WindowSum } from "./window-sum.js";
import { ZoneClock } from "./zone-clock.js";

/** Empty tables kept for the next slice. */
const MAX_SPARE_TABLES = 4;
const SAVED = ["slices", "totals"] as const;

type SlicedSpec = WindowAggregateSpec & {
	readonly window: Exclude<WindowAggregateSpec["window"], { kind: "session" }>;
};

class WindowAggregate implements Operator {
	readonly #spec: SlicedSpec;
	readonly #context: OperatorContext;
	readonly #slicing: Slicing;
	/** Windows in local time. */
	readonly #clock: ZoneClock | undefined;
	/** Input columns that make a group: the keys and, where windows of one end may differ in their start, that. */
	readonly #keys: readonly number[];
	readonly #keyTypes: readonly SqlType[];
	readonly #used: ReadonlySet<number>;
	/** An aggregate tells in which order slices are merged. */
	readonly #keepsOrder: boolean;
	/** By slice. */
	readonly #slices = new Map<number, GroupTable>();
	/** Cumulating windows: what has fired already, by window start. */
	readonly #totals = new Map<number, GroupTable>();
	/** Ends of windows that will have to be looked at. */
	readonly #pending = new PendingEnds();
	/** Of hopping windows, which alone have several slices. */
	readonly #sum: WindowSum | undefined;
	readonly #spare: GroupTable[] = [];
	/** Windows whose end − 1 is not after this have fired. */
	#fired = Number.MIN_SAFE_INTEGER;

	constructor(spec: SlicedSpec, context: OperatorContext) {
		this.#spec = spec;
		this.#context = context;
		this.#slicing = slicingOf(spec.window);
		const { window } = spec;
		if (window.kind === "hop") {
			this.#sum = new WindowSum({ take: () => this.#takeTable(), give: (table) => this.#giveTable(table) });
		}
		this.#clock = ZoneClock.of(context.region, window.timeZone);
		this.#keys = window.kind === "attached" ? [...spec.keys, window.start] : spec.keys;
		const input = context.inputs[0] as Schema;
		this.#keyTypes = this.#keys.map((key) => input[key]!.type);
		const filters = spec.calls.flatMap(({ filter }) => (filter === undefined ? [] : [filter]));
		this.#keepsOrder = spec.calls.some(keepsOrder);
		this.#used = new Set([...this.#keys, ...spec.calls.flatMap(({ args }) => args), ...filters]);
	}

	process(batch: Batch, _input: number, out: Output): void {
		const { arena } = this.#context.region;
		const late: SlicePart[] = [];
		for (const part of this.#parts(batch)) {
			const mark = arena.mark();
			const target = this.#openSlice(part.slice);
			if (target === undefined) late.push(part);
			else {
				const keys = this.#keys.map((key) => part.batch.columns[key]!);
				target.update(part.batch, keys);
				this.#sum?.update(part.slice, part.batch, keys);
			}
			arena.release(mark);
		}
		if (late.length > 0) this.#drop(batch, late, out);
		const { first } = this.#pending;
		if (first !== undefined && !this.#spec.final && !this.#keepsOrder)
			this.#sum?.addAhead(first, (end) => this.#slicesOf(end));
	}

	#drop(batch: Batch, late: readonly SlicePart[], out: Output): void {
		const count = late.reduce((sum, part) => sum + part.batch.length, 0);
		this.#context.metrics.lateRecordsDropped += count;
		out.late?.(batch, rowsOfParts(this.#context.region, late, batch.length), count);
	}

	advance(watermark: number, out: Output): void {
		while (this.advanceInParts(watermark, out));
	}

	/** A window at a time. */
	advanceInParts(watermark: number, out: Output): boolean {
		if (!this.#spec.window.eventTime || this.#spec.final) return false;
		return this.#fireNext(this.#clock?.passed(watermark) ?? watermark, out);
	}

	onTimer(nowMs: number, out: Output): void {
		this.#fire(this.#clock?.passed(nowMs) ?? nowMs, out);
	}

	finish(_input: number, out: Output): void {
		if (this.#spec.final) this.#fire(Number.MAX_SAFE_INTEGER, out);
	}

	snapshot(writer: StateWriter): void {
		writer.value("fired", this.#fired);
		writer.value("pending", [...this.#pending]);
		const sample = this.#takeTable();
		const types = [notNull(BIGINT), ...this.#keyTypes, ...sample.aggregates.saved];
		const schema = types.map((type, i) => ({ name: `f${i}`, type }));
		const keys = (this.#spec.distributedBy ?? [...this.#keyTypes.keys()]).map((key) => key + 1);
		for (const [i, tables] of [this.#slices, this.#totals].entries()) {
			writer.table(SAVED[i]!, schema, this.#saved(tables), keys);
			const names = { types: [notNull(BIGINT), ...this.#keyTypes], keys };
			writeSets(writer, SAVED[i]!, names, sample.aggregates.sets, (index) => this.#savedEntries(tables, index));
		}
		this.#giveTable(sample);
	}

	restore(reader: StateReader): void {
		this.#fired = Number(reader.value("fired") ?? Number.MIN_SAFE_INTEGER);
		for (const end of (reader.value("pending") as number[] | undefined) ?? []) this.#pending.add(end);
		for (const [i, tables] of [this.#slices, this.#totals].entries()) {
			for (const batch of reader.table(SAVED[i]!)) this.#load(tables, batch);
			const sample = this.#takeTable();
			readSets(reader, SAVED[i]!, sample.aggregates.sets, (index, batch) => this.#load(tables, batch, index));
			this.#giveTable(sample);
		}
	}

	dispose(): void {
		this.#sum?.drop();
		for (const table of [...this.#slices.values(), ...this.#totals.values(), ...this.#spare]) table.dispose();
	}

	#parts(batch: Batch): SlicePart[] {
		const { region, functions } = this.#context;
		const { column, unit, offset } = this.#slicing;
		if (column === undefined) {
			const instant = this.#context.now();
			const now = this.#clock?.localOf(instant) ?? instant;
			return [{ slice: Math.floor((now - offset) / unit) * unit + offset, batch, rows: 0 }];
		}
		const instants = batch.columns[column]!;
		// The bounds of attached windows are wall-clock times already.
		const isLocal = this.#spec.window.kind === "attached";
		const times = (!isLocal && this.#clock?.local(instants, batch.length)) || instants;
		const parts = sliceParts(region, batch, times, unit, offset, this.#used);
		if (times.validity !== 0 && !functions.batch) {
			const rows = parts.reduce((sum, part) => sum + part.batch.length, 0);
			if (rows < batch.length) throw nullRowtime();
		}
		return parts;
	}

	/** The table for rows of a slice; undefined when all its windows have fired. */
	#openSlice(slice: number): GroupTable | undefined {
		const { unit, lastEnd, firstEndAfter, startOf } = this.#slicing;
		if (lastEnd(slice) - 1 <= this.#fired) return undefined;
		const first = firstEndAfter(slice, this.#fired + 1);
		// What a cumulating window has sent is summed up already: a row that comes late is added to that.
		const isSummed = this.#spec.window.kind === "cumulate" && first > slice + unit;
		const [tables, home] = isSummed ? [this.#totals, startOf(first)] : [this.#slices, slice];
		let table = tables.get(home);
		if (!table) {
			table = this.#takeTable();
			tables.set(home, table);
			this.#await(first);
		}
		return table;
	}

	#await(end: number): void {
		this.#pending.add(end);
		if (!this.#spec.window.eventTime) this.#context.registerTimer(this.#clock?.closingOf(end - 1) ?? end - 1);
	}

	#fire(time: number, out: Output): void {
		while (this.#fireNext(time, out));
	}

	/** Sends the first window that is due; whether there is another one. */
	#fireNext(time: number, out: Output): boolean {
		if (time > this.#fired) this.#fired = time;
		const end = this.#pending.next(time + 1);
		if (end === undefined) return false;
		this.#fireWindow(end, out);
		const isLast = !this.#isDue(time);
		// Consumers need not keep the rows of this window until those of all others have come.
		if (this.#sendsWatermarks && !isLast) out.watermark(end - 1);
		return !isLast;
	}

	/** Of each window of several that close together. Local time has hours that come twice. */
	get #sendsWatermarks(): boolean {
		const { window, final } = this.#spec;
		return window.eventTime && !final && !this.#clock;
	}

	#isDue(time: number): boolean {
		const { first } = this.#pending;
		return first !== undefined && first <= time + 1;
	}

	#fireWindow(end: number, out: Output): void {
		if (this.#spec.window.kind === "cumulate") {
			this.#fireCumulated(end, out);
			return;
		}
		const slices = this.#inMergeOrder(this.#slicesOf(end));
		const [only] = slices;
		if (slices.length === 1) this.#emit(only![1], end, out);
		else if (this.#mayUnite(end, slices)) this.#emitUnion(slices, end, out);
		else if (only) this.#emit(this.#sum!.total(end, slices), end, out);
		this.#sum?.drop();
		const start = this.#slicing.startOf(end);
		for (const [slice, table] of this.#slicesIn(start, this.#slicing.keptFrom(end))) {
			this.#slices.delete(slice);
			this.#sum?.forget(slice);
			this.#giveTable(table);
		}
		const next = this.#slicing.next(end);
		if (next !== undefined && this.#slicesOf(next).length > 0) this.#await(next);
	}

	/** As Flink merges them. */
	#inMergeOrder(slices: Slice[]): Slice[] {
		if (!this.#keepsOrder) return slices;
		const { groupWindow } = this.#spec.window;
		return slices.sort(([left], [right]) => (groupWindow ? left - right : right - left));
	}

	/** A window's slices. */
	#slicesOf(end: number): Slice[] {
		const { startOf, boundOf } = this.#slicing;
		return this.#slicesIn(startOf(end), boundOf(end));
	}

	/** Slices with rows from `start` up to, not including, `end`. */
	#slicesIn(start: number, end: number): Slice[] {
		const { unit } = this.#slicing;
		if ((end - start) / unit > this.#slices.size) {
			return [...this.#slices].filter(([slice]) => slice >= start && slice < end);
		}
		const found: Slice[] = [];
		for (let slice = start; slice < end; slice += unit) {
			const table = this.#slices.get(slice);
			if (table) found.push([slice, table]);
		}
		return found;
	}

	#fireCumulated(end: number, out: Output): void {
		const { unit, startOf, next } = this.#slicing;
		const start = startOf(end);
		const latest = this.#slices.get(end - unit);
		this.#slices.delete(end - unit);
		let total = this.#totals.get(start);
		if (latest && total) {
			total.merge(latest);
			this.#giveTable(latest);
		}
		total ??= latest;
		if (!total) return;
		this.#totals.set(start, total);
		this.#emit(total, end, out);
		const following = next(end);
		if (following !== undefined) {
			this.#await(following);
			return;
		}
		this.#totals.delete(start);
		this.#giveTable(total);
	}

	/** Groups that were taken back may be missing in one slice and less than nothing in another. */
	#mayUnite(end: number, slices: readonly Slice[]): boolean {
		return slices.length > 1 && !this.#spec.inputUpdates && !this.#sum!.hasBegun(end) && areApart(slices);
	}

	#emitUnion(slices: readonly Slice[], end: number, out: Output): void {
		const shared = this.#takeTable();
		for (const [table, group] of unionOf(this.#context.region, slices, shared)) {
			this.#emitGroups(table, group, end, out);
		}
		this.#giveTable(shared);
	}

	#emit(table: GroupTable, end: number, out: Output): void {
		for (const group of table.groups()) this.#emitGroups(table, group, end, out);
	}

	#emitGroups(table: GroupTable, { rows, count }: GroupRows, end: number, out: Output): void {
		const { keys } = this.#spec;
		const columns = table.keysOf(rows, count);
		const start = columns[keys.length];
		const results = table.aggregates.results(rows, count);
		const properties = this.#properties(end, count, start);
		out.emit({ length: count, columns: [...columns.slice(0, keys.length), ...results, ...properties], kinds: 0 });
	}

	/** The window columns; the start of an attached window is a key. */
	#properties(end: number, n: number, start: Column | undefined): Column[] {
		const { region, vertex } = this.#context;
		const { keys, calls, properties } = this.#spec;
		return properties.map((property, i) => {
			if (property === "start" && start) return start;
			const type = vertex.schema[keys.length + calls.length + i]!.type;
			const data = region.arena.allocate(n * 8);
			const value = property === "start" ? this.#slicing.startOf(end) : property === "end" ? end : this.#timeOf(end);
			region.kernels.sliceFill(data, n, value);
			return asSame({ type, physical: "i64", data, validity: 0 });
		});
	}

	/** window_time: the last ms, as an instant. */
	#timeOf(end: number): number {
		return this.#clock?.instantOf(end - 1) ?? end - 1;
	}

	#takeTable(): GroupTable {
		const { calls, inputUpdates, window } = this.#spec;
		const merged = window.kind === "hop" || window.kind === "cumulate";
		const options = { calls, updates: inputUpdates, grouped: true, merged, functions: this.#context.functions };
		return this.#spare.pop() ?? new GroupTable(this.#context, this.#keyTypes, options);
	}

	#giveTable(table: GroupTable): void {
		if (this.#spare.length < MAX_SPARE_TABLES) {
			table.clear();
			this.#spare.push(table);
		} else table.dispose();
	}

	*#saved(tables: ReadonlyMap<number, GroupTable>): Generator<Batch> {
		for (const [slice, table] of tables) {
			for (const group of table.scan()) {
				const { rows, count } = group;
				const columns = [
					this.#sliceColumn(slice, count),
					...table.keysOf(rows, count),
					...table.aggregates.save(rows, count),
				];
				yield { length: count, columns, kinds: 0 };
			}
		}
	}

	*#savedEntries(tables: ReadonlyMap<number, GroupTable>, index: number): Generator<Batch> {
		for (const [slice, table] of tables) {
			yield* savedEntries(table.aggregates.sets[index]!, (rows, n) => [
				this.#sliceColumn(slice, n),
				...table.keysOf(rows, n),
			]);
		}
	}

	#sliceColumn(slice: number, n: number): Column {
		const { region } = this.#context;
		const data = region.arena.allocate(n * 8);
		region.kernels.sliceFill(data, n, slice);
		return asSame({ type: notNull(BIGINT), physical: "i64", data, validity: 0 });
	}

	/** Saved groups, or entries of distinct set `set`. */
	#load(tables: Map<number, GroupTable>, batch: Batch, set?: number): void {
		const { region } = this.#context;
		const all = new Set(batch.columns.keys());
		for (const { slice, batch: part } of sliceParts(region, batch, batch.columns[0]!, 1, 0, all)) {
			const table = tables.get(slice) ?? this.#takeTable();
			tables.set(slice, table);
			const width = 1 + this.#keys.length;
			const [keys, state] = [part.columns.slice(1, width), part.columns.slice(width)];
			if (set === undefined) table.load(keys, state, part.length);
			else table.loadSet(set, keys, state, part.length);
		}
	}
}

const MERGING = { tumble: "none", attached: "none", hop: "slices", cumulate: "slices", session: "sessions" } as const;

export const windowAggregate: OperatorDefinition<"WindowAggregate"> = {
	name: "WindowAggregate",
	create(spec, context) {
		const { window } = spec;
		if (!hasKernels(spec.calls, MERGING[window.kind])) return undefined;
		if (window.kind === "session") return new SessionAggregate({ ...spec, window }, context);
		return new WindowAggregate({ ...spec, window }, context);
	},
};
