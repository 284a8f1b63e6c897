// One line for each operator, as in Flink's EXPLAIN: `Calc(select=[auction, price], where=[=(event_type, 2)])`.
import type { ExchangeSpec } from "../job/job-graph.js";
import type { AggregateCall, ColumnPath, ConnectorTable, JoinType, OperatorSpec, OverFrame } from "../job/specs.js";
import { aggregateText, durationText, sortText, windowText } from "../plan/aggregate-text.js";
import { exprText, literalText } from "../plan/expr-text.js";
import type { Expr } from "../types/expr.js";
import type { Schema } from "../types/sql-type.js";

export function describe(spec: OperatorSpec, inputs: readonly Schema[], output: Schema): string {
	const columns = uniqueNames(inputs.flat());
	const name = spec.operator === "Source" ? "TableSourceScan" : spec.operator;
	const parts = partsOf(spec, columns, output).filter((part) => part !== "");
	return `${name}(${parts.join(", ")})`;
}

/** Repeated names get a number, as Flink's do: id, id0, id1. */
export function uniqueNames(schema: Schema): string[] {
	const used = new Set<string>();
	return schema.map(({ name }) => {
		let unique = name;
		for (let i = 0; used.has(unique); i++) unique = `${name}${i}`;
		used.add(unique);
		return unique;
	});
}

const list = (label: string, items: readonly string[]) => (items.length === 0 ? "" : `${label}=[${items.join(", ")}]`);
const some = (label: string, text: string | undefined) => (text === undefined ? "" : `${label}=[${text}]`);

