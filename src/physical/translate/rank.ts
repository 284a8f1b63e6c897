// Rank, Deduplicate and Sort → Rank, Deduplicate, Sort, Limit or TemporalSort.
import { EngineError } from "../../errors.js";
import type { SortKey } from "../../job/specs.js";
import { windowColumnsOf } from "../../optimizer/window-columns.js";
import type { DeduplicateNode, RankNode, SortNode } from "../../plan/nodes.js";
import { timeAttributeOf } from "../../types/sql-type.js";
import { ANY, hashBy, onto, type PhysicalNode, SINGLE } from "../physical-node.js";
import { isUpdating } from "../row-kinds.js";
import type { Translator } from "./translator.js";

export function translateRank(node: RankNode, translator: Translator): PhysicalNode {
	const input = translator.input(node.input);
	if (!translator.batch && node.function !== "ROW_NUMBER") {
		throw new EngineError("UNSUPPORTED", `${node.function}() on streaming table is not supported currently`, {
			remedy: "Use ROW_NUMBER(), or batch mode",
		});
	}
	const spec = {
		operator: "Rank",
		function: node.function,
		partition: node.partition,
		order: node.order,
		from: node.from,
		to: node.to,
		outputRank: node.outputRank,
		inputUpdates: isUpdating(input.kinds),
		inputUpsertKey: input.upsertKeys[0],
		updateBefore: false,
		final: translator.batch,
		...(translator.batch ? {} : windowOf(node)),
	} as const;
	return onto(input, withWindow(spec, node.windowEnd, translator), node.schema, hashBy(node.partition));
}

/** The window that fires the ranking, if it ranks per window. */
function windowOf({ input, windowEnd }: RankNode | DeduplicateNode) {
	return windowEnd === undefined ? {} : { windowEnd, timeZone: windowColumnsOf(input)?.timeZone };
}

/** In batch a window is one more key of the partition. */
function withWindow<S extends { readonly partition: readonly number[] }>(
	spec: S,
	windowEnd: number | undefined,
	translator: Translator,
): S {
	if (!translator.batch || windowEnd === undefined) return spec;
	return { ...spec, partition: [...spec.partition, windowEnd] };
}

export function translateDeduplicate(node: DeduplicateNode, translator: Translator): PhysicalNode {
	const input = translator.input(node.input);
	const attribute = timeAttributeOf(node.input.schema[node.order]!.type);
	const keys = translator.batch && node.windowEnd !== undefined ? [...node.keys, node.windowEnd] : node.keys;
	if (isUpdating(input.kinds)) return onto(input, updatingDeduplicate(node, input), node.schema, hashBy(keys));
	const spec = {
		operator: "Deduplicate",
		keys,
		order: attribute === "proctime" ? undefined : node.order,
		keep: node.keep,
		updateBefore: false,
		final: translator.batch,
		...(translator.batch ? {} : windowOf(node)),
	} as const;
	return onto(input, spec, node.schema, hashBy(keys));
}

/** Rows that can be taken back need the next best kept: a Top-1. */
function updatingDeduplicate(node: DeduplicateNode, input: PhysicalNode) {
	const ascending = node.keep === "first";
	const order: SortKey[] = [{ column: node.order, ascending, nullsFirst: ascending }];
	return {
		operator: "Rank",
		function: "ROW_NUMBER",
		partition: node.keys,
		order,
		from: 1,
		to: 1,
		outputRank: false,
		inputUpdates: true,
		inputUpsertKey: input.upsertKeys[0],
		updateBefore: false,
		final: false,
		...windowOf(node),
	} as const;
}

export function translateSort(node: SortNode, translator: Translator): PhysicalNode {
	const input = translator.input(node.input);
	const inputUpdates = isUpdating(input.kinds);
	const { order, offset, fetch } = node;
	if (order.length === 0) return limit(node, input, translator);
	if (translator.batch) {
		const local =
			fetch === undefined || translator.parallelism === 1
				? input
				: onto(
						input,
						{ operator: "Sort", order, offset: 0, fetch: offset + fetch, inputUpdates, final: true },
						node.schema,
						ANY,
					);
		return onto(local, { operator: "Sort", order, offset, fetch, inputUpdates, final: true }, node.schema, SINGLE);
	}
	if (fetch !== undefined) {
		return onto(input, { operator: "Sort", order, offset, fetch, inputUpdates, final: false }, node.schema, SINGLE);
	}
	const [first] = order as readonly [SortKey];
	if (timeAttributeOf(node.input.schema[first.column]!.type) === undefined || !first.ascending) {
		throw new EngineError("UNSUPPORTED", "Sort on a non-time-attribute field is not supported in streaming mode", {
			remedy: "Order by an ascending time attribute first, add LIMIT, or SET 'execution.runtime-mode' = 'batch'",
		});
	}
	return onto(input, { operator: "TemporalSort", order }, node.schema, SINGLE);
}

function limit(node: SortNode, input: PhysicalNode, translator: Translator): PhysicalNode {
	const inputUpdates = isUpdating(input.kinds);
	const fetch = node.fetch ?? Number.MAX_SAFE_INTEGER;
	const local =
		translator.parallelism === 1 || inputUpdates || node.fetch === undefined
			? input
			: onto(input, { operator: "Limit", offset: 0, fetch: node.offset + fetch, inputUpdates }, node.schema, ANY);
	return onto(local, { operator: "Limit", offset: node.offset, fetch, inputUpdates }, node.schema, SINGLE);
}
