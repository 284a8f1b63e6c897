// The context of an operator that runs outside a job: embedded, in a test, in a benchmark. One subtask, no timers.
import type { OperatorSpec } from "../job/specs.js";
import type { FunctionContext } from "../types/function-context.js";
import type { Schema } from "../types/sql-type.js";
import type { MemoryOwner } from "../wasm/heap.js";
import type { Region } from "../wasm/region.js";
import type { OperatorContext, OperatorMetrics } from "./operator.js";

export interface AloneOptions {
	readonly region: Region;
	readonly owner: MemoryOwner;
	readonly spec: OperatorSpec;
	readonly inputs: readonly Schema[];
	readonly output: Schema;
	readonly functions: FunctionContext;
	readonly metrics?: OperatorMetrics;
	/** Processing-time clock; absent: it stands at 0. */
	readonly now?: () => number;
}

export function aloneContext(options: AloneOptions): OperatorContext {
	const { region, owner, spec, inputs, output, functions } = options;
	return {
		region,
		owner,
		vertex: {
			id: 0,
			spec,
			inputs: inputs.map((_, from) => ({ from, exchange: { kind: "forward" } })),
			schema: output,
			changelog: "retract",
			parallelism: 1,
			description: spec.operator,
		},
		inputs,
		functions,
		options: {},
		metrics: options.metrics ?? { lateRecordsDropped: 0 },
		subtask: 0,
		parallelism: 1,
		now: options.now ?? (() => 0),
		registerTimer: () => {},
	};
}
