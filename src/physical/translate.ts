// Logical plan → JobGraph. Every kind of plan node has one translation; equal subplans become one vertex with several consumers.
import { EngineError } from "../errors.js";
import type { JobGraph } from "../job/job-graph.js";
import { sessionOption } from "../job/session-options.js";
import { internPlans } from "../optimizer/intern.js";
import { isStreamlined } from "../optimizer/rules/share-subplans.js";
import { estimateRows } from "../optimizer/statistics.js";
import { inputsOf, type PlanNode } from "../plan/nodes.js";
import { assemble } from "./assemble.js";
import { forwardWithinOneSubtask } from "./chain.js";
import { splitAggregates } from "./local-global.js";
import { type PhysicalNode, physicalNode } from "./physical-node.js";
import { translateAggregate, translateWindowTableFunction } from "./translate/aggregate.js";
import { translateCalc } from "./translate/calc.js";
import { translateJoin } from "./translate/join.js";
import { translateMatch, translateOver } from "./translate/over.js";
import { translateDeduplicate, translateRank, translateSort } from "./translate/rank.js";
import { translateScan, translateValues, translateWatermark } from "./translate/scan.js";
import { translateSetOperation } from "./translate/set-operation.js";
import { translateSink } from "./translate/sink.js";
import type { TranslateOptions, Translator } from "./translate/translator.js";

export type { TranslateOptions } from "./translate/translator.js";

/** The job of one plan, or of several that run together (a statement set). */
export function translate(plan: PlanNode | readonly PlanNode[], options: TranslateOptions): JobGraph {
	return splitAggregates(forwardWithinOneSubtask(translateUnchained(plan, options)));
}

/** The job with every exchange as the plan asks for it, whatever the parallelism: what EXPLAIN shows. */
export function translateUnchained(plan: PlanNode | readonly PlanNode[], options: TranslateOptions): JobGraph {
	const roots = internPlans("kind" in plan ? [plan] : plan);
	const translator = new PlanTranslator(roots, options);
	const outputs = roots.map((root) => translator.input(root));
	return assemble(outputs, translator, translator.estimates);
}

class PlanTranslator implements Translator {
	readonly batch: boolean;
	readonly options: TranslateOptions["options"];
	readonly context: TranslateOptions["context"];
	readonly name: TranslateOptions["name"];
	readonly sinkMode: TranslateOptions["sinkMode"];
	readonly parallelism: number;
	readonly estimates = new Map<PhysicalNode, number>();
	readonly #done = new Map<PlanNode, PhysicalNode>();
	readonly #shared: ReadonlySet<PlanNode>;

	constructor(roots: readonly PlanNode[], options: TranslateOptions) {
		this.batch = options.batch;
		this.options = options.options;
		this.context = options.context;
		this.name = options.name;
		this.sinkMode = options.sinkMode;
		this.parallelism = sessionOption(options.options, "parallelism.default");
		this.#shared = sharedNodes(roots);
	}

	input(node: PlanNode): PhysicalNode {
		let result = this.#done.get(node);
		if (result === undefined) {
			result = this.#translate(node);
			this.estimates.set(result, estimateRows(node));
			// A bounded scan is read again rather than kept: its readers rarely want the same columns, or at the same time.
			if (!this.batch || !isStreamlined(node)) this.#done.set(node, result);
		}
		return result;
	}

	isShared(node: PlanNode): boolean {
		return this.#shared.has(node) && !isPermutation(node) && !(this.batch && isStreamlined(node));
	}

	#translate(node: PlanNode): PhysicalNode {
		switch (node.kind) {
			case "Scan":
				return translateScan(node, this);
			case "Values":
				return translateValues(node);
			case "Filter":
			case "Project":
				return translateCalc(node, this);
			case "Aggregate":
				return translateAggregate(node, this);
			case "WindowTableFunction":
				return translateWindowTableFunction(node, this);
			case "Join":
				return translateJoin(node, this);
			case "Correlate": {
				const { type, function: name, user, args, row, condition } = node;
				const spec = { operator: "Correlate", type, function: name, user, args, row, condition } as const;
				return physicalNode(spec, [{ node: this.input(node.input), distribution: { kind: "any" } }], node.schema);
			}
			case "Over":
				return translateOver(node, this);
			case "Sort":
				return translateSort(node, this);
			case "SetOperation":
				return translateSetOperation(node, this);
			case "Watermark":
				return translateWatermark(node, this);
			case "Match":
				return translateMatch(node, this);
			case "Rank":
				return translateRank(node, this);
			case "Deduplicate":
				return translateDeduplicate(node, this);
			case "Sink":
				return translateSink(node, this);
			case "Snapshot":
				throw new EngineError("INVALID_QUERY", "FOR SYSTEM_TIME AS OF is only possible on the right side of a join");
			case "Apply":
				throw new EngineError("INTERNAL", "A subquery was left in the plan", {
					remedy: "This is a bug in Millrace; please report it.",
				});
		}
	}
}

function sharedNodes(roots: readonly PlanNode[]): Set<PlanNode> {
	const seen = new Set<PlanNode>(roots);
	const shared = new Set<PlanNode>();
	const queue = [...seen];
	for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
		for (const input of inputsOf(node)) {
			if (seen.has(input)) {
				shared.add(input);
			} else {
				seen.add(input);
				queue.push(input);
			}
		}
	}
	return shared;
}

/** Renaming and reordering costs nothing to repeat. */
const isPermutation = (node: PlanNode) => node.kind === "Project" && node.exprs.every((expr) => expr.kind === "column");
