// Join → Join, IntervalJoin or WindowJoin (a Snapshot on the right: temporal-join.ts). Streaming regular joins keep both sides; batch ones
// read the smaller side whole and stream the other past it.
import { splitJoinCondition, timeBounds } from "../../optimizer/join-condition.js";
import { conjunction } from "../../optimizer/predicate.js";
import { estimateRows } from "../../optimizer/statistics.js";
import { windowColumnsOf } from "../../optimizer/window-columns.js";
import type { JoinNode } from "../../plan/nodes.js";
import { ANY, BROADCAST, type Distribution, hashBy, type PhysicalNode, physicalNode } from "../physical-node.js";
import { isUpdating } from "../row-kinds.js";
import { translateSnapshotJoin } from "./temporal-join.js";
import type { Translator } from "./translator.js";

export function translateJoin(node: JoinNode, translator: Translator): PhysicalNode {
	if (node.right.kind === "Snapshot") return translateSnapshotJoin(node, node.right, translator);
	const left = translator.input(node.left);
	const right = translator.input(node.right);
	if (translator.batch) return batchJoin(node, left, right, translator);
	return windowJoin(node, left, right) ?? intervalJoin(node, left, right) ?? streamingJoin(node, left, right);
}

const bothSides = (
	left: PhysicalNode,
	right: PhysicalNode,
	leftKeys: readonly number[],
	rightKeys: readonly number[],
) => [
	{ node: left, distribution: hashBy(leftKeys) },
	{ node: right, distribution: hashBy(rightKeys) },
];

function streamingJoin(node: JoinNode, left: PhysicalNode, right: PhysicalNode): PhysicalNode {
	const { leftKeys, rightKeys, nullSafe, condition } = equiJoin(node);
	const spec = {
		operator: "Join",
		type: node.type,
		leftKeys,
		rightKeys,
		nullSafe,
		condition,
		leftWidth: left.schema.length,
		leftUpdates: isUpdating(left.kinds),
		rightUpdates: isUpdating(right.kinds),
		nullAware: node.nullAware,
		leftUpsertKey: left.upsertKeys[0],
		rightUpsertKey: right.upsertKeys[0],
		single: node.single,
	} as const;
	// One NULL on the right of NOT IN concerns every left row.
	const [leftBy, rightBy] = node.nullAware ? [[], []] : [leftKeys, rightKeys];
	return physicalNode(spec, bothSides(left, right, leftBy, rightBy), node.schema);
}

/** The equality keys and what remains of the condition. */
function equiJoin(node: JoinNode) {
	const { keys, rest } = splitJoinCondition(node.condition, node.left.schema.length);
	return {
		leftKeys: keys.map((key) => key.left),
		rightKeys: keys.map((key) => key.right),
		nullSafe: keys.map((key) => key.nullSafe),
		condition: conjunction(rest),
	};
}

/** Below this many rows a build side is copied to every subtask rather than both sides being repartitioned. */
const BROADCAST_ROWS = 100_000;

function batchJoin(node: JoinNode, left: PhysicalNode, right: PhysicalNode, translator: Translator): PhysicalNode {
	const { leftKeys, rightKeys, nullSafe, condition } = equiJoin(node);
	const build = buildSide(node);
	const rows = estimateRows(build === "left" ? node.left : node.right);
	const mayCopy = canBroadcast(node, build) && translator.parallelism > 1;
	const inputs =
		mayCopy && (leftKeys.length === 0 || rows <= BROADCAST_ROWS || node.nullAware)
			? [spread(left, build === "left"), spread(right, build === "right")]
			: bothSides(left, right, leftKeys, rightKeys);
	const spec = {
		operator: "Join",
		type: node.type,
		leftKeys,
		rightKeys,
		nullSafe,
		condition,
		leftWidth: left.schema.length,
		build,
		leftUpdates: false,
		rightUpdates: false,
		nullAware: node.nullAware,
		single: node.single,
	} as const;
	return physicalNode(spec, inputs, node.schema);
}

const spread = (node: PhysicalNode, build: boolean): { node: PhysicalNode; distribution: Distribution } => ({
	node,
	distribution: build ? BROADCAST : ANY,
});

/** The side with fewer rows; subqueries that check or look up (NOT IN, scalar) read the subquery first. */
function buildSide(node: JoinNode): "left" | "right" {
	if (node.single || node.nullAware) return "right";
	return estimateRows(node.left) < estimateRows(node.right) ? "left" : "right";
}

/** A copied build side must not pad or emit its own rows: each copy would. */
function canBroadcast(node: JoinNode, build: "left" | "right"): boolean {
	if (build === "left") return node.type === "inner" || node.type === "right";
	return node.type !== "right" && node.type !== "full";
}

function intervalJoin(node: JoinNode, left: PhysicalNode, right: PhysicalNode): PhysicalNode | undefined {
	if (node.type === "semi" || node.type === "anti") return undefined;
	if (isUpdating(left.kinds) || isUpdating(right.kinds)) return undefined;
	const leftWidth = left.schema.length;
	const bounds = timeBounds(node.condition, leftWidth);
	if (bounds === undefined) return undefined;
	const { keys, rest } = splitJoinCondition(conjunction(bounds.rest), leftWidth);
	const leftKeys = keys.map((key) => key.left);
	const rightKeys = keys.map((key) => key.right);
	const { leftTime, rightTime, lowerMs, upperMs, eventTime } = bounds;
	const spec = {
		operator: "IntervalJoin",
		type: node.type,
		leftKeys,
		rightKeys,
		nullSafe: keys.map((key) => key.nullSafe),
		leftTime,
		rightTime,
		lowerMs,
		upperMs,
		eventTime,
		condition: conjunction(rest),
		leftWidth,
	} as const;
	return physicalNode(spec, bothSides(left, right, leftKeys, rightKeys), node.schema);
}

/** Both sides carry windows of one shape and the condition equates their starts and ends. */
function windowJoin(node: JoinNode, left: PhysicalNode, right: PhysicalNode): PhysicalNode | undefined {
	const ours = windowColumnsOf(node.left);
	const theirs = windowColumnsOf(node.right);
	if (ours === undefined || theirs === undefined || ours.shape !== theirs.shape || !ours.eventTime) return undefined;
	if (isUpdating(left.kinds) || isUpdating(right.kinds)) return undefined;
	const leftWidth = left.schema.length;
	const { keys, rest } = splitJoinCondition(node.condition, leftWidth);
	const equates = (one: number | undefined, other: number | undefined) =>
		keys.findIndex((key) => key.left === one && key.right === other);
	const [start, end] = [equates(ours.start, theirs.start), equates(ours.end, theirs.end)];
	if (start < 0 || end < 0) return undefined;
	const others = keys.filter((_, index) => index !== start && index !== end);
	const leftKeys = others.map((key) => key.left);
	const rightKeys = others.map((key) => key.right);
	const spec = {
		operator: "WindowJoin",
		type: node.type,
		leftKeys,
		rightKeys,
		nullSafe: others.map((key) => key.nullSafe),
		leftWindowEnd: ours.end,
		rightWindowEnd: theirs.end,
		leftWindowStart: ours.session ? undefined : ours.start,
		rightWindowStart: theirs.session ? undefined : theirs.start,
		timeZone: ours.timeZone,
		condition: conjunction(rest),
		leftWidth,
		final: false,
	} as const;
	return physicalNode(spec, bothSides(left, right, leftKeys, rightKeys), node.schema);
}
