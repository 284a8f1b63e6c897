// A logical plan as a text tree, stable enough to be compared: one line a node, columns by name.
import type { FrameBound } from "../job/specs.js";
import type { Schema } from "../types/sql-type.js";
import { aggregateText, sortText, windowText } from "./aggregate-text.js";
import { uniqueNames } from "./binder/build.js";
import { exprText, literalText } from "./expr-text.js";
import { inputsOf, type OverGroup, type PlanNode } from "./nodes.js";

/** The tree of a plan, inputs indented below their node; ends with a newline. */
export function explainPlan(plan: PlanNode): string {
	return explainNode(plan, "", "");
}

function explainNode(node: PlanNode, first: string, rest: string): string {
	const inputs = inputsOf(node);
	const below = inputs.map((input, i) => {
		const last = i === inputs.length - 1;
		return explainNode(input, `${rest}${last ? "+- " : ":- "}`, `${rest}${last ? "   " : ":  "}`);
	});
	return `${first}${nodeText(node)}\n${below.join("")}`;
}

type Attributes = Readonly<Record<string, string | undefined>>;

function nodeText(node: PlanNode): string {
	const hints = node.hints?.map(
		(hint) =>
			`${hint.name}(${[...hint.args, ...Object.entries(hint.options).map(([key, value]) => `${key}=${value}`)].join(", ")})`,
	);
	const attributes = Object.entries({ ...attributesOf(node), hints: hints?.join(", ") })
		.filter((entry): entry is [string, string] => entry[1] !== undefined)
		.map(([name, value]) => `${name}=[${value}]`);
	return `${node.kind}(${attributes.join(", ")})`;
}

const namesOf = (...schemas: readonly Schema[]) =>
	uniqueNames(schemas.flatMap((schema) => schema.map((field) => field.name)));

function attributesOf(node: PlanNode): Attributes {
	const input = inputsOf(node)[0];
	const names = input === undefined ? [] : namesOf(input.schema);
	const list = (columns: readonly number[]) => columns.map((index) => names[index] ?? `$${index}`).join(", ");
	switch (node.kind) {
		case "Scan":
			return scanAttributes(node);
		case "Values":
			return valuesAttributes(node);
		case "Filter":
			return { condition: exprText(node.condition, names) };
		case "Project":
			return { select: projection(node, names) };
		case "Aggregate":
			return {
				groupBy: node.keys.length > 0 ? list(node.keys) : undefined,
				sets: node.groupingSets
					?.map((set) => `{${list(set.map((position) => node.keys[position] as number))}}`)
					.join(", "),
				window: node.window && windowText(node.window, names),
				properties: node.properties?.join(", "),
				select:
					node.calls.length > 0
						? node.calls.map((call) => `${aggregateText(call, names)} AS ${call.name}`).join(", ")
						: undefined,
			};
		case "WindowTableFunction":
			return { window: windowText(node.window, names) };
		case "Join":
		case "Apply":
			return joinAttributes(node);
		case "Correlate":
			return {
				type: node.type,
				call: `${node.function}(${node.args.map((arg) => exprText(arg, names)).join(", ")})`,
				condition: node.condition && exprText(node.condition, namesOf(node.schema)),
			};
		case "Snapshot":
			return { time: `$${node.time}`, attribute: node.attribute };
		case "Over":
			return { groups: node.groups.map((group) => overText(group, names)).join("; ") };
		case "Sort":
			return {
				orderBy: node.order.length > 0 ? sortText(node.order, names) : undefined,
				offset: node.offset > 0 ? String(node.offset) : undefined,
				fetch: node.fetch === undefined ? undefined : String(node.fetch),
			};
		case "SetOperation":
			return { operation: node.operation, all: String(node.all) };
		case "Watermark":
			return { rowtime: list([node.rowtime]), watermark: exprText(node.expression, names) };
		case "Match":
			return matchAttributes(node, names);
		case "Rank":
			return {
				function: node.function,
				partitionBy: list(node.partition),
				orderBy: sortText(node.order, names),
				range: `${node.from}..${typeof node.to === "number" ? node.to : list([node.to.column])}`,
			};
		case "Deduplicate":
			return { keys: list(node.keys), order: list([node.order]), keep: node.keep };
		case "Sink":
			return {
				table: node.table?.path.join(".") ?? "*collect*",
				fields: node.schema.map((field) => field.name).join(", "),
			};
	}
}

