// Rank: the rows ranked from…to per partition, kept up to date. Equal rows rank in the order of arrival. Emits the difference that each
// input row makes: whole rows that enter and leave, or with the rank as a column a change of every place that got another row.
import type { LimitSpec, RankSpec, SortSpec } from "../job/specs.js";
import { isAddition, RowKind } from "../types/row-kind.js";
import type { Schema } from "../types/sql-type.js";
import type { Row } from "../types/value.js";
import {
	equalRows,
	firstPeer,
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
	/** The row of each upsert key, where an addition replaces the row with its key. */
	readonly byKey: Map<Key, Row> | undefined;
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
	readonly #upsertKey: KeyOf | undefined;

	constructor(plan: RankPlan, input: Schema) {
		super(new Map());
		this.#plan = plan;
		this.#key = keyOf(plan.partition, input);
		this.#compare = orderOf(plan.order, input);
		this.#isSame = equalRows(input.map(({ type }) => type));
		this.#upsertKey = plan.upsertKey && keyOf(plan.upsertKey, input);
	}

	process(row: Row, kind: RowKind, _input: number, out: RowOutput): void {
		const { from, inputUpdates, outputRank } = this.#plan;
		const key = this.#key(row);
		const ranked = getOrCreate(this.state, key, () => this.#newPartition(row));
		const { rows, to } = ranked;
		if (!inputUpdates && rows.length >= to && !this.#isBeforeLast(rows, row)) return;
		const before = outputRank ? rows.slice(from - 1, to) : undefined;
		// A row that goes and one that comes make at most one row leave the wanted ranks, and one enter them.
		let left: Row | undefined;
		let entered: Row | undefined;
		const old = inputUpdates ? this.#placeOf(ranked, row, kind) : -1;
		if (old >= 0) {
			if (old < to) {
				left = rows[Math.max(old, from - 1)];
				entered = rows[to];
			}
			this.#remove(ranked, old);
		}
		if (isAddition(kind)) {
			const place = this.#insert(ranked, row);
			if (place < to) {
				left ??= rows[to];
				entered = rows[Math.max(place, from - 1)];
			}
			if (!inputUpdates) rows.splice(to);
		}
		if (before !== undefined) this.#emitPlaces(before, rows.slice(from - 1, to), out);
		else if (left !== entered) this.#emitExchange(left, entered, to, out);
		if (rows.length === 0) this.state.delete(key);
	}

	#newPartition(row: Row): Ranked {
		const { to } = this.#plan;
		const byKey = this.#upsertKey && new Map<Key, Row>();
		return { rows: [], byKey, to: typeof to === "number" ? to : Number(row[to.column]) };
	}

	#isBeforeLast(rows: readonly Row[], row: Row): boolean {
		const last = rows.at(-1);
		return last !== undefined && this.#compare(row, last) < 0;
	}

	/** Where the row is that is taken back, or that an addition with the same upsert key replaces; negative: nowhere. */
	#placeOf({ rows, byKey }: Ranked, row: Row, kind: RowKind): number {
		const kept = byKey === undefined ? !isAddition(kind) && row : byKey.get(this.#upsertKey!(row));
		if (!kept) return -1;
		for (let at = firstPeer(rows, kept, this.#compare); at < rows.length; at++) {
			if (this.#isSame(rows[at]!, kept)) return at;
			if (this.#compare(rows[at]!, kept) !== 0) return -1;
		}
		return -1;
	}

	#remove({ rows, byKey }: Ranked, at: number): void {
		byKey?.delete(this.#upsertKey!(rows[at]!));
		rows.splice(at, 1);
	}

	#insert({ rows, byKey }: Ranked, row: Row): number {
		const at = insertionPoint(rows, row, this.#compare);
		rows.splice(at, 0, row);
		byKey?.set(this.#upsertKey!(row), row);
		return at;
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

	#emitExchange(left: Row | undefined, entered: Row | undefined, to: number, out: RowOutput): void {
		if (left !== undefined && entered !== undefined && this.#replaces(entered, left, to)) {
			if (this.#isSame(left, entered)) return;
			if (this.#plan.updateBefore) out.emit(left, RowKind.UPDATE_BEFORE);
			out.emit(entered, RowKind.UPDATE_AFTER);
			return;
		}
		if (left !== undefined) out.emit(left, RowKind.DELETE);
		if (entered !== undefined) out.emit(entered, RowKind.INSERT);
	}

	/** The same upsert key, or the only row of a partition whose rows never go. */
	#replaces(entered: Row, left: Row, to: number): boolean {
		if (this.#upsertKey !== undefined) return this.#upsertKey(entered) === this.#upsertKey(left);
		return !this.#plan.inputUpdates && to === 1;
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
