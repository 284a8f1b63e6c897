// Upsert keys: which columns identify a row of an operator's output, so that a change of a row can replace it (Flink's FlinkRelMdUpsertKeys).
// A key survives an exchange only if it contains the exchange's columns: else changes of one row could overtake each other.
import type { JoinType, OperatorSpec } from "../job/specs.js";
import type { Expr } from "../types/expr.js";
import type { PhysicalInput } from "./physical-node.js";

type Keys = readonly (readonly number[])[];

const MAX_KEYS = 8;

export function upsertKeysOf(spec: OperatorSpec, inputs: readonly PhysicalInput[]): Keys {
	const arriving = inputs.map(keysAfterExchange);
	const input = arriving[0] ?? [];
	switch (spec.operator) {
		case "Calc":
			return projectedKeys(input, spec.projection);
		case "WatermarkAssigner":
		case "OverAggregate":
		case "Sort":
		case "Limit":
		case "TemporalSort":
		case "DropUpdateBefore":
		case "LookupJoin":
		case "TemporalJoin":
			// One right row at most for each left row, as the right side's key is looked up.
			return input;
		case "GroupAggregate":
			return [spec.keys.map((_, i) => i)];
		case "WindowAggregate": {
			const from = spec.keys.length + spec.calls.length;
			const end = spec.properties.findIndex((property) => property !== "start");
			return end < 0 ? [] : [[...spec.keys.map((_, i) => i), from + end]];
		}
		case "ChangelogNormalize":
			return [spec.keys];
		case "Deduplicate":
			return [spec.windowEnd === undefined ? spec.keys : withColumn(spec.keys, spec.windowEnd), ...input].slice(
				0,
				MAX_KEYS,
			);
		case "Rank": {
			const within = spec.windowEnd === undefined ? spec.partition : withColumn(spec.partition, spec.windowEnd);
			const keys = input.filter((key) => within.every((column) => key.includes(column)));
			if (spec.function === "ROW_NUMBER" && spec.to === 1) return minimal([within, ...keys]);
			const rank = inputs[0]!.node.schema.length;
			return spec.function === "ROW_NUMBER" && spec.outputRank ? minimal([[...within, rank], ...keys]) : keys;
		}
		case "SetOperation":
			return spec.all ? [] : [inputs[0]!.node.schema.map((_, i) => i)];
		case "Join":
		case "IntervalJoin":
		case "WindowJoin":
			return joinKeys(spec.type, spec.leftKeys, spec.rightKeys, spec.leftWidth, input, arriving[1]!);
		default:
			return [];
	}
}

const withColumn = (keys: readonly number[], column: number) => (keys.includes(column) ? keys : [...keys, column]);

function keysAfterExchange({ node, distribution }: PhysicalInput): Keys {
	if (distribution.kind !== "hash") return node.upsertKeys;
	return node.upsertKeys.filter((key) => distribution.keys.every((column) => key.includes(column)));
}

/** Keys whose columns are all passed on as they are. */
export function projectedKeys(keys: Keys, projection: readonly Expr[]): Keys {
	const outputs = new Map<number, number>();
	projection.forEach((expr, output) => {
		if (expr.kind === "column" && !outputs.has(expr.index)) outputs.set(expr.index, output);
	});
	return keys
		.filter((key) => key.every((column) => outputs.has(column)))
		.map((key) => key.map((column) => outputs.get(column)!));
}

function joinKeys(
	type: JoinType,
	leftKeys: readonly number[],
	rightKeys: readonly number[],
	leftWidth: number,
	left: Keys,
	right: Keys,
): Keys {
	if (type === "semi" || type === "anti") return left;
	const leftUnique = left.some((key) => key.every((column) => leftKeys.includes(column)));
	const rightUnique = right.some((key) => key.every((column) => rightKeys.includes(column)));
	const shifted = right.map((key) => key.map((column) => column + leftWidth));
	const result: (readonly number[])[] = [];
	// The side whose rows may be padded cannot identify them.
	if (rightUnique && (type === "inner" || type === "left")) result.push(...left);
	if (leftUnique && (type === "inner" || type === "right")) result.push(...shifted);
	for (const key of left) for (const other of shifted) result.push([...key, ...other]);
	return minimal(result);
}

/** Without keys that contain another one, shortest first. */
function minimal(keys: Keys): Keys {
	const sorted = [...keys].sort((one, other) => one.length - other.length);
	const kept: (readonly number[])[] = [];
	for (const key of sorted) {
		if (!kept.some((smaller) => smaller.every((column) => key.includes(column)))) kept.push(key);
	}
	return kept.slice(0, MAX_KEYS);
}
