// OVER calls of a SELECT as one Over node, a group per window.
import { EngineError } from "../../errors.js";
import { exprKey } from "../../expr/same.js";
import type { AggregateCall, SortKey } from "../../job/specs.js";
import { column, type Expr } from "../../types/expr.js";
import type { OverGroup } from "../nodes.js";
import { withColumns } from "./build.js";
import type { OverRequest, SortItem } from "./collector.js";
import type { Environment } from "./environment.js";
import type { Pipeline } from "./pipeline.js";

/** Adds every OVER call noted in the collector to the plan. */
export function over(pipeline: Pipeline, environment: Environment): void {
	const requests = pipeline.collector.of("over");
	if (requests.length === 0) return;
	const needed = new Map<string, Expr>();
	for (const [, request] of requests) for (const expr of inputsOfOver(request)) needed.set(exprKey(expr), expr);
	const resolved = pipeline.resolve([...needed.values()]);
	const { plan, columns } = withColumns(pipeline.plan, resolved);
	const at = new Map([...needed.keys()].map((key, i) => [key, columns[i] as number]));
	const columnOf = (expr: Expr) => at.get(exprKey(expr)) as number;

	const groups = new Map<string, { group: OverGroup; calls: [number, AggregateCall][] }>();
	for (const [placeholder, request] of requests) {
		const partition = request.partition.map(columnOf);
		const order = request.order.map((item): SortKey => sortKey(item, columnOf));
		const key = JSON.stringify([partition, order, request.frame]);
		const found = groups.get(key) ?? { group: { partition, order, frame: request.frame, calls: [] }, calls: [] };
		found.calls.push([placeholder, overCall(request, columnOf, `w${placeholder}`)]);
		groups.set(key, found);
	}
	checkGroups(
		[...groups.values()].map(({ group }) => group),
		environment,
	);

	let width = plan.schema.length;
	const schema = [...plan.schema];
	const built: OverGroup[] = [];
	for (const { group, calls } of groups.values()) {
		const named = calls.map(([placeholder, call]) => {
			const name = `w${width - plan.schema.length}$o`;
			pipeline.provide(placeholder, column(width++, call.type));
			schema.push({ name, type: call.type });
			return { ...call, name };
		});
		built.push({ ...group, calls: named });
	}
	pipeline.plan = { kind: "Over", schema, input: plan, groups: built };
}

const sortKey = (item: SortItem, columnOf: (expr: Expr) => number): SortKey => ({
	column: columnOf(item.expr),
	ascending: item.ascending,
	nullsFirst: item.nullsFirst,
});

const inputsOfOver = (request: OverRequest): Expr[] => [
	...request.partition,
	...request.order.map((item) => item.expr),
	...request.call.args,
	...(request.call.filter ? [request.call.filter] : []),
];

function overCall({ call }: OverRequest, columnOf: (expr: Expr) => number, name: string): AggregateCall {
	return {
		function: call.function,
		user: call.user,
		args: call.args.map(columnOf),
		literals: call.literals,
		argTypes: call.args.map((arg) => arg.type),
		distinct: call.distinct,
		filter: call.filter && columnOf(call.filter),
		type: call.type,
		name,
	};
}

/** A stream is kept in one order: Flink refuses OVER calls of several windows. Frames may differ. */
function checkGroups(groups: readonly OverGroup[], environment: Environment): void {
	if (environment.options.batch || groups.length < 2) return;
	const orders = new Set(groups.map(({ partition, order }) => JSON.stringify([partition, order])));
	if (orders.size < 2) return;
	throw new EngineError(
		"INVALID_QUERY",
		"over a stream, all OVER calls of a SELECT must have the same PARTITION BY and ORDER BY",
		{
			remedy: "Compute the others in a subquery, or use batch mode",
		},
	);
}
