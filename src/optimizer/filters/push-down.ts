// Takes conditions as far down a plan as they can go. Each node keeps what it must and passes the rest on to its inputs.
import type { AggregateNode, PlanNode, ProjectNode, SetOperationNode } from "../../plan/nodes.js";
import { inputsOf, withInputs } from "../../plan/nodes.js";
import { columnsOf, type Expr, mapColumns } from "../../types/expr.js";
import { isDeterministic } from "../determinism.js";
import { filterAll } from "../plan-building.js";
import { conjunctsOf } from "../predicate.js";
import { substitute } from "../substitution.js";
import { pushIntoJoin } from "./push-into-join.js";

export interface PushDown {
	/** The plan with `conditions` (over its output, random-free) applied as early as possible. */
	push(node: PlanNode, conditions: readonly Expr[]): PlanNode;
}

/** `usedWatermarks`: those that a filter must stay above. */
export function pushDownFilters(usedWatermarks: ReadonlySet<PlanNode>): PushDown {
	const unfiltered = new Map<PlanNode, PlanNode>();
	const pushDown: PushDown = {
		push(node, conditions) {
			const known = conditions.length === 0 ? unfiltered.get(node) : undefined;
			const result = known ?? pushInto(node, conditions, usedWatermarks, pushDown);
			if (conditions.length === 0) unfiltered.set(node, result);
			return result;
		},
	};
	return pushDown;
}

function pushInto(
	node: PlanNode,
	conditions: readonly Expr[],
	usedWatermarks: ReadonlySet<PlanNode>,
	pushDown: PushDown,
): PlanNode {
	switch (node.kind) {
		case "Filter": {
			const conjuncts = conjunctsOf(node.condition);
			const random = conjuncts.filter((conjunct) => !isDeterministic(conjunct));
			const own = conjuncts.filter((conjunct) => !random.includes(conjunct));
			return filterAll(pushDown.push(node.input, [...own, ...conditions]), random);
		}
		case "Project":
			return pushBelowProject(node, conditions, pushDown);
		case "Join":
			return pushIntoJoin(node, conditions, pushDown);
		case "SetOperation":
			return pushIntoBranches(node, conditions, pushDown);
		case "Watermark":
			return passing(node, conditions, () => !usedWatermarks.has(node), pushDown);
		default:
			return passing(node, conditions, passesOf(node), pushDown);
	}
}

/** Which conditions may be applied to the node's input instead of its output, by the columns that they read. */
function passesOf(node: PlanNode): (columns: readonly number[]) => boolean {
	const within = (allowed: readonly number[]) => (columns: readonly number[]) =>
		columns.length > 0 && columns.every((column) => allowed.includes(column));
	switch (node.kind) {
		case "WindowTableFunction": {
			// Sessions form among the rows that are there: only whole partitions may go.
			if (node.window.kind === "session") return within(node.window.partition);
			const width = node.input.schema.length;
			return (columns) => columns.every((column) => column < width);
		}
		case "Correlate": {
			const width = node.input.schema.length;
			return (columns) => columns.every((column) => column < width);
		}
		case "Over":
			return (columns) => node.groups.every((group) => within(group.partition)(columns));
		case "Rank":
			return within(node.partition);
		case "Deduplicate":
			return within(node.keys);
		case "Sort": {
			const all = node.fetch === undefined && node.offset === 0;
			return () => all;
		}
		case "Aggregate":
			return within(node.keys.flatMap((_, position) => (inEverySet(node, position) ? [position] : [])));
		default:
			return () => false;
	}
}

const inEverySet = (node: AggregateNode, position: number) =>
	node.groupingSets === undefined || node.groupingSets.every((set) => set.includes(position));

/** For nodes with one input whose columns come first in the output (an Aggregate's keys). */
function passing(
	node: PlanNode,
	conditions: readonly Expr[],
	passes: (columns: readonly number[]) => boolean,
	pushDown: PushDown,
): PlanNode {
	const inputs = inputsOf(node);
	if (inputs.length === 0) return filterAll(node, conditions);
	const down = conditions.filter((condition) => passes(columnsOf(condition)));
	const stay = conditions.filter((condition) => !down.includes(condition));
	const toInput = (column: number) => (node.kind === "Aggregate" ? node.keys[column]! : column);
	const below = down.map((condition) => ofInput(mapColumns(condition, toInput), inputs[0]!));
	const pushed = inputs.map((input) => pushDown.push(input, below));
	return filterAll(withInputs(node, pushed), stay);
}

/** Column references with the types that they have in `input`: a time attribute, say, is none yet below its watermark. */
const ofInput = (condition: Expr, input: PlanNode) =>
	substitute(
		condition,
		input.schema.map(({ type }, index) => ({ kind: "column", index, type })),
	);

function pushBelowProject(node: ProjectNode, conditions: readonly Expr[], pushDown: PushDown): PlanNode {
	const passes = (condition: Expr) => columnsOf(condition).every((column) => isDeterministic(node.exprs[column]!));
	const down = conditions.filter(passes);
	const stay = conditions.filter((condition) => !down.includes(condition));
	const below = down.flatMap((condition) => conjunctsOf(substitute(condition, node.exprs)));
	return filterAll(withInputs(node, [pushDown.push(node.input, below)]), stay);
}

/** A row of a set operation is kept or not by its values, so each branch may be filtered alike. */
function pushIntoBranches(node: SetOperationNode, conditions: readonly Expr[], pushDown: PushDown): PlanNode {
	const inputs = node.inputs.map((input) =>
		pushDown.push(
			input,
			conditions.map((condition) => ofInput(condition, input)),
		),
	);
	return withInputs(node, inputs);
}
