// SELECT: FROM, WHERE, GROUP BY, HAVING, OVER, QUALIFY, the select list, DISTINCT and ORDER BY, in the order they take effect.
import { EngineError } from "../../errors.js";
import { exprKey } from "../../expr/same.js";
import type { Exists, Expression, InSubquery, OrderItem, Select } from "../../sql/ast.js";
import { column, type Expr } from "../../types/expr.js";
import { withoutAttribute } from "../../types/sql-type.js";
import type { AggregateNode, PlanNode } from "../nodes.js";
import { aggregate } from "./aggregate.js";
import { direction } from "./aggregate-call.js";
import { firstColumns, project, sort, uniqueNames } from "./build.js";
import { Collector, type SortItem } from "./collector.js";
import type { Environment, QueryContext } from "./environment.js";
import { bindCondition, bindExpression, conjunction, type ExpressionContext } from "./expression.js";
import { bindFrom } from "./from.js";
import { bindGrouping } from "./grouping.js";
import { planHints } from "./hints.js";
import { over } from "./over.js";
import { Pipeline } from "./pipeline.js";
import type { Scope } from "./scope.js";
import { expandItems, type OutputItem } from "./select-list.js";
import { conjunctRequest } from "./subquery-expression.js";

export interface Ordering {
	readonly items: readonly OrderItem[];
	readonly offset: number;
	readonly fetch: number | undefined;
}

/** What stands around a SELECT's expressions of one level. */
interface Level {
	readonly select: Select;
	readonly pipeline: Pipeline;
	readonly context: ExpressionContext;
	readonly environment: Environment;
}

/** The plan of a SELECT; `ordering` is the ORDER BY of the query it is the body of, which may use columns that it does not output. */
export function bindSelect(
	select: Select,
	ordering: Ordering | undefined,
	query: QueryContext,
	environment: Environment,
): PlanNode {
	const from = bindFrom(select.from, query, environment);
	const collector = new Collector(environment);
	const pipeline = new Pipeline(from.plan, collector, environment);
	const context: ExpressionContext = {
		environment,
		scope: from.scope,
		query,
		collector,
		rules: { clause: "SELECT", aggregates: true, windows: true },
		namedWindows: new Map(select.windows.map((window) => [window.name.text, window.specification])),
		grouped: select.groupBy !== undefined && groupsAreNeverEmpty(select),
	};
	const level: Level = { select, pipeline, context, environment };
	where(level, from.scope);
	const items = expandItems(select.items, context);
	const having = select.having && bindCondition(select.having, clause(context, "HAVING", false));
	const qualify = select.qualify && bindQualify(select.qualify, items, context);
	const order = ordering ? bindOrder(ordering.items, items, level) : [];
	group(level, having);
	over(pipeline, environment);
	pipeline.filter(qualify);
	const bare = output(level, items, order, ordering);
	const hints = planHints(select.hints);
	const plan = hints.length === 0 ? bare : { ...bare, hints };
	environment.writtenNames.set(
		plan,
		items.map((item) => item.name),
	);
	return plan;
}

/** GROUPING SETS with the empty set, and windows without keys, may have groups without rows only where there is no GROUP BY at all. */
const groupsAreNeverEmpty = (select: Select) =>
	(select.groupBy?.elements ?? []).some((element) => element.kind !== "GroupingSet" || element.expressions.length > 0);

const clause = (context: ExpressionContext, name: string, windows: boolean): ExpressionContext => ({
	...context,
	rules: { clause: name, aggregates: true, windows },
});

/** Plain conjuncts filter; [NOT] EXISTS and [NOT] IN (subquery) become semi and anti joins above them. */
function where({ select, pipeline, context }: Level, scope: Scope): void {
	if (select.where === undefined) return;
	const inner: ExpressionContext = { ...context, scope, rules: { clause: "WHERE", aggregates: false, windows: false } };
	const plain: Expr[] = [];
	const subqueries: { readonly ast: Exists | InSubquery; readonly negated: boolean }[] = [];
	for (const conjunct of conjuncts(select.where)) {
		const subquery = wholeSubquery(conjunct);
		if (subquery === undefined) plain.push(bindCondition(conjunct, inner));
		else subqueries.push(subquery);
	}
	pipeline.filter(conjunction(plain));
	for (const { ast, negated } of subqueries) pipeline.semiJoin(conjunctRequest(ast, inner), negated ? "anti" : "semi");
}

