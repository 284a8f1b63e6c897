// The aggregate calls of an operator and the running values of one group: arguments, FILTER, DISTINCT and ORDER BY around accumulators.
import type { RowAccumulator } from "../functions/function.js";
import type { AggregateCall } from "../job/specs.js";
import { isAddition, type RowKind } from "../types/row-kind.js";
import type { Schema, SqlType } from "../types/sql-type.js";
import type { Row, Value } from "../types/value.js";
import type { OperatorContext } from "./context.js";
import { equalRows, insertionPoint, type Key, keyOf, orderOf, pick, type RowComparator } from "./keys.js";
import { isAddedOnly, type SliceRows } from "./slice-order.js";

interface CompiledCall {
	readonly args: (row: Row) => readonly Value[];
	/** Equal for equal arguments. */
	readonly key: (args: readonly Value[]) => Key;
	readonly distinct: boolean;
	readonly filter: number | undefined;
	readonly create: () => RowAccumulator;
}

/** Makes the groups of an operator. */
export class Aggregates {
	readonly #calls: readonly CompiledCall[];

	/** `appendOnly`: rows are only added to the groups. */
	constructor(calls: readonly AggregateCall[], input: Schema, appendOnly: boolean, context: OperatorContext) {
		this.#calls = calls.map((call) => compileCall(call, input, appendOnly, context));
	}

	create(): Group {
		return new Group(this.#calls);
	}

	restore(state: unknown): Group {
		const group = this.create();
		group.restore(state);
		return group;
	}
}

/** The calls' running values over the rows of one group. */
export class Group {
	readonly #calls: readonly CompiledCall[];
	readonly #accumulators: readonly RowAccumulator[];

	constructor(calls: readonly CompiledCall[]) {
		this.#calls = calls;
		this.#accumulators = calls.map((call) => call.create());
	}

	add(row: Row): void {
		for (let i = 0; i < this.#calls.length; i++) {
			const { args, filter } = this.#calls[i]!;
			if (filter === undefined || row[filter] === true) this.#accumulators[i]!.add(args(row));
		}
	}

	retract(row: Row): void {
		for (let i = 0; i < this.#calls.length; i++) {
			const { args, filter } = this.#calls[i]!;
			if (filter === undefined || row[filter] === true) this.#accumulators[i]!.retract(args(row));
		}
	}

	change(row: Row, kind: RowKind): void {
		if (isAddition(kind)) this.add(row);
		else this.retract(row);
	}

	/** Adds what is left of rows that were added and taken back apart from all others. */
	addSlice(rows: SliceRows): void {
		if (isAddedOnly(rows)) {
			for (const [row] of rows) this.add(row);
			return;
		}
		for (const [i, call] of this.#calls.entries()) {
			const accumulator = this.#accumulators[i]!;
			for (const values of leftOf(call, rows, (missing) => accumulator.retract(missing))) accumulator.add(values);
		}
	}

	results(): Value[] {
		return this.#accumulators.map((accumulator) => accumulator.result());
	}

	snapshot(): unknown {
		return this.#accumulators.map((accumulator) => accumulator.snapshot());
	}

