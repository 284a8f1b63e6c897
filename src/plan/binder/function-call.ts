// Calls by name: special forms, aggregates, OVER calls, built-in and user scalar functions.
import type { FunctionImplementation, UserFunction } from "../../catalog/catalog-object.js";
import { EngineError, nearestName, type SourcePosition } from "../../errors.js";
import type { FunctionCall, Name } from "../../sql/ast.js";
import { type Expr, literal } from "../../types/expr.js";
import { BIGINT, notNull } from "../../types/sql-type.js";
import { bindAggregate } from "./aggregate-call.js";
import { callScalar } from "./call.js";
import { bindCoalesce, bindNullIf } from "./conditional.js";
import type { Environment, QueryContext } from "./environment.js";
import { bindExpression, type ExpressionContext } from "./expression.js";
import { bindGroupWindowProperty, isGroupWindowProperty } from "./group-window.js";
import { jsonArguments, nestedJson } from "./json-call.js";
import { bindOver, isWindowFunction } from "./over-call.js";

type SpecialForm = (ast: FunctionCall, context: ExpressionContext) => Expr;

/** GROUP_ID tells equal grouping sets apart; they are kept as one, so it is 0. */
const SPECIAL: Readonly<Record<string, SpecialForm>> = {
	COALESCE: bindCoalesce,
	NULLIF: bindNullIf,
	GROUP_ID: () => literal(0n, notNull(BIGINT)),
};

export function bindFunctionCall(ast: FunctionCall, context: ExpressionContext): Expr {
	const name = functionName(ast);
	if (ast.over !== undefined) return bindOver(ast, ast.over, context);
	const special = ast.name.names.length === 1 ? SPECIAL[name] : undefined;
	if (special !== undefined) return special(ast, context);
	if (isGroupWindowProperty(name)) return bindGroupWindowProperty(ast, name, context);
	if (GROUPING.has(name)) return bindAggregate(ast, undefined, context);
	if (isWindowFunction(name)) {
		throw new EngineError("INVALID_QUERY", `${name} needs an OVER clause`, { position: ast.position });
	}
	const found = findFunction(ast, context.environment, context.query);
	if (found.kind === "aggregate") return bindAggregate(ast, found, context);
	if (found.kind === "table") {
		throw new EngineError("INVALID_QUERY", `${name} is a table function`, {
			position: ast.position,
			remedy: "Use it in FROM: LATERAL TABLE(…)",
		});
	}
	refuseAggregateSyntax(ast, name);
	const args = ast.args.map((arg) => nestedJson(name, arg, bindExpression(arg, context), context));
	return callScalar(context, found, [...args, ...jsonArguments(ast, context)], ast.position);
}

export const GROUPING = new Set(["GROUPING", "GROUPING_ID"]);

/** The last name of a call in upper case. */
export function functionName(ast: FunctionCall): string {
	const [last] = ast.name.names.slice(-1);
	return (last as Name).text.toUpperCase();
}

/** The function of a call; unknown ones are an error with the nearest name. */
export function findFunction(ast: FunctionCall, environment: Environment, query: QueryContext): FunctionImplementation {
	const { catalog } = environment;
	const names = ast.name.names.map((part) => part.text);
	const found = catalog.functions.resolve(names, catalog.pathOf(ast.name, query.namespace));
	if (found === undefined) {
		const near = nearestName(names[names.length - 1] as string, catalog.functions.names());
		throw new EngineError("UNKNOWN_FUNCTION", `function ${names.join(".")} does not exist`, {
			position: ast.name.position,
			...(near !== undefined && { remedy: `Did you mean ${near}?` }),
		});
	}
	return "kind" in found ? found : loaded(found, ast.position);
}

function loaded(found: UserFunction, position: SourcePosition): FunctionImplementation {
	if (found.implementation !== undefined) return found.implementation;
	const name = found.path[found.path.length - 1];
	throw new EngineError("INVALID_STATE", `function ${name} of '${found.source?.className}' has no implementation`, {
		position,
		remedy: "Name the path of a JavaScript module in CREATE FUNCTION, or register the class with session.registerClass",
	});
}

function refuseAggregateSyntax(ast: FunctionCall, name: string): void {
	const clause = ast.filter
		? "FILTER"
		: ast.withinGroup
			? "WITHIN GROUP"
			: ast.quantifier === "DISTINCT"
				? "DISTINCT"
				: undefined;
	if (clause === undefined) return;
	throw new EngineError("INVALID_QUERY", `${clause} is for aggregates; ${name} is none`, { position: ast.position });
}
