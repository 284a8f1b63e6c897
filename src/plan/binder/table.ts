// A table's name in FROM: WITH items, views, and catalog tables as Scan, computed columns and watermark.
import type { CatalogTable, CatalogView, ObjectPath } from "../../catalog/catalog-object.js";
import { EngineError } from "../../errors.js";
import type { TableName } from "../../sql/ast.js";
import { column } from "../../types/expr.js";
import type { Field, Schema } from "../../types/sql-type.js";
import type { PlanNode } from "../nodes.js";
import { project } from "./build.js";
import type { Environment, QueryContext } from "./environment.js";
import { planHints } from "./hints.js";
import { scanTable } from "./scan.js";

export interface NamedPlan {
	readonly plan: PlanNode;
	readonly path?: ObjectPath | undefined;
}

export function bindTableName(ast: TableName, query: QueryContext, environment: Environment): NamedPlan {
	const [only] = ast.name.names;
	const common = ast.name.names.length === 1 ? query.commonTables.get(only?.text as string) : undefined;
	if (common !== undefined) return { plan: withHints(common.bind(), ast) };
	const relation = environment.catalog.resolveRelation(ast.name, query.namespace);
	if (relation.kind === "view") {
		return { plan: withHints(bindView(relation, environment, ast), ast), path: relation.path };
	}
	const scan = scanTable(withDynamicOptions(relation, ast), environment, ast.name.position);
	return { plan: withHints(scan, ast), path: relation.path };
}

/** The OPTIONS hint overrides options of the table for this reference. */
function withDynamicOptions(table: CatalogTable, ast: TableName): CatalogTable {
	const dynamic = planHints(ast.hints).filter((hint) => hint.name === "OPTIONS");
	if (dynamic.length === 0) return table;
	return { ...table, options: Object.assign({}, table.options, ...dynamic.map((hint) => hint.options)) };
}

function withHints(plan: PlanNode, ast: TableName): PlanNode {
	const hints = planHints(ast.hints).filter((hint) => hint.name !== "OPTIONS");
	return hints.length === 0 ? plan : { ...plan, hints };
}

/** A view is its query, where its names meant something when it was made. */
export function bindView(view: CatalogView, environment: Environment, ast?: TableName): PlanNode {
	const key = JSON.stringify(view.path);
	if (environment.viewsOpen.includes(key)) {
		throw new EngineError(
			"INVALID_QUERY",
			`view '${view.path[2]}' reads itself`,
			ast ? { position: ast.name.position } : {},
		);
	}
	environment.viewsOpen.push(key);
	try {
		const { namespace } = view;
		const plan = environment.bindQuery(view.query, { commonTables: new Map(), namespace, top: false });
		return withColumnsOf(view, plan, ast);
	} finally {
		environment.viewsOpen.pop();
	}
}

/** A view keeps its columns when the tables behind its `*` get others. */
function withColumnsOf({ path, schema }: CatalogView, plan: PlanNode, ast: TableName | undefined): PlanNode {
	const names = schema.map(({ name }) => name);
	if (plan.schema.length === names.length) return withNames(plan, names);
	const indices = names.map((name) => plan.schema.findIndex((field) => field.name === name));
	if (indices.includes(-1)) {
		throw new EngineError("INVALID_QUERY", `the query of view '${path[2]}' has other columns than when it was made`, {
			...(ast && { position: ast.name.position }),
			remedy: `ALTER VIEW ${path[2]} AS …`,
		});
	}
	const exprs = indices.map((index) => column(index, (plan.schema[index] as Field).type));
	return project(plan, exprs, names);
}

/** The same rows with other column names. */
export function withNames(plan: PlanNode, names: readonly string[]): PlanNode {
	if (plan.schema.every((field, i) => field.name === names[i])) return plan;
	const schema: Schema = plan.schema.map((field, i) => ({ ...field, name: names[i] as string }));
	if (plan.kind === "Project") return { ...plan, schema };
	return project(
		plan,
		plan.schema.map((field, index) => ({ kind: "column", index, type: field.type })),
		names,
	);
}
