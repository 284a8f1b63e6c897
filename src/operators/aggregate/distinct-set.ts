// DISTINCT: the values that each group has counted, as entries of one index by group and value. Aggregates over the same arguments
// share it, each with a filter of its own; they see only the rows that bring a value, or take the last of its kind away.
import type { Column } from "../../arrow/batch.js";
import { takeColumn } from "../../arrow/take.js";
import { INTEGER, notNull, type SqlType } from "../../types/sql-type.js";
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import { GroupIndex } from "../state/group-index.js";
import { ownedLayout } from "../state/key-layout.js";
import { gatherColumn, scatterColumn } from "../state/row-columns.js";
import { type PackedFields, type RowField, RowLayout } from "../state/row-layout.js";
import type { Accumulator, AggregateInput, Weighing } from "./accumulator.js";

/** Filters that can share a set: bits of a mask. */
const MAX_SLOTS = 32;
const ADDRESS = notNull(INTEGER);
const addresses = (data: number): Column => ({ type: ADDRESS, physical: "i32", data, validity: 0 });

/** Rows of groups or entries: u32 addresses in the arena. */
export interface GroupRows {
	readonly rows: number;
	readonly count: number;
}

/** Entries of groups; `indices`: the positions of their groups. */
export interface Entries extends GroupRows {
	readonly indices: number;
}

/** Values that groups count; addresses of group rows in the arena. */
interface GroupValues {
	readonly args: readonly Column[];
	readonly groups: number;
	readonly n: number;
}

/** Values of groups in an order that merging is to keep; `indices`: the positions of their groups. */
export interface OrderedValues {
	valuesOf(groups: number, n: number): { readonly indices: number; readonly values: Column; readonly count: number };
}

/** Some rows of a batch, by number. */
interface Picked {
	readonly numbers: number;
	readonly n: number;
}

export interface DistinctOptions {
	/** Values may be taken back. */
	readonly updates: boolean;
	/** Every group has a list of its values, without which it can neither be merged nor released. */
	readonly listed: boolean;
}

export class DistinctSet {
	readonly #region: Region;
	readonly #owner: MemoryOwner;
	readonly #args: readonly number[];
	readonly #updates: boolean;
	readonly #filters: (number | undefined)[] = [];
	readonly #dependents: Accumulator[] = [];
	readonly #key: PackedFields;
	readonly #listed: boolean;
	/** Of a group's entries in the group row. */
	readonly #head: number;
	/** Holds every value that is counted, where their order tells. */
	#order: OrderedValues | undefined;
	/** Weights of the running batch, by slot. */
	#weights: number[] = [];
	#epoch = 0;
	#index: GroupIndex | undefined;
	/** Offsets in entries. */
	#link = 0;
	#seen = 0;
	#mark = 0;

	constructor(
		region: Region,
		owner: MemoryOwner,
		layout: RowLayout,
		args: readonly number[],
		argTypes: readonly SqlType[],
		{ updates, listed }: DistinctOptions,
	) {
		this.#region = region;
		this.#owner = owner;
		this.#args = args;
		this.#updates = updates;
		this.#listed = listed;
		this.#key = ownedLayout(ADDRESS, argTypes.map(notNull));
		this.#head = listed ? layout.reserve(8) : 0;
	}

	/** Whether an aggregate with this filter can share the set. */
	hasRoom(filter: number | undefined): boolean {
		return this.#filters.includes(filter) || this.#filters.length < MAX_SLOTS;
	}

	/** The aggregates with this filter: where their weights come from, and what to do with them. */
	slot(filter: number | undefined): number {
		const known = this.#filters.indexOf(filter);
		return known >= 0 ? known : this.#filters.push(filter) - 1;
	}

	weighing(slot: number): Weighing {
		return () => this.#weights[slot] as number;
	}

	/** An accumulator that is updated and merged by this set alone. */
	feed(accumulator: Accumulator): void {
		this.#dependents.push(accumulator);
	}

