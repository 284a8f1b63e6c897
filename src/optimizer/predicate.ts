// Boolean structure of conditions: splitting into conjuncts, joining them again, and expression equality.
import { exprKey } from "../expr/same.js";
import { call, type Expr, literal } from "../types/expr.js";
import { BOOLEAN, notNull } from "../types/sql-type.js";

/** The conjuncts of a condition, nested ANDs flattened, TRUE left out. */
export function conjunctsOf(condition: Expr | undefined): Expr[] {
	if (condition === undefined || isTrue(condition)) return [];
	if (condition.kind === "call" && condition.function === "AND") return condition.args.flatMap(conjunctsOf);
	return [condition];
}

export function disjunctsOf(condition: Expr): Expr[] {
	if (condition.kind === "call" && condition.function === "OR") return condition.args.flatMap(disjunctsOf);
	return [condition];
}

/** The conjunction of `conditions`; undefined when there are none. */
export function conjunction(conditions: readonly Expr[]): Expr | undefined {
	const distinct = distinctExprs(conditions.flatMap(conjunctsOf));
	if (distinct.length <= 1) return distinct[0];
	return call("AND", distinct, booleanOf(distinct));
}

export function disjunction(conditions: readonly Expr[]): Expr {
	const distinct = distinctExprs(conditions.flatMap(disjunctsOf));
	if (distinct.length === 0) return FALSE;
	return distinct.length === 1 ? distinct[0]! : call("OR", distinct, booleanOf(distinct));
}

export const TRUE = literal(true, notNull(BOOLEAN));
export const FALSE = literal(false, notNull(BOOLEAN));

export const isTrue = (expr: Expr) => expr.kind === "literal" && expr.value === true;
/** FALSE or NULL: as a filter no row passes. */
export const rejectsAll = (expr: Expr) => expr.kind === "literal" && (expr.value === false || expr.value === null);

const booleanOf = (operands: readonly Expr[]) =>
	operands.some((operand) => operand.type.nullable) ? BOOLEAN : notNull(BOOLEAN);

export function distinctExprs(exprs: readonly Expr[]): readonly Expr[] {
	if (exprs.length <= 1) return exprs;
	const seen = new Set<string>();
	return exprs.filter((expr) => !seen.has(exprKey(expr)) && seen.add(exprKey(expr)));
}
