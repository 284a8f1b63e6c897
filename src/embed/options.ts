// What all builders share: their common options, checks of option values, and the way from options to stages.
import type { Schema as ArrowSchema, TypeMap } from "apache-arrow";
import { EngineError, nearestName } from "../errors.js";
import type { OperatorSpec, SortKey } from "../job/specs.js";
import { column } from "../types/expr.js";
import type { FunctionContext } from "../types/function-context.js";
import type { Schema } from "../types/sql-type.js";
import type { KernelBuild } from "../wasm/kernels.js";
import { Descending } from "./aggregate-functions.js";
import { changelogColumns, inputSchema } from "./batch-reader.js";
import type { Projection } from "./bind.js";
import type { ColumnLike } from "./expression.js";
import type { BatchCallback } from "./lent-batch.js";
import type { StreamPlan } from "./parts.js";
import type { PipelinePlan, StagePlan } from "./pipeline.js";
import { shown } from "./shown.js";

export interface CommonOptions {
	/** OUT_OF_MEMORY is thrown when the operator would use more; absent: 4 GiB. */
	readonly memoryLimitBytes?: number;
	/** Batches that may wait in the output before `push` is held; 16 unless told. */
	readonly maxBufferedBatches?: number;
	/** "debug": kernels that check bounds and every free, several times slower. */
	readonly kernels?: KernelBuild;
	/**
	 * Takes the output instead of the operator's iterator: called with each batch while push, advance or finish run. Nothing is copied: the
	 * buffers of the batch are views of the kernels' memory, to be read until the callback returns. Afterwards the batch and its vectors throw
	 * INVALID_STATE; an array that was taken out of them (`toArray()`, or a slice) has whatever comes to lie there, and no elements with
	 * `kernels: "debug"`. Copy what is to stay: `toArray().slice()`. The callback cannot be async, nor use its operator. When it throws, the
	 * call that made the batch fails with USER_FUNCTION, and with it the operator.
	 */
	readonly onBatch?: BatchCallback;
}

/** Of a builder's options, those that its plan takes over as they are. */
export const commonOf = ({ memoryLimitBytes, maxBufferedBatches, kernels, onBatch }: CommonOptions) => ({
	memoryLimitBytes,
	maxBufferedBatches,
	kernels,
	onBatch,
});

export interface InputOptions<T extends TypeMap> extends CommonOptions {
	/** Of the batches to come: `table.schema`. */
	readonly input: ArrowSchema<T>;
}

/** Of inputs whose rows may be taken back. */
export interface ChangelogInput {
	/** The first column of the batches, `op`, says what each row does: +I, -U, +U or -D. */
	readonly changelog?: boolean;
}

/**
 * When results come and what they look like.
 * - `final`: each once, at the end.
 * - `changes`: after each batch, how they changed: the first column `op` is +I, -U, +U or -D.
 * - `upserts`: like changes, without -U: a row replaces the one with the same key.
 */
export type OutputMode = "final" | "changes" | "upserts";

/** A column of the input, or an expression with a name (`as`). */
export type NamedColumn<T extends TypeMap> = (keyof T & string) | NamedExpression;
export type NamedExpression = Exclude<ColumnLike, string>;

/** A column to sort by, rising, or `descending(column)`. */
export type OrderKey = ColumnLike | Descending;

export const OUTPUT_MODES: readonly OutputMode[] = ["final", "changes", "upserts"];

/** Of expressions: the clock is UTC. */
export const contextOf = (batch: boolean): FunctionContext => ({
	timeZone: "UTC",
	queryStartMs: Date.now(),
	batch,
	currentCatalog: "default_catalog",
	currentDatabase: "default_database",
	moment: { ms: Date.now() },
});

/** One of `choices`. */
export function choice<C extends string>(option: string, value: unknown, choices: readonly C[]): C {
	if (choices.includes(value as C)) return value as C;
	const near = typeof value === "string" ? nearestName(value, choices) : undefined;
	throw new EngineError("INVALID_OPTION", `${option} is ${shown(value)}`, {
		expected: choices.map((name) => `"${name}"`).join(" or "),
		remedy: near === undefined ? "Use one of these" : `Did you mean "${near}"?`,
	});
}

/** A whole number from `least` on. */
export function wholeNumber(option: string, value: unknown, least: number, unit: string): number {
	if (typeof value === "number" && Number.isSafeInteger(value) && value >= least) return value;
	throw new EngineError("INVALID_OPTION", `${option} is ${shown(value)}`, {
		expected: `a whole number of ${unit}, ${least} or more`,
		remedy: "Pass a JavaScript number",
	});
}

/** The name of a column to make. */
export function text(option: string, value: unknown): string {
	if (typeof value === "string") return value;
	throw new EngineError("INVALID_OPTION", `${option} is ${shown(value)}`, {
		expected: "a string",
		remedy: `Pass ${option}: "…", or leave it out`,
	});
}

/** Options that are true or false. */
const FLAGS = ["changelog", "leftChangelog", "rightChangelog", "sideOutputLateData"];

