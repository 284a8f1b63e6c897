// Implicit casts made explicit: an expression as a value of another type.
import { type Expr, literal } from "../types/expr.js";
import {
	isBinary,
	isCharacter,
	isDatetime,
	isInterval,
	isNumeric,
	type SqlType,
	withNullability,
	withoutAttribute,
} from "../types/sql-type.js";
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

/** Whether a value of one type may be stored in a column of another without an explicit cast (INSERT INTO). */
export function isAssignable(from: SqlType, to: SqlType): boolean {
	if (from.kind === "NULL" || sameKind(from, to)) return true;
	if (isCharacter(to)) return isCharacter(from);
	if (isBinary(to)) return isBinary(from);
	if (isNumeric(to)) return isNumeric(from);
	if (isInterval(to)) return from.kind === to.kind;
	if (to.kind === "TIMESTAMP" || to.kind === "TIMESTAMP_LTZ") return from.kind === "DATE" || isTimestampLike(from);
	if (to.kind === "DATE" || to.kind === "TIME") return isTimestampLike(from) || from.kind === to.kind;
	if (to.kind === "ARRAY" || to.kind === "MULTISET")
		return from.kind === to.kind && isAssignable(from.element, to.element);
	if (to.kind === "MAP")
		return from.kind === "MAP" && isAssignable(from.key, to.key) && isAssignable(from.value, to.value);
	if (to.kind === "ROW") {
		if (from.kind !== "ROW" || from.fields.length !== to.fields.length) return false;
		return to.fields.every((field, i) => isAssignable(from.fields[i]?.type as SqlType, field.type));
	}
	return false;
}

const isTimestampLike = (type: SqlType) =>
	isDatetime(type) && (type.kind === "TIMESTAMP" || type.kind === "TIMESTAMP_LTZ");
