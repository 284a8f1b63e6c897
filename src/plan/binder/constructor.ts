// Values built in place: ROW(…), ARRAY[…], MAP[…].
import { EngineError } from "../../errors.js";
import { coerce } from "../../expr/coerce.js";
import type { ArrayConstructor, Expression, MapConstructor, RowConstructor } from "../../sql/ast.js";
import { leastCommonType } from "../../types/coercion.js";
import { call, type Expr } from "../../types/expr.js";
import { type SqlType, withoutAttribute } from "../../types/sql-type.js";
import { bindExpression, type ExpressionContext } from "./expression.js";

/** Fields are named EXPR$0, EXPR$1, … */
export function bindRow(ast: RowConstructor, context: ExpressionContext): Expr {
	return rowOf(ast.items.map((item) => bindExpression(item, context)));
}

export function rowOf(items: readonly Expr[]): Expr {
	const fields = items.map((item, i) => ({ name: `EXPR$${i}`, type: withoutAttribute(item.type) }));
	return call("ROW", items, { kind: "ROW", fields, nullable: false });
}

export function bindArray(ast: ArrayConstructor, context: ExpressionContext): Expr {
	const [element, elements] = alike(ast.elements, context, ast, "an array");
	return call("ARRAY", elements, { kind: "ARRAY", element, nullable: false });
}

export function bindMap(ast: MapConstructor, context: ExpressionContext): Expr {
	const keys = ast.entries.map((entry) => entry.key);
	const values = ast.entries.map((entry) => entry.value);
	const [key, boundKeys] = alike(keys, context, ast, "a map's keys");
	const [value, boundValues] = alike(values, context, ast, "a map's values");
	const args = boundKeys.flatMap((bound, i) => [bound, boundValues[i] as Expr]);
	return call("MAP", args, { kind: "MAP", key, value, nullable: false });
}

function alike(
	items: readonly Expression[],
	context: ExpressionContext,
	ast: Expression,
	what: string,
): [type: SqlType, items: Expr[]] {
	const bound = items.map((item) => bindExpression(item, context));
	const type = leastCommonType(bound.map((item) => withoutAttribute(item.type)));
	if (type === undefined || type.kind === "NULL") {
		throw new EngineError("TYPE_MISMATCH", `the values of ${what} have no common type`, {
			position: ast.position,
			...(bound.length === 0 && { remedy: "An empty one needs a type: CAST(NULL AS …), or a value" }),
		});
	}
	return [type, bound.map((item) => coerce(item, type))];
}
