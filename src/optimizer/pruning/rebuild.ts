// Rebuilds nodes over pruned inputs: column indexes move, outputs that nobody reads go away.
import type { AggregateCall, SortKey } from "../../job/specs.js";
import type { WindowSpec } from "../../job/window.js";
import type {
	AggregateNode,
	CorrelateNode,
	JoinNode,
	OverNode,
	PlanNode,
	ScanNode,
	SetOperationNode,
} from "../../plan/nodes.js";
import { column } from "../../types/expr.js";
import { joinSchema } from "../plan-building.js";
import { TRUE } from "../predicate.js";
import { demandOf, projectedPaths, unionColumns, usedCalls, usedGroups, usedProperties } from "./demand.js";
import { fieldOf, Layout, nameOf } from "./layout.js";
import { moveMatch } from "./match-columns.js";
import { Needs, type Path } from "./needs.js";

const identity = (count: number): Path[] => Array.from({ length: count }, (_, index) => [index]);

/** `inputs` are the layouts of the node's inputs, which hold at least what the node demands of them. */
export function rebuild(node: PlanNode, needs: Needs, inputs: readonly Layout[]): Layout {
	const demand = demandOf(node, needs);
	const [first] = inputs as readonly [Layout];
	switch (node.kind) {
		case "Scan":
			return scan(node, needs);
		case "Values": {
			const { columns } = needs;
			const kept = columns.length > 0 || node.schema.length === 0 ? columns : [0];
			const rows = node.rows.map((row) => kept.map((index) => row[index]!));
			const plan: PlanNode = { ...node, rows, schema: kept.map((index) => node.schema[index]!) };
			return new Layout(
				plan,
				kept.map((index) => [index]),
			);
		}
		case "Filter": {
			const plan: PlanNode = {
				...node,
				input: first.plan,
				condition: first.expr(node.condition),
				schema: first.plan.schema,
			};
			return new Layout(plan, first.paths);
		}
		case "Project": {
			const outputs = projectedPaths(node.exprs, needs.paths);
			if (outputs.length === 0) outputs.push({ path: [-1], expr: TRUE });
			const exprs = outputs.map(({ expr }) => first.expr(expr));
			const names = outputs.map(({ path, expr }) =>
				path.length === 1 ? node.schema[path[0]!]?.name : nameOf(expr, node.input),
			);
			const schema = exprs.map(({ type }, i) => ({ name: names[i] ?? `$f${i}`, type }));
			return new Layout(
				{ ...node, input: first.plan, exprs, schema },
				outputs.map(({ path }) => path),
			);
		}
		case "Watermark": {
			const rowtime = first.column(node.rowtime);
			const { type } = node.schema[node.rowtime]!;
			const schema = first.plan.schema.map((field, i) => (i === rowtime ? { ...field, type } : field));
			const plan: PlanNode = { ...node, input: first.plan, rowtime, expression: first.expr(node.expression), schema };
			return new Layout(plan, first.paths);
		}
		case "Sink": {
			const all = first.arranged(identity(node.schema.length));
			return new Layout({ ...node, input: all.plan }, all.paths);
		}
		case "Join":
			return join(node, [inputs[0]!.narrowed(demand[0]!), inputs[1]!], demand[1]!);
		case "SetOperation":
			return setOperation(node, needs, inputs);
		default:
			return overOne(node, needs, first.narrowed(demand[0]!));
	}
}

