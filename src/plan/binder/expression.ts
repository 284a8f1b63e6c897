// AST expression → typed expression: names become columns, operators become function calls with explicit casts.
// Aggregates, OVER calls and subqueries become placeholders noted in the collector.
import { sqlType } from "../../catalog/data-type.js";
import { EngineError, type SourcePosition } from "../../errors.js";
import { coerce } from "../../expr/coerce.js";
import { constantOf } from "../../expr/fold.js";
import { integerLiteral, intervalUnit } from "../../expr/literals.js";
import type {
	Cast,
	ColumnReference,
	DateTimeDifference,
	Expression,
	FunctionCall,
	IntervalExpression,
	UnaryOperation,
	WindowSpecification,
} from "../../sql/ast.js";
import { canCast } from "../../types/cast.js";
import { timestampMs, timestampNanos } from "../../types/datetime.js";
import { localTimestampValue } from "../../types/datetime-text.js";
import { floatText } from "../../types/double-text.js";
import { call, type Expr, type LiteralExpr, literal } from "../../types/expr.js";
import {
	DOUBLE,
	isNumeric,
	notNull,
	type SqlType,
	type TypeOf,
	withNullability,
	withoutAttribute,
} from "../../types/sql-type.js";
import { sameType, typeText } from "../../types/type-text.js";
import { callFunction } from "./call.js";
import type { Collector, CollectorRules } from "./collector.js";
import { bindBetween, bindInList, bindIs, bindLike, bindQuantifiedList } from "./comparison.js";
import { bindCase } from "./conditional.js";
import { bindArray, bindMap, bindRow } from "./constructor.js";
import type { Environment, QueryContext } from "./environment.js";
import { bindFunctionCall } from "./function-call.js";
import { bindLiteral, bindNumber } from "./literal.js";
import { bindPeriod, isPeriodOperator } from "./period.js";
import { fieldOf, resolveReference, type Scope } from "./scope.js";
import { bindExists, bindInSubquery, bindQuantified, bindScalarSubquery } from "./subquery-expression.js";

/** Everything that decides what an expression means where it stands. */
export interface ExpressionContext {
	readonly environment: Environment;
	readonly scope: Scope;
	readonly query: QueryContext;
	readonly collector: Collector;
	readonly rules: CollectorRules;
	/** Whether there is a GROUP BY: aggregates of groups are never empty. */
	readonly grouped?: boolean | undefined;
	/** Select items by alias, which ORDER BY sees before the columns of FROM. */
	readonly aliases?: ReadonlyMap<string, Expr> | undefined;
	/** WINDOW w AS (…). */
	readonly namedWindows?: ReadonlyMap<string, WindowSpecification> | undefined;
	/** Other meanings of names and calls (MATCH_RECOGNIZE); undefined results fall through. */
	readonly reference?: ((reference: ColumnReference) => Expr | undefined) | undefined;
	readonly call?: ((call: FunctionCall) => Expr | undefined) | undefined;
}

export function bindExpression(ast: Expression, context: ExpressionContext): Expr {
	const bound = bindNode(ast, context);
	return bound.kind === "column" ? context.environment.placed({ ...bound }, ast.position) : bound;
}

function bindNode(ast: Expression, context: ExpressionContext): Expr {
	switch (ast.kind) {
		case "NullLiteral":
		case "BooleanLiteral":
		case "NumericLiteral":
		case "StringLiteral":
		case "BinaryLiteral":
		case "DateTimeLiteral":
		case "IntervalLiteral":
			return bindLiteral(ast, context.environment.options.context.timeZone);
		case "IntervalExpression":
			return bindIntervalExpression(ast, context);
		case "DateTimeDifference":
			return bindDifference(ast, context);
		case "DynamicParameter":
			return parameter(ast, context);
		case "ColumnReference":
			return bindReference(ast, context);
		case "FieldAccess":
			return fieldOf(bindExpression(ast.operand, context), ast.field);
		case "ItemAccess":
			return operation("ITEM", [ast.operand, ast.index], ast, context);
		case "UnaryOperation":
			return bindUnary(ast, context);
		case "BinaryOperation":
			if (isPeriodOperator(ast.operator)) return bindPeriod(ast, context);
			if (ast.operator.startsWith("M") || ast.operator.startsWith("S")) throw unsupported(ast.operator, ast.position);
			return flattened(operation(ast.operator, [ast.left, ast.right], ast, context));
		case "IsPredicate":
			return bindIs(ast, context);
		case "Between":
			return bindBetween(ast, context);
		case "Like":
			return bindLike(ast, context);
		case "InList":
			return bindInList(ast, context);
		case "InSubquery":
			return bindInSubquery(ast, context);
		case "QuantifiedComparison":
			return ast.query === undefined ? bindQuantifiedList(ast, context) : bindQuantified(ast, ast.query, context);
		case "Exists":
			return bindExists(ast, context);
		case "ScalarSubquery":
			return bindScalarSubquery(ast, context);
		case "Case":
			return bindCase(ast, context);
		case "Cast":
			return bindCast(ast, context);
		case "RowConstructor":
			return bindRow(ast, context);
		case "ArrayConstructor":
			return bindArray(ast, context);
		case "MapConstructor":
			return bindMap(ast, context);
		case "FunctionCall":
			return context.call?.(ast) ?? bindFunctionCall(ast, context);
		case "SymbolArgument":
			return literal(ast.value, { kind: "SYMBOL", nullable: false });
		case "FormatJson":
			return bindExpression(ast.operand, context);
		case "Star":
			throw new EngineError("INVALID_QUERY", "* can stand only in a select list or in COUNT(*)", {
				position: ast.position,
			});
		default:
			throw unsupported(SPELLING[ast.kind] ?? ast.kind, ast.position);
	}
}

