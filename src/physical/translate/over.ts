// Over → OverAggregate (one operator for each partitioning and order), MATCH_RECOGNIZE → Match.
import { EngineError } from "../../errors.js";
import type { OverAggregateSpec } from "../../job/specs.js";
import type { MatchNode, OverGroup, OverNode } from "../../plan/nodes.js";
import type { Schema } from "../../types/sql-type.js";
import { timeAttributeOf } from "../../types/sql-type.js";
import { hashBy, onto, type PhysicalNode } from "../physical-node.js";
import { isUpdating } from "../row-kinds.js";
import type { Translator } from "./translator.js";

export function translateOver(node: OverNode, translator: Translator): PhysicalNode {
	const runs = adjacentRuns(node.groups);
	if (!translator.batch && runs.length > 1) {
		throw new EngineError(
			"UNSUPPORTED",
			"Over Agg: Unsupported use of OVER windows. All aggregates must be computed on the same window in streaming mode",
			{ remedy: "Use one window, or compute the others in a query around this one" },
		);
	}
	let result = translator.input(node.input);
	let width = node.input.schema.length;
	for (const run of runs) {
		width += run.reduce((count, group) => count + group.calls.length, 0);
		result = overAggregate(result, run, node.schema.slice(0, width), translator);
	}
	return result;
}

/** Neighbours with one partitioning and order run in one operator; output columns stay in the groups' order. */
function adjacentRuns(groups: readonly OverGroup[]): OverGroup[][] {
	const runs: OverGroup[][] = [];
	for (const group of groups) {
		const last = runs.at(-1);
		if (last !== undefined && orderKey(last[0]!) === orderKey(group)) last.push(group);
		else runs.push([group]);
	}
	return runs;
}

const orderKey = (group: OverGroup) => JSON.stringify([group.partition, group.order]);

function overAggregate(
	input: PhysicalNode,
	run: readonly OverGroup[],
	schema: Schema,
	translator: Translator,
): PhysicalNode {
	const { partition, order } = run[0]!;
	const spec: OverAggregateSpec = {
		operator: "OverAggregate",
		partition,
		order,
		time: translator.batch ? "final" : timeOf(run, schema, isUpdating(input.kinds)),
		groups: run.map(({ frame, calls }) => ({ frame, calls })),
		inputUpdates: isUpdating(input.kinds),
	};
	return onto(input, spec, schema, hashBy(partition));
}

const RANKINGS = new Set(["ROW_NUMBER", "RANK", "DENSE_RANK", "NTILE", "PERCENT_RANK", "CUME_DIST"]);

/** How a streaming OVER is ordered; refuses what needs rows that have not come yet. */
function timeOf(run: readonly OverGroup[], schema: Schema, inputUpdates: boolean): "rowtime" | "proctime" | "row" {
	const { order } = run[0]!;
	const calls = run.flatMap((group) => group.calls);
	if (order.length === 0 && calls.some((one) => RANKINGS.has(one.function))) {
		throw new EngineError(
			"INVALID_QUERY",
			"Over Agg: The window rank function requires order by clause with non-constant fields",
		);
	}
	if (order.length !== 1) {
		throw new EngineError("UNSUPPORTED", "The window can only be ordered by a single time column in streaming mode");
	}
	const lead = calls.find((one) => one.function === "LEAD");
	if (lead !== undefined) throw new EngineError("UNSUPPORTED", "LEAD Function is not supported in stream mode");
	if (!order[0]!.ascending) {
		throw new EngineError("UNSUPPORTED", "The window can only be ordered in ASCENDING mode in streaming mode");
	}
	for (const { frame } of run) {
		const looksAhead = [frame.start.kind, frame.end.kind].some((kind) => kind.endsWith("ollowing"));
		// ROW_NUMBER and its kind are declared over the whole partition but read only what came before.
		if (looksAhead && !calls.every((one) => RANKINGS.has(one.function) || one.function === "LAG")) {
			throw new EngineError("UNSUPPORTED", "OVER windows with FOLLOWING are not supported in streaming mode");
		}
	}
	// Rows of a time order may be retracted after their time has passed (Nexmark q6), so an updating input is kept sorted as it is.
	return inputUpdates ? "row" : (timeAttributeOf(schema[order[0]!.column]!.type) ?? "row");
}

export function translateMatch(node: MatchNode, translator: Translator): PhysicalNode {
	const [first] = node.match.order;
	const attribute = first && timeAttributeOf(node.input.schema[first.column]!.type);
	if (attribute === undefined) {
		throw new EngineError("INVALID_QUERY", "MATCH_RECOGNIZE must order by a time attribute first", {
			remedy: "Start ORDER BY with the column that has a WATERMARK, or a PROCTIME() column",
		});
	}
	const spec = {
		...node.match,
		operator: "Match",
		eventTime: attribute === "rowtime",
		final: translator.batch,
	} as const;
	return onto(translator.input(node.input), spec, node.schema, hashBy(node.match.partition));
}
