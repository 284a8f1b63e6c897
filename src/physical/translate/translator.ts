// What the translations of single operators share: the session's mode and options, and the way to their inputs.
import type { ConnectorTable } from "../../job/specs.js";
import type { PlanNode } from "../../plan/nodes.js";
import type { FunctionContext } from "../../types/function-context.js";
import type { ChangelogMode } from "../../types/row-kind.js";
import type { PhysicalNode } from "../physical-node.js";

export interface TranslateOptions {
	readonly batch: boolean;
	/** Effective options of the session, by Flink's keys. */
	readonly options: Readonly<Record<string, string>>;
	readonly context: FunctionContext;
	readonly name?: string | undefined;
	/** The changes that a connector's sink takes: `insert` only +I, `upsert` no -U. Default: by the connector's name. */
	readonly sinkMode?: ((table: ConnectorTable) => ChangelogMode) | undefined;
}

export interface Translator extends TranslateOptions {
	readonly parallelism: number;
	/** The operator that makes the node's rows; one for equal nodes. */
	input(node: PlanNode): PhysicalNode;
	/** Whether several nodes read this one. */
	isShared(node: PlanNode): boolean;
}
