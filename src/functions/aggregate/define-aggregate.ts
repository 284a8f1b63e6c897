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
	/** `argument`: when an argument may be NULL or there is no GROUP BY; else as said. */
	readonly nullable?: "argument" | "always" | "never";
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
	if (parameters === undefined) return undefined;
	const type = typeof result === "function" ? result(parameters, args) : result;
	if (type === undefined) return undefined;
	const mayBeNull = nullable === "argument" ? !grouped || anyNullable(args) : nullable === "always";
	return { parameters, result: withNullability(type, mayBeNull) };
}

interface Counted {
	readonly value: Value;
	count: number;
}

/** Values with how often they were added, in order of first arrival. */
export class CountedValues {
	private readonly counted = new Map<string, Counted>();

	constructor(private readonly type: SqlType) {}

	add(value: Value, by: 1 | -1): void {
		const key = keyText([value], [this.type]);
		const known = this.counted.get(key);
		if (known === undefined) this.counted.set(key, { value, count: by });
		else if (known.count + by === 0) this.counted.delete(key);
		else known.count += by;
	}

	/** The values present, each once, with its count. */
	*entries(): Iterable<readonly [Value, number]> {
		for (const { value, count } of this.counted.values()) if (count > 0) yield [value, count];
	}
}

/** Values in order of arrival; a value taken back leaves at its first place. */
export class ValueSequence {
	private readonly values: { readonly key: string; readonly value: Value }[] = [];

	constructor(private readonly type: SqlType) {}

	add(value: Value): void {
		this.values.push({ key: keyText([value], [this.type]), value });
	}

	remove(value: Value): void {
		const key = keyText([value], [this.type]);
		const at = this.values.findIndex((item) => item.key === key);
		if (at >= 0) this.values.splice(at, 1);
	}

	get first(): Value | undefined {
		return this.values[0]?.value;
	}

	get last(): Value | undefined {
		return this.values[this.values.length - 1]?.value;
	}

	toArray(): Value[] {
		return this.values.map((item) => item.value);
	}
}
