// EXPLAIN: a statement's plan as bound, as optimized, and as it will run with its exchanges.

import type { Catalog } from "../catalog/catalog.js";
import type { StatementResult } from "../catalog/definitions.js";
import { EngineError } from "../errors.js";
import { consumersOf, type ExchangeSpec, type JobGraph } from "../job/job-graph.js";
import { explainPlan } from "../plan/explain.js";
import type { PlanNode } from "../plan/nodes.js";
import type { Explain, ExplainDetail } from "../sql/ast.js";
import { STRING } from "../types/sql-type.js";
import { planStages } from "./planner.js";

/** The text that EXPLAIN answers; sections as in Flink. */
export function explainStatement({ statement, details }: Explain, catalog: Catalog): string {
	if (details.includes("ESTIMATED_COST") || details.includes("PLAN_ADVICE")) {
		throw new EngineError("UNSUPPORTED", `EXPLAIN ${details.join(", ")} is not supported`, {
			position: statement.position,
			expected: "CHANGELOG_MODE or JSON_EXECUTION_PLAN",
		});
	}
	const stages = planStages(statement, catalog);
	if (stages === undefined) {
		throw new EngineError("INVALID_QUERY", `${statement.kind} has no plan`, {
			position: statement.position,
			expected: "a query, an INSERT or a statement set",
		});
	}
	const sections = [
		section("Abstract Syntax Tree", stages.logical.map(logicalText).join("\n")),
		section("Optimized Logical Plan", stages.optimized.map(logicalText).join("\n")),
		section("Optimized Execution Plan", executionText(stages.graph, details)),
	];
	if (details.includes("JSON_EXECUTION_PLAN"))
		sections.push(section("Physical Execution Plan", planJson(stages.graph)));
	return sections.join("\n");
}

export const explainResult = (text: string): StatementResult => ({
	schema: [{ name: "result", type: STRING }],
	rows: [[text]],
});

const section = (title: string, text: string) => `== ${title} ==\n${text}`;

/** A query's result goes to the session: that sink says nothing. */
const logicalText = (node: PlanNode) => explainPlan(node.kind === "Sink" && !node.table ? node.input : node);

function executionText(graph: JobGraph, details: readonly ExplainDetail[]): string {
	const consumers = consumersOf(graph);
	const shown = new Map<number, number>();
	const lines: string[] = [];
	const visit = (id: number, first: string, rest: string, exchange: ExchangeSpec) => {
		const vertex = graph.vertices[id]!;
		const known = shown.get(id);
		const shift = exchange.kind === "forward" ? "" : "   ";
		if (shift !== "") lines.push(`${first}Exchange(distribution=[${distribution(exchange, graph, id)}])`);
		const head = shift === "" ? first : `${rest}+- `;
		if (known !== undefined) {
			lines.push(`${head}Reused(reference_id=[${known}])`);
			return;
		}
		const isShared = consumers[id]!.length > 1;
		if (isShared) shown.set(id, shown.size + 1);
		const reuse = isShared ? `(reuse_id=[${shown.get(id)}])` : "";
		const mode = details.includes("CHANGELOG_MODE") ? `, changelogMode=[${vertex.kinds ?? "I"}]` : "";
		lines.push(`${head}${mode === "" ? vertex.description : vertex.description.replace(/\)$/, `${mode})`)}${reuse}`);
		for (const [index, edge] of vertex.inputs.entries()) {
			const isLast = index === vertex.inputs.length - 1;
			visit(
				edge.from,
				`${rest}${shift}${isLast ? "+- " : ":- "}`,
				`${rest}${shift}${isLast ? "   " : ":  "}`,
				edge.exchange,
			);
		}
	};
	for (const { id } of graph.vertices.filter((vertex) => consumers[vertex.id]!.length === 0)) {
		visit(id, "", "", { kind: "forward" });
	}
	return `${lines.join("\n")}\n`;
}

function distribution(exchange: ExchangeSpec, graph: JobGraph, from: number): string {
	if (exchange.kind !== "hash") return exchange.kind;
	const { schema } = graph.vertices[from]!;
	return `hash[${exchange.keys.map((key) => schema[key]?.name ?? `$${key}`).join(", ")}]`;
}

function planJson(graph: JobGraph): string {
	const nodes = graph.vertices.map((vertex) => ({
		id: vertex.id + 1,
		type: vertex.spec.operator,
		contents: vertex.description,
		parallelism: vertex.parallelism,
		predecessors: vertex.inputs.map(({ from, exchange }) => ({
			id: from + 1,
			ship_strategy: exchange.kind.toUpperCase(),
		})),
	}));
	return `${JSON.stringify({ nodes }, null, 2)}\n`;
}
