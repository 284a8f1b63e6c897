// filter and project: rows that fulfil a condition, columns that are computed.
import type { TypeMap } from "apache-arrow";
import { column } from "../types/expr.js";
import { Projection } from "./bind.js";
import type { Expression } from "./expression.js";
import {
	type ChangelogInput,
	checkOptions,
	columnName,
	contextOf,
	distinctNames,
	type InputOptions,
	inputOf,
	list,
	type NamedColumn,
	planOf,
} from "./options.js";
import { StreamOperator } from "./stream-operator.js";

export interface FilterOptions<T extends TypeMap> extends InputOptions<T>, ChangelogInput {
	/** Rows for which it is TRUE pass. */
	readonly where: Expression;
}

export async function filter<T extends TypeMap>(options: FilterOptions<T>): Promise<StreamOperator> {
	checkOptions("filter", options, ["input", "where", "changelog"]);
	return calc(options, undefined, options.where);
}

export interface ProjectOptions<T extends TypeMap> extends InputOptions<T>, ChangelogInput {
	/** What comes out: names of columns, and expressions with a name. */
	readonly columns: readonly NamedColumn<T>[];
	/** Rows for which it is TRUE pass. */
	readonly where?: Expression;
}

export async function project<T extends TypeMap>(options: ProjectOptions<T>): Promise<StreamOperator> {
	checkOptions("project", options, ["input", "columns", "where", "changelog"]);
	return calc(options, list("columns", options.columns, 1), options.where);
}

function calc<T extends TypeMap>(
	options: InputOptions<T> & ChangelogInput,
	columns: readonly NamedColumn<T>[] | undefined,
	where: Expression | undefined,
): Promise<StreamOperator> {
	const input = inputOf("input", options.input, options.changelog);
	const functions = contextOf(true);
	const projection = new Projection(input.columns, functions);
	const condition = where === undefined ? undefined : projection.condition(where, "where");
	const exprs =
		columns?.map((value) => projection.bind(value, "columns")) ??
		input.columns.map(({ type }, index) => column(index, type));
	const names = columns?.map((value) => columnName(value, "columns")) ?? input.columns.map(({ name }) => name);
	const schema = distinctNames(exprs.map(({ type }, i) => ({ name: names[i] as string, type })));
	const spec = { operator: "Calc", condition, projection: exprs } as const;
	const more = { ...options, emitsKinds: input.isChangelog, functions };
	return StreamOperator.create(planOf(input, projection, spec, schema, more));
}
