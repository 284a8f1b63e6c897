// Bound expressions: names resolved to column indexes, every node typed, implicit casts made explicit. Plain structured-clonable data.
import type { SqlType } from "./sql-type.js";
import type { Value } from "./value.js";

export type Expr = ColumnExpr | OuterExpr | LiteralExpr | CallExpr | CastExpr | CaseExpr | FieldExpr;

/** The input's column `index`. For a join's condition the input is left columns followed by right columns. */
export interface ColumnExpr {
	readonly kind: "column";
	readonly index: number;
	readonly type: SqlType;
}

/** Column `index` of the left input of the enclosing Apply node `apply`; occurs only in plans before decorrelation. */
export interface OuterExpr {
	readonly kind: "outer";
	readonly apply: number;
	readonly index: number;
	readonly type: SqlType;
}

export interface LiteralExpr {
	readonly kind: "literal";
	readonly value: Value;
	readonly type: SqlType;
}

/**
 * A call of a registered scalar function by canonical name. Operators are functions too: "AND" "OR" (n-ary, three-valued), "NOT",
 * "=" "<>" "<" "<=" ">" ">=", "+" "-" "*" "/" "%", "NEGATE", "IS NULL" "IS NOT NULL" "IS TRUE" "IS NOT TRUE" "IS FALSE" "IS NOT FALSE",
 * "IS DISTINCT FROM" "IS NOT DISTINCT FROM", "IN" (first argument among the other, literal, ones), "LIKE" (value, pattern[, escape]).
 * BETWEEN, COALESCE and NULLIF are bound to these and to `case`.
 */
export interface CallExpr {
	readonly kind: "call";
	readonly function: string;
	readonly args: readonly Expr[];
	readonly type: SqlType;
	/** A user function's registration id; absent for built-in functions. */
	readonly user?: string | undefined;
}

export interface CastExpr {
	readonly kind: "cast";
	readonly input: Expr;
	readonly type: SqlType;
	/** TRY_CAST: NULL instead of an error. */
	readonly safe: boolean;
}

/** Searched CASE: the first branch whose condition is TRUE. Only that branch is evaluated for a row (errors in others do not happen). */
export interface CaseExpr {
	readonly kind: "case";
	readonly branches: readonly { readonly when: Expr; readonly then: Expr }[];
	readonly otherwise: Expr;
	readonly type: SqlType;
}

/** Field `index` of a ROW; NULL when the row is NULL. */
export interface FieldExpr {
	readonly kind: "field";
	readonly input: Expr;
	readonly index: number;
	readonly type: SqlType;
}

export const column = (index: number, type: SqlType): ColumnExpr => ({ kind: "column", index, type });
export const literal = (value: Value, type: SqlType): LiteralExpr => ({ kind: "literal", value, type });
export const call = (name: string, args: readonly Expr[], type: SqlType): CallExpr => ({
	kind: "call",
	function: name,
	args,
	type,
});

/** The expressions directly below a node. */
export function childrenOf(expr: Expr): readonly Expr[] {
	switch (expr.kind) {
		case "column":
		case "outer":
		case "literal":
			return [];
		case "call":
			return expr.args;
		case "cast":
		case "field":
			return [expr.input];
		case "case":
			return [...expr.branches.flatMap((branch) => [branch.when, branch.then]), expr.otherwise];
	}
}

/** Rebuilds an expression bottom-up: `change` sees each node with its children already changed. Unchanged subtrees are kept as they are. */
export function rewrite(expr: Expr, change: (node: Expr) => Expr): Expr {
	return change(withChildren(expr, (child) => rewrite(child, change)));
}

/** The expression with its direct children changed; the same object when none changed, but for CASE. */
export function withChildren(expr: Expr, map: (child: Expr) => Expr): Expr {
	switch (expr.kind) {
		case "column":
		case "outer":
		case "literal":
			return expr;
		case "call": {
			const args = expr.args.map(map);
			return args.every((arg, i) => arg === expr.args[i]) ? expr : { ...expr, args };
		}
		case "cast":
		case "field": {
			const input = map(expr.input);
			return input === expr.input ? expr : { ...expr, input };
		}
		case "case": {
			const branches = expr.branches.map(({ when, then }) => ({ when: map(when), then: map(then) }));
			return { ...expr, branches, otherwise: map(expr.otherwise) };
		}
	}
}

/** Visits every node, parents first. */
export function visit(expr: Expr, see: (node: Expr) => void): void {
	see(expr);
	for (const child of childrenOf(expr)) visit(child, see);
}

/** Indexes of the input columns that the expressions read, ascending. */
export function columnsOf(...exprs: readonly Expr[]): number[] {
	const found = new Set<number>();
	for (const expr of exprs) visit(expr, (node) => node.kind === "column" && found.add(node.index));
	return [...found].sort((left, right) => left - right);
}

/** Renumbers column references; `to(index)` gives the new index. */
export function mapColumns(expr: Expr, to: (index: number) => number): Expr {
	return rewrite(expr, (node) => (node.kind === "column" ? { ...node, index: to(node.index) } : node));
}
