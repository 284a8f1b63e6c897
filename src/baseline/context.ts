// What operators are created with: the job's session facts, compiled expressions, function lookups, and a clock.
import type { RowAccumulator } from "../functions/function.js";
import type { AggregateCall, CorrelateSpec } from "../job/specs.js";
import type { Expr } from "../types/expr.js";
import type { FunctionContext } from "../types/function-context.js";
import type { Row, Value } from "../types/value.js";

export type RowFunction = (row: Row) => Value;

/** The rows of an external table whose key columns have these values. */
export type LookupFunction = (key: Row) => readonly Row[] | Promise<readonly Row[]>;

export interface OperatorContext {
	readonly functions: FunctionContext;
	readonly options: Readonly<Record<string, string>>;
	compile(expr: Expr): RowFunction;
	/** Makes the accumulators of a call; they see all arguments, literals included. `appendOnly`: they never retract. */
	aggregate(call: AggregateCall, appendOnly: boolean): () => RowAccumulator;
	table(spec: CorrelateSpec): (row: Row) => Iterable<Row>;
	/** For LookupJoin. */
	readonly lookup?: LookupFunction | undefined;
	/** Processing time, ms. */
	now(): number;
}

/** The condition as a test: absent means TRUE; NULL and FALSE fail. */
export function compileCondition(expr: Expr | undefined, context: OperatorContext): (row: Row) => boolean {
	if (expr === undefined) return () => true;
	const evaluate = context.compile(expr);
	return (row) => evaluate(row) === true;
}
