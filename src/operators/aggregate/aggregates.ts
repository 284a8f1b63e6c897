// The aggregate calls of an operator as accumulators in group rows. Calls over the same rows share what they have in common:
// AVG(x), SUM(x) and COUNT(x) keep one total and one count.
import type { Column } from "../../arrow/batch.js";
import { keepsOrder } from "../../job/aggregate-order.js";
import type { AggregateCall } from "../../job/specs.js";
import type { FunctionContext } from "../../types/function-context.js";
import { BIGINT, DOUBLE, decimal, isApproximate, isInterval, isNumeric, type SqlType } from "../../types/sql-type.js";
import { physicalType } from "../../types/value.js";
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import type { RowLayout } from "../state/row-layout.js";
import type { Accumulator, AggregateInput, ResultReader, Weighing } from "./accumulator.js";
import { DistinctSet } from "./distinct-set.js";
import { FewGroups } from "./few-groups.js";
import { Moments, SPREADS } from "./moments.js";
import { Pick, PickMode } from "./pick.js";
import { nullWhenOverflown, nullWhenUncounted, readAverage, readField } from "./results.js";
import { RetractablePick } from "./retractable-pick.js";
import { Count, Sum } from "./sum.js";
import { Kept, ValueList } from "./value-list.js";

export interface AggregatesOptions {
	readonly calls: readonly AggregateCall[];
	/** Rows may be taken back. */
	readonly updates: boolean;
	/** Every group holds a row: an aggregate over a NOT NULL argument without FILTER has a result. */
	readonly grouped: boolean;
	/** Groups are merged, or given up one by one. */
	readonly merged: boolean;
	/** Rows are taken back in the order in which they were added. */
	readonly sliding?: boolean;
	readonly functions: FunctionContext;
}

const PICK_MODE: Readonly<Record<string, PickMode>> = {
	FIRST_VALUE: PickMode.FIRST,
	LAST_VALUE: PickMode.LAST,
	MIN: PickMode.MIN,
	MAX: PickMode.MAX,
};

/** Of floats. */
const COUNTED_MODE: Readonly<Record<number, PickMode>> = {
	[PickMode.MIN]: PickMode.LEAST,
	[PickMode.MAX]: PickMode.GREATEST,
};

const NAMES = ["COUNT", "SUM", "$SUM0", "AVG", "LISTAGG", ...Object.keys(PICK_MODE), ...Object.keys(SPREADS)];

/** How the groups of an operator are merged: the slices of a window in an order of Flink's own, sessions in that of their rows. */
type Merging = "none" | "sessions" | "slices";

/** Whether kernels exist for all calls. */
export const hasKernels = (calls: readonly AggregateCall[], merging: Merging = "none"): boolean =>
	calls.every(
		(call) =>
			call.user === undefined &&
			(call.orderBy ?? []).length === 0 &&
			NAMES.includes(call.function) &&
			(call.function !== "LISTAGG" || separatorOf(call) !== undefined) &&
			isMerged(call, merging),
	);

/** First and last values of slices lose their order when these are merged; distinct ones also in sessions. */
const isMerged = (call: AggregateCall, merging: Merging): boolean =>
	merging === "none" || !keepsOrder(call) || call.function === "LISTAGG" || (!call.distinct && merging === "sessions");

/** Whether the results of calls can be read while rows come, and go in the order in which they came. */
export const canRun = (calls: readonly AggregateCall[]): boolean =>
	hasKernels(calls) && calls.every(({ function: name }) => name !== "LISTAGG");

/** The separator of LISTAGG where it is constant. */
const separatorOf = ({ argTypes, literals }: AggregateCall): string | undefined => {
	if (argTypes.length === 1) return ",";
	const separator = literals?.[1];
	return typeof separator === "string" ? separator : undefined;
};

const onlyGroup = ({ numbered }: AggregateInput) => (numbered?.count === 1 ? numbered : undefined);

/** The rows that a call counts. */
interface CountedRows {
	/** Equal for calls over the same arguments that count the same rows. */
	readonly key: string;
	readonly weighing: Weighing;
	/** The set that tells which rows bring a new value. */
	readonly set?: DistinctSet;
}

export class Aggregates {
	readonly #region: Region;
	readonly #owner: MemoryOwner;
	readonly #layout: RowLayout;
	readonly #options: AggregatesOptions;
	readonly #accumulators: Accumulator[] = [];
	/** Accumulators that see every row; the others are fed by the sets. */
	readonly #direct: Accumulator[] = [];
	readonly sets: DistinctSet[] = [];
	readonly #setsByArgs = new Map<string, DistinctSet>();
	readonly #shared = new Map<string, Accumulator>();
	readonly #results: readonly ResultReader[];
	readonly #few: FewGroups | undefined;

