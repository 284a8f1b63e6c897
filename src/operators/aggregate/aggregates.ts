// The aggregate calls of an operator as accumulators in group rows. Calls over the same rows share what they have in common:
// AVG(x), SUM(x) and COUNT(x) keep one total and one count.
import type { Column } from "../../arrow/batch.js";
import type { AggregateCall } from "../../job/specs.js";
import type { FunctionContext } from "../../types/function-context.js";
import { BIGINT, DOUBLE, decimal, isApproximate, isInterval, isNumeric, type SqlType } from "../../types/sql-type.js";
import { physicalType } from "../../types/value.js";
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import type { RowLayout } from "../state/row-layout.js";
import type { Accumulator, AggregateInput, ResultReader, Weighing } from "./accumulator.js";
import { Pick, PickMode } from "./pick.js";
import { nullWhenOverflown, nullWhenUncounted, readAverage, readField } from "./results.js";
import { Count, Sum } from "./sum.js";

export interface AggregatesOptions {
	readonly calls: readonly AggregateCall[];
	/** Rows may be taken back. */
	readonly updates: boolean;
	/** Every group holds a row: an aggregate over a NOT NULL argument without FILTER has a result. */
	readonly grouped: boolean;
	readonly functions: FunctionContext;
}

const PICK_MODE: Readonly<Record<string, PickMode>> = {
	FIRST_VALUE: PickMode.FIRST,
	LAST_VALUE: PickMode.LAST,
	MIN: PickMode.MIN,
	MAX: PickMode.MAX,
};

/** Whether kernels exist for all calls. */
export const hasKernels = (calls: readonly AggregateCall[], updates: boolean): boolean =>
	calls.every(
		(call) =>
			!call.distinct &&
			call.user === undefined &&
			(call.orderBy ?? []).length === 0 &&
			(["COUNT", "SUM", "AVG"].includes(call.function) || (!updates && call.function in PICK_MODE)),
	);

export class Aggregates {
	readonly #region: Region;
	readonly #owner: MemoryOwner;
	readonly #layout: RowLayout;
	readonly #options: AggregatesOptions;
	readonly #accumulators: Accumulator[] = [];
	readonly #shared = new Map<string, Accumulator>();
	readonly #results: readonly ResultReader[];

	constructor(region: Region, owner: MemoryOwner, layout: RowLayout, options: AggregatesOptions) {
		this.#region = region;
		this.#owner = owner;
		this.#layout = layout;
		this.#options = options;
		this.#results = options.calls.map((call) => this.#resultOf(call));
	}

	/** The count of all rows of a group: 0 when all were taken back. */
	rowCount(): Count {
		return this.#count([], undefined);
	}

	update(input: AggregateInput): void {
		for (const accumulator of this.#accumulators) accumulator.update(input);
	}

	merge(into: number, from: number, n: number): void {
		for (const accumulator of this.#accumulators) accumulator.merge(into, from, n);
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
	}

	clear(): void {
		for (const accumulator of this.#accumulators) accumulator.clear?.();
	}

	dispose(): void {
		for (const accumulator of this.#accumulators) accumulator.dispose?.();
	}

	#resultOf(call: AggregateCall): ResultReader {
		const [arg] = call.args;
		switch (call.function) {
			case "COUNT":
				return readField(this.#region, this.#count(call.args, call.filter).field, call.type);
			case "SUM":
				return this.#sumOf(call, arg as number);
			case "AVG":
				return this.#averageOf(call, arg as number);
			default: {
				const pick = this.#pick(call, arg as number, PICK_MODE[call.function] as PickMode);
				return (rows, n) => pick.result(rows, n);
			}
		}
	}

	#sumOf(call: AggregateCall, arg: number): ResultReader {
		const total = totalType(call.argTypes[0] as SqlType, false);
		const sum = this.#sum(arg, call, total);
		const read = readField(this.#region, sum.field, call.type);
		const checked = physicalType(total) === "i128" ? nullWhenOverflown(this.#region, read) : read;
		const isNeverNull = this.#options.grouped && call.filter === undefined && call.argTypes[0]?.nullable === false;
		if (isNeverNull) return checked;
		return nullWhenUncounted(this.#region, checked, this.#count([arg], call.filter).field);
	}

	#averageOf(call: AggregateCall, arg: number): ResultReader {
		const sum = this.#sum(arg, call, totalType(call.argTypes[0] as SqlType, true));
		const count = this.#count([arg], call.filter);
		const read = readAverage(this.#region, sum.field, count.field, call.type);
		return nullWhenUncounted(this.#region, read, count.field);
	}

	#count(args: readonly number[], filter: number | undefined): Count {
		return this.#share(
			`count ${args} ${filter}`,
			() => new Count(this.#region, this.#layout, this.#weighing(args, filter)),
		);
	}

	#sum(arg: number, { argTypes, filter }: AggregateCall, total: SqlType): Sum {
		return this.#share(`sum ${arg} ${filter} ${total.kind}`, () => {
			const weighing = this.#weighing([arg], filter);
			return new Sum(this.#region, this.#layout, weighing, arg, argTypes[0] as SqlType, total);
		});
	}

	#pick({ argTypes, filter }: AggregateCall, arg: number, mode: PickMode): Pick {
		return this.#share(`pick ${arg} ${filter} ${mode}`, () => {
			const weighing = this.#weighing([arg], filter);
			return new Pick(this.#region, this.#owner, this.#layout, weighing, arg, argTypes[0] as SqlType, mode);
		});
	}

	#weighing(args: readonly number[], filter: number | undefined): Weighing {
		return (input) => input.weights(args, filter);
	}

	#share<A extends Accumulator>(key: string, create: () => A): A {
		const known = this.#shared.get(key) as A | undefined;
		if (known) return known;
		const accumulator = create();
		this.#shared.set(key, accumulator);
		this.#accumulators.push(accumulator);
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
