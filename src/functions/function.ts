// The contract by which every SQL function is declared once: its types, its NULL rule, and its row implementation.
import type { FunctionContext } from "../types/function-context.js";
import type { SqlType } from "../types/sql-type.js";
import type { Value } from "../types/value.js";

/** An argument as the binder sees it: literals carry their value (functions such as JSON_VALUE or FLOOR(x TO unit) need it). */
export interface Argument {
	readonly type: SqlType;
	readonly literal?: Value | undefined;
}

/** Result of type resolution: what each argument is implicitly cast to (same length as the arguments), and the result type. */
export interface Resolution {
	readonly parameters: readonly SqlType[];
	readonly result: SqlType;
}

/** A type-checked call: what the implementation is specialised for. */
export interface BoundCall {
	readonly args: readonly Argument[];
	readonly result: SqlType;
	readonly context: FunctionContext;
	/** Aggregates: no row will be taken back, so that only what can still be the result has to be kept. */
	readonly appendOnly?: boolean | undefined;
}

export type ScalarImplementation = (...args: Value[]) => Value;

export interface ScalarFunction {
	/** Canonical name, upper case as Flink documents it, e.g. "CHAR_LENGTH"; operators by their sign, e.g. "+", "IS NULL". */
	readonly name: string;
	readonly aliases?: readonly string[];
	/** Families group docs/functions.md: "comparison" "logical" "arithmetic" "string" "temporal" "conditional" "conversion" "json" "collection" "hash" … */
	readonly family: string;
	/** Signatures as documented, e.g. "UPPER(string) -> STRING". */
	readonly signatures: readonly string[];
	/** One sentence for the docs. */
	readonly doc: string;
	/** An SQL expression and its result as SQL literal text, `upper('a') = 'A'`; executed by a test. */
	readonly example: string;
	/**
	 * `strict`: any NULL argument gives NULL without calling the implementation, and the result is nullable when an argument is.
	 * `custom`: the implementation sees NULLs.
	 */
	readonly nulls: "strict" | "custom";
	/** `pure` may be folded and evaluated once per distinct value; `query` is constant in a query; `row` anew for each row (RAND, UUID). Default pure. */
	readonly determinism?: "pure" | "query" | "row";
	/** Type rule. Returns undefined when the arguments do not fit (the binder then reports the signatures). May throw EngineError for a better message. */
	resolve(args: readonly Argument[]): Resolution | undefined;
	/** The row implementation, specialised for the types of one call. The baseline calls it per row; vectorized code may call it per distinct value. */
	implement(call: BoundCall): ScalarImplementation;
}

/** A running aggregate of one group in the baseline. Arguments arrive already cast. */
export interface RowAccumulator {
	add(args: readonly Value[]): void;
	/** Takes back a row added before. */
	retract(args: readonly Value[]): void;
	result(): Value;
	/** The state as structured-clonable data, and back: `restore` is called on a fresh accumulator of the same call. */
	snapshot(): unknown;
	restore(state: unknown): void;
	/** An empty accumulator of the same call, cheaper to get than by `create`. */
	fresh?(): RowAccumulator;
}

export interface AggregateFunction {
	readonly name: string;
	readonly aliases?: readonly string[];
	readonly family: string;
	readonly signatures: readonly string[];
	readonly doc: string;
	/** A call, values of x (or how many rows) and the result as golden files print it: `SUM(x) of 1, 2 is 3`. */
	readonly example: string;
	/** Whether DISTINCT changes nothing (MIN, MAX). */
	readonly ignoresDuplicates?: boolean;
	/** Type rule as for scalars; `grouped` says whether there is a GROUP BY (a global SUM is nullable, COUNT never is). */
	resolve(args: readonly Argument[], grouped: boolean): Resolution | undefined;
	create(call: BoundCall): RowAccumulator;
}

/** A function that yields rows: UNNEST, user table functions. `outputs` are the columns it adds. */
export interface TableFunction {
	readonly name: string;
	readonly family: string;
	readonly signatures: readonly string[];
	readonly doc: string;
	resolve(args: readonly Argument[]): { readonly parameters: readonly SqlType[]; readonly row: SqlType } | undefined;
	implement(call: BoundCall): (...args: Value[]) => Iterable<readonly Value[]>;
}
