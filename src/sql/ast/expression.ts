// Expressions. Parentheses leave no trace but their grouping; a dotted path is one ColumnReference until the binder
// knows which part is table, column and field.
import type { SourcePosition } from "../../errors.js";
import type { DataType, IntervalQualifier } from "./data-type.js";
import type {
	DefaultArgument,
	Descriptor,
	FormatJson,
	FunctionCall,
	ModelArgument,
	NamedArgument,
	SymbolArgument,
	TableArgument,
} from "./function-call.js";
import type { Query } from "./query.js";

/** One simple name. */
export interface Name {
	readonly kind: "Name";
	readonly text: string;
	readonly position: SourcePosition;
}

/** A possibly qualified name of a catalog object: `catalog.database.table`. */
export interface Identifier {
	readonly kind: "Identifier";
	readonly names: readonly Name[];
	readonly position: SourcePosition;
}

export interface NullLiteral {
	readonly kind: "NullLiteral";
	readonly position: SourcePosition;
}

export interface BooleanLiteral {
	readonly kind: "BooleanLiteral";
	readonly value: boolean;
	readonly position: SourcePosition;
}

/** Unsigned; the text is as written, so no digit is lost. */
export interface NumericLiteral {
	readonly kind: "NumericLiteral";
	readonly text: string;
	/** `12` is integer, `1.2` decimal, `1e2` approximate (DOUBLE). */
	readonly form: "integer" | "decimal" | "approximate";
	readonly position: SourcePosition;
}

/** The value with escapes resolved ('' and U&'\0041'); adjacent literals on several lines are one. */
export interface StringLiteral {
	readonly kind: "StringLiteral";
	readonly value: string;
	/** Of `_UTF8'…'` (upper case). */
	readonly charset?: string;
	readonly position: SourcePosition;
}

export interface BinaryLiteral {
	readonly kind: "BinaryLiteral";
	/** An even number of upper-case hexadecimal digits. */
	readonly hex: string;
	readonly position: SourcePosition;
}

/** `DATE '2020-01-01'`. The text is as written; the binder checks that it is a date. */
export interface DateTimeLiteral {
	readonly kind: "DateTimeLiteral";
	readonly type: "DATE" | "TIME" | "TIMESTAMP" | "TIMESTAMP_LTZ" | "TIMESTAMP_TZ";
	readonly value: string;
	readonly position: SourcePosition;
}

/** `INTERVAL -'1 10:00' DAY TO MINUTE`. The text is as written; the binder checks it against the qualifier. */
export interface IntervalLiteral {
	readonly kind: "IntervalLiteral";
	readonly negative: boolean;
	readonly value: string;
	readonly qualifier: IntervalQualifier;
	readonly position: SourcePosition;
}

/** `INTERVAL (a + 1) DAY`, `INTERVAL 5 DAY`: so many units. */
export interface IntervalExpression {
	readonly kind: "IntervalExpression";
	readonly operand: Expression;
	readonly qualifier: IntervalQualifier;
	readonly position: SourcePosition;
}

/** `(a - b) DAY TO SECOND`: the interval between two times. */
export interface DateTimeDifference {
	readonly kind: "DateTimeDifference";
	readonly left: Expression;
	readonly right: Expression;
	readonly qualifier: IntervalQualifier;
	readonly position: SourcePosition;
}

/** `?`, numbered from 0 in each statement. */
export interface DynamicParameter {
	readonly kind: "DynamicParameter";
	readonly index: number;
	readonly position: SourcePosition;
}

/** `a`, `t.a`, `db.t.a.field`. */
export interface ColumnReference {
	readonly kind: "ColumnReference";
	readonly names: readonly Name[];
	readonly position: SourcePosition;
}

/** `*` or `t.*` or `t.row.*`; only as a select item and in COUNT(*). */
export interface Star {
	readonly kind: "Star";
	readonly qualifier?: Identifier;
	readonly position: SourcePosition;
}

/** A field of anything but a path of names: `a[1].b`, `f(x).b`, `(r).b`. */
export interface FieldAccess {
	readonly kind: "FieldAccess";
	readonly operand: Expression;
	readonly field: Name;
	readonly position: SourcePosition;
}

/** `array[index]`, `map[key]`. */
export interface ItemAccess {
	readonly kind: "ItemAccess";
	readonly operand: Expression;
	readonly index: Expression;
	readonly position: SourcePosition;
}

export interface UnaryOperation {
	readonly kind: "UnaryOperation";
	readonly operator: "+" | "-" | "NOT";
	readonly operand: Expression;
	readonly position: SourcePosition;
}

export type ComparisonOperator = "=" | "<>" | "<" | "<=" | ">" | ">=";

export type PeriodOperator =
	| "OVERLAPS"
	| "CONTAINS"
	| "EQUALS"
	| "PRECEDES"
	| "SUCCEEDS"
	| "IMMEDIATELY PRECEDES"
	| "IMMEDIATELY SUCCEEDS";

export type MultisetOperator =
	| "MULTISET UNION ALL"
	| "MULTISET UNION DISTINCT"
	| "MULTISET INTERSECT ALL"
	| "MULTISET INTERSECT DISTINCT"
	| "MULTISET EXCEPT ALL"
	| "MULTISET EXCEPT DISTINCT"
	| "MEMBER OF"
	| "SUBMULTISET OF";

export type BinaryOperator =
	| ComparisonOperator
	| PeriodOperator
	| MultisetOperator
	| "+"
	| "-"
	| "*"
	| "/"
	| "%"
	| "||"
	| "AND"
	| "OR"
	| "IS DISTINCT FROM"
	| "IS NOT DISTINCT FROM";

