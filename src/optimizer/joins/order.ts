// Finds the cheapest tree of joins over a cluster's relations: exactly (dynamic programming over subsets) up to ten relations, greedily above.
import { inputsOf, type PlanNode } from "../../plan/nodes.js";
import { estimateRows } from "../statistics.js";
import type { Cardinality } from "./cardinality.js";
import { type Cluster, relationOf, relationsOf } from "./cluster.js";

export type JoinTree =
	| { readonly kind: "relation"; readonly index: number }
	/** The side with fewer rows, which a hash join builds on, is `right`. */
	| { readonly kind: "join"; readonly left: JoinTree; readonly right: JoinTree };

interface Candidate {
	readonly tree: JoinTree;
	readonly cost: number;
}

const EXACT_UP_TO = 10;

export function cheapestTree(cluster: Cluster, cardinality: Cardinality): JoinTree {
	const count = cluster.relations.length;
	return count <= EXACT_UP_TO ? exactTree(cluster, cardinality) : greedyTree(cluster, cardinality);
}

/** Whether a class or condition connects two disjoint sets. */
export function connector(cluster: Cluster): (one: number, other: number) => boolean {
	const edges = [
		...cluster.classes.map((members) => members.reduce((bits, column) => bits | (1 << relationOf(cluster, column)), 0)),
	];
	const conditions = cluster.conditions.map((condition) => relationsOf(cluster, condition));
	return (one, other) =>
		edges.some((edge) => (edge & one) !== 0 && (edge & other) !== 0) ||
		conditions.some((edge) => (edge & one) !== 0 && (edge & other) !== 0 && (edge & ~(one | other)) === 0);
}

/** Building costs more than probing, and every row that comes out must be written. */
function joinCost(left: number, right: number, output: number): number {
	return 2 * Math.min(left, right) + Math.max(left, right) + output;
}

/** A join without a condition is taken only where there is no other way. */
const CROSS_PENALTY = 1e6;

function combine(
	one: Candidate,
	other: Candidate,
	rows: (set: number) => number,
	sets: readonly [number, number],
	connected: boolean,
) {
	const [left, right] = [rows(sets[0]), rows(sets[1])];
	const output = rows(sets[0] | sets[1]);
	// With a single row a cross join is only superfluous.
	const penalty = connected ? 1 : Math.min(left, right) <= 1 ? 3 : CROSS_PENALTY;
	const cost = one.cost + other.cost + joinCost(left, right, output) * penalty;
	const tree: JoinTree =
		left >= right
			? { kind: "join", left: one.tree, right: other.tree }
			: { kind: "join", left: other.tree, right: one.tree };
	return { tree, cost };
}

function exactTree(cluster: Cluster, cardinality: Cardinality): JoinTree {
	const count = cluster.relations.length;
	const isConnected = connector(cluster);
	const rows = (set: number) => cardinality.rows(set);
	const best = new Array<Candidate | undefined>(1 << count);
	for (let index = 0; index < count; index++) best[1 << index] = { tree: { kind: "relation", index }, cost: 0 };
	for (let set = 1; set < 1 << count; set++) {
		const lowest = set & -set;
		if (set === lowest) continue;
		for (let part = (set - 1) & set; part > 0; part = (part - 1) & set) {
			// Each split once: the part with the lowest relation.
			if (!(part & lowest)) continue;
			const other = set ^ part;
			const candidate = combine(best[part]!, best[other]!, rows, [part, other], isConnected(part, other));
			const known = best[set];
			if (known === undefined || candidate.cost < known.cost) best[set] = candidate;
		}
	}
	return best[(1 << count) - 1]!.tree;
}

/** Joins the pair with the smallest result, again and again. */
function greedyTree(cluster: Cluster, cardinality: Cardinality): JoinTree {
	const isConnected = connector(cluster);
	let parts = cluster.relations.map((_, index) => ({
		set: 1 << index,
		candidate: { tree: { kind: "relation", index }, cost: 0 } as Candidate,
	}));
	while (parts.length > 1) {
		let choice: { one: number; other: number; rows: number } | undefined;
		for (let one = 0; one < parts.length; one++) {
			for (let other = one + 1; other < parts.length; other++) {
				const connected = isConnected(parts[one]!.set, parts[other]!.set);
				const rows = cardinality.rows(parts[one]!.set | parts[other]!.set) * (connected ? 1 : CROSS_PENALTY);
				if (choice === undefined || rows < choice.rows) choice = { one, other, rows };
			}
		}
		const [one, other] = [parts[choice!.one]!, parts[choice!.other]!];
		const connected = isConnected(one.set, other.set);
		const merged = {
			set: one.set | other.set,
			candidate: combine(
				one.candidate,
				other.candidate,
				(set) => cardinality.rows(set),
				[one.set, other.set],
				connected,
			),
		};
		parts = [...parts.filter((part) => part !== one && part !== other), merged];
	}
	return parts[0]!.candidate.tree;
}

/** The written order, but that a relation waits until something connects it to those before. */
export function connectedTree(cluster: Cluster): JoinTree {
	const isConnected = connector(cluster);
	const waiting = cluster.relations.map((_, index) => index).slice(1);
	let tree: JoinTree = { kind: "relation", index: 0 };
	let set = 1;
	while (waiting.length > 0) {
		const found = waiting.findIndex((index) => isConnected(set, 1 << index));
		const [index] = waiting.splice(Math.max(0, found), 1) as [number];
		tree = { kind: "join", left: tree, right: { kind: "relation", index } };
		set |= 1 << index;
	}
	return tree;
}

/**
 * Relations that one class joins, and nothing else, from the one with the fewest rows on; undefined where that is the written order or
 * rows are not known.
 */
export function ascendingTree({ relations, classes, conditions }: Cluster): JoinTree | undefined {
	if (relations.length < 3 || classes.length !== 1 || conditions.length > 0 || !relations.every(isCounted))
		return undefined;
	const rows = relations.map(estimateRows);
	const order = [...relations.keys()].sort((one, other) => rows[one]! - rows[other]!);
	// The first two may change places: no join before theirs keeps anything.
	if (order.every((relation, i) => relation === i || (i < 2 && relation < 2))) return undefined;
	const [first, ...others] = order.map((index): JoinTree => ({ kind: "relation", index }));
	return others.reduce((left, right) => ({ kind: "join", left, right }), first!);
}

/** Whether all tables under a plan have declared how many rows they have. */
function isCounted(node: PlanNode): boolean {
	if (node.kind === "Scan") return node.statistics?.rowCount !== undefined;
	return inputsOf(node).every(isCounted);
}
