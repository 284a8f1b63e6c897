// FROM: table references as plans with the scope of names that they bring.
import { EngineError, type SourcePosition } from "../../errors.js";
import type { DerivedTable, TableAlias, TableName, TableReference } from "../../sql/ast.js";
import { column } from "../../types/expr.js";
import type { PlanNode } from "../nodes.js";
import { ONE_ROW } from "./build.js";
import type { Environment, QueryContext } from "./environment.js";
import { bindJoin } from "./join.js";
import { bindMatch } from "./match.js";
import { EMPTY_SCOPE, type Outer, relationScope, type Scope, type ScopeColumn, withOuter } from "./scope.js";
import { bindTableName } from "./table.js";
import { bindFunctionTable, bindUnnest } from "./table-function.js";

/** A table reference: its plan, and its names over the plan's columns. */
export interface Source {
	readonly plan: PlanNode;
	readonly scope: Scope;
}

/** Without FROM there is one row. */
export function bindFrom(from: TableReference | undefined, query: QueryContext, environment: Environment): Source {
	if (from === undefined) return { plan: ONE_ROW, scope: withOuter(EMPTY_SCOPE, query.outer) };
	const source = bindReference(from, query, environment);
	return { plan: source.plan, scope: withOuter(source.scope, query.outer) };
}

/** A reference on its own: what it needs of its left neighbours comes through `query.outer`. */
export function bindReference(ast: TableReference, query: QueryContext, environment: Environment): Source {
	if (ast.kind === "TableName" && ast.systemTime !== undefined) {
		throw new EngineError("INVALID_QUERY", "FOR SYSTEM_TIME AS OF is only possible on the right side of a join", {
			position: ast.systemTime.position,
		});
	}
	return bindCurrent(ast, query, environment);
}

/** Whatever FOR SYSTEM_TIME AS OF says. */
export function bindCurrent(ast: TableReference, query: QueryContext, environment: Environment): Source {
	if (ast.sample !== undefined) {
		throw new EngineError("UNSUPPORTED", "TABLESAMPLE is not supported", { position: ast.sample.position });
	}
	switch (ast.kind) {
		case "TableName":
			return tableName(ast, query, environment);
		case "DerivedTable":
			return derivedTable(ast, query, environment);
		case "FunctionTable":
			return named(bindFunctionTable(ast, query, environment), ast.alias);
		case "Unnest":
			return named(bindUnnest(ast, query, environment), ast.alias, ast.alias && [ast.alias.name.text]);
		case "MatchRecognize":
			return named(bindMatch(ast, query, environment), ast.alias);
		case "Join":
			return bindJoin(ast, query, environment);
	}
}

function tableName(ast: TableName, query: QueryContext, environment: Environment): Source {
	const { plan, path } = bindTableName(ast, query, environment);
	const name = ast.name.names[ast.name.names.length - 1]?.text as string;
	const scope = relationScope(plan.schema, ast.alias?.name.text ?? name, ast.alias ? undefined : path);
	return ast.alias ? renamed({ plan, scope }, ast.alias) : { plan, scope };
}

/** The one column of VALUES or UNNEST takes the table's alias as its name. */
function derivedTable(ast: DerivedTable, query: QueryContext, environment: Environment): Source {
	// Only LATERAL sees its neighbours; a join sets `query.outer` for those alone.
	const plan = environment.bindQuery(ast.query, { ...query, top: false });
	const { body } = ast.query;
	if (body.kind === "Values" && ast.alias) return named(plan, ast.alias, [ast.alias.name.text]);
	return named(plan, ast.alias, environment.writtenNames.get(plan));
}

/** `names` are used when there is one for every column. */
function named(plan: PlanNode, alias: TableAlias | undefined, names?: readonly string[]): Source {
	const fitting = names?.length === plan.schema.length ? names : undefined;
	const source = { plan, scope: relationScope(plan.schema, alias?.name.text, undefined, fitting) };
	return alias ? renamed(source, alias) : source;
}

/** `AS t(a, b)`: new names for all columns. */
function renamed(source: Source, alias: TableAlias): Source {
	if (alias.columns.length === 0) return source;
	const { schema } = source.plan;
	checkCount(alias.columns.length, schema.length, alias.name.text, alias.position);
	const columns: ScopeColumn[] = schema.map((field, i) => ({
		name: alias.columns[i]?.text as string,
		expr: column(i, field.type),
	}));
	return { plan: source.plan, scope: { relations: [{ alias: alias.name.text, columns }], merged: [], star: columns } };
}

export function checkCount(given: number, wanted: number, name: string, position: SourcePosition): void {
	if (given === wanted) return;
	throw new EngineError("INVALID_QUERY", `'${name}' is given ${given} column names, but has ${wanted} columns`, {
		position,
	});
}

/** The context of a reference that may look at the columns to its left. */
export const besides = (query: QueryContext, outer: Outer): QueryContext => ({ ...query, outer });