export interface BinaryOperation {
	readonly kind: "BinaryOperation";
	readonly operator: BinaryOperator;
	readonly left: Expression;
	readonly right: Expression;
	readonly position: SourcePosition;
}

export type IsTest =
	| "NULL"
	| "TRUE"
	| "FALSE"
	| "UNKNOWN"
	| "JSON VALUE"
	| "JSON OBJECT"
	| "JSON ARRAY"
	| "JSON SCALAR"
	| "A SET"
	| "EMPTY";

export interface IsPredicate {
	readonly kind: "IsPredicate";
	readonly operand: Expression;
	readonly test: IsTest;
	readonly negated: boolean;
	readonly position: SourcePosition;
}

export interface Between {
	readonly kind: "Between";
	readonly operand: Expression;
	readonly low: Expression;
	readonly high: Expression;
	readonly symmetric: boolean;
	readonly negated: boolean;
	readonly position: SourcePosition;
}

export interface Like {
	readonly kind: "Like";
	readonly operator: "LIKE" | "SIMILAR TO";
	readonly operand: Expression;
	readonly pattern: Expression;
	readonly escape?: Expression;
	readonly negated: boolean;
	readonly position: SourcePosition;
}

export interface InList {
	readonly kind: "InList";
	readonly operand: Expression;
	readonly values: readonly Expression[];
	readonly negated: boolean;
	readonly position: SourcePosition;
}

export interface InSubquery {
	readonly kind: "InSubquery";
	readonly operand: Expression;
	readonly query: Query;
	readonly negated: boolean;
	readonly position: SourcePosition;
}

/** `a > ALL (SELECT …)`, `a = ANY (1, 2)`; exactly one of `query` and `values` is there. */
export interface QuantifiedComparison {
	readonly kind: "QuantifiedComparison";
	readonly operator: ComparisonOperator;
	readonly quantifier: "ANY" | "ALL";
	readonly left: Expression;
	readonly query?: Query;
	readonly values?: readonly Expression[];
	readonly position: SourcePosition;
}

export interface Exists {
	readonly kind: "Exists";
	readonly query: Query;
	readonly position: SourcePosition;
}

export interface Unique {
	readonly kind: "Unique";
	readonly query: Query;
	readonly position: SourcePosition;
}

export interface ScalarSubquery {
	readonly kind: "ScalarSubquery";
	readonly query: Query;
	readonly position: SourcePosition;
}

/** `ARRAY(SELECT …)`. */
export interface CollectionSubquery {
	readonly kind: "CollectionSubquery";
	readonly type: "ARRAY" | "MAP" | "MULTISET";
	readonly query: Query;
	readonly position: SourcePosition;
}

export interface WhenClause {
	readonly kind: "WhenClause";
	readonly condition: Expression;
	readonly result: Expression;
	readonly position: SourcePosition;
}

/** With `operand`: the simple form, conditions are values. `WHEN 1, 2 THEN x` is read as two clauses. */
export interface Case {
	readonly kind: "Case";
	readonly operand?: Expression;
	readonly whens: readonly WhenClause[];
	readonly otherwise?: Expression;
	readonly position: SourcePosition;
}

export interface Cast {
	readonly kind: "Cast";
	readonly operand: Expression;
	readonly type: DataType;
	/** TRY_CAST. */
	readonly safe: boolean;
	readonly position: SourcePosition;
}

/** `ROW(a, b)`, `(a, b)`, `PERIOD (a, b)`. */
export interface RowConstructor {
	readonly kind: "RowConstructor";
	readonly items: readonly Expression[];
	readonly position: SourcePosition;
}

export interface ArrayConstructor {
	readonly kind: "ArrayConstructor";
	readonly elements: readonly Expression[];
	readonly position: SourcePosition;
}

export interface MultisetConstructor {
	readonly kind: "MultisetConstructor";
	readonly elements: readonly Expression[];
	readonly position: SourcePosition;
}

export interface MapEntry {
	readonly kind: "MapEntry";
	readonly key: Expression;
	readonly value: Expression;
	readonly position: SourcePosition;
}

export interface MapConstructor {
	readonly kind: "MapConstructor";
	readonly entries: readonly MapEntry[];
	readonly position: SourcePosition;
}

/** `a AT TIME ZONE 'UTC'`; `AT LOCAL` has no zone. */
export interface AtTimeZone {
	readonly kind: "AtTimeZone";
	readonly operand: Expression;
	readonly zone?: Expression;
	readonly position: SourcePosition;
}

export type Literal =
	| NullLiteral
	| BooleanLiteral
	| NumericLiteral
	| StringLiteral
	| BinaryLiteral
	| DateTimeLiteral
	| IntervalLiteral;

/** Only in the argument list of a FunctionCall. */
export type ArgumentExpression =
	| NamedArgument
	| TableArgument
	| ModelArgument
	| Descriptor
	| SymbolArgument
	| DefaultArgument
	| FormatJson;

export type Expression =
	| Literal
	| IntervalExpression
	| DateTimeDifference
	| DynamicParameter
	| ColumnReference
	| Star
	| FieldAccess
	| ItemAccess
	| UnaryOperation
	| BinaryOperation
	| IsPredicate
	| Between
	| Like
	| InList
	| InSubquery
	| QuantifiedComparison
	| Exists
	| Unique
	| ScalarSubquery
	| CollectionSubquery
	| Case
	| Cast
	| RowConstructor
	| ArrayConstructor
	| MultisetConstructor
	| MapConstructor
	| AtTimeZone
	| FunctionCall
	| ArgumentExpression;
