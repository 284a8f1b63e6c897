// Calls of scalar functions and operators: the registry decides the types, arguments get the casts that it asks for.
import type { FunctionImplementation } from "../../catalog/catalog-object.js";
import { builtInFunction } from "../../catalog/function-catalog.js";
import { EngineError, type SourcePosition } from "../../errors.js";
import { coerce } from "../../expr/coerce.js";
import type { Argument, Resolution } from "../../functions/function.js";
import type { Expr } from "../../types/expr.js";
import { type SqlType, withoutAttribute } from "../../types/sql-type.js";
import { typeText } from "../../types/type-text.js";
import type { ExpressionContext } from "./expression.js";

export type ScalarImplementationOf = Extract<FunctionImplementation, { kind: "scalar" }>;

export const argumentOf = (expr: Expr): Argument =>
	expr.kind === "literal" ? { type: expr.type, literal: expr.value } : { type: expr.type };

/** Calls a built-in function or operator by its canonical name. */
export function callFunction(
	context: ExpressionContext,
	name: string,
	args: readonly Expr[],
	position: SourcePosition,
): Expr {
	const fields = name === "=" ? fieldsOfRows(args) : undefined;
	if (fields !== undefined) {
		const tests = fields.map((pair) => callFunction(context, "=", pair, position));
		return tests.length === 1 ? (tests[0] as Expr) : callFunction(context, "AND", tests, position);
	}
	const found = builtInFunction(name);
	if (found?.kind !== "scalar") {
		throw new EngineError("UNSUPPORTED", `function ${name} is not supported`, { position });
	}
	return callScalar(context, found, args, position);
}

/** The fields of two rows that are written out, which are compared one by one. Rows of which one is a value are compared as a whole. */
function fieldsOfRows(args: readonly Expr[]): readonly (readonly [Expr, Expr])[] | undefined {
	const [left, right] = args;
	if (left?.kind !== "call" || right?.kind !== "call" || left.function !== "ROW" || right.function !== "ROW")
		return undefined;
	if (left.args.length !== right.args.length || left.args.length === 0) return undefined;
	return left.args.map((field, i) => [field, right.args[i] as Expr]);
}

export function callScalar(
	_context: ExpressionContext,
	{ definition, id }: ScalarImplementationOf,
	args: readonly Expr[],
	position: SourcePosition,
): Expr {
	const resolution = resolved(definition, args, position, (types) => definition.resolve(types));
	const type = definition.name === "PROCTIME" ? proctime(resolution.result) : withoutAttribute(resolution.result);
	const bound = {
		kind: "call",
		function: definition.name,
		args: args.map((arg, i) => coerce(arg, resolution.parameters[i] as SqlType)),
		type,
	} as const;
	return id === undefined ? bound : { ...bound, user: id };
}

const proctime = (type: SqlType): SqlType => ({ ...type, attribute: "proctime" }) as SqlType;

interface Described {
	readonly name: string;
	readonly signatures: readonly string[];
}

/** Runs a type rule; arguments that do not fit are an error that lists the signatures. */
export function resolved<R extends Resolution | { readonly parameters: readonly SqlType[] }>(
	definition: Described,
	args: readonly Expr[],
	position: SourcePosition,
	rule: (types: readonly Argument[]) => R | undefined,
): R {
	const result = located(position, () => rule(args.map(argumentOf)));
	if (result !== undefined) return result;
	const given = args.map((arg) => typeText(arg.type)).join(", ");
	const isOperator = !/^\w/.test(definition.name);
	const problem = isOperator
		? `operator ${definition.name} cannot be applied to ${given.replace(/, (?=[^,]*$)/, " and ")}`
		: `${definition.name} cannot be called with (${given})`;
	throw new EngineError("TYPE_MISMATCH", problem, { position, expected: definition.signatures.join(" or ") });
}

/** Adds the place to errors that do not know it. */
export function located<T>(position: SourcePosition, run: () => T): T {
	try {
		return run();
	} catch (error) {
		throw error instanceof EngineError ? error.within({ position }) : error;
	}
}
