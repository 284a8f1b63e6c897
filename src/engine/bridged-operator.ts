// What runs where an operator has no kernels: the baseline's operator behind the row bridge, or another operator's kernels.
import { createOperator as createRowOperator } from "../baseline/create.js";
import { operatorContext } from "../baseline/library.js";
import type { OperatorSpec } from "../job/specs.js";
import type { Operator, OperatorContext } from "../operators/operator.js";
import type { FactoryOptions } from "./operator-factory.js";
import { RowBridge } from "./row-bridge.js";

export { lookupJoin } from "./lookup-join.js";

export function bridgedOperator(spec: OperatorSpec, context: OperatorContext, options: FactoryOptions): Operator {
	const lookup = options.lookups.get(context.vertex.id)?.lookup;
	const session = { context: context.functions, options: context.options };
	// Its state lies in JavaScript's heap, where nothing counts it.
	context.owner.bytes = Number.NaN;
	context.owner.peakBytes = Number.NaN;
	const rowContext = operatorContext(session, () => context.now(), lookup, options.library);
	return new RowBridge(createRowOperator(spec, context.inputs, context.vertex.schema, rowContext), context);
}
