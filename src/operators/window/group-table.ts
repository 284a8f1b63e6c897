// The groups of one window or slice: an index of keys with the aggregates behind them.
import { BATCH_ROWS, type Batch, type Column } from "../../arrow/batch.js";
import type { SqlType } from "../../types/sql-type.js";
import { Aggregates, type AggregatesOptions } from "../aggregate/aggregates.js";
import { BatchWeights } from "../aggregate/batch-weights.js";
import type { Count } from "../aggregate/sum.js";
import type { OperatorContext } from "../operator.js";
import { GroupIndex } from "../state/group-index.js";
import { keyLayout } from "../state/key-layout.js";
import { RowLayout } from "../state/row-layout.js";

/** Rows of groups: addresses in the arena until the next step of a scan. */
export interface GroupRows {
	readonly rows: number;
	readonly count: number;
}

export class GroupTable {
	readonly #context: OperatorContext;
	readonly #index: GroupIndex;
	readonly aggregates: Aggregates;
	/** Rows per group, where they may be taken back. */
	readonly #rowCount: Count | undefined;

	constructor(context: OperatorContext, keyTypes: readonly SqlType[], options: AggregatesOptions) {
		const { region, owner } = context;
		this.#context = context;
		const key = keyLayout(keyTypes);
		const layout = new RowLayout(key.bytes);
		this.aggregates = new Aggregates(region, owner, layout, options);
		this.#rowCount = options.updates ? this.aggregates.rowCount() : undefined;
		this.#index = new GroupIndex(region, owner, key, layout.stride);
	}

	/** Groups, empty ones too. */
	get size(): number {
		return this.#index.size;
	}

	/** Adds the rows of a batch to the groups of its `keys`. */
	update(batch: Batch, keys: readonly Column[]): void {
		const { rows, numbered } = this.#index.find(keys, batch.length);
		this.aggregates.update(new BatchWeights(this.#context.region, batch, rows, numbered));
		this.aggregates.settle(rows, batch.length);
	}

	/** The least and the greatest key, where keys are integers that lie close together, none of them NULL. */
	get range(): readonly [least: bigint, greatest: bigint] | undefined {
		return this.#index.range;
	}

	/** Adds all groups of another table of the same kind. */
	merge(other: GroupTable): void {
		for (const { rows, count } of other.#index.scan(BATCH_ROWS)) this.mergeRows(other, rows, count);
	}

	/** Adds groups of another table of the same kind. */
	mergeRows(other: GroupTable, rows: number, n: number): void {
		const found = this.#index.find(other.#index.gatherKeys(rows, n), n);
		this.aggregates.merge(found.rows, rows, n, other.aggregates);
		this.aggregates.settle(found.rows, n);
	}

	/** The groups of keys, 0 where there is none. */
	lookup(keys: readonly Column[], n: number): number {
		return this.#index.lookup(keys, n);
	}

	/** Fills fresh groups with saved state. */
	load(keys: readonly Column[], state: readonly Column[], n: number): void {
		this.aggregates.load(state, this.#index.find(keys, n).rows, n);
	}

	/** Enters saved entries of a distinct set. */
	loadSet(index: number, keys: readonly Column[], entries: readonly Column[], n: number): void {
		this.aggregates.sets[index]!.load(entries, this.#index.find(keys, n).rows, n);
	}

	/** The key columns of groups. */
	keysOf(rows: number, n: number): Column[] {
		return this.#index.gatherKeys(rows, n);
	}

	/** All groups that hold rows, up to `n` at a time. */
	*groups(n = BATCH_ROWS): Generator<GroupRows> {
		const { arena, kernels } = this.#context.region;
		for (const all of this.#index.scan(n)) {
			if (!this.#rowCount) {
				yield all;
				continue;
			}
			const rows = arena.allocate(all.count * 4);
			const count = kernels.changelogPresent(all.rows, all.count, this.#rowCount.field.offset, rows);
			if (count > 0) yield { rows, count };
		}
	}

	/** All groups, empty ones too. */
	scan(): Iterable<GroupRows> {
		return this.#index.scan(BATCH_ROWS);
	}

	clear(): void {
		this.#index.clear();
		this.aggregates.clear();
	}

	dispose(): void {
		this.#index.dispose();
		this.aggregates.dispose();
	}
}
