// EXPLAIN in Flink's layout: the plan as bound, the operators with their exchanges, the same with shared parts named once, and JSON.
import { consumersOf, type ExchangeSpec, type JobGraph, type JobVertex } from "../job/job-graph.js";
import { explainPlan } from "../plan/explain.js";
import type { PlanNode } from "../plan/nodes.js";
import { doubleText } from "../types/double-text.js";
import { estimateCosts } from "./cost.js";
import { describeExchange, uniqueNames } from "./describe.js";
import { type TranslateOptions, translateUnchained } from "./translate.js";

export type ExplainDetail = "ESTIMATED_COST" | "CHANGELOG_MODE" | "JSON_EXECUTION_PLAN";

/** The whole text: `logical` are the plans as bound, `optimized` what the optimizer made of them. */
export function explainText(
	logical: readonly PlanNode[],
	optimized: readonly PlanNode[],
	options: TranslateOptions,
	details: readonly ExplainDetail[] = [],
): string {
	const graph = translateUnchained(optimized.map(withoutCollector), options);
	const sections = [
		section("Abstract Syntax Tree", logical.map(withoutCollector).map(explainPlan).join("\n")),
		section("Optimized Physical Plan", treesOf(graph, details, false)),
		section("Optimized Execution Plan", treesOf(graph, [], true)),
	];
	if (details.includes("JSON_EXECUTION_PLAN")) sections.push(section("Physical Execution Plan", planJson(graph)));
	return sections.join("\n");
}

const section = (title: string, text: string) => `== ${title} ==\n${text}`;

/** A query's result goes to the session: that sink says nothing, and asks for nothing. */
const withoutCollector = (node: PlanNode) => (node.kind === "Sink" && node.table === undefined ? node.input : node);

/** One tree for each output of the job. */
function treesOf(graph: JobGraph, details: readonly ExplainDetail[], reuse: boolean): string {
	const readers = consumersOf(graph).map((consumers) => consumers.length);
	const roots = graph.vertices.filter(({ id }) => readers[id] === 0);
	const printer = new TreePrinter(graph, details, reuse ? readers : undefined);
	return roots.map((root) => printer.tree(root)).join("\n");
}

class TreePrinter {
	readonly #graph: JobGraph;
	readonly #details: readonly ExplainDetail[];
	/** How many read each vertex; given, what several read is printed once and then referred to. */
	readonly #readers: readonly number[] | undefined;
	readonly #references = new Map<number, number>();
	readonly #costs: readonly string[];
	#lines: string[] = [];

	constructor(graph: JobGraph, details: readonly ExplainDetail[], readers: readonly number[] | undefined) {
		this.#graph = graph;
		this.#details = details;
		this.#readers = readers;
		this.#costs = details.includes("ESTIMATED_COST") ? costTexts(graph) : [];
	}

	tree(root: JobVertex): string {
		this.#lines = [];
		this.#vertex(root, "", "");
		return `${this.#lines.join("\n")}\n`;
	}

	#vertex(vertex: JobVertex, first: string, rest: string): void {
		const reference = this.#references.get(vertex.id);
		if (reference !== undefined) {
			this.#lines.push(`${first}Reused(reference_id=[${reference}])`);
			return;
		}
		this.#lines.push(
			`${first}${this.#annotated(vertex.description, vertex)}${this.#reuseId(vertex)}${this.#costs[vertex.id] ?? ""}`,
		);
		for (const [index, edge] of vertex.inputs.entries()) {
			const isLast = index === vertex.inputs.length - 1;
			this.#input(
				this.#graph.vertices[edge.from]!,
				edge.exchange,
				`${rest}${isLast ? "+- " : ":- "}`,
				`${rest}${isLast ? "   " : ":  "}`,
			);
		}
	}

	/** An input, below its exchange if rows move. */
	#input(vertex: JobVertex, exchange: ExchangeSpec, first: string, rest: string): void {
		const text = describeExchange(exchange, uniqueNames(vertex.schema));
		if (text === undefined) {
			this.#vertex(vertex, first, rest);
			return;
		}
		this.#lines.push(`${first}${this.#annotated(text, vertex)}`);
		this.#vertex(vertex, `${rest}+- `, `${rest}   `);
	}

	#annotated(text: string, { kinds }: JobVertex): string {
		if (!this.#details.includes("CHANGELOG_MODE")) return text;
		return text.endsWith("()")
			? `${text.slice(0, -1)}changelogMode=[${kinds}])`
			: `${text.slice(0, -1)}, changelogMode=[${kinds}])`;
	}

	#reuseId(vertex: JobVertex): string {
		if (this.#readers === undefined || this.#readers[vertex.id]! < 2) return "";
		const reference = this.#references.size + 1;
		this.#references.set(vertex.id, reference);
		return `(reuse_id=[${reference}])`;
	}
}

function costTexts(graph: JobGraph): string[] {
	return estimateCosts(graph).map(({ rowCount, rows, cpu, io, network, memory }) => {
		const parts = { rows, cpu, io, network, memory };
		const cost = Object.entries(parts).map(([name, value]) => `${number(value)} ${name}`);
		return `: rowcount = ${number(rowCount)}, cumulative cost = {${cost.join(", ")}}`;
	});
}

/** Three digits are more than an estimate is worth. */
const number = (value: number) => doubleText(Number(value.toPrecision(3)));

function planJson(graph: JobGraph): string {
	const nodes = graph.vertices.map(({ id, spec, description, parallelism, inputs, kinds }) => ({
		id: id + 1,
		type: spec.operator === "Source" ? `Source: ${spec.table.path.at(-1)}[${id + 1}]` : `${spec.operator}[${id + 1}]`,
		pact: spec.operator === "Source" ? "Data Source" : spec.operator === "Sink" ? "Data Sink" : "Operator",
		contents: `[${id + 1}]:${description}`,
		parallelism,
		changelogMode: kinds,
		...(inputs.length > 0 && {
			predecessors: inputs.map(({ from, exchange }) => ({ id: from + 1, ship_strategy: exchange.kind.toUpperCase() })),
		}),
	}));
	return `${JSON.stringify({ nodes }, null, 2)}\n`;
}