function scan(node: ScanNode, needs: Needs): Layout {
	const wanted = new Needs().addAll(needs.paths).addExprs(node.filters);
	// Upserts are applied by the primary key, so it is read whatever else is.
	const key = node.changelog === "upsert" ? (node.table.primaryKey ?? []) : [];
	wanted.addColumns(
		key
			.map((index) => node.projection.findIndex((path) => path.length === 1 && path[0] === index))
			.filter((i) => i >= 0),
	);
	const paths = wanted.paths.length > 0 || node.schema.length === 0 ? wanted.paths : [[cheapest(node)]];
	const columns = node.schema.map(({ type }, index) => column(index, type));
	const exprs = paths.map(([index, ...fields]) =>
		fields.reduce((value, field) => fieldOf(value, field), columns[index!]! as ReturnType<typeof fieldOf>),
	);
	const projection = paths.map(([index, ...fields]) => [...node.projection[index!]!, ...fields]);
	const schema = exprs.map((expr) => ({ name: nameOf(expr, node)!, type: expr.type }));
	const layout = new Layout({ ...node, projection, schema }, paths);
	const filters = node.filters.map((filter) => layout.expr(filter));
	return new Layout({ ...node, projection, schema, filters }, paths);
}

const NARROW = new Set(["BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "DATE", "BIGINT", "FLOAT", "DOUBLE", "TIMESTAMP"]);

/** The column to count rows by. */
function cheapest(node: ScanNode): number {
	const found = node.schema.findIndex((field) => NARROW.has(field.type.kind));
	return Math.max(0, found);
}

function join(node: JoinNode, [left, pruned]: readonly [Layout, Layout], demand: Needs): Layout {
	// What reads a table as of a time stays directly below the join; it has narrowed its own input.
	const right =
		pruned.plan.kind === "Snapshot"
			? new Layout({ ...pruned.plan, time: left.column(pruned.plan.time) }, pruned.paths)
			: pruned.narrowed(demand);
	const width = node.left.schema.length;
	const moved = right.paths.map(([index, ...fields]) => [index! + width, ...fields]);
	const paths = [...left.paths, ...moved];
	const plan: PlanNode = {
		...node,
		left: left.plan,
		right: right.plan,
		condition: node.condition && new Layout(node, paths).expr(node.condition),
		schema: joinSchema(node.type, left.plan.schema, right.plan.schema),
	};
	return new Layout(plan, node.type === "semi" || node.type === "anti" ? left.paths : paths);
}

function setOperation(node: SetOperationNode, needs: Needs, inputs: readonly Layout[]): Layout {
	const prunes = node.operation === "union" && node.all;
	const columns = prunes ? unionColumns(node, needs) : [...node.schema.keys()];
	const paths = columns.map((index) => [index]);
	const plan: PlanNode = {
		...node,
		inputs: inputs.map((input) => input.arranged(paths).plan),
		schema: columns.map((index) => node.schema[index]!),
	};
	return new Layout(plan, paths);
}

const moveOrder = (order: readonly SortKey[], input: Layout) =>
	order.map((key) => ({ ...key, column: input.column(key.column) }));

function moveCall(one: AggregateCall, input: Layout): AggregateCall {
	return {
		...one,
		// The column of an argument that is a constant is not read.
		args: one.args.map((arg, i) => (one.literals?.[i] === undefined ? input.column(arg) : 0)),
		filter: one.filter === undefined ? undefined : input.column(one.filter),
		orderBy: one.orderBy && moveOrder(one.orderBy, input),
	};
}

function moveWindow(window: WindowSpec, input: Layout): WindowSpec {
	const time = input.column(window.time);
	if (window.kind === "attached")
		return { ...window, time, start: input.column(window.start), end: input.column(window.end) };
	return window.kind === "session"
		? { ...window, time, partition: input.columns(window.partition) }
		: { ...window, time };
}

/** Nodes with one input that they keep or move: it is narrowed already. */
function overOne(
	node: Exclude<
		PlanNode,
		{ kind: "Scan" | "Values" | "Filter" | "Project" | "Watermark" | "Sink" | "Join" | "SetOperation" }
	>,
	needs: Needs,
	input: Layout,
): Layout {
	const { plan, paths } = input;
	switch (node.kind) {
		case "Aggregate":
			return aggregate(node, needs, input);
		case "WindowTableFunction": {
			const width = node.input.schema.length;
			const schema = [...plan.schema, ...node.schema.slice(width)];
			return new Layout({ ...node, input: plan, window: moveWindow(node.window, input), schema }, [
				...paths,
				[width],
				[width + 1],
				[width + 2],
			]);
		}
		case "Over":
			return over(node, needs, input);
		case "Sort":
			return new Layout({ ...node, input: plan, order: moveOrder(node.order, input), schema: plan.schema }, paths);
		case "Snapshot":
			return new Layout({ ...node, input: plan, schema: plan.schema }, paths);
		case "Rank": {
			const rank = node.input.schema.length;
			const outputRank = node.outputRank && needs.columns.includes(rank);
			const to = typeof node.to === "number" ? node.to : { column: input.column(node.to.column) };
			const windowEnd = node.windowEnd === undefined ? undefined : input.column(node.windowEnd);
			const schema = outputRank ? [...plan.schema, node.schema[rank]!] : plan.schema;
			const partition = input.columns(node.partition);
			const moved = {
				...node,
				input: plan,
				partition,
				order: moveOrder(node.order, input),
				to,
				outputRank,
				windowEnd,
				schema,
			};
			return new Layout(moved, outputRank ? [...paths, [rank]] : paths);
		}
		case "Deduplicate": {
			const windowEnd = node.windowEnd === undefined ? undefined : input.column(node.windowEnd);
			const keys = input.columns(node.keys);
			return new Layout(
				{ ...node, input: plan, keys, order: input.column(node.order), windowEnd, schema: plan.schema },
				paths,
			);
		}
		case "Correlate":
			return correlate(node, input);
		case "Match": {
			const match = moveMatch(
				node.match,
				(index) => input.column(index),
				(expr) => input.expr(expr),
			);
			return new Layout({ ...node, input: plan, match }, identity(node.schema.length));
		}
		case "Apply":
			throw new Error("subqueries are rewritten before columns are pruned");
	}
}

function aggregate(node: AggregateNode, needs: Needs, input: Layout): Layout {
	const calls = usedCalls(node, needs);
	const properties = usedProperties(node, needs);
	const keyCount = node.keys.length;
	const outputs = [
		...node.keys.keys(),
		...calls.map((i) => keyCount + i),
		...properties.map((i) => keyCount + node.calls.length + i),
	];
	const plan: PlanNode = {
		...node,
		input: input.plan,
		keys: input.columns(node.keys),
		calls: calls.map((i) => moveCall(node.calls[i]!, input)),
		window: node.window && moveWindow(node.window, input),
		properties: node.properties && properties.map((i) => node.properties![i]!),
		schema: outputs.map((index) => node.schema[index]!),
	};
	return new Layout(
		plan,
		outputs.map((index) => [index]),
	);
}

function over(node: OverNode, needs: Needs, input: Layout): Layout {
	const width = node.input.schema.length;
	const groups = usedGroups(node.groups, width, needs);
	if (groups.length === 0) return input;
	const added = needs.columns.filter((index) => index >= width);
	const plan: PlanNode = {
		...node,
		input: input.plan,
		groups: groups.map((group) => ({
			...group,
			partition: input.columns(group.partition),
			order: moveOrder(group.order, input),
			calls: group.calls.map((one) => moveCall(one, input)),
		})),
		schema: [...input.plan.schema, ...added.map((index) => node.schema[index]!)],
	};
	return new Layout(plan, [...input.paths, ...added.map((index) => [index])]);
}

function correlate(node: CorrelateNode, input: Layout): Layout {
	const width = node.input.schema.length;
	const added = node.schema.slice(width);
	const paths = [...input.paths, ...added.map((_, i) => [width + i])];
	const plan: PlanNode = {
		...node,
		input: input.plan,
		args: node.args.map((arg) => input.expr(arg)),
		condition: node.condition && new Layout(node, paths).expr(node.condition),
		schema: [...input.plan.schema, ...added],
	};
	return new Layout(plan, paths);
}
