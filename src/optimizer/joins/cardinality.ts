// How many rows the join of any subset of a cluster's relations has: the product of their rows and of the selectivities of the
// equivalence classes and conditions within, whatever order it is joined in.
import { distinctOf, type Estimate, estimate, selectivity } from "../statistics.js";
import { type UniqueKey, uniqueKeyOf } from "../unique-keys.js";
import { type Cluster, relationOf, relationsOf } from "./cluster.js";

interface Member {
	readonly relation: number;
	/** Of the relation. */
	readonly columns: readonly number[];
	readonly distinct: number;
}

export class Cardinality {
	readonly #rows: readonly number[];
	/** For each class its relations with their numbers of distinct values. */
	readonly #classes: readonly (readonly Member[])[];
	readonly #keys: readonly (UniqueKey | undefined)[];
	readonly #conditions: readonly { readonly relations: number; readonly share: number }[];
	readonly #known = new Map<number, number>();

	constructor(cluster: Cluster) {
		const estimates = cluster.relations.map(estimate);
		this.#rows = estimates.map((one) => one.rows);
		this.#classes = cluster.classes.map((members) => membersOf(cluster, members, estimates));
		this.#keys = cluster.relations.map(uniqueKeyOf);
		const all: Estimate = {
			rows: Math.max(...this.#rows),
			columns: estimates.flatMap((one) => one.columns),
		};
		this.#conditions = cluster.conditions.map((condition) => ({
			relations: relationsOf(cluster, condition),
			share: selectivity(condition, all),
		}));
	}

	/** Rows of the join of the relations whose bits are set. */
	rows(set: number): number {
		let rows = this.#known.get(set);
		if (rows === undefined) {
			rows = this.#estimate(set);
			this.#known.set(set, rows);
		}
		return rows;
	}

	#estimate(set: number): number {
		let rows = 1;
		for (const [relation, count] of this.#rows.entries()) if (set & (1 << relation)) rows *= count;
		const classes = this.#classes
			.map((members) => members.filter(({ relation }) => set & (1 << relation)))
			.filter((members) => members.length >= 2);
		for (const members of classes) rows /= valuesOf(members);
		for (const { relations, share } of this.#conditions) if ((relations & set) === relations) rows *= share;
		return Math.max(1, rows * this.#dependence(set, classes));
	}

	/**
	 * Several columns that join the same two relations are seldom independent: there are no more combinations than keys where they hold a
	 * key, and else each but the strongest counts by its root.
	 */
	#dependence(set: number, classes: readonly (readonly Member[])[]): number {
		let factor = 1;
		const linked = new Map<number, number>();
		const rootOf = (relation: number): number => (linked.has(relation) ? rootOf(linked.get(relation)!) : relation);
		for (let one = 0; one < this.#rows.length; one++) {
			for (let other = one + 1; other < this.#rows.length; other++) {
				if (!(set & (1 << one)) || !(set & (1 << other)) || rootOf(one) === rootOf(other)) continue;
				const pairs = classes
					.map((members) => members.filter(({ relation }) => relation === one || relation === other))
					.filter((pair) => pair.length === 2);
				if (pairs.length < 2) continue;
				linked.set(rootOf(one), rootOf(other));
				const values = pairs.map(valuesOf).sort((left, right) => right - left);
				const independent = values.reduce((all, each) => all * each, 1);
				const rooted = values.reduce((all, each, i) => all * (i === 0 ? each : Math.sqrt(each)), 1);
				const combinations = this.#keyValues(one, pairs) ?? this.#keyValues(other, pairs) ?? rooted;
				factor *= Math.max(1, independent / combinations);
			}
		}
		return factor;
	}

	/** The number of keys, where the columns of a relation contain a unique key of several columns. */
	#keyValues(relation: number, pairs: readonly (readonly Member[])[]): number | undefined {
		const key = this.#keys[relation];
		if (key === undefined || key.columns.length < 2) return undefined;
		const columns = pairs.flatMap((pair) => pair.find((member) => member.relation === relation)!.columns);
		return key.columns.every((column) => columns.includes(column)) ? key.values : undefined;
	}
}

/** What an equality of all members divides the product of rows by: the values of each but the least. */
function valuesOf(members: readonly Member[]): number {
	const distinct = members.map((member) => member.distinct);
	return distinct.reduce((all, one) => all * one, 1) / Math.min(...distinct);
}

function membersOf(cluster: Cluster, members: readonly number[], estimates: readonly Estimate[]): Member[] {
	const byRelation = new Map<number, Member>();
	for (const number of members) {
		const relation = relationOf(cluster, number);
		const column = number - cluster.offsets[relation]!;
		const known = byRelation.get(relation);
		const values = Math.max(1, distinctOf([column], estimates[relation]!));
		const distinct = Math.min(values, known?.distinct ?? values);
		byRelation.set(relation, { relation, distinct, columns: [...(known?.columns ?? []), column] });
	}
	return [...byRelation.values()];
}