	constructor(region: Region, owner: MemoryOwner, layout: RowLayout, options: AggregatesOptions) {
		this.#region = region;
		this.#owner = owner;
		this.#layout = layout;
		this.#options = options;
		this.#results = options.calls.map((call) => this.#resultOf(call));
		const totals = this.#direct.filter((each) => each instanceof Count || (each instanceof Sum && each.isExact));
		this.#few = totals.length > 1 ? new FewGroups(region) : undefined;
	}

	/** The count of all rows of a group: 0 when all were taken back. */
	rowCount(): Count {
		return this.#count([], this.#everyRow([], undefined));
	}

	update(input: AggregateInput): void {
		const few = this.#few ? this.#few.of(input) : onlyGroup(input);
		for (const accumulator of this.#direct) accumulator.update(input, few);
		for (const set of this.sets) set.update(input);
	}

	/** As update, with the groups' states on the way, see Accumulator. */
	run(input: AggregateInput, snaps: number): void {
		for (const accumulator of this.#direct) accumulator.run?.(input, snaps);
		for (const set of this.sets) set.run(input, snaps);
	}

	/** Adds groups `from` of `source`, aggregates of the same calls or these, to groups `into`. */
	merge(into: number, from: number, n: number, source: Aggregates): void {
		for (const accumulator of this.#direct) accumulator.merge(into, from, n);
		for (const [i, set] of this.sets.entries()) set.merge(into, from, n, source.sets[i]!);
	}

	/** One column per call, in the arena. They may point into the groups' strings. */
	results(rows: number, n: number): Column[] {
		return this.#results.map((read) => read(rows, n));
	}

	get saved(): readonly SqlType[] {
		return this.#accumulators.flatMap((accumulator) => accumulator.saved);
	}

	save(rows: number, n: number): Column[] {
		return this.#accumulators.flatMap((accumulator) => accumulator.save(rows, n));
	}

	load(columns: readonly Column[], rows: number, n: number): void {
		let from = 0;
		for (const accumulator of this.#accumulators) {
			const to = from + accumulator.saved.length;
			accumulator.load(columns.slice(from, to), rows, n);
			from = to;
		}
	}

	settle(rows: number, n: number): void {
		for (const accumulator of this.#accumulators) accumulator.settle?.(rows, n);
	}

	release(rows: number, n: number): void {
		for (const accumulator of this.#accumulators) accumulator.release?.(rows, n);
		for (const set of this.sets) set.release(rows, n);
	}

	clear(): void {
		for (const accumulator of this.#accumulators) accumulator.clear?.();
		for (const set of this.sets) set.clear();
	}

	dispose(): void {
		for (const accumulator of this.#accumulators) accumulator.dispose?.();
		for (const set of this.sets) set.dispose();
	}

	#resultOf(call: AggregateCall): ResultReader {
		const arg = call.args[0] as number;
		switch (call.function) {
			case "COUNT":
				return readField(this.#region, this.#count(call.args, this.#rowsOf(call)).field, call.type);
			case "SUM":
			case "$SUM0":
				return this.#sumOf(call, arg);
			case "AVG":
				return this.#averageOf(call, arg);
			case "VAR_POP":
			case "VAR_SAMP":
			case "STDDEV_POP":
			case "STDDEV_SAMP":
				return this.#spreadOf(call, arg);
			case "LISTAGG": {
				const list = this.#listOf(call, arg);
				const separator = new TextEncoder().encode(separatorOf(call));
				return (rows, n) => list.joined(rows, n, separator);
			}
			default: {
				if (this.#options.updates && call.function.endsWith("_VALUE")) {
					const list = this.#listOf(call, arg);
					return (rows, n) => list.end(rows, n, call.function === "LAST_VALUE");
				}
				if (this.#options.sliding) {
					// Distinct values do not leave in the order in which they came; duplicates make no difference.
					const all = { ...call, distinct: false };
					const list = this.#listOf(all, arg, call.function === "MIN" ? Kept.LEAST : Kept.GREATEST);
					return (rows, n) => list.end(rows, n, false);
				}
				const pick = this.#pickOf(call, arg, PICK_MODE[call.function] as PickMode);
				return (rows, n) => pick.result(rows, n);
			}
		}
	}

	#sumOf(call: AggregateCall, arg: number): ResultReader {
		const rows = this.#rowsOf(call);
		const total = totalType(call.argTypes[0] as SqlType, false);
		const sum = this.#sum(call, arg, rows, total);
		const read = readField(this.#region, sum.field, call.type);
		const checked = physicalType(total) === "i128" ? nullWhenOverflown(this.#region, read) : read;
		const hasRows = this.#options.grouped && call.filter === undefined && call.argTypes[0]?.nullable === false;
		if (hasRows || call.function === "$SUM0") return checked;
		return nullWhenUncounted(this.#region, checked, this.#count([arg], rows).field);
	}

	#averageOf(call: AggregateCall, arg: number): ResultReader {
		const rows = this.#rowsOf(call);
		const total = totalType(call.argTypes[0] as SqlType, true);
		const sum = this.#sum(call, arg, rows, total);
		const count = this.#count([arg], rows);
		const read = readAverage(this.#region, sum.field, count.field, call.type);
		const counted = nullWhenUncounted(this.#region, read, count.field);
		return physicalType(total) === "i128" ? nullWhenOverflown(this.#region, counted) : counted;
	}

	#spreadOf(call: AggregateCall, arg: number): ResultReader {
		const rows = this.#rowsOf(call);
		const { functions } = this.#options;
		const [sample, root] = SPREADS[call.function]!;
		const type = call.argTypes[0] as SqlType;
		const moments = this.#share(
			`moments ${arg} ${rows.key}`,
			rows,
			() => new Moments(this.#region, this.#owner, functions, this.#layout, rows.weighing, arg, type),
		);
		return moments.reader(sample, root, call.type);
	}

	#count(args: readonly number[], rows: CountedRows): Count {
		return this.#share(`count ${args} ${rows.key}`, rows, () => new Count(this.#region, this.#layout, rows.weighing));
	}

	#sum({ argTypes }: AggregateCall, arg: number, rows: CountedRows, total: SqlType): Sum {
		return this.#share(
			`sum ${arg} ${rows.key} ${total.kind}`,
			rows,
			() => new Sum(this.#region, this.#layout, rows.weighing, arg, argTypes[0] as SqlType, total),
		);
	}

	#listOf(call: AggregateCall, arg: number, kept: Kept = Kept.ALL): ValueList {
		const type = call.argTypes[0] as SqlType;
		// The separator of LISTAGG is no part of a value: a constant argument has no column, and its place names whichever is first.
		const rows = call.distinct
			? this.#rowsOf({ ...call, args: [arg], argTypes: [type] })
			: this.#everyRow([arg], call.filter);
		return this.#share(`list ${kept} ${arg} ${rows.key}`, rows, () => {
			const list = new ValueList(this.#region, this.#owner, this.#layout, rows.weighing, arg, type, kept);
			if (this.#options.merged) rows.set?.keepOrderOf(list);
			return list;
		});
	}

	/** MIN and MAX count their values when rows may be taken back; else duplicates make no difference to them. */
	#pickOf(call: AggregateCall, arg: number, mode: PickMode): Pick | RetractablePick {
		const isExtreme = mode === PickMode.MIN || mode === PickMode.MAX;
		const rows = this.#rowsOf({ ...call, distinct: isExtreme ? this.#options.updates : call.distinct });
		return this.#share(`pick ${arg} ${rows.key} ${mode}`, rows, () => {
			const { weighing, set } = rows;
			const type = call.argTypes[0] as SqlType;
			const isCounted = set !== undefined && this.#options.updates;
			const own = (isCounted && isApproximate(type) && COUNTED_MODE[mode]) || mode;
			const pick = new Pick(this.#region, this.#owner, this.#layout, weighing, arg, type, own);
			return isCounted ? new RetractablePick(this.#region, pick, set, set.slot(call.filter), arg) : pick;
		});
	}

	#rowsOf(call: AggregateCall): CountedRows {
		if (!call.distinct) return this.#everyRow(call.args, call.filter);
		const set = this.#setOf(call);
		const slot = set.slot(call.filter);
		return { key: `distinct ${this.sets.indexOf(set)} ${slot}`, weighing: set.weighing(slot), set };
	}

	#everyRow(args: readonly number[], filter: number | undefined): CountedRows {
		return { key: `${filter}`, weighing: (input) => input.weights(args, filter) };
	}

	/** The set of the call's arguments; a new one when it cannot take another filter. */
	#setOf(call: AggregateCall): DistinctSet {
		const { args, argTypes, filter } = call;
		const { updates, merged } = this.#options;
		// Values that count with one filter come in another order than those of another.
		const key = merged && keepsOrder(call) ? `${args} by ${filter}` : args.join();
		const known = this.#setsByArgs.get(key);
		if (known?.hasRoom(filter)) return known;
		const options = { updates, listed: updates || merged };
		const set = new DistinctSet(this.#region, this.#owner, this.#layout, args, argTypes, options);
		this.#setsByArgs.set(key, set);
		this.sets.push(set);
		return set;
	}

	#share<A extends Accumulator>(key: string, { set }: CountedRows, create: () => A): A {
		const known = this.#shared.get(key) as A | undefined;
		if (known) return known;
		const accumulator = create();
		this.#shared.set(key, accumulator);
		this.#accumulators.push(accumulator);
		if (set) set.feed(accumulator);
		else this.#direct.push(accumulator);
		return accumulator;
	}
}

/** The type in which a column is added up; AVG widens FLOAT, SUM does not. */
function totalType(type: SqlType, average: boolean): SqlType {
	if (type.kind === "DECIMAL") return decimal(38, type.scale);
	if (isApproximate(type)) return average ? DOUBLE : type;
	if (isNumeric(type) || isInterval(type)) return BIGINT;
	throw new Error(`no total of ${type.kind}`);
}
