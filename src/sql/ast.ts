// The syntax tree of Flink SQL: readonly unions on `kind`, plain JSON, every node with its place in the source text.
// It is normalised: one spelling per meaning (SOME is ANY, != is <>, DESC is DESCRIBE), so that print ∘ parse is canonical.
// Absent optional parts are absent properties; names are as written, without their back quotes.
export type * from "./ast/data-type.js";
export type * from "./ast/definition-statement.js";
export type * from "./ast/expression.js";
export type * from "./ast/function-call.js";
export type * from "./ast/query.js";
export type * from "./ast/statement.js";
export type * from "./ast/table-definition.js";
export type * from "./ast/table-reference.js";

import type { DataType, IntervalQualifier, RowField } from "./ast/data-type.js";
import type { Expression, Identifier, Name } from "./ast/expression.js";
import type { FrameBound, JsonBehavior, JsonClauses, WindowFrame, WindowSpecification } from "./ast/function-call.js";
import type {
	CommonTableExpression,
	GroupBy,
	GroupingElement,
	Hint,
	HintOption,
	NamedWindow,
	OrderItem,
	QueryBody,
	SelectItem,
} from "./ast/query.js";
import type { Assignment, Statement } from "./ast/statement.js";
import type {
	AlterTableAction,
	ColumnDefinition,
	TableElement,
	TableLike,
	TableOption,
} from "./ast/table-definition.js";
import type { MeasureItem, PatternTerm, TableAlias, TableReference, TableSample } from "./ast/table-reference.js";

/** Any node of the tree. */
export type AstNode =
	| Statement
	| Expression
	| DataType
	| QueryBody
	| TableReference
	| TableElement
	| ColumnDefinition
	| AlterTableAction
	| PatternTerm
	| GroupingElement
	| Name
	| Identifier
	| IntervalQualifier
	| RowField
	| FrameBound
	| WindowFrame
	| WindowSpecification
	| JsonBehavior
	| JsonClauses
	| CommonTableExpression
	| GroupBy
	| Hint
	| HintOption
	| NamedWindow
	| OrderItem
	| SelectItem
	| Assignment
	| TableOption
	| TableLike
	| MeasureItem
	| TableAlias
	| TableSample;
