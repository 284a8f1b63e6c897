// Aggregation of a SELECT: the columns it needs, the Aggregate node, and where its keys and calls stand afterwards.
import { EngineError, type SourcePosition } from "../../errors.js";
import { exprKey } from "../../expr/same.js";
import type { AggregateCall, SortKey } from "../../job/specs.js";
import { column, type Expr } from "../../types/expr.js";
import { asNullable, type Field, type SqlType, withoutAttribute } from "../../types/sql-type.js";
import type { AggregateNode, PlanNode } from "../nodes.js";
import { project } from "./build.js";
import type { AggregateRequest, SortItem } from "./collector.js";
import type { Environment } from "./environment.js";
import { groupWindowSpec, sameWindow } from "./group-window.js";
import type { Grouping } from "./grouping.js";
import type { Pipeline } from "./pipeline.js";
import { windowColumns } from "./window-columns.js";

/** Groups the pipeline's plan. Every aggregate noted so far is computed, used or not. */
export function aggregate(pipeline: Pipeline, grouping: Grouping, environment: Environment): void {
	const requests = pipeline.collector.of("aggregate");
	const properties = pipeline.collector.of("property");
	for (const [placeholder, property] of properties) {
		if (grouping.window !== undefined && sameWindow(grouping.window, property.window)) continue;
		const position = environment.positionOf(pipeline.collector.placeholder(placeholder));
		throw new EngineError("INVALID_QUERY", "a window's bound needs that window in GROUP BY", {
			...(position && { position }),
			remedy: `GROUP BY ${property.window.kind} with the same arguments`,
		});
	}
	const input = new AggregateInput(
		pipeline,
		grouping,
		requests.map(([, request]) => request),
	);
	const keys = grouping.keys.map((key) => input.columnOf(key));
	const calls = requests.map(([placeholder, request], i) => {
		const position = environment.positionOf(pipeline.collector.placeholder(placeholder));
		return aggregateCall(request, input, grouping, `EXPR$${i}`, position);
	});
	const window =
		grouping.window && groupWindowSpec(grouping.window, input.columnOf(grouping.window.time), zone(environment));
	const outputs = keyFields(keys, grouping, input.plan);
	const schema: Field[] = [
		...outputs,
		...calls.map((call) => ({ name: call.name, type: call.type })),
		...properties.map(([, { property, type }]) => ({ name: `window_${property}`, type })),
	];
	const node: AggregateNode = {
		kind: "Aggregate",
		schema,
		input: input.plan,
		keys,
		...(grouping.sets && { groupingSets: grouping.sets }),
		calls,
		...(window && { window, properties: properties.map(([, { property }]) => property) }),
	};
	pipeline.grouped(
		node,
		grouping.keys.map((key, i) => [key, column(i, (outputs[i] as Field).type)] as const),
	);
	for (const [i, [placeholder]] of [...requests, ...properties].entries()) {
		const index = keys.length + i;
		pipeline.provide(placeholder, column(index, (schema[index] as Field).type));
	}
}

const zone = (environment: Environment) => environment.options.context.timeZone;

/** The expressions that keys and calls need, as columns of a projection (or of the input, when they are columns of it already). */
class AggregateInput {
	readonly plan: PlanNode;
	readonly #columns = new Map<string, number>();

	constructor(pipeline: Pipeline, grouping: Grouping, requests: readonly AggregateRequest[]) {
		const needed = new Map<string, Expr>();
		const need = (expr: Expr) => needed.set(exprKey(expr), expr);
		for (const key of grouping.keys) need(key);
		for (const request of requests) for (const expr of inputsOfCall(request)) need(expr);
		if (grouping.window) need(grouping.window.time);
		const resolved = pipeline.resolve([...needed.values()]);
		const direct = resolved.every((expr) => expr.kind === "column");
		for (const [i, key] of [...needed.keys()].entries()) {
			const expr = resolved[i] as Expr;
			this.#columns.set(key, direct && expr.kind === "column" ? expr.index : i);
		}
		const names = resolved.map((expr, i) =>
			expr.kind === "column" ? (pipeline.plan.schema[expr.index]?.name ?? `$f${i}`) : `$f${i}`,
		);
		this.plan = direct ? pipeline.plan : project(pipeline.plan, resolved, names);
	}

	columnOf(expr: Expr): number {
		return this.#columns.get(exprKey(expr)) as number;
	}

	sortKey(item: SortItem): SortKey {
		return { column: this.columnOf(item.expr), ascending: item.ascending, nullsFirst: item.nullsFirst };
	}
}

/** GROUPING looks at keys, not at rows. */
function inputsOfCall(request: AggregateRequest): Expr[] {
	if (request.function === "GROUPING") return [];
	return [...request.args, ...(request.filter ? [request.filter] : []), ...request.orderBy.map((item) => item.expr)];
}

function aggregateCall(
	request: AggregateRequest,
	input: AggregateInput,
	grouping: Grouping,
	name: string,
	position: SourcePosition | undefined,
): AggregateCall {
	const common = {
		function: request.function,
		user: request.user,
		distinct: request.distinct,
		type: request.type,
		name,
	};
	if (request.function === "GROUPING") {
		return {
			...common,
			args: [],
			argTypes: [],
			literals: request.args.map((arg) => BigInt(keyPosition(arg, grouping, position))),
		};
	}
	return {
		...common,
		args: request.args.map((arg) => input.columnOf(arg)),
		argTypes: request.args.map((arg) => arg.type),
		literals: request.literals,
		filter: request.filter && input.columnOf(request.filter),
		orderBy: request.orderBy.length === 0 ? undefined : request.orderBy.map((item) => input.sortKey(item)),
	};
}

function keyPosition(arg: Expr, grouping: Grouping, position: SourcePosition | undefined): number {
	const found = grouping.keys.findIndex((key) => exprKey(key) === exprKey(arg));
	if (found >= 0) return found;
	throw new EngineError("INVALID_QUERY", "the argument of GROUPING must be a GROUP BY expression", {
		...(position && { position }),
	});
}

/** Keys keep their types, but: NULL where a grouping set leaves them out, and event time only when grouped by its window. */
function keyFields(keys: readonly number[], grouping: Grouping, plan: PlanNode): Field[] {
	const window = windowColumns(plan);
	const windowed = window !== undefined && keys.includes(window.start) && keys.includes(window.end);
	return keys.map((key, i) => {
		const field = plan.schema[key] as Field;
		const always = grouping.sets === undefined || grouping.sets.every((set) => set.includes(i));
		const type: SqlType = windowed && key === window.time ? field.type : withoutAttribute(field.type);
		return { name: field.name, type: always ? type : asNullable(type) };
	});
}
