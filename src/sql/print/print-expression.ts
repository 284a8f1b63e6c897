// Expressions as SQL text, with no more parentheses than the precedence of the operators asks for.
import type { BinaryOperator, Case, Expression, QuantifiedComparison } from "../ast.js";
import { Precedence } from "../parser/expression-parser.js";
import { printDataType, printQualifier } from "./print-data-type.js";
import { printArgument, printCall } from "./print-function-call.js";
import { join, list, printIdentifier, printName, printNames, printString, printText } from "./print-name.js";
import { printQuery } from "./print-query.js";

/** In parentheses if it binds weaker than `minimum`. */
export function printExpression(expression: Expression, minimum: number = Precedence.Lowest): string {
	const text = printBare(expression);
	return precedenceOf(expression) < minimum ? `(${text})` : text;
}

export function printExpressions(expressions: readonly Expression[]): string {
	return list(expressions, printExpression0);
}

const printExpression0 = (expression: Expression): string => printExpression(expression);

function precedenceOf(expression: Expression): number {
	switch (expression.kind) {
		case "BinaryOperation":
			return binaryPrecedence(expression.operator);
		case "UnaryOperation":
			return expression.operator === "NOT" ? Precedence.Not : Precedence.Sign;
		case "IsPredicate":
			return Precedence.Is;
		case "Between":
		case "Like":
		case "InList":
		case "InSubquery":
		case "QuantifiedComparison":
			return Precedence.Like;
		case "AtTimeZone":
			return Precedence.AtTimeZone;
		default:
			return Precedence.Postfix;
	}
}

function binaryPrecedence(operator: BinaryOperator): number {
	switch (operator) {
		case "OR":
			return Precedence.Or;
		case "AND":
			return Precedence.And;
		case "+":
		case "-":
			return Precedence.Additive;
		case "*":
		case "/":
		case "%":
		case "||":
			return Precedence.Multiplicative;
		case "MULTISET UNION ALL":
		case "MULTISET UNION DISTINCT":
		case "MULTISET EXCEPT ALL":
		case "MULTISET EXCEPT DISTINCT":
			return Precedence.MultisetUnion;
		case "MULTISET INTERSECT ALL":
		case "MULTISET INTERSECT DISTINCT":
			return Precedence.MultisetIntersect;
		default:
			return Precedence.Comparison;
	}
}

function printBare(expression: Expression): string {
	switch (expression.kind) {
		case "NullLiteral":
			return "NULL";
		case "BooleanLiteral":
			return expression.value ? "TRUE" : "FALSE";
		case "NumericLiteral":
			return expression.text;
		case "StringLiteral":
			return printString(expression);
		case "BinaryLiteral":
			return `X'${expression.hex}'`;
		case "DateTimeLiteral":
			return `${DATE_TIME_WORDS[expression.type]} ${printText(expression.value)}`;
		case "IntervalLiteral": {
			const value = `${expression.negative ? "-" : ""}${printText(expression.value)}`;
			return `INTERVAL ${value} ${printQualifier(expression.qualifier)}`;
		}
		case "IntervalExpression":
			return `INTERVAL (${printExpression(expression.operand)}) ${printQualifier(expression.qualifier)}`;
		case "DynamicParameter":
			return "?";
		case "ColumnReference":
			return printNames(expression.names);
		case "Star":
			return expression.qualifier ? `${printIdentifier(expression.qualifier)}.*` : "*";
		case "FunctionCall":
			return printCall(expression);
		case "RowConstructor":
			return `ROW(${printExpressions(expression.items)})`;
		case "ArrayConstructor":
			return `ARRAY[${printExpressions(expression.elements)}]`;
		case "MultisetConstructor":
			return `MULTISET[${printExpressions(expression.elements)}]`;
		case "MapConstructor":
			return `MAP[${printExpressions(expression.entries.flatMap(({ key, value }) => [key, value]))}]`;
		case "Case":
			return printCase(expression);
		case "Cast": {
			const name = expression.safe ? "TRY_CAST" : "CAST";
			return `${name}(${printExpression(expression.operand)} AS ${printDataType(expression.type)})`;
		}
		case "ScalarSubquery":
			return `(${printQuery(expression.query)})`;
		case "CollectionSubquery":
			return `${expression.type}(${printQuery(expression.query)})`;
		case "Exists":
			return `EXISTS (${printQuery(expression.query)})`;
		case "Unique":
			return `UNIQUE (${printQuery(expression.query)})`;
		case "NamedArgument":
		case "TableArgument":
		case "ModelArgument":
		case "Descriptor":
		case "SymbolArgument":
		case "DefaultArgument":
		case "FormatJson":
			return printArgument(expression);
		default:
			return printOperation(expression);
	}
}

