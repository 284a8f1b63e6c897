// Aggregate → GroupAggregate or WindowAggregate (over Expand for GROUPING SETS); WindowTableFunction.

import { EngineError } from "../../errors.js";
import { keepsOrder, unmergeable } from "../../job/aggregate-order.js";
import type { AggregateCall } from "../../job/specs.js";
import type { WindowSpec } from "../../job/window.js";
import { columnsReadBy } from "../../optimizer/aggregate-columns.js";
import type { AggregateNode, WindowTableFunctionNode } from "../../plan/nodes.js";
import { call, column, type Expr, literal } from "../../types/expr.js";
import {
	asNullable,
	BIGINT,
	BOOLEAN,
	isCharacter,
	notNull,
	type Schema,
	type SqlType,
	timestamp,
} from "../../types/sql-type.js";
import { typeText } from "../../types/type-text.js";
import { ANY, hashBy, onto, type PhysicalNode } from "../physical-node.js";
import { isUpdating } from "../row-kinds.js";
import { calc } from "./calc.js";
import type { Translator } from "./translator.js";

export function translateAggregate(node: AggregateNode, translator: Translator): PhysicalNode {
	const input = translator.input(node.input);
	const calls = node.calls.filter((aggregate) => !isGrouping(aggregate));
	if (node.groupingSets === undefined) {
		const plain = aggregate(input, { ...node, calls }, translator);
		return calls.length === node.calls.length ? plain : withGroupings(plain, node, undefined);
	}
	const { expanded, keys, layout } = expand(input, node, node.groupingSets, calls);
	const result = aggregate(
		expanded,
		{
			...node,
			keys,
			calls: calls.map((one) => moveColumns(one, layout)),
			window: node.window && moveWindow(node.window, layout, keys),
		},
		translator,
	);
	return withGroupings(result, node, node.groupingSets);
}

const isGrouping = (aggregate: AggregateCall) =>
	aggregate.function === "GROUPING" || aggregate.function === "GROUPING_ID";

type Grouping = Pick<AggregateNode, "keys" | "calls" | "window" | "properties" | "groupingSets">;

function aggregate(input: PhysicalNode, node: Grouping & { schema: Schema }, translator: Translator): PhysicalNode {
	const { keys, calls, window, properties } = node;
	const inputUpdates = isUpdating(input.kinds);
	const final = translator.batch;
	const schema = [
		...keys.map((key) => input.schema[key]!),
		...calls.map(({ name, type }) => ({ name, type })),
		...(properties ?? []).map((_, i, all) => node.schema[node.schema.length - all.length + i]!),
	];
	if (window !== undefined) {
		refuseSession(window, translator);
		refuseUnmergeable(window, calls, translator);
		const rows = inOrder(input, window, node, translator);
		const spec = { keys, calls, properties: properties ?? [], inputUpdates, final } as const;
		return onto(rows.input, { operator: "WindowAggregate", window: rows.window, ...spec }, schema, hashBy(keys));
	}
	const emitEmpty = final && keys.length === 0 && node.groupingSets === undefined;
	return onto(
		input,
		{ operator: "GroupAggregate", keys, calls, inputUpdates, updateBefore: false, final, emitEmpty },
		schema,
		hashBy(keys),
	);
}

function refuseSession(window: WindowSpec, translator: Translator): void {
	if (window.kind !== "session" || !translator.batch) return;
	throw new EngineError("UNSUPPORTED", "Unaligned windows like session are not supported in batch mode", {
		remedy: "SET 'execution.runtime-mode' = 'streaming'; a bounded input gives the same final result",
	});
}

function refuseUnmergeable(window: WindowSpec, calls: readonly AggregateCall[], translator: Translator): void {
	if (window.groupWindow) refuseJsonValues(window, calls);
	// Flink's batch mode makes panes of TUMBLE, too, where it is no table function.
	const isMerged = translator.batch
		? window.kind === "tumble" && window.groupWindow
		: window.kind !== "tumble" && window.kind !== "attached";
	const call = isMerged ? unmergeable(calls) : undefined;
	if (call === undefined) return;
	const name = window.kind.toUpperCase();
	throw new EngineError("UNSUPPORTED", `${call.function} cannot be merged, as windows of ${name} have to be`, {
		expected: "TUMBLE as a table function, or an aggregate such as MIN, MAX, LISTAGG or ARRAY_AGG",
		remedy: "Use one of these; in batch mode HOP and CUMULATE take it, too",
	});
}

/** Flink's group windows take texts alone for values of JSON aggregates. */
function refuseJsonValues(window: WindowSpec, calls: readonly AggregateCall[]): void {
	for (const { function: name, argTypes, user } of calls) {
		if (user !== undefined || !name.startsWith("JSON_")) continue;
		const value = argTypes[name.startsWith("JSON_OBJECTAGG") ? 1 : 0] as SqlType;
		if (isCharacter(value)) continue;
		const kind = window.kind.toUpperCase();
		throw new EngineError("UNSUPPORTED", `${name} of ${typeText(value)} in GROUP BY ${kind}(…)`, {
			expected: "values of a character type",
			remedy: `Use ${kind} as a table function, which takes all types, or CAST the values to STRING`,
		});
	}
}

/**
 * A bounded input has no slices: aggregates that keep an order see a window's rows as they came, those of group windows by their time.
 */