const SPELLING: Readonly<Record<string, string>> = {
	AtTimeZone: "AT TIME ZONE",
	Unique: "UNIQUE (subquery)",
	CollectionSubquery: "ARRAY(subquery)",
	MultisetConstructor: "MULTISET[…]",
	NamedArgument: "a named argument",
	TableArgument: "a table as argument of this function",
	ModelArgument: "a model as argument",
	Descriptor: "DESCRIPTOR here",
	DefaultArgument: "DEFAULT as argument",
};

export function unsupported(what: string, position: SourcePosition): EngineError {
	return new EngineError("UNSUPPORTED", `${what} is not supported`, { position });
}

/** Calls the function of an operator on operands. */
function operation(name: string, operands: readonly Expression[], ast: Expression, context: ExpressionContext): Expr {
	const args = operands.map((operand) => bindExpression(operand, context));
	return callFunction(context, name, args, ast.position);
}

/** AND and OR of many operands are one call. */
function flattened(expr: Expr): Expr {
	if (expr.kind !== "call" || (expr.function !== "AND" && expr.function !== "OR")) return expr;
	const args = expr.args.flatMap((arg) => (arg.kind === "call" && arg.function === expr.function ? arg.args : [arg]));
	return { ...expr, args };
}

function bindReference(ast: ColumnReference, context: ExpressionContext): Expr {
	const special = context.reference?.(ast);
	if (special !== undefined) return special;
	const alias = ast.names.length === 1 ? context.aliases?.get(ast.names[0]?.text as string) : undefined;
	return alias ?? resolveReference(context.scope, ast);
}

function bindUnary(ast: UnaryOperation, context: ExpressionContext): Expr {
	const isNegative = ast.operator === "-" && ast.operand.kind === "NumericLiteral";
	const operand = isNegative ? bindNumber(ast.operand, true) : bindExpression(ast.operand, context);
	if (ast.operator === "NOT") return callFunction(context, "NOT", [operand], ast.position);
	if (operand.kind === "literal" && isNumeric(operand.type) && operand.value !== null) {
		return ast.operator === "+" ? operand : negated(operand.value as number | bigint, operand.type);
	}
	const negative = callFunction(context, "NEGATE", [operand], ast.position);
	return ast.operator === "+" ? operand : negative;
}

/** The sign belongs to a number: -2147483648 is an INT. */
function negated(value: number | bigint, type: SqlType): Expr {
	if (type.kind === "INTEGER" || type.kind === "BIGINT" || (type.kind === "DECIMAL" && type.scale === 0)) {
		return integerLiteral(-BigInt(value)) ?? literal(-value, type);
	}
	// Flink reads numbers as decimals, which have no negative zero.
	return literal(value === 0 ? value : -value, type);
}

