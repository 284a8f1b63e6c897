// A catalog and binder for tests: DDL takes effect, queries become plans. Sources tell their changelog from their format.
import { Catalog } from "../../src/catalog/catalog.js";
import { applyDefinition } from "../../src/catalog/definitions.js";
import { Binder } from "../../src/plan/binder.js";
import type { PlanNode } from "../../src/plan/nodes.js";
import { parseStatement } from "../../src/sql/index.js";
import { typeText } from "../../src/types/type-text.js";
import type { Row } from "../../src/types/value.js";

export interface TestSession {
	readonly catalog: Catalog;
	readonly binder: Binder;
	/** Runs a statement; queries and inserts give their plan. */
	run(sql: string): PlanNode | undefined;
	/** What a SHOW or DESCRIBE answers. */
	rows(sql: string): readonly Row[];
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
		if (ast.kind === "Query") return binder.bindQuery(ast);
		if (ast.kind === "Insert") return binder.bindInsert(ast);
		applyDefinition(ast, catalog, binder);
		return undefined;
	};
	const rows = (sql: string) => applyDefinition(parseStatement(sql), catalog, binder).rows;
	return { catalog, binder, run, rows };
}

/** `name TYPE` of every column. */
export const schemaText = (plan: PlanNode): string[] =>
	plan.schema.map((field) => `${field.name} ${typeText(field.type)}`);