	/** Merging is to feed values in the order of `list`, an accumulator of this set; it has one slot then. */
	keepOrderOf(list: OrderedValues): void {
		this.#order = list;
	}

	update(input: AggregateInput): void {
		const { values, entries, bits, weights, picked } = this.#enter(input);
		if (!this.#updates) {
			this.#feedFirstSeen(values, entries, bits);
			return;
		}
		this.#weights = weights.map((some, slot) => this.#turn(entries, values.n, slot, some, picked));
		this.#feed(values);
		this.#forget(entries, values.n);
	}

	/** As update, with the groups' states on the way, see Accumulator. */
	run(input: AggregateInput, snaps: number): void {
		const { values, entries, bits, weights, picked } = this.#enter(input);
		if (!this.#updates) this.#region.kernels.distinctMark(entries, values.n, this.#seen, bits);
		this.#weights = weights.map((some, slot) => {
			const changes = this.#updates
				? this.#turn(entries, values.n, slot, some, picked)
				: this.#slotWeights(bits, values.n, slot);
			return picked ? this.#spread(changes, picked, input.batch.length) : changes;
		});
		const { batch, rows } = input;
		for (const dependent of this.#dependents) dependent.run?.({ batch, rows, weights: () => 0 }, snaps);
		if (this.#updates) this.#forget(entries, values.n);
	}

	/** The entries of the values that a batch changes, with the bits of their aggregates; `picked`: their rows, where others change none. */
	#enter(input: AggregateInput) {
		const { arena, kernels } = this.#region;
		const { length, columns } = input.batch;
		const weights = this.#filters.map((filter) => input.weights(this.#args, filter));
		const all = arena.allocate(length * 4);
		kernels.fillBytes(all, 0, length * 4);
		for (const [slot, some] of weights.entries()) kernels.distinctBits(some, length, slot, all);
		const args = this.#args.map((arg) => columns[arg] as Column);
		const picked = weights.includes(0) ? undefined : this.#withBits(all, length);
		const rows = { args, groups: input.rows, n: length };
		const values = picked ? this.#pick(rows, picked) : rows;
		const bits = picked ? this.#take4(all, picked) : all;
		return { values, entries: this.#find(values), bits, weights, picked };
	}

	/** Weights of picked rows for all `n`: 0 for the others. */
	#spread(weights: number, picked: Picked, n: number): number {
		const out = this.#region.arena.allocate(n);
		this.#region.kernels.fillBytes(out, 0, n);
		this.#region.kernels.scatter1(weights, 0, picked.numbers, picked.n, out);
		return out;
	}