function partsOf(spec: OperatorSpec, columns: readonly string[], output: Schema): string[] {
	const names = uniqueNames(output);
	const named = (keys: readonly number[]) => keys.map((key) => columns[key] ?? `$${key}`);
	const text = (expr: Expr) => exprText(expr, columns);
	const as = (exprs: readonly Expr[]) =>
		exprs.map((expr, i) => (text(expr) === names[i] ? names[i]! : `${text(expr)} AS ${names[i]}`));
	switch (spec.operator) {
		case "Source":
			return [
				`table=[[${spec.table.path.join(", ")}${list(
					", filter",
					spec.filters.map((filter) => exprText(filter, names)),
				)}${some(", limit", spec.limit?.toString())}]]`,
				list(
					"fields",
					spec.projection.map((path) => pathText(spec.table, path)),
				),
			];
		case "Values":
			return [
				list(
					"tuples",
					spec.rows.map((row) => `{ ${row.map((value, i) => literalText(value, output[i]!.type)).join(", ")} }`),
				),
			];
		case "Calc":
			return [list("select", as(spec.projection)), some("where", spec.condition && text(spec.condition))];
		case "Expand":
			return [
				list(
					"projects",
					spec.projections.map((exprs) => `{${exprs.map(text).join(", ")}}`),
				),
			];
		case "Correlate":
			return [
				`invocation=[${spec.function}(${spec.args.map(text).join(", ")})]`,
				list("select", names),
				`joinType=[${spec.type.toUpperCase()}]`,
				some("condition", spec.condition && exprText(spec.condition, names)),
			];
		case "WatermarkAssigner":
			return [list("rowtime", named([spec.rowtime])), some("watermark", text(spec.expression))];
		case "GroupAggregate":
			return [
				list("groupBy", named(spec.keys)),
				list("select", [...named(spec.keys), ...calls(spec.calls, columns, names, spec.keys.length)]),
			];
		case "LocalGroupAggregate":
			return [
				list("groupBy", named(spec.keys)),
				some("window", spec.window && windowText(spec.window, columns)),
				list("select", [
					...named(spec.keys),
					...calls(spec.calls, columns, names, spec.keys.length + (spec.window === undefined ? 0 : 1)),
				]),
			];
		case "WindowAggregate":
			return [
				list("groupBy", named(spec.keys)),
				some("window", windowText(spec.window, columns)),
				list("select", [
					...named(spec.keys),
					...calls(spec.calls, columns, names, spec.keys.length),
					...spec.properties.map(
						(property, i) => `${property}('w$) AS ${names[spec.keys.length + spec.calls.length + i]}`,
					),
				]),
			];
		case "WindowTableFunction":
			return [some("window", windowText(spec.window, columns))];
		case "Join":
			return [
				some("joinType", joinText(spec.type, spec.nullAware, spec.single)),
				some("where", joinCondition(spec, columns)),
				list("select", names),
				some("build", spec.build),
			];
		case "IntervalJoin":
			return [
				some("joinType", joinText(spec.type)),
				`windowBounds=[isRowTime=${spec.eventTime}, leftLowerBound=${spec.lowerMs}, leftUpperBound=${spec.upperMs}, leftTimeIndex=${spec.leftTime}, rightTimeIndex=${spec.rightTime}]`,
				some("where", joinCondition(spec, columns)),
				list("select", names),
			];
		case "TemporalJoin":
			return [
				some("joinType", joinText(spec.type)),
				some("where", joinCondition(spec, columns)),
				list("select", names),
			];
		case "LookupJoin": {
			const looked = spec.projection.map((path) => pathText(spec.table, path));
			const lookup = spec.leftKeys.map((key, i) => `${looked[spec.rightKeys[i]!]}=${columns[key]}`);
			return [
				some("table", spec.table.path.join(".")),
				some("joinType", joinText(spec.type)),
				list("lookup", lookup),
				some("condition", spec.condition && exprText(spec.condition, names)),
				list("select", names),
			];
		}
		case "WindowJoin":
			return [
				`leftWindow=[win_end=[${columns[spec.leftWindowEnd]}]]`,
				`rightWindow=[win_end=[${columns[spec.leftWidth + spec.rightWindowEnd]}]]`,
				some("joinType", joinText(spec.type)),
				some("where", joinCondition(spec, columns)),
				list("select", names),
			];
		case "OverAggregate": {
			const added = spec.groups.flatMap(({ calls }) => calls.map((one) => aggregateText(one, columns)));
			return [
				list("partitionBy", named(spec.partition)),
				some("orderBy", spec.order.length === 0 ? undefined : sortText(spec.order, columns)),
				list(
					"window",
					spec.groups.map(({ frame }) => frameText(frame)),
				),
				list(
					"select",
					names.map((name, i) => (i < columns.length ? name : `${added[i - columns.length]} AS ${name}`)),
				),
			];
		}
		case "Rank":
			return [
				`rankType=[${spec.function}]`,
				`rankRange=[${typeof spec.to === "number" ? `rankStart=${spec.from}, rankEnd=${spec.to}` : `rankEnd=${columns[spec.to.column]}`}]`,
				list("partitionBy", named(spec.partition)),
				some("orderBy", sortText(spec.order, columns)),
				some("windowEnd", spec.windowEnd === undefined ? undefined : columns[spec.windowEnd]),
				list("select", names),
			];
		case "Deduplicate":
			return [
				`keep=[${spec.keep === "first" ? "FirstRow" : "LastRow"}]`,
				list("key", named(spec.keys)),
				`order=[${spec.order === undefined ? "PROCTIME" : "ROWTIME"}]`,
				some("windowEnd", spec.windowEnd === undefined ? undefined : columns[spec.windowEnd]),
			];
		case "Sort":
			return [some("orderBy", sortText(spec.order, columns)), ...range(spec.offset, spec.fetch)];
		case "Limit":
			return range(spec.offset, spec.fetch);
		case "TemporalSort":
			return [some("orderBy", sortText(spec.order, columns))];
		case "Union":
			return ["all=[true]", list("union", names)];
		case "SetOperation":
			return [`kind=[${spec.kind.toUpperCase()}${spec.all ? " ALL" : ""}]`, list("select", names)];
		case "ChangelogNormalize":
			return [list("key", named(spec.keys))];
		case "DropUpdateBefore":
			return [];
		case "Match":
			return [
				list("partitionBy", named(spec.partition)),
				some("orderBy", sortText(spec.order, columns)),
				list(
					"measures",
					spec.measures.map((measure) => measure.name),
				),
				"rowsPerMatch=[ONE ROW PER MATCH]",
				`after=[${spec.skip.kind === "toFirst" || spec.skip.kind === "toLast" ? `${spec.skip.kind} ${spec.skip.variable}` : spec.skip.kind}]`,
				list(
					"pattern",
					spec.pattern.map(({ name, min, max, greedy }) => `${name}{${min},${max ?? ""}}${greedy ? "" : "?"}`),
				),
				some("within", spec.withinMs === undefined ? undefined : durationText(spec.withinMs)),
			];
		case "Sink":
			return [`table=[${spec.table?.path.join(".") ?? "*collector*"}]`, list("fields", names)];
	}
}

