// Implicit casts made explicit: an expression as a value of another type.
import { type Expr, literal } from "../types/expr.js";
import { type SqlType, withNullability, withoutAttribute } from "../types/sql-type.js";
import { sameKind } from "../types/type-text.js";

/**
 * `expr` as `type`, through a cast where the kinds differ. Nullability follows the expression: a cast never makes a value NOT NULL.
 * Casts of NULL literals vanish.
 */
export function coerce(expr: Expr, type: SqlType): Expr {
	if (expr.type.kind !== "NULL" && sameKind(expr.type, type)) return expr;
	const target = withNullability(withoutAttribute(type), expr.type.nullable);
	if (expr.kind === "literal" && expr.value === null) return literal(null, target);
	return { kind: "cast", input: expr, type: target, safe: false };
}
