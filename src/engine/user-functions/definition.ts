// Functions that users write in TypeScript: what they declare. Types are SQL types as text; arguments and results are the values of
// public-values.ts, typed by them.
import type { BytesColumn, ColumnFunction } from "../../functions/column-function.js";
import type { PublicRow, PublicValue } from "../public-values.js";

/** The JavaScript value of a SQL type's text; types that are not simple are `PublicValue`. */
export type ValueOf<T extends string> = T extends `${infer Base} NOT NULL`
	? Exclude<SimpleValue<Uppercase<Base>>, null>
	: SimpleValue<Uppercase<T>> | null;

type SimpleValue<T extends string> = T extends "BOOLEAN"
	? boolean
	: T extends "TINYINT" | "SMALLINT" | "INT" | "INTEGER" | "FLOAT" | "DOUBLE"
		? number
		: T extends "BIGINT"
			? bigint
			: T extends
						| "STRING"
						| "DATE"
						| `${"CHAR" | "VARCHAR" | "DECIMAL" | "TIME" | "TIMESTAMP" | "TIMESTAMP_LTZ"}${string}`
				? string
				: T extends "BYTES"
					? Uint8Array
					: PublicValue;

/** Strict functions never see NULL. */
type Arguments<P extends readonly string[], Strict> = {
	-readonly [I in keyof P]: Strict extends false ? ValueOf<P[I]> : Exclude<ValueOf<P[I]>, null>;
};

/** What a function may give: numbers do for BIGINT and DECIMAL as well. */
type Result<T extends string> =
	| ValueOf<T>
	| (bigint extends ValueOf<T> ? number : never)
	| (string extends ValueOf<T> ? Date : never);

type Numbers = {
	TINYINT: Int8Array;
	SMALLINT: Int16Array;
	INT: Int32Array;
	INTEGER: Int32Array;
	FLOAT: Float32Array;
	DOUBLE: Float64Array;
};

type Base<T extends string> = Uppercase<T> extends `${infer B} NOT NULL` ? B : Uppercase<T>;

/** A column of an argument: typed arrays of numbers, bytes 0 and 1 for BOOLEAN, UTF-8 for texts. */
export type ColumnOf<T extends string> =
	Base<T> extends keyof Numbers
		? Numbers[Base<T>]
		: Base<T> extends "BIGINT"
			? BigInt64Array
			: Base<T> extends "BOOLEAN"
				? Uint8Array
				: BytesColumn;

/** BIGINT results are whole numbers up to 2^53. */
export type ResultColumn<T extends string> = Base<T> extends keyof Numbers ? Numbers[Base<T>] : Float64Array;

type ColumnArguments<P extends readonly string[]> = { -readonly [I in keyof P]: ColumnOf<P[I]> };

interface Declared<P extends readonly string[], Strict extends boolean> {
	/** What SQL calls it; case does not matter. */
	readonly name: string;
	/** SQL types, e.g. "BIGINT" or "ROW<a INT, b STRING>". Arguments are cast to them where SQL does so by itself. */
	readonly parameters: P;
	/** Default true: a NULL argument gives NULL (tables: no row, aggregates: nothing added) without calling the function. */
	readonly strict?: Strict;
	readonly doc?: string;
}

export interface ScalarDefinition<P extends readonly string[], R extends string, S extends boolean>
	extends Declared<P, S> {
	/** SQL type of the result. */
	readonly returns: R;
	eval(...args: Arguments<P, S>): Result<R>;
	/**
	 * The same for all rows of a batch in one call, where the kernels run: no value per row is made. Writes `result.length` results; may
	 * neither change nor keep the arguments. For strict functions that give numbers; a row with a NULL argument becomes NULL.
	 */
	evalColumns?(result: ResultColumn<R>, ...args: ColumnArguments<P>): void;
}

export interface TableDefinition<P extends readonly string[], S extends boolean> extends Declared<P, S> {
	/** A ROW type, e.g. "ROW<word STRING, length INT>"; any other type is one column. */
	readonly returns: string;
	/** The rows: objects by field name, arrays, or plain values where there is one column. */
	eval(...args: Arguments<P, S>): Iterable<PublicRow | readonly PublicValue[] | PublicValue>;
}

export interface AggregateDefinition<P extends readonly string[], R extends string, A extends object, S extends boolean>
	extends Declared<P, S> {
	readonly returns: R;
	/** An empty accumulator: plain data, since it becomes part of checkpoints. */
	createAccumulator(): A;
	accumulate(accumulator: A, ...args: Arguments<P, S>): void;
	/** Takes a row back; needed only over input that is updated. */
	retract?(accumulator: A, ...args: Arguments<P, S>): void;
	getValue(accumulator: A): Result<R>;
}

/** What `session.register` takes: made by scalarFunction, tableFunction or aggregateFunction. */
export interface UserDefinedFunction {
	readonly kind: "scalar" | "table" | "aggregate";
	readonly name: string;
	readonly parameters: readonly string[];
	readonly returns: string;
	readonly strict: boolean;
	readonly doc: string;
	readonly calls: FunctionCalls;
}

/** The user's code with its types forgotten. */
export interface FunctionCalls {
	eval?(...args: unknown[]): unknown;
	evalColumns?: ColumnFunction;
	createAccumulator?(): object;
	accumulate?(accumulator: object, ...args: unknown[]): void;
	retract?(accumulator: object, ...args: unknown[]): void;
	getValue?(accumulator: object): unknown;
}

export const scalarFunction = <
	const P extends readonly string[],
	const R extends string,
	const S extends boolean = true,
>(
	definition: ScalarDefinition<P, R, S>,
): UserDefinedFunction => declared("scalar", definition);

export const tableFunction = <const P extends readonly string[], const S extends boolean = true>(
	definition: TableDefinition<P, S>,
): UserDefinedFunction => declared("table", definition);

export const aggregateFunction = <
	const P extends readonly string[],
	const R extends string,
	A extends object,
	const S extends boolean = true,
>(
	definition: AggregateDefinition<P, R, A, S>,
): UserDefinedFunction => declared("aggregate", definition);

function declared(
	kind: UserDefinedFunction["kind"],
	definition: Declared<readonly string[], boolean> & { readonly returns: string },
): UserDefinedFunction {
	const { name, parameters, returns, strict = true, doc = "" } = definition;
	return { kind, name, parameters, returns, strict, doc, calls: definition as unknown as FunctionCalls };
}