	#slotWeights(bits: number, n: number, slot: number): number {
		const weights = this.#region.arena.allocate(n);
		this.#region.kernels.distinctWeights(bits, n, slot, weights);
		return weights;
	}

	/** Adds the values of groups `from` of `source`, a set of the same kind or this one, to groups `into`. */
	merge(into: number, from: number, n: number, source: DistinctSet): void {
		this.#open();
		for (const entries of source.#entriesToMerge(from, n)) if (entries.count > 0) this.#mergeEntries(into, entries);
	}

	#entriesToMerge(groups: number, n: number): readonly Entries[] {
		if (!this.#order) return [this.entriesOf(groups, n)];
		const counted = this.#entriesInOrder(this.#order, groups, n);
		return this.#updates ? [counted, this.#uncountedOf(groups, n)] : [counted];
	}

	#mergeEntries(into: number, { indices, rows, count }: Entries): void {
		const { arena, kernels } = this.#region;
		const groups = this.#take4(into, { numbers: indices, n: count });
		const values = { args: this.argsOf(rows, count), groups, n: count };
		const entries = this.#find(values);
		const amounts = arena.allocate(count * 4);
		if (!this.#updates) {
			kernels.rowsRead4(rows, count, this.#seen, amounts);
			this.#feedFirstSeen(values, entries, amounts);
			return;
		}
		this.#weights = this.#filters.map((_, slot) => {
			kernels.rowsRead4(rows, count, this.#seen + slot * 4, amounts);
			const turns = arena.allocate(count);
			kernels.distinctTurnBy(entries, count, this.#seen + slot * 4, amounts, turns);
			return turns;
		});
		this.#feed(values);
	}

	/** The entries of the values that are counted. */
	#entriesInOrder(order: OrderedValues, groups: number, n: number): Entries {
		const { indices, values, count } = order.valuesOf(groups, n);
		const owners = addresses(this.#take4(groups, { numbers: indices, n: count }));
		return { indices, rows: this.#open().lookup([owners, values], count), count };
	}

	/** The entries of values that were taken back more often than added. */
	#uncountedOf(groups: number, n: number): Entries {
		const all = this.entriesOf(groups, n);
		const numbers = this.#region.arena.allocate(all.count * 4);
		const marks = this.presence(all.rows, all.count, 0);
		const some = { numbers, n: this.#region.kernels.kindsOtherThan(marks, all.count, 1, numbers) };
		return { indices: this.#take4(all.indices, some), rows: this.#take4(all.rows, some), count: some.n };
	}

	/** All entries of groups. */
	entriesOf(groups: number, n: number): Entries {
		const { arena, kernels } = this.#region;
		const total = kernels.listTotal(groups, 0, n, this.#head);
		const indices = arena.allocate(total * 4);
		const rows = arena.allocate(total * 4);
		const count = kernels.listPairs(groups, 0, n, this.#head, this.#link, indices, rows);
		return { indices, rows, count };
	}

	/** The argument columns of entries. */
	argsOf(entries: number, n: number): Column[] {
		return this.#key.fields.slice(1).map((field) => gatherColumn(this.#region, entries, n, field, true));
	}

	/** Weights of entries: 1 where an aggregate with slot `slot` counts the value. Only with updates. */
	presence(entries: number, n: number, slot: number): number {
		const weights = this.#region.arena.allocate(n);
		this.#region.kernels.distinctPresent(entries, n, this.#seen + slot * 4, weights);
		return weights;
	}

	/** Frees the entries of groups that are about to go. */
	release(groups: number, n: number): void {
		if (n === 0) return;
		const { rows, count } = this.entriesOf(groups, n);
		this.#index?.remove(rows, count);
	}

	/** All entries of all groups, up to `n` at a time. */
	scan(n: number): Iterable<GroupRows> {
		return this.#open().scan(n);
	}

	/** The rows of the groups that entries belong to. */
	ownersOf(entries: number, n: number): number {
		const owners = this.#region.arena.allocate(n * 4);
		this.#region.kernels.rowsRead4(entries, n, (this.#key.fields[0] as RowField).offset, owners);
		return owners;
	}

	/** What a snapshot holds of an entry, after the columns that name its group. */
	get saved(): readonly SqlType[] {
		const counters = this.#updates ? this.#filters.length : 1;
		return [...this.#key.fields.slice(1).map(({ type }) => type), ...new Array<SqlType>(counters).fill(ADDRESS)];
	}

	save(entries: number, n: number): Column[] {
		return [
			...this.argsOf(entries, n),
			...this.#counters().map((field) => gatherColumn(this.#region, entries, n, field)),
		];
	}

	/** Enters saved entries of groups. */
	load(columns: readonly Column[], groups: number, n: number): void {
		const width = this.#args.length;
		const entries = this.#find({ args: columns.slice(0, width), groups, n });
		for (const [i, field] of this.#counters().entries()) {
			scatterColumn(this.#region, columns[width + i] as Column, n, entries, field);
		}
	}

	clear(): void {
		this.#index?.clear();
	}

	dispose(): void {
		this.#index?.dispose();
	}

	/** Fields of the mask, or of the counts. */
	#counters(): RowField[] {
		this.#open();
		const offsets = this.#updates ? this.#filters.map((_, slot) => this.#seen + slot * 4) : [this.#seen];
		return offsets.map((offset) => ({ type: ADDRESS, physical: "i32", offset, nullOffset: 0, nullMask: 0 }));
	}

	/** The index is made when all aggregates are known. */
	#open(): GroupIndex {
		if (this.#index) return this.#index;
		const layout = new RowLayout(this.#key.bytes);
		if (this.#listed) this.#link = layout.reserve(8);
		this.#seen = layout.reserve(4);
		if (this.#updates) {
			for (let slot = 1; slot < this.#filters.length; slot++) layout.reserve(4);
			this.#mark = layout.reserve(4);
		}
		this.#index = new GroupIndex(this.#region, this.#owner, this.#key, layout.stride);
		return this.#index;
	}

	/** The entries of values in groups; new ones are linked to their groups. */
	#find({ args, groups, n }: GroupValues): number {
		const keys = [addresses(groups), ...args.map((arg) => ({ ...arg, validity: 0 }))];
		const { rows, created, createdCount } = this.#open().find(keys, n);
		if (this.#listed && createdCount > 0) {
			const owners = this.ownersOf(created, createdCount);
			this.#region.kernels.listPush(owners, created, createdCount, this.#head, this.#link);
		}
		return rows;
	}

	/** Passes on the values whose entries see a bit for the first time. */
	#feedFirstSeen(values: GroupValues, entries: number, bits: number): void {
		this.#region.kernels.distinctMark(entries, values.n, this.#seen, bits);
		const fresh = this.#withBits(bits, values.n);
		const freshBits = this.#take4(bits, fresh);
		this.#weights = this.#filters.map((_, slot) => this.#slotWeights(freshBits, fresh.n, slot));
		this.#feed(this.#pick(values, fresh));
	}

	#feed({ args, groups, n }: GroupValues): void {
		const columns: Column[] = [];
		for (const [i, arg] of this.#args.entries()) columns[arg] = args[i] as Column;
		const input = { batch: { length: n, columns, kinds: 0 }, rows: groups, weights: () => 0 };
		for (const dependent of this.#dependents) dependent.update(input);
	}

	#turn(entries: number, n: number, slot: number, weights: number, picked: Picked | undefined): number {
		const { arena, kernels } = this.#region;
		let amounts = weights;
		if (weights === 0 || picked) amounts = arena.allocate(n);
		if (weights === 0) kernels.fillBytes(amounts, 1, n);
		else if (picked) kernels.take1(weights, picked.numbers, n, amounts);
		const turns = arena.allocate(n);
		kernels.distinctTurn(entries, n, this.#seen + slot * 4, amounts, turns);
		return turns;
	}

	/** Drops values that no aggregate counts any more. */
	#forget(entries: number, n: number): void {
		const { arena, kernels } = this.#region;
		const gone = arena.allocate(n * 4);
		const slots = this.#filters.length;
		const count = kernels.distinctEmpty(entries, n, this.#seen, slots, this.#mark, ++this.#epoch, gone);
		if (count === 0) return;
		kernels.listRemove(this.ownersOf(gone, count), gone, count, this.#head, this.#link);
		this.#index?.remove(gone, count);
	}

	#withBits(bits: number, n: number): Picked {
		const numbers = this.#region.arena.allocate(n * 4);
		return { numbers, n: this.#region.kernels.distinctRows(bits, n, numbers) };
	}

	#pick({ args, groups }: GroupValues, picked: Picked): GroupValues {
		return {
			args: args.map((arg) => takeColumn(this.#region, arg, picked.numbers, picked.n)),
			groups: this.#take4(groups, picked),
			n: picked.n,
		};
	}

	#take4(values: number, { numbers, n }: Picked): number {
		const out = this.#region.arena.allocate(n * 4);
		this.#region.kernels.take4(values, numbers, n, out);
		return out;
	}
}
