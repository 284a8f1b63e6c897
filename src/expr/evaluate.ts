// The row-at-a-time evaluator: a bound expression becomes one closure. Used by the baseline and for folding constants;
// it is the reference for the vectorized kernels.
import { EngineError, nearestName } from "../errors.js";
import type { ColumnFunction } from "../functions/column-function.js";
import type { Argument, ScalarImplementation } from "../functions/function.js";
import { functionNames, scalarFunction } from "../functions/registry.js";
import { castFunction } from "../types/cast.js";
import type { CallExpr, CaseExpr, Expr } from "../types/expr.js";
import type { FunctionContext } from "../types/function-context.js";
import type { Row, Value } from "../types/value.js";

export type RowFunction = (row: Row) => Value;

/** A user function of a call, found by its registration id. */
export type UserFunctions = (id: string) => UserScalar | undefined;

/** `columns`: does the same for whole columns. */
export type UserScalar = ScalarImplementation & { readonly columns?: ColumnFunction | undefined };

/** The expression as a function of a row. Errors in branches that are not taken do not happen. */
export function compileRow(expr: Expr, context: FunctionContext, user?: UserFunctions): RowFunction {
	const compile = (child: Expr) => compileRow(child, context, user);
	switch (expr.kind) {
		case "column": {
			const { index } = expr;
			return (row) => row[index] as Value;
		}
		case "literal": {
			const { value } = expr;
			return () => value;
		}
		case "field": {
			const input = compile(expr.input);
			const { index } = expr;
			return (row) => {
				const fields = input(row) as Row | null;
				return fields === null ? null : (fields[index] as Value);
			};
		}
		case "cast": {
			const input = compile(expr.input);
			const { safe } = expr;
			const convert = castFunction(expr.input.type, expr.type, { safe, timeZone: context.timeZone });
			return (row) => convert(input(row));
		}
		case "case":
			return compileCase(expr, compile);
		case "call":
			return compileCall(expr, context, compile, user);
		case "outer":
			throw new EngineError("INTERNAL", "An outer column reached the evaluator", {
				remedy: "This is a bug in Millrace; please report it.",
			});
	}
}

function compileCase(expr: CaseExpr, compile: (child: Expr) => RowFunction): RowFunction {
	const branches = expr.branches.map(({ when, then: value }) => [compile(when), compile(value)] as const);
	const otherwise = compile(expr.otherwise);
	return (row) => {
		for (const [when, value] of branches) if (when(row) === true) return value(row);
		return otherwise(row);
	};
}

function compileCall(
	expr: CallExpr,
	context: FunctionContext,
	compile: (child: Expr) => RowFunction,
	user: UserFunctions | undefined,
): RowFunction {
	const args = expr.args.map(compile);
	switch (expr.function) {
		case "AND":
			return shortCircuit(args, false);
		case "OR":
			return shortCircuit(args, true);
		case "IF": {
			const [condition, yes, no] = args as [RowFunction, RowFunction, RowFunction];
			return (row) => (condition(row) === true ? yes(row) : no(row));
		}
		case "COALESCE":
		case "IFNULL":
			return (row) => {
				for (const arg of args) {
					const value = arg(row);
					if (value !== null) return value;
				}
				return null;
			};
	}
	const { implementation, strict } = implementationOf(expr, context, user);
	return strict ? strictCall(implementation, args) : (row) => implementation(...args.map((arg) => arg(row)));
}

/** Three-valued AND (`decisive` FALSE) and OR (TRUE), left to right. */
function shortCircuit(operands: readonly RowFunction[], decisive: boolean): RowFunction {
	return (row) => {
		let unknown = false;
		for (const operand of operands) {
			const value = operand(row);
			if (value === decisive) return decisive;
			if (value === null) unknown = true;
		}
		return unknown ? null : !decisive;
	};
}

function implementationOf(expr: CallExpr, context: FunctionContext, user: UserFunctions | undefined) {
	if (expr.user !== undefined) {
		const implementation = user?.(expr.user);
		if (implementation === undefined) throw unknownFunction(expr.function);
		return { implementation, strict: false };
	}
	const known = scalarFunction(expr.function);
	if (known === undefined) throw unknownFunction(expr.function);
	const args: Argument[] = expr.args.map((arg) =>
		arg.kind === "literal" ? { type: arg.type, literal: arg.value } : { type: arg.type },
	);
	return {
		implementation: known.implement({ args, result: expr.type, context }),
		strict: known.nulls === "strict",
	};
}

function unknownFunction(name: string): EngineError {
	const near = nearestName(name, functionNames());
	return new EngineError("UNKNOWN_FUNCTION", `Unknown function ${name}`, {
		...(near !== undefined && { remedy: `Did you mean ${near}?` }),
	});
}

/** NULL as soon as an argument is; later arguments are not evaluated then. */
function strictCall(implementation: ScalarImplementation, args: readonly RowFunction[]): RowFunction {
	const [first, second] = args;
	if (args.length === 0) return () => implementation();
	if (args.length === 1) {
		return (row) => {
			const value = (first as RowFunction)(row);
			return value === null ? null : implementation(value);
		};
	}
	if (args.length === 2) {
		return (row) => {
			const left = (first as RowFunction)(row);
			if (left === null) return null;
			const right = (second as RowFunction)(row);
			return right === null ? null : implementation(left, right);
		};
	}
	return (row) => {
		const values: Value[] = [];
		for (const arg of args) {
			const value = arg(row);
			if (value === null) return null;
			values.push(value);
		}
		return implementation(...values);
	};
}
