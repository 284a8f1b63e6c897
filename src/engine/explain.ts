// EXPLAIN: the text of a statement's plan at each stage.

import type { Catalog } from "../catalog/catalog.js";
import type { StatementResult } from "../catalog/definitions.js";
import { EngineError } from "../errors.js";
import { explainText } from "../physical/explain.js";
import type { Explain } from "../sql/ast.js";
import { STRING } from "../types/sql-type.js";
import { planStages } from "./planner.js";

/** The text that EXPLAIN answers; sections as in Flink. */
export function explainStatement({ statement, details }: Explain, catalog: Catalog): string {
	const known = details.flatMap((detail) => (detail === "PLAN_ADVICE" ? [] : [detail]));
	if (known.length < details.length) {
		throw new EngineError("UNSUPPORTED", "EXPLAIN PLAN_ADVICE is not supported", {
			position: statement.position,
			expected: "ESTIMATED_COST, CHANGELOG_MODE or JSON_EXECUTION_PLAN",
		});
	}
	const stages = planStages(statement, catalog);
	if (stages === undefined) {
		throw new EngineError("INVALID_QUERY", `${statement.kind} has no plan`, {
			position: statement.position,
			expected: "a query, an INSERT or a statement set",
		});
	}
	return explainText(stages.logical, stages.optimized, stages.settings, known);
}

export const explainResult = (text: string): StatementResult => ({
	schema: [{ name: "result", type: STRING }],
	rows: [[text]],
});
