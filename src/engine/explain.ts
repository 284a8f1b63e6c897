// EXPLAIN: the text of a statement's plan at each stage.

import type { Catalog } from "../catalog/catalog.js";
import { createTableStatement } from "../catalog/relation-definition.js";
import type { StatementResult } from "../catalog/statement-result.js";
import { EngineError } from "../errors.js";
import { explainText } from "../physical/explain.js";
import type { CreateTable, Explain, Statement } from "../sql/ast.js";
import { STRING } from "../types/sql-type.js";
import { type PlanStages, planStages, schemaAnalyzer } from "./planner.js";

/** The text that EXPLAIN answers; sections as in Flink. */
export function explainStatement({ statement, details }: Explain, catalog: Catalog): string {
	const known = details.flatMap((detail) => (detail === "PLAN_ADVICE" ? [] : [detail]));
	if (known.length < details.length) {
		throw new EngineError("UNSUPPORTED", "EXPLAIN PLAN_ADVICE is not supported", {
			position: statement.position,
			expected: "ESTIMATED_COST, CHANGELOG_MODE or JSON_EXECUTION_PLAN",
		});
	}
	const stages = stagesOf(statement, catalog);
	if (stages === undefined) {
		throw new EngineError("INVALID_QUERY", `${statement.kind} has no plan`, {
			position: statement.position,
			expected: "a query, an INSERT or a statement set",
		});
	}
	return explainText(stages.logical, stages.optimized, stages.settings, known);
}

function stagesOf(statement: Statement, catalog: Catalog): PlanStages | undefined {
	return statement.kind === "CreateTable" ? stagesOfCreate(statement, catalog) : planStages(statement, catalog);
}

/** CREATE TABLE … AS SELECT has the plan of the INSERT it goes on with; the table is there only meanwhile. */
function stagesOfCreate(statement: CreateTable, catalog: Catalog): PlanStages | undefined {
	const create: CreateTable = { ...statement, temporary: true, orReplace: false, mustExist: false, ifNotExists: false };
	const insert = createTableStatement(create, catalog, schemaAnalyzer(catalog));
	try {
		return insert && planStages(insert, catalog);
	} finally {
		catalog.removeRelation(catalog.pathOf(statement.name), true);
	}
}

export const explainResult = (text: string): StatementResult => ({
	schema: [{ name: "result", type: STRING }],
	rows: [[text]],
});
