// Exchanges and parallelism: rows move only where an operator needs equal keys together and they are not there already.
import type { ExchangeSpec } from "../job/job-graph.js";
import type { Distribution, PhysicalNode } from "./physical-node.js";

/** How an operator's output lies over its subtasks: `keys` when equal values of these columns are together. */
export interface Partitioning {
	readonly parallelism: number;
	/** All rows are in one subtask because an operator wanted them there. */
	readonly single?: boolean | undefined;
	readonly keys?: readonly number[] | undefined;
}

/** An input: how its rows are to be distributed, and how they lie. */
export interface Arriving {
	readonly distribution: Distribution;
	readonly partitioning: Partitioning;
}

export function exchangeFor(
	node: PhysicalNode,
	inputs: readonly Arriving[],
	parallelism: number,
): { parallelism: number; exchanges: ExchangeSpec[] } {
	if (inputs.length === 0) return { parallelism: ownParallelism(node, parallelism), exchanges: [] };
	const copied = copiedSide(node, inputs);
	if (copied !== undefined) {
		return {
			parallelism: inputs[1 - copied]!.partitioning.parallelism,
			exchanges: inputs.map((_, side) => (side === copied ? { kind: "broadcast" } : FORWARD)),
		};
	}
	if (inputs.some((input) => input.distribution.kind === "single")) {
		return { parallelism: 1, exchanges: inputs.map((input) => gather(input.partitioning)) };
	}
	if (inputs.some((input) => input.distribution.kind === "hash")) {
		// Rows that already lie by these keys, over the consumer's subtasks, are where the other input's will come.
		const exchanges = inputs.map((input) =>
			liesBy(input, parallelism) ? FORWARD : (input.distribution as ExchangeSpec),
		);
		return { parallelism, exchanges };
	}
	return besides(inputs);
}

/** By these keys instead of all, unless rows lie by all of them or come from one subtask, where nothing sums them up first. */
export function byPartialKeys(arriving: Arriving, keys: readonly number[] | undefined): Arriving {
	const { partitioning } = arriving;
	if (keys === undefined || partitioning.parallelism === 1 || liesBy(arriving, partitioning.parallelism))
		return arriving;
	return { partitioning, distribution: { kind: "hash", keys } };
}

const FORWARD: ExchangeSpec = { kind: "forward" };

const gather = (partitioning: Partitioning): ExchangeSpec => (partitioning.single ? FORWARD : { kind: "single" });

/**
 * Of a join by windows alone, the side with one row for each window, when the other side lies in several subtasks: it is copied to
 * them, rather than all rows of both sides brought to one. Rows of a copied side may not be padded: each copy would be.
 */
function copiedSide({ spec, inputs: sides }: PhysicalNode, inputs: readonly Arriving[]): 0 | 1 | undefined {
	if (spec.operator !== "WindowJoin" || spec.leftKeys.length > 0) return undefined;
	const ends = [spec.leftWindowEnd, spec.rightWindowEnd];
	const padded = [spec.type !== "inner" && spec.type !== "right", spec.type === "right" || spec.type === "full"];
	return ([1, 0] as const).find(
		(side) =>
			!padded[side] &&
			sides[side]!.node.upsertKeys.some((key) => key.every((column) => column === ends[side])) &&
			inputs[1 - side]!.partitioning.parallelism > 1,
	);
}

function ownParallelism(node: PhysicalNode, parallelism: number): number {
	if (node.spec.operator !== "Source") return 1;
	const declared = Number(node.spec.table.options["scan.parallelism"]);
	return Number.isSafeInteger(declared) && declared > 0 ? declared : parallelism;
}

/** The same columns in the same order: only then do the two operators assign a key to the same key group. */
function liesBy({ distribution, partitioning }: Arriving, parallelism: number): boolean {
	if (distribution.kind !== "hash" || partitioning.parallelism !== parallelism) return false;
	return partitioning.keys?.join() === distribution.keys.join();
}

/** No keys to meet: rows stay in their subtask, beside a copy of every broadcast input. */
function besides(inputs: readonly Arriving[]): { parallelism: number; exchanges: ExchangeSpec[] } {
	const staying = inputs.filter((input) => input.distribution.kind === "any");
	const parallelism = Math.max(...staying.map((input) => input.partitioning.parallelism));
	const even = staying.every((input) => input.partitioning.parallelism === parallelism);
	const exchanges = inputs.map(({ distribution, partitioning }): ExchangeSpec => {
		if (distribution.kind === "broadcast") return parallelism === 1 ? gather(partitioning) : { kind: "broadcast" };
		// Inputs of unequal parallelism meet in one subtask, where the order of changes is kept.
		return even ? FORWARD : gather(partitioning);
	});
	return { parallelism: even ? parallelism : 1, exchanges };
}

/** How the output lies, given what the exchanges did to the inputs. */
export function partitioningOf(
	node: PhysicalNode,
	exchanges: readonly ExchangeSpec[],
	inputs: readonly Arriving[],
	parallelism: number,
): Partitioning {
	const keysOf = (index: number) => {
		const exchange = exchanges[index];
		if (exchange?.kind === "hash") return exchange.keys;
		return exchange?.kind === "forward" ? inputs[index]?.partitioning.keys : undefined;
	};
	const single =
		parallelism === 1 && exchanges.some((exchange, i) => exchange.kind === "single" || inputs[i]!.partitioning.single);
	return { parallelism, single, keys: outputKeys(node, keysOf) };
}

function outputKeys(
	{ spec }: PhysicalNode,
	keysOf: (input: number) => readonly number[] | undefined,
): readonly number[] | undefined {
	const keys = keysOf(0);
	switch (spec.operator) {
		case "Calc":
			return moved(keys, (key) => spec.projection.findIndex((expr) => expr.kind === "column" && expr.index === key));
		case "GroupAggregate":
		case "WindowAggregate":
			return moved(keys, (key) => spec.keys.indexOf(key));
		case "Match":
			return moved(keys, (key) => spec.partition.indexOf(key));
		case "Join":
		case "IntervalJoin":
		case "WindowJoin": {
			if (spec.type !== "right" && spec.type !== "full") return keys;
			return spec.type === "right" ? keysOf(1)?.map((key) => key + spec.leftWidth) : undefined;
		}
		case "Union":
		case "Source":
		case "Values":
		case "Expand":
			return undefined;
		default:
			return keys;
	}
}

function moved(keys: readonly number[] | undefined, to: (key: number) => number): readonly number[] | undefined {
	const result = keys?.map(to);
	return result?.includes(-1) ? undefined : result;
}