function scanAttributes(node: Extract<PlanNode, { kind: "Scan" }>): Attributes {
	const names = namesOf(node.schema);
	return {
		table: node.table.path.join("."),
		fields: names.join(", "),
		filters: node.filters.length > 0 ? node.filters.map((filter) => exprText(filter, names)).join(", ") : undefined,
		limit: node.limit === undefined ? undefined : String(node.limit),
		changelog: node.changelog === "insert" ? undefined : node.changelog,
	};
}

function valuesAttributes(node: Extract<PlanNode, { kind: "Values" }>): Attributes {
	const rows = node.rows.map(
		(row) => `(${row.map((value, i) => literalText(value, (node.schema[i] as Schema[number]).type)).join(", ")})`,
	);
	return { rows: rows.join(", ") };
}

/** `name` alone where a column keeps its name, else `expression AS name`. */
function projection(node: Extract<PlanNode, { kind: "Project" }>, names: readonly string[]): string {
	const items = node.exprs.map((expr, i) => {
		const text = exprText(expr, names);
		const name = node.schema[i]?.name;
		return text === name ? text : `${text} AS ${name}`;
	});
	return items.join(", ");
}

function joinAttributes(node: Extract<PlanNode, { kind: "Join" | "Apply" }>): Attributes {
	const names = namesOf(node.left.schema, node.right.schema);
	return {
		type: node.type,
		id: node.kind === "Apply" ? String(node.id) : undefined,
		condition: node.condition && exprText(node.condition, names),
		nullAware: node.nullAware ? "true" : undefined,
	};
}

function boundText(bound: FrameBound): string {
	switch (bound.kind) {
		case "unboundedPreceding":
			return "UNBOUNDED PRECEDING";
		case "unboundedFollowing":
			return "UNBOUNDED FOLLOWING";
		case "currentRow":
			return "CURRENT ROW";
		default:
			return `${bound.offset} ${bound.kind.toUpperCase()}`;
	}
}

function overText(group: OverGroup, names: readonly string[]): string {
	const { frame } = group;
	const partition =
		group.partition.length > 0 ? [`PARTITION BY ${group.partition.map((index) => names[index]).join(", ")}`] : [];
	const order = group.order.length > 0 ? [`ORDER BY ${sortText(group.order, names)}`] : [];
	const range = `${frame.unit.toUpperCase()} BETWEEN ${boundText(frame.start)} AND ${boundText(frame.end)}`;
	return `${group.calls.map((call) => `${aggregateText(call, names)} AS ${call.name}`).join(", ")} OVER (${[...partition, ...order, range].join(" ")})`;
}

function matchAttributes({ match }: Extract<PlanNode, { kind: "Match" }>, names: readonly string[]): Attributes {
	const pattern = match.pattern.map(({ name, min, max, greedy }) => {
		const times = min === 1 && max === 1 ? "" : `{${min},${max ?? ""}}`;
		return `${name}${times}${greedy || times === "" ? "" : "?"}`;
	});
	const { skip } = match;
	return {
		partitionBy: match.partition.length > 0 ? match.partition.map((index) => names[index]).join(", ") : undefined,
		orderBy: sortText(match.order, names),
		pattern: pattern.join(" "),
		within: match.withinMs === undefined ? undefined : `${match.withinMs} ms`,
		skip: "variable" in skip ? `${skip.kind} ${skip.variable}` : skip.kind,
		measures: match.measures.map((measure) => measure.name).join(", "),
	};
}
