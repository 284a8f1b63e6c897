// The planner's own graph: operator specs with what each needs of its inputs and what it may emit. assemble.ts makes the JobGraph of it.
import type { OperatorSpec } from "../job/specs.js";
import type { ChangelogMode } from "../types/row-kind.js";
import type { Schema } from "../types/sql-type.js";
import { producedKinds } from "./changelog.js";
import type { RowKinds } from "./row-kinds.js";
import { upsertKeysOf } from "./upsert-keys.js";

/** Where an operator needs equal keys to meet. */
export type Distribution =
	| { readonly kind: "any" }
	| { readonly kind: "hash"; readonly keys: readonly number[] }
	| { readonly kind: "single" }
	| { readonly kind: "broadcast" };

export const ANY: Distribution = { kind: "any" };
export const SINGLE: Distribution = { kind: "single" };
export const BROADCAST: Distribution = { kind: "broadcast" };

/** Rows with equal keys to the same subtask; without keys all rows to one. */
export const hashBy = (keys: readonly number[]): Distribution => (keys.length === 0 ? SINGLE : { kind: "hash", keys });

export interface PhysicalInput {
	readonly node: PhysicalNode;
	readonly distribution: Distribution;
}

export interface PhysicalNode {
	readonly spec: OperatorSpec;
	readonly inputs: readonly PhysicalInput[];
	readonly schema: Schema;
	readonly kinds: RowKinds;
	/** Column sets that identify a row of the output: changes of one row keep them and stay in order. */
	readonly upsertKeys: readonly (readonly number[])[];
	/** What a source's table delivers. */
	readonly scan?: ChangelogMode | undefined;
}

/** Makes a node; kinds and upsert keys follow from the spec and the inputs unless the operator reads a table, which knows its own. */
export function physicalNode(
	spec: OperatorSpec,
	inputs: readonly PhysicalInput[],
	schema: Schema,
	table?: Pick<PhysicalNode, "kinds" | "upsertKeys" | "scan">,
): PhysicalNode {
	if (table !== undefined) return { spec, inputs, schema, ...table };
	return { spec, inputs, schema, kinds: producedKinds(spec, inputs), upsertKeys: upsertKeysOf(spec, inputs) };
}

/** An operator whose rows stay where they are. */
export const onto = (
	input: PhysicalNode,
	spec: OperatorSpec,
	schema: Schema,
	distribution: Distribution = ANY,
): PhysicalNode => physicalNode(spec, [{ node: input, distribution }], schema);
