// Aggregate calls: checked, typed and noted in the collector, with a placeholder in their place.
import type { FunctionImplementation } from "../../catalog/catalog-object.js";
import { EngineError } from "../../errors.js";
import { coerce } from "../../expr/coerce.js";
import { constantOf } from "../../expr/fold.js";
import type { FunctionCall, OrderItem } from "../../sql/ast.js";
import type { Expr } from "../../types/expr.js";
import { BIGINT, notNull, type SqlType, withoutAttribute } from "../../types/sql-type.js";
import type { Value } from "../../types/value.js";
import { resolved } from "./call.js";
import { type AggregateRequest, refuse, type SortItem } from "./collector.js";
import { bindCondition, bindExpression, type ExpressionContext } from "./expression.js";
import { functionName } from "./function-call.js";
import { jsonArguments } from "./json-call.js";

export type AggregateImplementation = Extract<FunctionImplementation, { kind: "aggregate" }>;

/** Without an implementation the call is GROUPING or GROUPING_ID. */
export function bindAggregate(
	ast: FunctionCall,
	found: AggregateImplementation | undefined,
	context: ExpressionContext,
): Expr {
	const name = functionName(ast);
	if (!context.rules.aggregates) {
		if (context.rules.clause === "an aggregate's argument") {
			throw new EngineError("INVALID_QUERY", "aggregate calls cannot be nested", { position: ast.position });
		}
		throw refuse(`aggregate ${name}`, context.rules, ast.position);
	}
	const request =
		found === undefined ? grouping(ast, context) : aggregateRequest(ast, found, context, isGrouped(ast, context));
	return context.collector.add(request, ast.position);
}

/** A FILTER may leave nothing of a group. */
const isGrouped = (ast: FunctionCall, context: ExpressionContext) =>
	context.grouped === true && ast.filter === undefined;

/** GROUPING_ID() of columns: a bit per column, set where the row's grouping set does not group by it. */
function grouping(ast: FunctionCall, context: ExpressionContext): AggregateRequest {
	const inner = argumentContext(context);
	const args = ast.args.map((arg) => bindExpression(arg, inner));
	if (args.length === 0) {
		throw new EngineError("INVALID_ARGUMENT", `${functionName(ast)} needs a GROUP BY expression`, {
			position: ast.position,
		});
	}
	return { kind: "aggregate", function: "GROUPING", args, distinct: false, orderBy: [], type: notNull(BIGINT) };
}

export const argumentContext = (context: ExpressionContext): ExpressionContext => ({
	...context,
	rules: { clause: "an aggregate's argument", aggregates: false, windows: false },
});

/** The typed call; `grouped` says that it never sees an empty group. */
export function aggregateRequest(
	ast: FunctionCall,
	{ definition, id }: AggregateImplementation,
	context: ExpressionContext,
	grouped: boolean,
	inner: ExpressionContext = argumentContext(context),
): AggregateRequest {
	const args = [...argumentsOf(ast, inner), ...jsonArguments(ast, inner)];
	const resolution = resolved(definition, args, ast.position, (types) => definition.resolve(types, grouped));
	const { context: functions, batch } = context.environment.options;
	if (definition.name === "APPROX_COUNT_DISTINCT" && !batch) {
		throw new EngineError("UNSUPPORTED", "APPROX_COUNT_DISTINCT over a stream is not supported", {
			position: ast.position,
			remedy: "Use COUNT(DISTINCT …), or SET 'execution.runtime-mode' = 'batch'",
		});
	}
	const isCount = definition.name === "COUNT" && id === undefined;
	if (isCount && ast.args.length === 0) {
		throw new EngineError("INVALID_QUERY", "COUNT needs an argument", {
			position: ast.position,
			remedy: "COUNT(*) counts rows",
		});
	}
	if (isCount && args.length > 1 && (ast.quantifier === "DISTINCT" || args.some((arg) => arg.type.nullable))) {
		throw new EngineError("UNSUPPORTED", "COUNT takes one column", {
			position: ast.position,
			remedy: "Count a ROW of the columns, or add IS NOT NULL to a FILTER",
		});
	}
	const cast = args.map((arg, i) => coerce(arg, resolution.parameters[i] as SqlType));
	const constants = cast.map((arg, i) =>
		i === 0 && !isConfiguration(arg) ? undefined : constantOf(arg, functions)?.value,
	);
	const distinct = ast.quantifier === "DISTINCT" && definition.ignoresDuplicates !== true;
	const filter = ast.filter && bindCondition(ast.filter, { ...inner, rules: { ...inner.rules, clause: "FILTER" } });
	return {
		kind: "aggregate",
		function: definition.name,
		user: id,
		args: cast,
		literals: constants.some((value) => value !== undefined) ? (constants as (Value | undefined)[]) : undefined,
		distinct,
		filter,
		orderBy: sortItems([...(ast.withinGroup ?? []), ...(ast.orderBy ?? [])], inner),
		type: withoutAttribute(resolution.result),
	};
}

const isConfiguration = (arg: Expr) => arg.type.kind === "SYMBOL";

/** COUNT(*) has no arguments. */
function argumentsOf(ast: FunctionCall, context: ExpressionContext): Expr[] {
	const [first] = ast.args;
	if (ast.args.length === 1 && first?.kind === "Star") {
		if (functionName(ast) === "COUNT") return [];
		throw new EngineError("INVALID_ARGUMENT", `${functionName(ast)}(*) is not possible`, { position: first.position });
	}
	if (ast.args.length === 0 && functionName(ast) === "COUNT") {
		throw new EngineError("INVALID_ARGUMENT", "COUNT has no argument", {
			position: ast.position,
			expected: "COUNT(*) or COUNT(expression)",
		});
	}
	return ast.args.map((arg) => bindExpression(arg, context));
}

/** ORDER BY items: NULLs are first ascending and last descending unless said otherwise. */
export function sortItems(items: readonly OrderItem[], context: ExpressionContext): SortItem[] {
	return items.map((item) => ({ expr: bindExpression(item.expression, context), ...direction(item) }));
}

export function direction(item: OrderItem): { ascending: boolean; nullsFirst: boolean } {
	return { ascending: !item.descending, nullsFirst: item.nulls ? item.nulls === "FIRST" : !item.descending };
}
