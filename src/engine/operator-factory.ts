// Which implementation runs an operator: its kernels where there are any, else the baseline's behind the row bridge.
import { createOperator as createRowOperator } from "../baseline/create.js";
import { type FunctionLibrary, operatorContext } from "../baseline/library.js";
import type { OperatorSpec } from "../job/specs.js";
import { operatorFor } from "../operators/index.js";
import type { Operator, OperatorContext } from "../operators/operator.js";
import { lookupJoin } from "./lookup-join.js";
import type { LookupTables } from "./lookup-tables.js";
import { RowBridge } from "./row-bridge.js";

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

export function operatorFactory(options: FactoryOptions): (spec: OperatorSpec, context: OperatorContext) => Operator {
	const { library } = options;
	const user = library?.scalar && ((id: string) => library.scalar?.(id));
	return (spec, context) => {
		const own = { ...context, user };
		if (spec.operator === "LookupJoin") {
			const table = options.lookups.get(context.vertex.id);
			if (table) return lookupJoin(spec, own, table);
		}
		if (context.vertex.everyChange && FOLDING.has(spec.operator)) return bridged(spec, context, options);
		return operatorFor(spec, own) ?? bridged(spec, context, options);
	};
}

function bridged(spec: OperatorSpec, context: OperatorContext, options: FactoryOptions): Operator {
	const lookup = options.lookups.get(context.vertex.id)?.lookup;
	const session = { context: context.functions, options: context.options };
	// Its state lies in JavaScript's heap, where nothing counts it.
	context.owner.bytes = Number.NaN;
	context.owner.peakBytes = Number.NaN;
	const rowContext = operatorContext(session, () => context.now(), lookup, options.library);
	return new RowBridge(createRowOperator(spec, context.inputs, context.vertex.schema, rowContext), context);
}