function inOrder(
	input: PhysicalNode,
	window: WindowSpec,
	{ keys, calls }: Grouping,
	translator: Translator,
): { readonly input: PhysicalNode; readonly window: WindowSpec } {
	if (!translator.batch || !window.eventTime || !calls.some(keepsOrder)) return { input, window };
	const order = [{ column: window.time, ascending: true, nullsFirst: true }];
	const sort = { operator: "Sort", order, offset: 0, inputUpdates: isUpdating(input.kinds), final: true } as const;
	const sorted = window.groupWindow ? onto(input, sort, input.schema, hashBy(keys)) : input;
	if (window.kind !== "hop" && window.kind !== "cumulate") return { input: sorted, window };
	const bounds = ["$start", "$end"].map((name) => ({ name, type: notNull(timestamp(3)) }));
	const time = { name: "$time", type: notNull(input.schema[window.time]!.type) };
	const expanded = onto(sorted, { operator: "WindowTableFunction", window }, [...input.schema, ...bounds, time]);
	const [start, end] = [input.schema.length, input.schema.length + 1];
	const { eventTime, timeZone } = window;
	return { input: expanded, window: { kind: "attached", time: end, start, end, eventTime, timeZone } };
}

/**
 * One copy of each row per grouping set: the columns that the calls read, the keys (NULL where the set lacks them), and the set's number,
 * which keeps equal keys of two sets apart.
 */
function expand(
	input: PhysicalNode,
	node: AggregateNode,
	sets: readonly (readonly number[])[],
	calls: readonly AggregateCall[],
) {
	const kept = [...new Set([...calls.flatMap(columnsReadBy), ...windowColumns(node.window)])].sort((a, b) => a - b);
	const layout = new Map(kept.map((from, to) => [from, to]));
	const keyTypes = node.keys.map((key) => asNullable(input.schema[key]!.type));
	const projections = sets.map((set, id) => [
		...kept.map((from) => column(from, input.schema[from]!.type)),
		...node.keys.map((key, i) =>
			set.includes(i) ? column(key, input.schema[key]!.type) : literal(null, keyTypes[i]!),
		),
		literal(BigInt(id), EXPAND_ID),
	]);
	const schema = [
		...kept.map((from) => input.schema[from]!),
		...node.keys.map((key, i) => ({ name: input.schema[key]!.name, type: keyTypes[i]! })),
		{ name: "$e", type: EXPAND_ID },
	];
	const keys = [...node.keys, -1].map((_, i) => kept.length + i);
	return { expanded: onto(input, { operator: "Expand", projections }, schema, ANY), keys, layout };
}

const EXPAND_ID: SqlType = notNull(BIGINT);

function windowColumns(window: WindowSpec | undefined): number[] {
	if (window === undefined) return [];
	return window.kind === "attached" ? [window.time, window.start, window.end] : [window.time];
}

function moveColumns(one: AggregateCall, layout: ReadonlyMap<number, number>): AggregateCall {
	return {
		...one,
		args: one.args.map((arg) => layout.get(arg) ?? arg),
		filter: one.filter === undefined ? undefined : layout.get(one.filter),
		orderBy: one.orderBy?.map((key) => ({ ...key, column: layout.get(key.column)! })),
	};
}

function moveWindow(window: WindowSpec, layout: ReadonlyMap<number, number>, keys: readonly number[]): WindowSpec {
	const time = layout.get(window.time)!;
	if (window.kind === "attached")
		return { ...window, time, start: layout.get(window.start)!, end: layout.get(window.end)! };
	return window.kind === "session" ? { ...window, time, partition: keys } : { ...window, time };
}

/** Drops the set's number and computes the GROUPING calls from it. */
function withGroupings(
	result: PhysicalNode,
	node: AggregateNode,
	sets: readonly (readonly number[])[] | undefined,
): PhysicalNode {
	const id = node.keys.length;
	let next = sets === undefined ? id : id + 1;
	const projection: Expr[] = node.keys.map((_, i) => column(i, node.schema[i]!.type));
	for (const aggregate of node.calls) {
		if (isGrouping(aggregate)) projection.push(groupingValue(aggregate, sets, id));
		else projection.push(column(next++, aggregate.type));
	}
	for (const _ of node.properties ?? []) projection.push(column(next, result.schema[next++]!.type));
	return calc(result, undefined, projection, node.schema);
}

function groupingValue(one: AggregateCall, sets: readonly (readonly number[])[] | undefined, id: number): Expr {
	const positions = (one.literals ?? []).map(Number);
	const bits = (set: readonly number[] | undefined) => {
		const value = positions.reduce(
			(sum, position) => sum * 2 + (set === undefined || position < 0 || set.includes(position) ? 0 : 1),
			0,
		);
		return literal(one.type.kind === "BIGINT" ? BigInt(value) : value, one.type);
	};
	if (sets === undefined) return bits(undefined);
	const isSet = (index: number) =>
		call("=", [column(id, EXPAND_ID), literal(BigInt(index), EXPAND_ID)], notNull(BOOLEAN));
	const branches = sets.slice(0, -1).map((set, index) => ({ when: isSet(index), then: bits(set) }));
	const otherwise = bits(sets.at(-1));
	return branches.length === 0 ? otherwise : { kind: "case", branches, otherwise, type: one.type };
}

export function translateWindowTableFunction(node: WindowTableFunctionNode, translator: Translator): PhysicalNode {
	refuseSession(node.window, translator);
	const distribution = node.window.kind === "session" ? hashBy(node.window.partition) : ANY;
	return onto(
		translator.input(node.input),
		{ operator: "WindowTableFunction", window: node.window },
		node.schema,
		distribution,
	);
}
