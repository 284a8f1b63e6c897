// What may stand in FROM. Joins nest to the left; alias and sample belong to the reference that they follow.
import type { SourcePosition } from "../../errors.js";
import type { Expression, Identifier, Name } from "./expression.js";
import type { FunctionCall } from "./function-call.js";
import type { Hint, OrderItem, Query } from "./query.js";

export interface TableAlias {
	readonly kind: "TableAlias";
	readonly name: Name;
	/** Empty where the columns keep their names. */
	readonly columns: readonly Name[];
	readonly position: SourcePosition;
}

/** `TABLESAMPLE BERNOULLI (10) REPEATABLE (1)`. */
export interface TableSample {
	readonly kind: "TableSample";
	readonly method: "BERNOULLI" | "SYSTEM";
	readonly percentage: Expression;
	readonly seed?: Expression;
	readonly position: SourcePosition;
}

interface TableReferenceNode {
	readonly alias?: TableAlias;
	readonly sample?: TableSample;
	readonly position: SourcePosition;
}

export interface TableName extends TableReferenceNode {
	readonly kind: "TableName";
	readonly name: Identifier;
	readonly hints: readonly Hint[];
	/** FOR SYSTEM_TIME AS OF. */
	readonly systemTime?: Expression;
}

/** A query in parentheses. */
export interface DerivedTable extends TableReferenceNode {
	readonly kind: "DerivedTable";
	readonly query: Query;
	readonly lateral: boolean;
}

/** `TABLE(f(…))`, `LATERAL TABLE(f(…))` or a bare `f(…)`: window functions, table functions, process table functions. */
export interface FunctionTable extends TableReferenceNode {
	readonly kind: "FunctionTable";
	readonly call: FunctionCall;
	readonly lateral: boolean;
}

export interface Unnest extends TableReferenceNode {
	readonly kind: "Unnest";
	readonly expressions: readonly Expression[];
	readonly withOrdinality: boolean;
}

export interface MatchRecognize extends TableReferenceNode {
	readonly kind: "MatchRecognize";
	readonly input: TableReference;
	readonly partitionBy: readonly Expression[];
	readonly orderBy: readonly OrderItem[];
	readonly measures: readonly MeasureItem[];
	readonly rowsPerMatch?: "ONE ROW" | "ALL ROWS";
	readonly afterMatch?: AfterMatch;
	readonly pattern: PatternTerm;
	/** `^` and `$` around the pattern. */
	readonly anchoredAtStart: boolean;
	readonly anchoredAtEnd: boolean;
	readonly within?: Expression;
	readonly subsets: readonly PatternSubset[];
	readonly definitions: readonly PatternDefinition[];
}

export interface Join extends TableReferenceNode {
	readonly kind: "Join";
	readonly type: "INNER" | "LEFT" | "RIGHT" | "FULL" | "CROSS";
	readonly natural: boolean;
	readonly left: TableReference;
	readonly right: TableReference;
	readonly on?: Expression;
	readonly using?: readonly Name[];
}

export type TableReference = TableName | DerivedTable | FunctionTable | Unnest | MatchRecognize | Join;

export interface MeasureItem {
	readonly kind: "MeasureItem";
	readonly expression: Expression;
	readonly name: Name;
	readonly position: SourcePosition;
}

export interface AfterMatch {
	readonly kind: "AfterMatch";
	readonly strategy: "SKIP TO NEXT ROW" | "SKIP PAST LAST ROW" | "SKIP TO FIRST" | "SKIP TO LAST";
	/** Of SKIP TO FIRST and LAST; `SKIP TO b` is LAST. */
	readonly variable?: Name;
	readonly position: SourcePosition;
}

export interface PatternSubset {
	readonly kind: "PatternSubset";
	readonly name: Name;
	readonly variables: readonly Name[];
	readonly position: SourcePosition;
}

export interface PatternDefinition {
	readonly kind: "PatternDefinition";
	readonly variable: Name;
	readonly condition: Expression;
	readonly position: SourcePosition;
}

export interface PatternVariable {
	readonly kind: "PatternVariable";
	readonly name: Name;
	readonly position: SourcePosition;
}

/** At least two terms, one after the other. */
export interface PatternSequence {
	readonly kind: "PatternSequence";
	readonly terms: readonly PatternTerm[];
	readonly position: SourcePosition;
}

/** `A | B`: at least two terms. */
export interface PatternAlternation {
	readonly kind: "PatternAlternation";
	readonly terms: readonly PatternTerm[];
	readonly position: SourcePosition;
}

/** `*` is 0…, `+` 1…, `?` 0…1, `{n}` n…n; `max` is absent without an upper bound. */
export interface PatternQuantified {
	readonly kind: "PatternQuantified";
	readonly term: PatternTerm;
	readonly min: number;
	readonly max?: number;
	readonly reluctant: boolean;
	readonly position: SourcePosition;
}

export interface PatternPermute {
	readonly kind: "PatternPermute";
	readonly terms: readonly PatternTerm[];
	readonly position: SourcePosition;
}

/** `{- A -}`. */
export interface PatternExclusion {
	readonly kind: "PatternExclusion";
	readonly term: PatternTerm;
	readonly position: SourcePosition;
}

export type PatternTerm =
	| PatternVariable
	| PatternSequence
	| PatternAlternation
	| PatternQuantified
	| PatternPermute
	| PatternExclusion;
