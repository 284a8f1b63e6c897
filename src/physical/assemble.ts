// Physical nodes → JobGraph: settles changelog modes, parallelism and exchanges, and numbers the vertices in topological order.
import type { JobEdge, JobGraph, JobVertex } from "../job/job-graph.js";
import { sessionOption } from "../job/session-options.js";
import type { OperatorSpec } from "../job/specs.js";
import { emitsBefore, needsBefore, refusesBefore } from "./changelog.js";
import { describe } from "./describe.js";
import { type Arriving, byPartialKeys, exchangeFor, type Partitioning, partitioningOf } from "./distribution.js";
import { everyChange } from "./every-change.js";
import { partialKeys } from "./partial-keys.js";
import { ANY, onto, type PhysicalInput, type PhysicalNode } from "./physical-node.js";
import { kindsText, modeOf } from "./row-kinds.js";
import type { Translator } from "./translate/translator.js";

/** `estimates`: the rows that nodes are expected to give. */
export function assemble(
	roots: readonly PhysicalNode[],
	translator: Translator,
	estimates: ReadonlyMap<PhysicalNode, number>,
): JobGraph {
	const order = topological(roots);
	const before = updateBefores(order);
	const { ordered, carries, originals } = dropUnwanted(order, before, roots);
	const unfolded = everyChange(ordered);
	const partial = partialKeys(ordered, translator.options);
	const ids = new Map<PhysicalNode, number>();
	const partitionings: Partitioning[] = [];
	const vertices: JobVertex[] = [];
	for (const node of ordered) {
		const inputs = node.inputs.map((input): Arriving & { readonly from: number } => {
			const from = ids.get(input.node)!;
			const arriving = { distribution: input.distribution, partitioning: partitionings[from]! };
			return { from, ...byPartialKeys(arriving, partial.get(node)) };
		});
		const { parallelism, exchanges } = exchangeFor(node, inputs, translator.parallelism);
		const edges: JobEdge[] = inputs.map(({ from }, i) => ({ from, exchange: exchanges[i]! }));
		const emits = carries.get(node)!;
		const spec = settled(node.spec, emits, inputs);
		const id = vertices.length;
		ids.set(node, id);
		partitionings.push(partitioningOf(node, exchanges, inputs, parallelism));
		vertices.push({
			id,
			spec,
			inputs: edges,
			schema: node.schema,
			changelog: modeOf(node.kinds, emits),
			kinds: kindsText(node.kinds, emits),
			parallelism,
			estimatedRows: estimates.get(originals.get(node)!),
			upsertKey: node.upsertKeys[0],
			...(unfolded.has(node) && { everyChange: true }),
			description: describe(
				spec,
				node.inputs.map((input) => input.node.schema),
				node.schema,
			),
		});
	}
	return {
		name: translator.name ?? "query",
		vertices,
		batch: translator.batch,
		context: translator.context,
		options: translator.options,
		maxParallelism: sessionOption(translator.options, "pipeline.max-parallelism"),
	};
}

/** Inputs before their consumers; left before right. */
function topological(roots: readonly PhysicalNode[]): PhysicalNode[] {
	const order: PhysicalNode[] = [];
	const seen = new Set<PhysicalNode>();
	const visit = (node: PhysicalNode) => {
		if (seen.has(node)) return;
		seen.add(node);
		for (const input of node.inputs) visit(input.node);
		order.push(node);
	};
	roots.forEach(visit);
	return order;
}

/** Which outputs carry -U: consumers' needs go down the graph, what follows from them comes up. */
function updateBefores(order: readonly PhysicalNode[]): Map<PhysicalNode, boolean> {
	const needed = new Set<PhysicalNode>();
	for (const node of [...order].reverse()) {
		node.inputs.forEach(({ node: input }, index) => {
			if (needsBefore(node, index, needed.has(node))) needed.add(input);
		});
	}
	const emits = new Map<PhysicalNode, boolean>();
	for (const node of order) {
		const inputs = node.inputs.map((input) => emits.get(input.node)!);
		emits.set(node, emitsBefore(node, needed.has(node), inputs));
	}
	return emits;
}

/** Puts DropUpdateBefore where a consumer takes no -U but gets them for another consumer's sake. */
function dropUnwanted(
	order: readonly PhysicalNode[],
	before: ReadonlyMap<PhysicalNode, boolean>,
	roots: readonly PhysicalNode[],
): {
	ordered: readonly PhysicalNode[];
	carries: ReadonlyMap<PhysicalNode, boolean>;
	/** What each node was before the change. */
	originals: ReadonlyMap<PhysicalNode, PhysicalNode>;
} {
	const carries = new Map(before);
	const originals = new Map<PhysicalNode, PhysicalNode>();
	const replaced = new Map<PhysicalNode, PhysicalNode>();
	for (const node of order) {
		const inputs = node.inputs.map((input, index): PhysicalInput => {
			const from = replaced.get(input.node)!;
			if (!refusesBefore(node, index) || !before.get(input.node)) return { ...input, node: from };
			const drop = onto(from, { operator: "DropUpdateBefore" }, from.schema, ANY);
			carries.set(drop, false);
			originals.set(drop, input.node);
			return { ...input, node: drop };
		});
		const same = inputs.every((input, index) => input.node === node.inputs[index]!.node);
		const result = same ? node : { ...node, inputs };
		replaced.set(node, result);
		originals.set(result, node);
		carries.set(result, before.get(node)!);
	}
	return { ordered: topological(roots.map((root) => replaced.get(root)!)), carries, originals };
}

/** The spec with what only the consumers decide. */
function settled(spec: OperatorSpec, emitsUpdateBefore: boolean, [input]: readonly Arriving[]): OperatorSpec {
	const own = "updateBefore" in spec ? { ...spec, updateBefore: emitsUpdateBefore } : spec;
	if (own.operator !== "GroupAggregate" && own.operator !== "WindowAggregate") return own;
	const { distribution } = input!;
	if (distribution.kind !== "hash" || distribution.keys.join() === own.keys.join()) return own;
	return { ...own, distributedBy: distribution.keys.map((key) => own.keys.indexOf(key)) };
}
