// Changelog mode inference, in Flink's two steps: upwards, which kinds of change each operator may emit; downwards, whether some consumer
// needs the -U before each +U. An update goes without -U only where every reader can find the old row by its upsert key.
import { EngineError } from "../errors.js";
import type { OperatorSpec } from "../job/specs.js";
import { columnsOf } from "../types/expr.js";
import type { PhysicalInput, PhysicalNode } from "./physical-node.js";
import { INSERT_ONLY, isUpdating, type RowKinds } from "./row-kinds.js";

/** The changes that an operator may emit, given its inputs'. Refuses inputs that it cannot take. */
export function producedKinds(spec: OperatorSpec, inputs: readonly PhysicalInput[]): RowKinds {
	const input = either(inputs.map(({ node }) => node.kinds));
	if (isUpdating(input) && !acceptsUpdates(spec)) refuseUpdates(spec, inputs);
	switch (spec.operator) {
		case "GroupAggregate":
			if (spec.final) return INSERT_ONLY;
			return { update: spec.calls.length > 0, delete: isUpdating(input) };
		case "Join":
			if (spec.build !== undefined) return INSERT_ONLY;
			return spec.type === "inner" || spec.type === "semi" ? input : { update: input.update, delete: true };
		case "TemporalJoin":
			return inputs[0]!.node.kinds;
		case "OverAggregate":
			if (spec.time === "row") return { update: true, delete: true };
			return spec.time === "final" ? INSERT_ONLY : input;
		case "Rank":
			if (spec.final || spec.windowEnd !== undefined) return INSERT_ONLY;
			return { update: true, delete: isUpdating(input) || spec.to !== 1 };
		case "Deduplicate":
			if (spec.final || spec.windowEnd !== undefined || spec.keep === "first") return INSERT_ONLY;
			return { update: true, delete: false };
		case "Sort":
			return spec.final ? INSERT_ONLY : { update: input.update, delete: true };
		case "SetOperation":
			if (spec.final) return INSERT_ONLY;
			return { update: false, delete: spec.kind === "except" || isUpdating(input) };
		case "WindowAggregate":
		case "IntervalJoin":
		case "WindowJoin":
		case "Match":
		case "TemporalSort":
		case "Values":
			return INSERT_ONLY;
		default:
			return input;
	}
}

const either = (kinds: readonly RowKinds[]): RowKinds => ({
	update: kinds.some((kind) => kind.update),
	delete: kinds.some((kind) => kind.delete),
});

function acceptsUpdates(spec: OperatorSpec): boolean {
	switch (spec.operator) {
		case "IntervalJoin":
		case "WindowJoin":
		case "Match":
		case "TemporalSort":
		case "Deduplicate":
			return false;
		case "Rank":
			return spec.windowEnd === undefined;
		default:
			return true;
	}
}

function refuseUpdates(spec: OperatorSpec, inputs: readonly PhysicalInput[]): never {
	const culprit = inputs.find(({ node }) => isUpdating(node.kinds))!.node;
	throw new EngineError(
		"UNSUPPORTED",
		`${spec.operator} doesn't support consuming update and delete changes which is produced by node ${originOf(culprit)}`,
		{ remedy: "Apply it to an insert-only input, or aggregate in event-time windows first" },
	);
}

/** The operator that first made the changes. */
function originOf(node: PhysicalNode): string {
	const input = node.inputs.find((candidate) => isUpdating(candidate.node.kinds));
	return input === undefined || node.spec.operator !== "Calc" ? node.spec.operator : originOf(input.node);
}

/** Whether an input must carry -U rows, given whether the operator's own consumers need them. */
export function needsBefore(node: PhysicalNode, index: number, own: boolean): boolean {
	const input = node.inputs[index]!.node;
	if (!input.kinds.update) return false;
	switch (node.spec.operator) {
		case "Calc": {
			const { condition } = node.spec;
			if (own || condition === undefined) return own;
			// A row that an update moves out of the filter must be taken back downstream.
			const read = columnsOf(condition);
			return !input.upsertKeys.some((key) => read.every((column) => key.includes(column)));
		}
		case "Expand":
		case "WatermarkAssigner":
		case "Union":
			return own;
		case "TemporalJoin":
			return index === 0 && own;
		case "ChangelogNormalize":
		case "DropUpdateBefore":
			return false;
		case "Sink":
			return node.spec.upsertKey === undefined;
		default:
			return true;
	}
}

/** Whether an input must not carry -U rows: it replaces rows by key. */
export function refusesBefore(node: PhysicalNode, index: number): boolean {
	if (node.spec.operator === "TemporalJoin") return index === 1;
	return node.spec.operator === "Sink" && node.spec.upsertKey !== undefined;
}

/** Whether the output carries -U: operators that can choose follow their consumers, the rest pass on or always make them. */
export function emitsBefore(node: PhysicalNode, needed: boolean, inputs: readonly boolean[]): boolean {
	if (!node.kinds.update) return false;
	switch (node.spec.operator) {
		case "Source":
			return node.scan === "retract";
		case "GroupAggregate":
		case "Rank":
		case "Deduplicate":
		case "ChangelogNormalize":
			return needed;
		case "Calc":
		case "Expand":
		case "WatermarkAssigner":
		case "Union":
			return inputs.some(Boolean);
		case "TemporalJoin":
		case "Sink":
			return inputs[0]!;
		case "DropUpdateBefore":
			return false;
		default:
			return true;
	}
}
