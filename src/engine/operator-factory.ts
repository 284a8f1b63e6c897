// Which implementation runs an operator: its kernels where there are any, else the baseline's behind the row bridge.
import type { FunctionLibrary } from "../baseline/library.js";
import { EngineError } from "../errors.js";
import type { UserFunctions } from "../expr/evaluate.js";
import type { JobGraph } from "../job/job-graph.js";
import type { OperatorSpec } from "../job/specs.js";
import { isSimple, loadOperators, operatorFor } from "../operators/index.js";
import type { OperatorContext } from "../operators/operator.js";
import type { OperatorFactory } from "../runtime/environment.js";
import type { LookupTables } from "./lookup-tables.js";

/** Kernels of these say once a batch what became of a row, and the watermark once a batch. */
const FOLDING = new Set<OperatorSpec["operator"]>([
	"ChangelogNormalize",
	"Deduplicate",
	"GroupAggregate",
	"OverAggregate",
	"Rank",
	"SetOperation",
	"Sort",
	"WatermarkAssigner",
]);

export interface FactoryOptions {
	readonly lookups: LookupTables;
	readonly library?: FunctionLibrary | undefined;
}

/** What the operators of `graph` need is loaded first: most of it only by jobs that keep state. */
export async function operatorFactory(
	graph: Pick<JobGraph, "vertices">,
	options: FactoryOptions,
): Promise<OperatorFactory> {
	const { library } = options;
	const specs = graph.vertices.map(({ spec }) => spec);
	const [bridge] = await Promise.all([
		specs.every(isSimple) ? undefined : import("./bridged-operator.js"),
		loadOperators(specs),
	]);
	const user = library?.scalar && ((id: string) => library.scalar?.(id));
	return (spec, context) => {
		const own = withUser(context, user);
		const table = options.lookups.get(context.vertex.id);
		if (spec.operator === "LookupJoin" && table && bridge) return bridge.lookupJoin(spec, own, table);
		const kernels = isFolded(spec, context) ? undefined : operatorFor(spec, own);
		if (kernels) return kernels;
		if (bridge) return bridge.bridgedOperator(spec, context, options);
		throw new EngineError("INTERNAL", `${spec.operator} declines what it always takes`);
	};
}

/** Property by property: V8 gives copies that spreading has added something to a shape each, and would compile what reads them for every job. */
const withUser = (context: OperatorContext, user: UserFunctions | undefined): OperatorContext => ({
	region: context.region,
	owner: context.owner,
	vertex: context.vertex,
	inputs: context.inputs,
	functions: context.functions,
	user,
	options: context.options,
	metrics: context.metrics,
	subtask: context.subtask,
	parallelism: context.parallelism,
	now: () => context.now(),
	registerTimer: (timeMs) => context.registerTimer(timeMs),
});

const isFolded = (spec: OperatorSpec, { vertex }: OperatorContext) => vertex.everyChange && FOLDING.has(spec.operator);