function bindCast(ast: Cast, context: ExpressionContext): Expr {
	const input = bindExpression(ast.operand, context);
	const type = withNullability(sqlType(ast.type), ast.safe || input.type.nullable);
	if (input.kind === "literal" && input.value === null) return literal(null, type);
	const plain = withoutAttribute(input.type);
	if (sameType(plain, type)) return plain === input.type ? input : ({ ...input, type: plain } as Expr);
	if (!canCast(input.type, type)) {
		throw new EngineError("TYPE_MISMATCH", `cannot cast ${typeText(input.type)} to ${typeText(type)}`, {
			position: ast.position,
		});
	}
	if (input.kind === "literal" && type.kind === "TIMESTAMP" && plain.kind === "TIMESTAMP")
		return cutTimestamp(input, type);
	const cast: Expr = { kind: "cast", input: asWritten(input, type, context), type, safe: ast.safe };
	return ast.type.kind === "IntervalType" ? asInterval(ast, cast, ast.type.qualifier.start) : cast;
}

/** A FLOAT constant has the digits that it shows, as in Flink: CAST(1.1 AS FLOAT) as DOUBLE is 1.1, that of a column 1.100000023841858. */
function asWritten(input: Expr, type: SqlType, context: ExpressionContext): Expr {
	if (input.type.kind !== "FLOAT" || (type.kind !== "DOUBLE" && type.kind !== "DECIMAL")) return input;
	if (input.kind === "cast" && input.input.kind === "literal" && isNumeric(input.input.type)) return input.input;
	const constant = constantOf(input, context.environment.options.context);
	if (typeof constant?.value !== "number") return input;
	return literal(Number(floatText(constant.value)), withNullability(DOUBLE, input.type.nullable));
}

/** The digits of a literal are cut off before 1970 too, where a computed cast rounds toward it. */
function cutTimestamp({ value, type: from }: LiteralExpr, type: TypeOf<"TIMESTAMP">): Expr {
	const { precision } = from as typeof type;
	const local = { ms: timestampMs(value, precision), nanos: timestampNanos(value, precision) };
	return literal(localTimestampValue(local, type.precision), type);
}

/** A number written out counts units; any other is taken for months or milliseconds, as in Flink. */
function asInterval(ast: Cast, cast: Expr, unit: string): Expr {
	const { type, size } = intervalUnit(unit);
	if (ast.operand.kind !== "NumericLiteral") return coerce(cast, type);
	return literal(Math.round(Number(ast.operand.text) * size), notNull(type));
}

/** So many units: a number times an interval of one. */
function bindIntervalExpression(ast: IntervalExpression, context: ExpressionContext): Expr {
	const operand = bindExpression(ast.operand, context);
	const { type, size } = intervalUnit(ast.qualifier.start);
	if (operand.kind === "literal" && typeof operand.value === "number") {
		return literal(operand.value * size, notNull(type));
	}
	return callFunction(context, "*", [operand, literal(size, notNull(type))], ast.position);
}

/** The difference of two times: in whole months, or in milliseconds. */
function bindDifference(ast: DateTimeDifference, context: ExpressionContext): Expr {
	const { type } = intervalUnit(ast.qualifier.start);
	const unit = literal(type.kind === "INTERVAL_YEAR_MONTH" ? "MONTH" : "SECOND", { kind: "SYMBOL", nullable: false });
	const sides = [bindExpression(ast.left, context), bindExpression(ast.right, context)];
	return callFunction(context, "MINUS_DATE", [unit, ...sides], ast.position);
}

function parameter(ast: Extract<Expression, { kind: "DynamicParameter" }>, context: ExpressionContext): Expr {
	const value = context.environment.options.parameters?.[ast.index];
	if (value !== undefined) return value;
	throw new EngineError("INVALID_ARGUMENT", `no value was given for parameter ${ast.index + 1}`, {
		position: ast.position,
		remedy: "Pass the values of ? with the query",
	});
}

/** A condition: BOOLEAN, or NULL. */
export function bindCondition(ast: Expression, context: ExpressionContext): Expr {
	return requireBoolean(bindExpression(ast, context), context.rules.clause, ast.position);
}

export function requireBoolean(expr: Expr, clause: string, position: SourcePosition): Expr {
	if (expr.type.kind === "BOOLEAN") return expr;
	if (expr.kind === "literal" && expr.value === null) return literal(null, { kind: "BOOLEAN", nullable: true });
	throw new EngineError("TYPE_MISMATCH", `${clause} needs a BOOLEAN condition, this is ${typeText(expr.type)}`, {
		position,
	});
}

/** TRUE when all of them are. */
export function conjunction(conditions: readonly Expr[]): Expr | undefined {
	if (conditions.length < 2) return conditions[0];
	const args = conditions.flatMap((item) => (item.kind === "call" && item.function === "AND" ? item.args : [item]));
	return call("AND", args, { kind: "BOOLEAN", nullable: args.some((arg) => arg.type.nullable) });
}
