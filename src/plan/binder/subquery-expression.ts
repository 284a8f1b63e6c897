// Subqueries inside expressions: EXISTS, IN, ANY, ALL and scalar ones become requests that the SELECT turns into Apply nodes.
import { EngineError, type SourcePosition } from "../../errors.js";
import type {
	ComparisonOperator,
	Exists,
	InSubquery,
	QuantifiedComparison,
	Query,
	ScalarSubquery,
} from "../../sql/ast.js";
import { column, type Expr } from "../../types/expr.js";
import { asNullable, BOOLEAN, notNull, type SqlType, withoutAttribute } from "../../types/sql-type.js";
import type { PlanNode } from "../nodes.js";
import { callFunction } from "./call.js";
import type { SubqueryRequest } from "./collector.js";
import { bindExpression, conjunction, type ExpressionContext } from "./expression.js";

interface Subquery {
	readonly plan: PlanNode;
	readonly apply: number;
}

function bindSubquery(query: Query, context: ExpressionContext): Subquery {
	const { environment, scope } = context;
	const apply = environment.nextApply();
	const plan = environment.bindQuery(query, { ...context.query, outer: { scope, apply }, top: false });
	return { plan, apply };
}

export function bindScalarSubquery(ast: ScalarSubquery, context: ExpressionContext): Expr {
	const { plan, apply } = bindSubquery(ast.query, context);
	const [field, ...rest] = plan.schema;
	if (field === undefined || rest.length > 0) {
		throw new EngineError(
			"INVALID_QUERY",
			`a subquery used as a value must have one column, not ${plan.schema.length}`,
			{
				position: ast.position,
			},
		);
	}
	const mode = { mode: "single", operands: [], nullAware: false } as const;
	return context.collector.add(
		{ kind: "subquery", type: asNullable(withoutAttribute(field.type)), apply, plan, ...mode },
		ast.position,
	);
}

export function bindExists(ast: Exists, context: ExpressionContext): Expr {
	return context.collector.add(existsRequest(ast.query, context), ast.position);
}

export function existsRequest(query: Query, context: ExpressionContext): SubqueryRequest {
	const { plan, apply } = bindSubquery(query, context);
	const rest = { mode: "mark", operands: [], nullAware: false } as const;
	return { kind: "subquery", type: notNull(BOOLEAN), apply, plan, ...rest };
}

export function bindInSubquery(ast: InSubquery, context: ExpressionContext): Expr {
	const mark = context.collector.add(
		comparisonRequest(ast.operand, "=", ast.query, ast.position, context),
		ast.position,
	);
	return ast.negated ? callFunction(context, "NOT", [mark], ast.position) : mark;
}

const OPPOSITE: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
	"=": "<>",
	"<>": "=",
	"<": ">=",
	"<=": ">",
	">": "<=",
	">=": "<",
};

/** `x > ALL (q)` is NOT (x <= ANY (q)). */
export function bindQuantified(ast: QuantifiedComparison, query: Query, context: ExpressionContext): Expr {
	const any = ast.quantifier === "ANY";
	const operator = any ? ast.operator : OPPOSITE[ast.operator];
	const mark = context.collector.add(comparisonRequest(ast.left, operator, query, ast.position, context), ast.position);
	return any ? mark : callFunction(context, "NOT", [mark], ast.position);
}

/** Whether `operand operator row` holds for some row of the subquery. */
export function comparisonRequest(
	operand: InSubquery["operand"],
	operator: ComparisonOperator,
	query: Query,
	position: SourcePosition,
	context: ExpressionContext,
): SubqueryRequest {
	const { plan, apply } = bindSubquery(query, context);
	const parts = operand.kind === "RowConstructor" && plan.schema.length > 1 ? operand.items : [operand];
	const operands = parts.map((part) => bindExpression(part, context));
	if (operands.length !== plan.schema.length) {
		throw new EngineError(
			"INVALID_QUERY",
			`${operands.length} values are compared with a subquery of ${plan.schema.length} columns`,
			{ position },
		);
	}
	const compare = (left: readonly Expr[], right: readonly Expr[]): Expr =>
		conjunction(left.map((item, i) => callFunction(context, operator, [item, right[i] as Expr], position))) as Expr;
	const columns = plan.schema.map((field, i) => column(i, field.type));
	const type: SqlType = { ...BOOLEAN, nullable: compare(operands, columns).type.nullable };
	return { kind: "subquery", type, apply, plan, mode: "mark", operands, compare, nullAware: true };
}

/** The request of a conjunct that is nothing but [NOT] EXISTS or [NOT] IN: WHERE makes a semi or anti join of it. */
export function conjunctRequest(ast: Exists | InSubquery, context: ExpressionContext): SubqueryRequest {
	if (ast.kind === "Exists") return existsRequest(ast.query, context);
	return comparisonRequest(ast.operand, "=", ast.query, ast.position, context);
}
