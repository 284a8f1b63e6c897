// Queries: WITH, the body (SELECT, set operation, VALUES, TABLE), ORDER BY and limits.
import { EngineError } from "../../errors.js";
import { constantOf } from "../../expr/fold.js";
import type { SortKey } from "../../job/specs.js";
import type { Expression, Name, Query, QueryBody } from "../../sql/ast.js";
import type { PlanNode } from "../nodes.js";
import { direction } from "./aggregate-call.js";
import { firstColumns, sort, withColumns } from "./build.js";
import type { CommonTable, Environment, QueryContext } from "./environment.js";
import { bindExpression } from "./expression.js";
import { checkCount } from "./from.js";
import { expressionContext } from "./join.js";
import { EMPTY_SCOPE, relationScope, withOuter } from "./scope.js";
import { bindSelect, distinct, type Ordering, ordinal } from "./select.js";
import { setOperation } from "./set-operation.js";
import { bindTableName, withNames } from "./table.js";
import { bindValues } from "./values.js";

export function bindQuery(query: Query, context: QueryContext, environment: Environment): PlanNode {
	const inner = withCommonTables(query, context, environment);
	const ordering = orderingOf(query, inner, environment);
	if (query.body.kind === "Select") return bindSelect(query.body, ordering, inner, environment);
	const plan = bindBody(query.body, { ...inner, top: false }, environment);
	return ordering === undefined ? plan : ordered(plan, ordering, inner, environment);
}

/** Each WITH item sees those before it. */
function withCommonTables(query: Query, context: QueryContext, environment: Environment): QueryContext {
	if (query.with.length === 0) return context;
	const commonTables = new Map(context.commonTables);
	for (const item of query.with) {
		const earlier = new Map(commonTables);
		if (query.recursive) earlier.set(item.name.text, { bind: () => refuseRecursion(item.name) });
		const visible: QueryContext = { ...context, commonTables: earlier, top: false };
		let plan: PlanNode | undefined;
		const bind = () => {
			plan ??= named(environment.bindQuery(item.query, visible));
			return plan;
		};
		const named = (bound: PlanNode) => {
			if (item.columns.length === 0) return bound;
			checkCount(item.columns.length, bound.schema.length, item.name.text, item.position);
			return withNames(
				bound,
				item.columns.map((name) => name.text),
			);
		};
		commonTables.set(item.name.text, { bind } satisfies CommonTable);
		// An item that nobody reads must still be right.
		bind();
	}
	return { ...context, commonTables };
}

/** Flink parses and checks it, and then has no plan for it either. */
function refuseRecursion(name: Name): never {
	throw new EngineError("UNSUPPORTED", `'${name.text}' refers to itself, and there is no plan for recursion`, {
		position: name.position,
		remedy: "Write as many steps as there may be, joined with UNION ALL",
	});
}

/** undefined when there is nothing to do. The order of a subquery's rows means nothing unless it is cut. */
function orderingOf(query: Query, context: QueryContext, environment: Environment): Ordering | undefined {
	const fetch = query.fetch && rowCount(query.fetch, context, environment);
	const offset = query.offset ? rowCount(query.offset, context, environment) : 0;
	if (query.offset && offset > 0 && fetch === undefined) {
		throw new EngineError("UNSUPPORTED", "OFFSET needs a LIMIT", { position: query.offset.position });
	}
	const cut = fetch !== undefined || offset > 0;
	if (!cut && (query.orderBy.length === 0 || !context.top)) return undefined;
	return { items: query.orderBy, offset, fetch };
}

function rowCount(ast: Expression, context: QueryContext, environment: Environment): number {
	const bound = bindExpression(ast, expressionContext(EMPTY_SCOPE, "LIMIT", context, environment));
	const value = constantOf(bound, environment.options.context)?.value;
	const count = typeof value === "bigint" ? Number(value) : value;
	if (typeof count === "number" && Number.isInteger(count) && count >= 0) return count;
	throw new EngineError("INVALID_QUERY", "LIMIT and OFFSET need a number of rows", { position: ast.position });
}

function bindBody(body: QueryBody, context: QueryContext, environment: Environment): PlanNode {
	switch (body.kind) {
		case "Select":
			return bindSelect(body, undefined, context, environment);
		case "Query":
			return bindQuery(body, context, environment);
		case "Values":
			return bindValues(body, context, environment);
		case "TableQuery":
			return bindTableName(
				{ kind: "TableName", name: body.name, hints: [], position: body.position },
				context,
				environment,
			).plan;
		case "SetOperation": {
			const left = bindBody(body.left, context, environment);
			const combined = setOperation(body, left, bindBody(body.right, context, environment));
			if (body.operator !== "UNION" || body.all) return combined;
			return distinct({ ...combined, all: true });
		}
	}
}

/** ORDER BY over anything but a SELECT sees the output columns only. */
function ordered(plan: PlanNode, ordering: Ordering, context: QueryContext, environment: Environment): PlanNode {
	const scope = withOuter(relationScope(plan.schema), context.outer);
	const expressions = expressionContext(scope, "ORDER BY", context, environment);
	const exprs = ordering.items.map((item) => {
		const position = ordinal(item.expression, plan.schema.length);
		const output = scope.star[position ?? -1]?.expr;
		return output ?? bindExpression(item.expression, expressions);
	});
	const wide = withColumns(plan, exprs);
	const keys = ordering.items.map((item, i): SortKey => ({ column: wide.columns[i] as number, ...direction(item) }));
	return firstColumns(sort(wide.plan, keys, ordering.offset, ordering.fetch), plan.schema.length);
}
