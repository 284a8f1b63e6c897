// The spec of MATCH_RECOGNIZE: a sequence of variables with quantifiers, and expressions over the partial match.
import { EngineError } from "../errors.js";
import type { Expr } from "../types/expr.js";
import type { SqlType } from "../types/sql-type.js";
import type { SortKey } from "./specs.js";

export interface PatternVariable {
	readonly name: string;
	readonly min: number;
	/** Infinity is written as undefined. */
	readonly max?: number | undefined;
	readonly greedy: boolean;
	/** Absent: every row matches. Evaluated over the match so far, see MatchExpr. */
	readonly define?: MatchExpr | undefined;
}

/**
 * An expression over a partial match. `expr` is an ordinary expression whose columns are `refs`: column i of it is the value of refs[i].
 */
export interface MatchExpr {
	readonly expr: Expr;
	readonly refs: readonly MatchRef[];
}

/** `variable` undefined: all rows of the match. In DEFINE the candidate row counts as matched to the variable being defined. */
export type MatchRef =
	| {
			/** FIRST/LAST(variable.column, offset): the offset-th row mapped to the variable from the front or back; NULL if none. */
			readonly kind: "first" | "last";
			readonly variable?: string | undefined;
			readonly offset: number;
			/** Evaluated on that one row. */
			readonly value: Expr;
			readonly type: SqlType;
	  }
	| {
			/** Aggregate over the rows mapped to the variable. `args` are evaluated on each of these rows. */
			readonly kind: "aggregate";
			readonly variable?: string | undefined;
			readonly function: string;
			readonly args: readonly Expr[];
			readonly type: SqlType;
	  }
	| { readonly kind: "matchRowtime" | "matchProctime"; readonly type: SqlType };

/** MATCH_RECOGNIZE, ONE ROW PER MATCH. Output: partition columns, then measures. */
export interface MatchSpec {
	readonly operator: "Match";
	readonly partition: readonly number[];
	readonly order: readonly SortKey[];
	readonly eventTime: boolean;
	readonly final: boolean;
	/** Sequence of variables, in order. */
	readonly pattern: readonly PatternVariable[];
	readonly withinMs?: number | undefined;
	readonly skip:
		| { readonly kind: "pastLastRow" | "toNextRow" }
		| { readonly kind: "toFirst" | "toLast"; readonly variable: string };
	readonly measures: readonly { readonly name: string; readonly value: MatchExpr }[];
}

/** Why AFTER MATCH SKIP TO a variable is impossible after a match: it has no such row, or that row is the match's first. */
export function skipFailure(skip: MatchSpec["skip"], problem: "missing" | "first"): EngineError {
	const variable = "variable" in skip ? skip.variable : "";
	const clause = `AFTER MATCH SKIP TO ${skip.kind === "toFirst" ? "FIRST" : "LAST"} ${variable}`;
	if (problem === "missing") return new EngineError("INVALID_QUERY", `${clause}: no row of the match is ${variable}`);
	return new EngineError("INVALID_QUERY", `${clause} leads to the match's first row`, {
		remedy: "This would find the same match again; skip to another variable, or TO NEXT ROW",
	});
}
