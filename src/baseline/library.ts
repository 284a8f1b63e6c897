// Finds the functions that specs name: built-in ones in the registry, user functions by their registration id.
import { EngineError } from "../errors.js";
import { compileRow, type UserScalar } from "../expr/evaluate.js";
import type { Argument, RowAccumulator } from "../functions/function.js";
import { aggregateFunction, tableFunction } from "../functions/registry.js";
import type { JobGraph } from "../job/job-graph.js";
import type { AggregateCall, CorrelateSpec } from "../job/specs.js";
import type { Row, Value } from "../types/value.js";
import type { LookupFunction, OperatorContext } from "./context.js";

/** User functions by registration id. */
export interface FunctionLibrary {
	scalar?(id: string): UserScalar | undefined;
	aggregate?(id: string): (() => RowAccumulator) | undefined;
	table?(id: string): ((...args: Value[]) => Iterable<Row>) | undefined;
}

export function operatorContext(
	graph: Pick<JobGraph, "context" | "options">,
	now: () => number,
	lookup: LookupFunction | undefined,
	library: FunctionLibrary = {},
): OperatorContext {
	const { options } = graph;
	const context: JobGraph["context"] = { ...graph.context, arrived: { watermark: null } };
	const compile: OperatorContext["compile"] = (expr) => compileRow(expr, context, (id) => library.scalar?.(id));
	return {
		functions: context,
		options,
		now,
		lookup,
		compile,
		aggregate(call, appendOnly) {
			if (call.user !== undefined) return library.aggregate?.(call.user) ?? unknown(call.function);
			const found = aggregateFunction(call.function) ?? unknown(call.function);
			const create = () => found.create({ args: argumentsOf(call), result: call.type, context, appendOnly });
			const first = create();
			return () => first.fresh?.() ?? create();
		},
		table(spec) {
			const args = spec.args.map(compile);
			const rowsOf = tableImplementation(spec, context, library);
			return (row) => rowsOf(...args.map((arg) => arg(row)));
		},
	};
}

function tableImplementation(
	spec: CorrelateSpec,
	context: JobGraph["context"],
	library: FunctionLibrary,
): (...args: Value[]) => Iterable<Row> {
	if (spec.user !== undefined) return library.table?.(spec.user) ?? unknown(spec.function);
	const found = tableFunction(spec.function) ?? unknown(spec.function);
	const args = spec.args.map(
		(arg): Argument => (arg.kind === "literal" ? { type: arg.type, literal: arg.value } : { type: arg.type }),
	);
	return found.implement({ args, result: spec.row, context });
}

const argumentsOf = (call: AggregateCall): Argument[] =>
	call.argTypes.map((type, i) => {
		const literal = call.literals?.[i];
		return literal === undefined ? { type } : { type, literal };
	});

function unknown(name: string): never {
	throw new EngineError("UNKNOWN_FUNCTION", `Unknown function ${name}`);
}
