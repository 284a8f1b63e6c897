// hashAggregate: aggregates per key.
import type { TypeMap } from "apache-arrow";
import { EngineError } from "../errors.js";
import type { AggregateCall } from "../job/specs.js";
import { Aggregate } from "./aggregate-functions.js";
import { Projection } from "./bind.js";
import {
	type ChangelogInput,
	checkOptions,
	choice,
	columnName,
	contextOf,
	distinctNames,
	type InputOptions,
	inputOf,
	list,
	type NamedColumn,
	OUTPUT_MODES,
	type OutputMode,
	planOf,
} from "./options.js";
import { shown } from "./shown.js";
import { StreamOperator } from "./stream-operator.js";

export interface HashAggregateOptions<T extends TypeMap> extends InputOptions<T>, ChangelogInput {
	/** None: one group of all rows. */
	readonly keys?: readonly NamedColumn<T>[];
	/** By the name of their column: `{ total: sum("price") }`. */
	readonly aggregates: Readonly<Record<string, Aggregate>>;
	/** "final" unless told. */
	readonly output?: OutputMode;
}

/** Output: the keys, then the aggregates. */
export async function hashAggregate<T extends TypeMap>(options: HashAggregateOptions<T>): Promise<StreamOperator> {
	checkOptions("hashAggregate", options, ["input", "keys", "aggregates", "output", "changelog"]);
	const input = inputOf("input", options.input, options.changelog);
	const { keys: columns = [], output: mode = "final" } = options;
	const output = choice("output", mode, OUTPUT_MODES);
	const final = output === "final";
	const functions = contextOf(final);
	const projection = new Projection(input.columns, functions);
	const { keys, names } = keysOf(columns, projection);
	const calls = aggregateCalls(options.aggregates, projection, keys.length > 0);
	const schema = distinctNames([
		...keys.map((key, i) => ({ name: names[i] as string, type: projection.schema[key]!.type })),
		...calls.map(({ name, type }) => ({ name, type })),
	]);
	const spec = {
		operator: "GroupAggregate",
		keys,
		calls,
		inputUpdates: input.isChangelog,
		updateBefore: output === "changes",
		final,
		emitEmpty: final && keys.length === 0,
	} as const;
	return StreamOperator.create(planOf(input, projection, spec, schema, { ...options, emitsKinds: !final, functions }));
}

/** Keys as columns of the projection, and their names in the output. */
export function keysOf<T extends TypeMap>(
	keys: readonly NamedColumn<T>[],
	projection: Projection,
): { readonly keys: number[]; readonly names: string[] } {
	const all = list("keys", keys, 0);
	return { keys: all.map((key) => projection.index(key, "keys")), names: all.map((key) => columnName(key, "keys")) };
}

export function aggregateCalls(
	aggregates: Readonly<Record<string, Aggregate>>,
	projection: Projection,
	grouped: boolean,
): AggregateCall[] {
	if (typeof aggregates !== "object" || aggregates === null || Symbol.iterator in aggregates) {
		throw new EngineError("INVALID_OPTION", `aggregates is ${shown(aggregates)}`, {
			expected: "an object: an aggregate by the name of its column",
			remedy: 'Write { total: sum("price") }, or {} for the distinct keys alone',
		});
	}
	return Object.entries(aggregates).map(([name, aggregate]) => {
		if (aggregate instanceof Aggregate) return projection.aggregate(name, aggregate, grouped);
		throw new EngineError("INVALID_ARGUMENT", `aggregate '${name}' is ${shown(aggregate)}`, {
			expected: "an aggregate such as sum(column) or count()",
			remedy: `Write { ${name}: sum("…") }`,
		});
	});
}