function conjuncts(ast: Expression): Expression[] {
	if (ast.kind !== "BinaryOperation" || ast.operator !== "AND") return [ast];
	return [...conjuncts(ast.left), ...conjuncts(ast.right)];
}

function wholeSubquery(ast: Expression): { ast: Exists | InSubquery; negated: boolean } | undefined {
	if (ast.kind === "Exists") return { ast, negated: false };
	if (ast.kind === "InSubquery") return { ast, negated: ast.negated };
	if (ast.kind !== "UnaryOperation" || ast.operator !== "NOT") return undefined;
	const inner = wholeSubquery(ast.operand);
	return inner && { ast: inner.ast, negated: !inner.negated };
}

/** QUALIFY sees the aliases of the select list. */
function bindQualify(ast: Expression, items: readonly OutputItem[], context: ExpressionContext): Expr {
	return bindCondition(ast, { ...clause(context, "QUALIFY", true), aliases: aliasesOf(items) });
}

function group(level: Level, having: Expr | undefined): void {
	const { select, pipeline, context, environment } = level;
	const aggregates = pipeline.collector.of("aggregate").length > 0 || pipeline.collector.of("property").length > 0;
	if (select.groupBy === undefined && !aggregates && having === undefined) return;
	const grouping = select.groupBy ? bindGrouping(select.groupBy, context) : { keys: [] };
	aggregate(pipeline, grouping, environment);
	pipeline.filter(having);
}

interface BoundOrder {
	/** Position in the select list, where the item is one of its expressions. */
	readonly output?: number | undefined;
	readonly item: SortItem;
}

const aliasesOf = (items: readonly OutputItem[]) =>
	new Map(items.filter((item) => item.isAlias).map((item) => [item.name, item.expr] as const));

/** Aliases come before columns of FROM; a whole number is a position in the select list. */
function bindOrder(order: readonly OrderItem[], items: readonly OutputItem[], level: Level): BoundOrder[] {
	const aliases = aliasesOf(items);
	const context: ExpressionContext = { ...clause(level.context, "ORDER BY", true), aliases };
	return order.map((item) => {
		const position = ordinal(item.expression, items.length);
		const expr =
			position === undefined ? bindExpression(item.expression, context) : (items[position] as OutputItem).expr;
		const found = position ?? items.findIndex((output) => exprKey(output.expr) === exprKey(expr));
		return { output: found < 0 ? undefined : found, item: { expr, ...direction(item) } };
	});
}

/** `ORDER BY 2`: the 0-based position; out of range is an error. */
export function ordinal(ast: Expression, count: number): number | undefined {
	if (ast.kind !== "NumericLiteral" || ast.form !== "integer") return undefined;
	const position = Number(ast.text);
	if (position < 1 || position > count) {
		throw new EngineError("INVALID_QUERY", `ORDER BY ${ast.text}: there is no such column`, {
			position: ast.position,
			expected: `1 to ${count}`,
		});
	}
	return position - 1;
}

function output(
	{ select, pipeline }: Level,
	items: readonly OutputItem[],
	order: readonly BoundOrder[],
	ordering: Ordering | undefined,
): PlanNode {
	const extra = order.filter((item) => item.output === undefined).map(({ item }) => item.expr);
	if (select.distinct && extra.length > 0) {
		throw new EngineError("INVALID_QUERY", "with SELECT DISTINCT, ORDER BY can use selected expressions only", {
			...(ordering?.items[0] && { position: ordering.items[0].position }),
		});
	}
	const exprs = pipeline.resolve([...items.map((item) => item.expr), ...extra]);
	const names = uniqueNames(items.map((item) => item.name));
	const projected = project(pipeline.plan, exprs, [...names, ...extra.map((_, i) => `$sort${i}`)]);
	const plan = select.distinct ? distinct(projected) : projected;
	if (ordering === undefined) return plan;
	let added = items.length;
	const keys = order.map(({ output, item }) => ({
		column: output ?? added++,
		ascending: item.ascending,
		nullsFirst: item.nullsFirst,
	}));
	return firstColumns(sort(plan, keys, ordering.offset, ordering.fetch), items.length);
}

/** DISTINCT groups by every column. */
export function distinct(input: PlanNode): AggregateNode {
	const schema = input.schema.map((field) => ({ ...field, type: withoutAttribute(field.type) }));
	return { kind: "Aggregate", schema, input, keys: schema.map((_, i) => i), calls: [] };
}

/** The columns of a plan as they are. */
export const columnsOfPlan = (plan: PlanNode): Expr[] => plan.schema.map((field, i) => column(i, field.type));
