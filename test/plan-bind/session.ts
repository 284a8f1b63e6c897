// A catalog and binder for tests: DDL takes effect, queries become plans. Sources tell their changelog from their format.
import { Catalog } from "../../src/catalog/catalog.js";
import { createTable } from "../../src/catalog/create-table.js";
import { Binder } from "../../src/plan/binder.js";
import type { PlanNode } from "../../src/plan/nodes.js";
import { parseStatement } from "../../src/sql/index.js";
import { typeText } from "../../src/types/type-text.js";

export interface TestSession {
	readonly catalog: Catalog;
	readonly binder: Binder;
	/** Runs a statement; queries give their plan. */
	run(sql: string): PlanNode | undefined;
}

export function openSession(batch: boolean, options: Readonly<Record<string, string>> = {}): TestSession {
	const catalog = new Catalog({ options });
	const timeZone = catalog.options.timeZone;
	const binder = new Binder(catalog, {
		batch,
		context: {
			timeZone,
			queryStartMs: 0,
			batch,
			currentCatalog: "default_catalog",
			currentDatabase: "default_database",
		},
		describeSource: (table) => ({
			changelog: table.options.format === "debezium-json" ? "retract" : "insert",
			bounded: true,
		}),
	});
	const run = (sql: string): PlanNode | undefined => {
		const ast = parseStatement(sql);
		if (ast.kind === "CreateTable") {
			const table = createTable(ast, catalog.pathOf(ast.name), undefined, undefined);
			binder.tableSchema(table);
			catalog.putRelation(table);
		} else if (ast.kind === "CreateView") {
			binder.querySchema(ast.query);
			const { namespace } = catalog;
			const columns = ast.columns.length > 0 ? ast.columns.map((name) => name.text) : undefined;
			const { query, temporary } = ast;
			catalog.putRelation({ kind: "view", path: catalog.pathOf(ast.name), temporary, query, columns, namespace });
		} else if (ast.kind === "Query") return binder.bindQuery(ast);
		else throw new Error(`not for tests: ${ast.kind}`);
		return undefined;
	};
	return { catalog, binder, run };
}

/** `name TYPE` of every column. */
export const schemaText = (plan: PlanNode): string[] =>
	plan.schema.map((field) => `${field.name} ${typeText(field.type)}`);