	restore(state: unknown): void {
		for (const [i, accumulator] of this.#accumulators.entries()) accumulator.restore((state as unknown[])[i]);
	}
}

/** The arguments of the rows that are added and not taken back; `missing` gets those that are taken back without having been added. */
function leftOf(
	call: CompiledCall,
	parts: SliceRows,
	missing: (values: readonly Value[]) => void,
): readonly (readonly Value[])[] {
	const left: { readonly key: Key; readonly values: readonly Value[] }[] = [];
	for (const part of parts) {
		if ("merged" in part) {
			for (const values of leftOf(call, part.merged, missing)) left.push({ key: call.key(values), values });
			continue;
		}
		const [row, kind] = part;
		if (call.filter !== undefined && row[call.filter] !== true) continue;
		const values = call.args(row);
		const key = call.key(values);
		const isSame = (other: { readonly key: Key }) => other.key === key;
		// A distinct value stays where it came first.
		const at = isAddition(kind) ? -1 : call.distinct ? left.findLastIndex(isSame) : left.findIndex(isSame);
		if (at >= 0) left.splice(at, 1);
		else if (isAddition(kind)) left.push({ key, values });
		else missing(values);
	}
	return left.map(({ values }) => values);
}

function compileCall(call: AggregateCall, input: Schema, appendOnly: boolean, context: OperatorContext): CompiledCall {
	const isOrdered = (call.orderBy ?? []).length > 0;
	const plain = context.aggregate(call, appendOnly || isOrdered);
	const distinct = call.distinct ? () => new DistinctAccumulator(call, plain()) : plain;
	const args = argumentsOf(call);
	const order = call.orderBy ?? [];
	const same = { args, distinct: call.distinct, filter: call.filter };
	if (!isOrdered) return { ...same, key: keyOfTypes(call.argTypes), create: distinct };
	const width = call.argTypes.length;
	const types = [...call.argTypes, ...order.map(({ column }) => input[column]!.type)];
	const keys = order.map((key, i) => ({ ...key, column: width + i }));
	const fields = types.map((type, i) => ({ name: String(i), type }));
	const plan = { width, compare: orderOf(keys, fields), equal: equalRows(types), create: distinct };
	return {
		...same,
		args: (row) => [
			...args(row),
			...pick(
				row,
				order.map(({ column }) => column),
			),
		],
		key: keyOfTypes(types),
		create: () => new OrderedAccumulator(plan),
	};
}

function keyOfTypes(types: readonly SqlType[]): (values: readonly Value[]) => Key {
	const schema = types.map((type, i) => ({ name: String(i), type }));
	return keyOf([...schema.keys()], schema);
}

interface OrderedPlan {
	/** Number of the call's own arguments. */
	readonly width: number;
	readonly compare: RowComparator;
	readonly equal: (left: Row, right: Row) => boolean;
	readonly create: () => RowAccumulator;
}

const NO_ARGUMENTS: readonly Value[] = [];

export function argumentsOf(call: AggregateCall): (row: Row) => readonly Value[] {
	const parts = call.argTypes.map((_, position): ((row: Row) => Value) => {
		const literal = call.literals?.[position];
		if (literal !== undefined) return () => literal;
		const column = call.args[position]!;
		return (row) => row[column]!;
	});
	const [only] = parts;
	if (only === undefined) return () => NO_ARGUMENTS;
	if (parts.length === 1) return (row) => [only(row)];
	return (row) => parts.map((part) => part(row));
}

/** Passes on each distinct argument list once, counting how often it is there. */
class DistinctAccumulator implements RowAccumulator {
	readonly #inner: RowAccumulator;
	readonly #key: (args: readonly Value[]) => Key;
	#counts = new Map<Key, number>();

	constructor(call: AggregateCall, inner: RowAccumulator) {
		this.#inner = inner;
		this.#key = keyOfTypes(call.argTypes);
	}

	add(args: readonly Value[]): void {
		const key = this.#key(args);
		const count = this.#counts.get(key) ?? 0;
		this.#counts.set(key, count + 1);
		if (count === 0) this.#inner.add(args);
	}

	retract(args: readonly Value[]): void {
		const key = this.#key(args);
		const count = this.#counts.get(key) ?? 0;
		if (count === 1) {
			this.#counts.delete(key);
			this.#inner.retract(args);
		} else if (count > 1) this.#counts.set(key, count - 1);
	}

	result(): Value {
		return this.#inner.result();
	}

	snapshot(): unknown {
		return { counts: this.#counts, inner: this.#inner.snapshot() };
	}

	restore(state: unknown): void {
		const { counts, inner } = state as { counts: Map<Key, number>; inner: unknown };
		this.#counts = counts;
		this.#inner.restore(inner);
	}
}

/** Keeps the rows sorted and aggregates them in that order when asked. Arguments: those of the call, then the sort columns. */
class OrderedAccumulator implements RowAccumulator {
	#rows: (readonly Value[])[] = [];

	constructor(private readonly plan: OrderedPlan) {}

	add(args: readonly Value[]): void {
		this.#rows.splice(insertionPoint(this.#rows, args, this.plan.compare), 0, args);
	}

	retract(args: readonly Value[]): void {
		const at = this.#rows.findIndex((row) => this.plan.equal(row, args));
		if (at >= 0) this.#rows.splice(at, 1);
	}

	result(): Value {
		const inner = this.plan.create();
		for (const row of this.#rows) inner.add(row.slice(0, this.plan.width));
		return inner.result();
	}

	snapshot(): unknown {
		return this.#rows;
	}

	restore(state: unknown): void {
		this.#rows = state as (readonly Value[])[];
	}
}
