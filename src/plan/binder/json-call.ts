// The clauses of JSON functions (RETURNING, WRAPPER, ON EMPTY, ON ERROR, ON NULL) as further arguments.
import { sqlType } from "../../catalog/data-type.js";
import type { Expression, FunctionCall, JsonBehavior } from "../../sql/ast.js";
import { type Expr, literal } from "../../types/expr.js";
import { NULL, type SqlType } from "../../types/sql-type.js";
import { callFunction } from "./call.js";
import { bindExpression, type ExpressionContext } from "./expression.js";

const SYMBOL: SqlType = { kind: "SYMBOL", nullable: false };
const symbol = (value: string) => literal(value, SYMBOL);

/** Arguments are appended in a fixed form that the registry's JSON functions expect; none for other functions. */
export function jsonArguments(ast: FunctionCall, context: ExpressionContext): Expr[] {
	const clauses = ast.json;
	if (clauses === undefined) return [];
	const added: Expr[] = [];
	if (clauses.returning) added.push(symbol("RETURNING"), literal(null, sqlType(clauses.returning)));
	if (clauses.wrapper) added.push(symbol(`${clauses.wrapper} WRAPPER`));
	if (clauses.onNull) added.push(symbol(`${clauses.onNull} ON NULL`));
	if (clauses.onEmpty) added.push(...behavior(clauses.onEmpty, "EMPTY", context));
	if (clauses.onError) added.push(...behavior(clauses.onError, "ERROR", context));
	return added;
}

const CONSTRUCTORS = new Set(["JSON_OBJECT", "JSON_ARRAY"]);

/** JSON built right inside JSON becomes a part of it, not a string. */
export function nestedJson(name: string, ast: Expression, bound: Expr, context: ExpressionContext): Expr {
	if (!CONSTRUCTORS.has(name) || ast.kind !== "FunctionCall" || ast.name.names.length !== 1) return bound;
	const inner = (ast.name.names[0] as { text: string }).text.toUpperCase();
	return CONSTRUCTORS.has(inner) ? callFunction(context, "JSON", [bound], ast.position) : bound;
}

function behavior(clause: JsonBehavior, event: string, context: ExpressionContext): Expr[] {
	const value = clause.value === undefined ? literal(null, NULL) : bindExpression(clause.value, context);
	const stated = symbol(`${clause.behavior} ON ${event}`);
	return clause.behavior === "DEFAULT" ? [stated, value] : [stated];
}
