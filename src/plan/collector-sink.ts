// The end of a query whose result goes to the session, and what it refuses.
import type { PlanNode, SinkNode } from "./nodes.js";

/**
 * A number that does not fit its DECIMAL is NULL, also where the type of the column says NOT NULL: as in Flink such a result is
 * refused. NULLs of other types, which only LAG, LEAD and aggregates of nothing give there, are kept; Flink shows -1 or ''.
 */
export function collectorSink(input: PlanNode): SinkNode {
	const { schema } = input;
	const notNull = schema.flatMap(({ type }, i) => (type.kind === "DECIMAL" && !type.nullable ? [i] : []));
	return { kind: "Sink", schema, input, overwrite: false, staticPartition: {}, notNull };
}
