// What the families of aggregates share: declaring, and multisets that can take values back.
import { keyText } from "../../types/compare.js";
import type { SqlType } from "../../types/sql-type.js";
import { withNullability } from "../../types/sql-type.js";
import type { Value } from "../../types/value.js";
import { anyNullable, matchParameters, type Parameter, type ResultRule } from "../define.js";
import type { AggregateFunction, Argument, BoundCall, Resolution, RowAccumulator } from "../function.js";

export interface AggregateDefinition {
	readonly name: string;
	readonly aliases?: readonly string[];
	readonly signatures: string | readonly string[];
	readonly doc: string;
	readonly example: string;
	readonly ignoresDuplicates?: boolean;
	readonly parameters: readonly Parameter[];
	readonly optional?: number;
	readonly rest?: Parameter;
	readonly result: ResultRule;
	/** `argument`: when an argument may be NULL or there is no GROUP BY; `ungrouped`: the former alone; else as said. */
	readonly nullable?: "argument" | "ungrouped" | "always" | "never";
	create(call: BoundCall): RowAccumulator;
}

export const aggregateFamily = (
	name: string,
	definitions: readonly AggregateDefinition[],
): readonly AggregateFunction[] => definitions.map((definition) => aggregateOf(name, definition));

function aggregateOf(familyName: string, definition: AggregateDefinition): AggregateFunction {
	const { name, aliases, signatures, doc, example, ignoresDuplicates } = definition;
	return {
		name,
		...(aliases && { aliases }),
		family: familyName,
		signatures: typeof signatures === "string" ? [signatures] : signatures,
		doc,
		example,
		...(ignoresDuplicates && { ignoresDuplicates }),
		resolve: (args, grouped) => resolveAggregate(definition, args, grouped),
		create: (call) => definition.create(call),
	};
}

function resolveAggregate(
	definition: AggregateDefinition,
	args: readonly Argument[],
	grouped: boolean,
): Resolution | undefined {
	const { optional = 0, rest, result, nullable = "argument" } = definition;
	const parameters = matchParameters(definition.parameters, optional, rest, args);
	if (parameters === undefined || args.some((arg, i) => hasNoType(arg, parameters[i] as SqlType))) return undefined;
	const type = typeof result === "function" ? result(parameters, args) : result;
	if (type === undefined) return undefined;
	const mayBeNull =
		nullable === "always" || (nullable !== "never" && anyNullable(args)) || (nullable === "argument" && !grouped);
	return { parameters, result: withNullability(type, mayBeNull) };
}

/** A bare NULL, and a column of nothing but NULLs where values of some types are wanted: which of them it stands for nobody could say. */
const hasNoType = ({ type, literal }: Argument, parameter: SqlType): boolean =>
	type.kind === "NULL" && (literal !== undefined || parameter.kind !== "NULL");

/**
 * An accumulator over plain, structured-clonable state. `step` adds (`by` 1) or takes back (`by` -1) one row. Maps and arrays in
 * `initial` are empty.
 */
export function accumulator<S extends object>(
	initial: S,
	step: (state: S, args: readonly Value[], by: 1 | -1) => void,
	result: (state: S) => Value,
): RowAccumulator {
	return new StateAccumulator(initial, step, result);
}

class StateAccumulator<S extends object> implements RowAccumulator {
	readonly #initial: S;
	readonly #step: (state: S, args: readonly Value[], by: 1 | -1) => void;
	readonly #result: (state: S) => Value;
	#state: S;

	constructor(initial: S, step: (state: S, args: readonly Value[], by: 1 | -1) => void, result: (state: S) => Value) {
		this.#initial = initial;
		this.#step = step;
		this.#result = result;
		this.#state = withOwnCollections(initial);
	}

	fresh(): RowAccumulator {
		return new StateAccumulator(this.#initial, this.#step, this.#result);
	}

	add(args: readonly Value[]): void {
		this.#step(this.#state, args, 1);
	}

	retract(args: readonly Value[]): void {
		this.#step(this.#state, args, -1);
	}

	result(): Value {
		return this.#result(this.#state);
	}

	snapshot(): unknown {
		return structuredClone(this.#state);
	}

	restore(saved: unknown): void {
		this.#state = structuredClone(saved as S);
	}
}

function withOwnCollections<S extends object>(initial: S): S {
	const state = { ...initial } as Record<string, unknown>;
	for (const name in state) {
		const value = state[name];
		if (value instanceof Map) state[name] = new Map();
		else if (Array.isArray(value)) state[name] = [];
	}
	return state as S;
}

/** Values by canonical key with how often they were added, in order of first arrival. */
export type CountedValues = Map<string, { readonly value: Value; count: number }>;

export function countValue(counted: CountedValues, value: Value, type: SqlType, by: 1 | -1): void {
	const key = keyText([value], [type]);
	const known = counted.get(key);
	if (known === undefined) counted.set(key, { value, count: by });
	else if (known.count + by === 0) counted.delete(key);
	else known.count += by;
}

/** Values in order of arrival. */
export type ValueSequence = { readonly key: string; readonly value: Value }[];

/** A value taken back leaves at its first place. */
export function sequenceValue(sequence: ValueSequence, value: Value, type: SqlType, by: 1 | -1): void {
	const key = keyText([value], [type]);
	if (by === 1) {
		sequence.push({ key, value });
		return;
	}
	const at = sequence.findIndex((item) => item.key === key);
	if (at >= 0) sequence.splice(at, 1);
}
