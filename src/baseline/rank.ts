// Rank: the rows ranked from…to per partition, kept up to date. Equal rows rank in the order of arrival. Emits the difference that each
// input row makes: whole rows that enter and leave, or with the rank as a column a change of every place that got another row.
import type { LimitSpec, RankSpec, SortSpec } from "../job/specs.js";
import { isAddition, RowKind } from "../types/row-kind.js";
import type { Schema } from "../types/sql-type.js";
import type { Row } from "../types/value.js";
import {
	equalRows,
	getOrCreate,
	insertionPoint,
	type Key,
	type KeyOf,
	keyOf,
	orderOf,
	type RowComparator,
} from "./keys.js";
import { type RowOutput, StatefulOperator } from "./operator.js";

export interface Ranked {
	/** In order; of an append-only input only those up to the last rank. */
	readonly rows: Row[];
	/** The last rank wanted. */
	readonly to: number;
}

interface RankPlan {
	readonly partition: readonly number[];
	readonly order: RankSpec["order"];
	/** 1-based. */
	readonly from: number;
	readonly to: RankSpec["to"];
	readonly outputRank: boolean;
	readonly inputUpdates: boolean;
	readonly upsertKey?: readonly number[] | undefined;
	readonly updateBefore: boolean;
}

export class Rank extends StatefulOperator<Map<Key, Ranked>> {
	readonly #plan: RankPlan;
	readonly #key: KeyOf;
	readonly #compare: RowComparator;
	readonly #isSame: (left: Row, right: Row) => boolean;
	/** Whether a row replaces another one: the same upsert key. */
	readonly #replaces: (left: Row, right: Row) => boolean;

	constructor(plan: RankPlan, input: Schema) {
		super(new Map());
		this.#plan = plan;
		this.#key = keyOf(plan.partition, input);
		this.#compare = orderOf(plan.order, input);
		this.#isSame = equalRows(input.map(({ type }) => type));
		const { upsertKey } = plan;
		if (upsertKey === undefined) this.#replaces = () => false;
		else {
			const identity = keyOf(upsertKey, input);
			this.#replaces = (left, right) => identity(left) === identity(right);
		}
	}

	process(row: Row, kind: RowKind, _input: number, out: RowOutput): void {
		const key = this.#key(row);
		const ranked = getOrCreate(this.state, key, (): Ranked => ({ rows: [], to: this.#lastRank(row) }));
		const { rows, to } = ranked;
		if (!this.#plan.inputUpdates && rows.length >= to && !this.#isBeforeLast(rows, row)) return;
		const before = rows.slice(this.#plan.from - 1, to);
		if (this.#plan.inputUpdates) this.#remove(rows, row, kind);
		if (isAddition(kind)) rows.splice(insertionPoint(rows, row, this.#compare), 0, row);
		if (!this.#plan.inputUpdates) rows.splice(to);
		const after = rows.slice(this.#plan.from - 1, to);
		if (this.#plan.outputRank) this.#emitPlaces(before, after, out);
		else this.#emitRows(before, after, out);
		if (rows.length === 0) this.state.delete(key);
	}

	#lastRank(row: Row): number {
		const { to } = this.#plan;
		return typeof to === "number" ? to : Number(row[to.column]);
	}

	#isBeforeLast(rows: readonly Row[], row: Row): boolean {
		const last = rows.at(-1);
		return last !== undefined && this.#compare(row, last) < 0;
	}

	/** Removes the row that is taken back, or that an addition with the same upsert key replaces. */
	#remove(rows: Row[], row: Row, kind: RowKind): void {
		const byKey = rows.findIndex((candidate) => this.#replaces(candidate, row));
		if (byKey >= 0) rows.splice(byKey, 1);
		else if (!isAddition(kind)) {
			const at = rows.findIndex((candidate) => this.#isSame(candidate, row));
			if (at >= 0) rows.splice(at, 1);
		}
	}

	#emitPlaces(before: readonly Row[], after: readonly Row[], out: RowOutput): void {
		const { from, updateBefore } = this.#plan;
		for (let i = 0; i < Math.max(before.length, after.length); i++) {
			const rank = BigInt(from + i);
			const old = before[i];
			const now = after[i];
			if (old !== undefined && now !== undefined) {
				if (this.#isSame(old, now)) continue;
				if (updateBefore) out.emit([...old, rank], RowKind.UPDATE_BEFORE);
				out.emit([...now, rank], RowKind.UPDATE_AFTER);
			} else if (now !== undefined) out.emit([...now, rank], RowKind.INSERT);
			else out.emit([...old!, rank], RowKind.DELETE);
		}
	}

	#emitRows(before: readonly Row[], after: readonly Row[], out: RowOutput): void {
		const added = [...after];
		const gone: Row[] = [];
		for (const row of before) {
			const at = added.indexOf(row);
			if (at < 0) gone.push(row);
			else added.splice(at, 1);
		}
		for (const row of gone) {
			const isTop = this.#plan.from === 1 && before.length === 1 && after.length === 1 && !this.#plan.inputUpdates;
			const successor = added.findIndex((candidate) => isTop || this.#replaces(candidate, row));
			if (successor < 0) out.emit(row, RowKind.DELETE);
			else {
				const [replacement] = added.splice(successor, 1);
				if (this.#isSame(row, replacement!)) continue;
				if (this.#plan.updateBefore) out.emit(row, RowKind.UPDATE_BEFORE);
				out.emit(replacement!, RowKind.UPDATE_AFTER);
			}
		}
		for (const row of added) out.emit(row, RowKind.INSERT);
	}
}

/** Top-N per partition in a stream. */
export const rank = (spec: RankSpec, input: Schema): Rank =>
	new Rank({ ...spec, upsertKey: spec.inputUpdates ? spec.inputUpsertKey : undefined }, input);

/** ORDER BY … LIMIT of a stream: Top-N of the whole table. */
export const streamingSort = (spec: SortSpec, input: Schema): Rank =>
	wholeTable({ ...spec, fetch: spec.fetch ?? Number.MAX_SAFE_INTEGER }, input);

/** LIMIT without order over a changing table: the first rows to arrive. */
export const streamingLimit = (spec: LimitSpec, input: Schema): Rank => wholeTable({ ...spec, order: [] }, input);

function wholeTable(
	spec: Pick<SortSpec, "order" | "offset" | "inputUpdates"> & { readonly fetch: number },
	input: Schema,
): Rank {
	const { order, offset, fetch, inputUpdates } = spec;
	const from = offset + 1;
	const plan = { partition: [], order, from, to: offset + fetch, outputRank: false, inputUpdates, updateBefore: true };
	return new Rank(plan, input);
}