function checkFlag(option: string, value: unknown): void {
	if (value === undefined || typeof value === "boolean") return;
	throw new EngineError("INVALID_OPTION", `${option} is ${shown(value)}`, {
		expected: "true or false",
		remedy: "Leave it out for false",
	});
}

/** Options of a builder are an object with known names. */
export function checkOptions(builder: string, options: unknown, names: readonly string[]): void {
	checkNames(builder, options, [...names, "memoryLimitBytes", "maxBufferedBatches", "kernels", "onBatch"]);
	const { kernels, onBatch } = options as CommonOptions;
	if (kernels !== undefined) choice("kernels", kernels, ["release", "debug"]);
	if (onBatch !== undefined && typeof onBatch !== "function") {
		throw new EngineError("INVALID_OPTION", `onBatch is ${shown(onBatch)}`, {
			expected: "a function that takes a RecordBatch",
			remedy: "Leave it out to iterate over the operator",
		});
	}
	for (const [name, value] of Object.entries(options as object)) if (FLAGS.includes(name)) checkFlag(name, value);
}

/** What a function takes by name is an object that has no other names. */
export function checkNames(taker: string, options: unknown, known: readonly string[]): void {
	if (typeof options !== "object" || options === null) {
		throw new EngineError("INVALID_ARGUMENT", `${taker} needs options`, {
			expected: `an object of ${known.join(", ")}`,
			remedy: `Call ${taker}({ … })`,
		});
	}
	for (const name of Object.keys(options)) {
		if (known.includes(name)) continue;
		const near = nearestName(name, known);
		throw new EngineError("UNKNOWN_OPTION", `${taker} has no option '${name}'`, {
			expected: `one of ${known.join(", ")}`,
			remedy: near === undefined ? "Leave it out" : `Did you mean '${near}'?`,
		});
	}
}

/** A list option that must be there. */
export function list<T>(option: string, value: readonly T[] | undefined, least: number): readonly T[] {
	if (Array.isArray(value) && value.length >= least) return value;
	throw new EngineError("INVALID_OPTION", `${option} is ${value === undefined ? "missing" : shown(value)}`, {
		expected: least > 0 ? "an array with at least one element" : "an array",
		remedy: `Pass ${option}: […]`,
	});
}

/** Name and value of what makes a column; expressions need a name. */
export function columnName(value: ColumnLike, what: string): string {
	const name = typeof value === "string" ? value : value?.name;
	if (typeof name === "string") return name;
	throw new EngineError("INVALID_ARGUMENT", `${what}: an expression has no name`, {
		expected: "a column's name, or an expression with as(name)",
		remedy: 'Name it: expression.as("name")',
	});
}

export function distinctNames(schema: Schema): Schema {
	for (const [index, { name }] of schema.entries()) {
		if (schema.findIndex((other) => other.name === name) === index) continue;
		throw new EngineError("INVALID_SCHEMA", `The output has two columns '${name}'`, {
			expected: "columns of distinct names",
			remedy: 'Rename one of them with as("…")',
		});
	}
	return schema;
}

export function sortKeys(keys: readonly OrderKey[], projection: Projection, what: string): SortKey[] {
	return keys.map((key) => {
		if (!(key instanceof Descending)) {
			return { column: projection.index(key, what), ascending: true, nullsFirst: true };
		}
		return { column: projection.index(key.column, what), ascending: false, nullsFirst: key.nulls === "FIRST" };
	});
}

export interface Input {
	/** Of the RecordBatches. */
	readonly schema: Schema;
	/** Without `op`. */
	readonly columns: Schema;
	readonly isChangelog: boolean;
}

export function inputOf(option: string, schema: unknown, isChangelog = false): Input {
	const all = inputSchema(schema, option);
	return { schema: all, columns: isChangelog ? changelogColumns(all, option) : all, isChangelog };
}

/** The plan of one operator of one input, behind a Calc that computes what it reads, before one that drops what it does not send. */
export function planOf(
	input: Input,
	projection: Projection,
	spec: OperatorSpec,
	output: Schema,
	more: Pick<PipelinePlan, "emitsKinds" | "functions"> & CommonOptions & { readonly kept?: number | undefined },
): StreamPlan {
	const { expressions, schema } = projection;
	const stages: StagePlan[] = [];
	if (expressions) {
		const calc = { operator: "Calc", projection: expressions } as const;
		stages.push({ spec: calc, inputs: [input.columns], output: schema });
	}
	stages.push({ spec, inputs: [schema], output });
	const { emitsKinds, functions, kept } = more;
	if (kept !== undefined && kept < output.length) {
		const fields = output.slice(0, kept);
		const calc = { operator: "Calc", projection: fields.map(({ type }, i) => column(i, type)) } as const;
		stages.push({ spec: calc, inputs: [output], output: fields });
	}
	return {
		stages,
		emitsKinds,
		functions,
		...commonOf(more),
		inputs: [{ name: "input", schema: input.schema, isChangelog: input.isChangelog }],
	};
}
