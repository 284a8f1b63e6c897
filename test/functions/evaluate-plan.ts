// Runs the plans of scalar queries: projections and filters over VALUES and UNNEST, a row at a time.
import { compileRow } from "../../src/expr/evaluate.js";
import type { AggregateFunction } from "../../src/functions/function.js";
import { aggregateFunction, tableFunction } from "../../src/functions/registry.js";
import type { AggregateCall } from "../../src/job/specs.js";
import type { PlanNode } from "../../src/plan/nodes.js";
import { orderComparator } from "../../src/types/compare.js";
import type { Expr } from "../../src/types/expr.js";
import type { FunctionContext } from "../../src/types/function-context.js";
import type { SqlType } from "../../src/types/sql-type.js";
import type { Row, Value } from "../../src/types/value.js";
import { valueText } from "../../src/types/value-text.js";

export const contextOf = (timeZone: string, batch = true): FunctionContext => ({
	timeZone,
	batch,
	queryStartMs: 1_600_000_000_000,
	currentCatalog: "default_catalog",
	currentDatabase: "default_database",
});

/** Thrown for plans that need more than scalar functions. */
export class NotScalar extends Error {}

export function evaluatePlan(node: PlanNode, context: FunctionContext): readonly Row[] {
	const rows = (input: PlanNode) => evaluatePlan(input, context);
	const compile = (expr: Expr) => compileRow(expr, context);
	switch (node.kind) {
		case "Values":
			return node.rows;
		case "Filter": {
			const condition = compile(node.condition);
			return rows(node.input).filter((row) => condition(row) === true);
		}
		case "Project": {
			const exprs = node.exprs.map(compile);
			return rows(node.input).map((row) => exprs.map((expr) => expr(row)));
		}
		case "SetOperation":
			if (node.operation !== "union" || !node.all) throw new NotScalar();
			return node.inputs.flatMap((input) => rows(input));
		case "Sort": {
			const keys = node.order.map(({ column, ascending, nullsFirst }) => {
				const compare = orderComparator((node.schema[column] as { type: SqlType }).type, !ascending, !nullsFirst);
				return (left: Row, right: Row) => compare(left[column] as Value, right[column] as Value);
			});
			const sorted = [...rows(node.input)].sort((left, right) =>
				keys.reduce((order, key) => order || key(left, right), 0),
			);
			return sorted.slice(node.offset, node.fetch === undefined ? undefined : node.offset + node.fetch);
		}
		case "Correlate": {
			const args = node.args.map(compile);
			const implementation = tableFunction(node.function)?.implement({
				args: node.args.map(({ type }) => ({ type })),
				result: node.row,
				context,
			});
			if (implementation === undefined) throw new NotScalar();
			const nulls = (node.row as Extract<SqlType, { kind: "ROW" }>).fields.map(() => null);
			return rows(node.input).flatMap((row) => {
				const added = [...implementation(...args.map((arg) => arg(row)))];
				if (added.length === 0 && node.type === "left") added.push(nulls);
				return added.map((more) => [...row, ...more]);
			});
		}
		case "Aggregate":
			if (node.keys.length > 0) throw new NotScalar();
			return [node.calls.map((call) => aggregated(call, rows(node.input), context))];
		default:
			throw new NotScalar();
	}
}

function aggregated(call: AggregateCall, rows: readonly Row[], context: FunctionContext): Value {
	const args = call.argTypes.map((type, i) => ({ type, literal: call.literals?.[i] }));
	const definition = aggregateFunction(call.function) as AggregateFunction;
	const accumulator = definition.create({ args, result: call.type, context });
	for (const row of rows) accumulator.add(call.args.map((column) => row[column] as Value));
	return accumulator.result();
}

/** A value as a cell of the golden files: tabs, newlines and backslashes escaped, the text NULL as \NULL. */
export function cellText(value: Value, type: SqlType): string {
	if (value === null) return "NULL";
	const text = valueText(value, type);
	const escaped = text.replaceAll("\\", "\\\\").replaceAll("\t", "\\t").replaceAll("\n", "\\n").replaceAll("\r", "\\r");
	return escaped === "NULL" ? "\\NULL" : escaped;
}