const DATE_TIME_WORDS = {
	DATE: "DATE",
	TIME: "TIME",
	TIMESTAMP: "TIMESTAMP",
	TIMESTAMP_LTZ: "TIMESTAMP WITH LOCAL TIME ZONE",
	TIMESTAMP_TZ: "TIMESTAMP WITH TIME ZONE",
} as const;

type Operation = Extract<
	Expression,
	{
		kind:
			| "FieldAccess"
			| "ItemAccess"
			| "UnaryOperation"
			| "BinaryOperation"
			| "IsPredicate"
			| "Between"
			| "Like"
			| "InList"
			| "InSubquery"
			| "QuantifiedComparison"
			| "AtTimeZone"
			| "DateTimeDifference";
	}
>;

function printOperation(operation: Operation): string {
	switch (operation.kind) {
		case "FieldAccess":
			return `${printOwner(operation.operand)}.${printName(operation.field)}`;
		case "ItemAccess": {
			return `${printExpression(operation.operand, Precedence.Postfix)}[${printExpression(operation.index)}]`;
		}
		case "UnaryOperation": {
			if (operation.operator === "NOT") return `NOT ${printExpression(operation.operand, Precedence.Not)}`;
			const operand = printExpression(operation.operand, Precedence.Sign);
			return `${operation.operator}${/^[-+]/.test(operand) ? " " : ""}${operand}`;
		}
		case "BinaryOperation": {
			const precedence = binaryPrecedence(operation.operator);
			const left = printExpression(operation.left, precedence);
			return `${left} ${operation.operator} ${printExpression(operation.right, precedence + 1)}`;
		}
		case "IsPredicate": {
			const not = operation.negated ? "NOT " : "";
			return `${printExpression(operation.operand, Precedence.Is)} IS ${not}${operation.test}`;
		}
		case "QuantifiedComparison":
			return printQuantified(operation);
		case "AtTimeZone": {
			const operand = printExpression(operation.operand, Precedence.AtTimeZone);
			if (operation.zone === undefined) return `${operand} AT LOCAL`;
			return `${operand} AT TIME ZONE ${printExpression(operation.zone, Precedence.AtTimeZone + 1)}`;
		}
		case "DateTimeDifference": {
			const left = printExpression(operation.left, Precedence.Additive);
			const right = printExpression(operation.right, Precedence.Additive + 1);
			return `(${left} - ${right}) ${printQualifier(operation.qualifier)}`;
		}
		default:
			return printPredicate(operation);
	}
}

/** Before a dot: a path would swallow the field, a number the dot. */
function printOwner(operand: Expression): string {
	const isGreedy = operand.kind === "ColumnReference" || operand.kind === "NumericLiteral";
	return isGreedy ? `(${printBare(operand)})` : printExpression(operand, Precedence.Postfix);
}

function printQuantified({ left, operator, quantifier, query, values }: QuantifiedComparison): string {
	const right = query ? printQuery(query) : printExpressions(values ?? []);
	return `${printExpression(left, Precedence.Like + 1)} ${operator} ${quantifier} (${right})`;
}

function printPredicate(predicate: Extract<Operation, { kind: "Between" | "Like" | "InList" | "InSubquery" }>): string {
	const tight = Precedence.Like + 1;
	const operand = join(printExpression(predicate.operand, tight), predicate.negated && "NOT");
	switch (predicate.kind) {
		case "Between": {
			const low = printExpression(predicate.low, Precedence.And + 1);
			const high = printExpression(predicate.high, tight);
			return join(operand, "BETWEEN", predicate.symmetric && "SYMMETRIC", low, "AND", high);
		}
		case "Like": {
			const isChain = predicate.pattern.kind === "Like" && predicate.pattern.escape === undefined && !predicate.escape;
			const pattern = printExpression(predicate.pattern, isChain ? Precedence.Like : tight);
			const suffix = predicate.escape && `ESCAPE ${printExpression(predicate.escape, tight)}`;
			return join(operand, predicate.operator, pattern, suffix);
		}
		case "InList":
			return `${operand} IN (${printExpressions(predicate.values)})`;
		case "InSubquery":
			return `${operand} IN (${printQuery(predicate.query)})`;
	}
}

function printCase({ operand, whens, otherwise }: Case): string {
	return join(
		"CASE",
		operand && printExpression(operand),
		...whens.map((when) => `WHEN ${printExpression(when.condition)} THEN ${printExpression(when.result)}`),
		otherwise && `ELSE ${printExpression(otherwise)}`,
		"END",
	);
}