const range = (offset: number, fetch: number | undefined) => [
	...(offset === 0 ? [] : [`offset=[${offset}]`]),
	...(fetch === undefined || fetch === Number.MAX_SAFE_INTEGER ? [] : [`fetch=[${fetch}]`]),
];

const calls = (all: readonly AggregateCall[], columns: readonly string[], names: readonly string[], from: number) =>
	all.map((one, i) => `${aggregateText(one, columns)} AS ${names[from + i]}`);

/** `bid.price` for a path into a ROW. */
function pathText(table: ConnectorTable, [first, ...rest]: ColumnPath): string {
	const column = table.columns[first!]!;
	const parts = [column.name];
	let { type } = column;
	for (const index of rest) {
		const field = type.kind === "ROW" ? type.fields[index] : undefined;
		if (field === undefined) break;
		parts.push(field.name);
		type = field.type;
	}
	return parts.join(".");
}

const JOIN_TEXT: Readonly<Record<JoinType, string>> = {
	inner: "InnerJoin",
	left: "LeftOuterJoin",
	right: "RightOuterJoin",
	full: "FullOuterJoin",
	semi: "LeftSemiJoin",
	anti: "LeftAntiJoin",
};

function joinText(type: JoinType, nullAware?: boolean, single?: boolean): string {
	return `${JOIN_TEXT[type]}${nullAware ? ", NullAware" : ""}${single ? ", SingleRow" : ""}`;
}

interface Condition {
	readonly leftKeys: readonly number[];
	readonly rightKeys: readonly number[];
	readonly nullSafe?: readonly boolean[];
	readonly condition?: Expr | undefined;
	readonly leftWidth: number;
}

function joinCondition(join: Condition, columns: readonly string[]): string | undefined {
	const equalities = join.leftKeys.map((left, i) => {
		const operator = join.nullSafe?.[i] ? "IS NOT DISTINCT FROM" : "=";
		return `${operator}(${columns[left]}, ${columns[join.leftWidth + join.rightKeys[i]!]})`;
	});
	if (join.condition !== undefined) equalities.push(exprText(join.condition, columns));
	if (equalities.length === 0) return "true";
	return equalities.length === 1 ? equalities[0] : `AND(${equalities.join(", ")})`;
}

function frameText({ unit, start, end }: OverFrame): string {
	const bound = (side: OverFrame["start"]) => {
		const kind = side.kind.replace(/[A-Z]/g, (letter) => ` ${letter}`).toUpperCase();
		return "offset" in side ? `${side.offset} ${kind}` : kind;
	};
	return `${unit.toUpperCase()} BETWEEN ${bound(start)} AND ${bound(end)}`;
}

/** The Exchange line between two operators; undefined where rows stay. */
export function describeExchange(exchange: ExchangeSpec, columns: readonly string[]): string | undefined {
	switch (exchange.kind) {
		case "forward":
			return undefined;
		case "hash":
			return `Exchange(distribution=[hash[${exchange.keys.map((key) => columns[key]).join(", ")}]])`;
		default:
			return `Exchange(distribution=[${exchange.kind}])`;
	}
}
