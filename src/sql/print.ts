// Syntax tree to text. Parsing what has been printed gives the same tree again, positions apart.
import type { DataType, Expression, Query, Statement } from "./ast.js";
import { printDataType } from "./print/print-data-type.js";
import { printExpression } from "./print/print-expression.js";
import { printStatement } from "./print/print-statement.js";

/** One statement, expression or type without a semicolon, or the statements of a script with one behind each. */
export function print(node: Statement | Expression | DataType | readonly Statement[]): string {
	if (isScript(node)) return node.map((statement) => `${printStatement(statement)};\n`).join("");
	if (isDataType(node)) return printDataType(node);
	return isExpression(node) ? printExpression(node) : printStatement(node);
}

function isScript(node: Statement | Expression | DataType | readonly Statement[]): node is readonly Statement[] {
	return Array.isArray(node);
}

const TYPE_KINDS: ReadonlySet<string> = new Set<DataType["kind"]>([
	...(["SimpleType", "IntervalType", "ArrayType", "MultisetType", "MapType"] as const),
	...(["RowType", "RawType", "StructuredType", "NamedType"] as const),
]);

const EXPRESSION_KINDS: ReadonlySet<string> = new Set<Expression["kind"]>([
	...([
		"NullLiteral",
		"BooleanLiteral",
		"NumericLiteral",
		"StringLiteral",
		"BinaryLiteral",
		"DateTimeLiteral",
	] as const),
	...(["IntervalLiteral", "IntervalExpression", "DateTimeDifference", "DynamicParameter", "ColumnReference"] as const),
	...(["Star", "FieldAccess", "ItemAccess", "UnaryOperation", "BinaryOperation", "IsPredicate", "Between"] as const),
	...(["Like", "InList", "InSubquery", "QuantifiedComparison", "Exists", "Unique", "ScalarSubquery"] as const),
	...(["CollectionSubquery", "Case", "Cast", "RowConstructor", "ArrayConstructor", "MultisetConstructor"] as const),
	...(["MapConstructor", "AtTimeZone", "FunctionCall", "NamedArgument", "TableArgument", "ModelArgument"] as const),
	...(["Descriptor", "SymbolArgument", "DefaultArgument", "FormatJson"] as const),
]);

function isDataType(node: Statement | Expression | DataType): node is DataType {
	return TYPE_KINDS.has(node.kind);
}

function isExpression(node: Exclude<Statement | Expression, Query> | Query): node is Expression {
	return EXPRESSION_KINDS.has(node.kind);
}
