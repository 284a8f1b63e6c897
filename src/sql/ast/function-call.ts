// Function calls. Every special syntax is a plain call with a fixed order of arguments:
//   EXTRACT(unit FROM x)                → EXTRACT[Symbol unit, x]
//   CEIL(x TO unit), FLOOR(x TO unit)   → [x, Symbol unit]
//   TIMESTAMPADD(unit, n, x), TIMESTAMPDIFF(unit, a, b) → [Symbol unit, …]
//   TRIM(x), TRIM(BOTH c FROM x)        → always [Symbol BOTH|LEADING|TRAILING, c, x]; c is ' ' where none is written
//   SUBSTRING(x FROM a FOR n)           → [x, a, n]        POSITION(a IN b FROM n) → [a, b, n]
//   OVERLAY(x PLACING y FROM a FOR n)   → [x, y, a, n]
//   JSON_OBJECT(KEY k VALUE v, …)       → [k, v, …]        JSON_OBJECTAGG(KEY k VALUE v) → [k, v]
//   CURRENT_DATE and the like without parentheses → no arguments and `niladic`
// Time units are in upper case as written; whether a function knows the unit is the binder's business.
import type { SourcePosition } from "../../errors.js";
import type { DataType } from "./data-type.js";
import type { Expression, Identifier, Name } from "./expression.js";
import type { OrderItem, Query } from "./query.js";

export interface FunctionCall {
	readonly kind: "FunctionCall";
	/** As written; functions that have a syntax of their own are in upper case. */
	readonly name: Identifier;
	readonly args: readonly Expression[];
	/** True where a niladic function stands without parentheses. */
	readonly niladic?: true;
	readonly quantifier?: "DISTINCT" | "ALL";
	/** `ARRAY_AGG(x ORDER BY y)`. */
	readonly orderBy?: readonly OrderItem[];
	readonly withinGroup?: readonly OrderItem[];
	readonly withinDistinct?: readonly Expression[];
	readonly filter?: Expression;
	readonly nullTreatment?: "IGNORE NULLS" | "RESPECT NULLS";
	/** A Name refers to the WINDOW clause. */
	readonly over?: WindowSpecification | Name;
	/** In MATCH_RECOGNIZE: `FINAL LAST(A.x)`. */
	readonly evaluation?: "FINAL" | "RUNNING";
	readonly json?: JsonClauses;
	readonly position: SourcePosition;
}

/** `name => value`. */
export interface NamedArgument {
	readonly kind: "NamedArgument";
	readonly name: Name;
	readonly value: Expression;
	readonly position: SourcePosition;
}

/** `TABLE t PARTITION BY a ORDER BY b`; a query in parentheses is one only if PARTITION BY or ORDER BY follows, or TABLE precedes. */
export interface TableArgument {
	readonly kind: "TableArgument";
	readonly source: Identifier | Query;
	readonly partitionBy: readonly Expression[];
	readonly orderBy: readonly OrderItem[];
	readonly position: SourcePosition;
}

/** `MODEL m`. */
export interface ModelArgument {
	readonly kind: "ModelArgument";
	readonly model: Identifier;
	readonly position: SourcePosition;
}

/** `DESCRIPTOR(a, b)`. */
export interface Descriptor {
	readonly kind: "Descriptor";
	readonly columns: readonly Name[];
	readonly position: SourcePosition;
}

/** A bare keyword as an argument: a time unit, BOTH. Upper case. */
export interface SymbolArgument {
	readonly kind: "SymbolArgument";
	readonly value: string;
	readonly position: SourcePosition;
}

/** `DEFAULT` in place of an argument. */
export interface DefaultArgument {
	readonly kind: "DefaultArgument";
	readonly position: SourcePosition;
}

/** `value FORMAT JSON` in the arguments of a JSON function. */
export interface FormatJson {
	readonly kind: "FormatJson";
	readonly operand: Expression;
	readonly position: SourcePosition;
}

/** The clauses of the JSON_… functions. */
export interface JsonClauses {
	readonly kind: "JsonClauses";
	readonly returning?: DataType;
	readonly wrapper?: "WITHOUT" | "CONDITIONAL" | "UNCONDITIONAL";
	readonly onEmpty?: JsonBehavior;
	readonly onError?: JsonBehavior;
	readonly onNull?: "NULL" | "ABSENT";
	readonly position: SourcePosition;
}

export interface JsonBehavior {
	readonly kind: "JsonBehavior";
	readonly behavior: "NULL" | "ERROR" | "DEFAULT" | "EMPTY ARRAY" | "EMPTY OBJECT" | "TRUE" | "FALSE" | "UNKNOWN";
	/** Of DEFAULT. */
	readonly value?: Expression;
	readonly position: SourcePosition;
}

/** What stands in OVER (…) or WINDOW w AS (…). */
export interface WindowSpecification {
	readonly kind: "WindowSpecification";
	/** The named window that this one extends. */
	readonly base?: Name;
	readonly partitionBy: readonly Expression[];
	readonly orderBy: readonly OrderItem[];
	readonly frame?: WindowFrame;
	readonly position: SourcePosition;
}

/** `ROWS 5 PRECEDING` has no `end`: it ends at the current row. */
export interface WindowFrame {
	readonly kind: "WindowFrame";
	readonly unit: "ROWS" | "RANGE";
	readonly start: FrameBound;
	readonly end?: FrameBound;
	readonly position: SourcePosition;
}

export interface FrameBound {
	readonly kind: "FrameBound";
	readonly bound: "UNBOUNDED PRECEDING" | "PRECEDING" | "CURRENT ROW" | "FOLLOWING" | "UNBOUNDED FOLLOWING";
	/** Of PRECEDING and FOLLOWING: a number for ROWS, an interval or a number for RANGE. */
	readonly offset?: Expression;
	readonly position: SourcePosition;
}
