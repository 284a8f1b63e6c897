// LookupJoin over a table that was read whole: the hash join's kernels with the table as the build side.
import { BATCH_ROWS } from "../arrow/batch.js";
import { rowsToBatch } from "../arrow/rows.js";
import { EngineError } from "../errors.js";
import type { JoinSpec, LookupJoinSpec } from "../job/specs.js";
import { operatorFor } from "../operators/index.js";
import type { Operator, OperatorContext, Output } from "../operators/operator.js";
import type { LookupTable } from "./lookup-tables.js";

/** The build side is complete before the operator sees its first row, so its left rows are never kept. */
export function lookupJoin(spec: LookupJoinSpec, context: OperatorContext, table: LookupTable): Operator {
	const { type, leftKeys, rightKeys, condition, leftWidth } = spec;
	const joinSpec: JoinSpec = {
		operator: "Join",
		type,
		leftKeys,
		rightKeys,
		nullSafe: leftKeys.map(() => false),
		condition,
		leftWidth,
		build: "right",
		leftUpdates: false,
		rightUpdates: false,
	};
	const join = operatorFor(joinSpec, { ...context, inputs: [context.inputs[0]!, table.schema] });
	if (!join) throw new EngineError("INTERNAL", "the hash join has no kernels", { operator: "LookupJoin" });
	const { region } = context;
	for (let from = 0; from < table.rows.length; from += BATCH_ROWS) {
		const mark = region.arena.mark();
		join.process(rowsToBatch(region, table.schema, table.rows.slice(from, from + BATCH_ROWS)), 1, NOWHERE);
		region.arena.release(mark);
	}
	join.finish?.(1, NOWHERE);
	return join;
}

/** Building emits nothing. */
const NOWHERE: Output = { emit() {}, watermark() {}, idle() {} };
