// GroupAggregate: one state row per key. Streaming sends, after each batch, the change of every group whose result changed; batch
// sends all groups at the end.
import { BATCH_ROWS, type Batch, type Column } from "../../arrow/batch.js";
import type { AggregateCall, GroupAggregateSpec } from "../../job/specs.js";
import type { Schema, SqlType } from "../../types/sql-type.js";
import type { Operator, OperatorContext, OperatorDefinition, Output, StateReader, StateWriter } from "../operator.js";
import { GroupIndex } from "../state/group-index.js";
import { keyLayout } from "../state/key-layout.js";
import { RowLayout } from "../state/row-layout.js";
import { Aggregates, hasKernels } from "./aggregates.js";
import { BatchWeights } from "./batch-weights.js";
import { changesAfter, changesBetween } from "./changes.js";
import { readSets, savedEntries, writeSets } from "./saved-sets.js";
import type { Count } from "./sum.js";

const TABLE = "groups";

class GroupAggregate implements Operator {
	readonly #spec: GroupAggregateSpec;
	readonly #context: OperatorContext;
	readonly #keyTypes: readonly SqlType[];
	readonly #aggregates: Aggregates;
	readonly #groups: GroupIndex;
	/** Rows per group, where they may be taken back. */
	readonly #rowCount: Count | undefined;
	/** Offset of the last batch number that touched a group. */
	readonly #mark: number;
	/** Every batch that touches a group changes its result. */
	readonly #alwaysChanges: boolean;
	/** Number of the batch; groups loaded from a snapshot count as touched by batch 1. */
	#epoch = 1;

	constructor(spec: GroupAggregateSpec, context: OperatorContext) {
		this.#spec = spec;
		this.#context = context;
		const { region, owner, functions } = context;
		const [input] = context.inputs;
		this.#keyTypes = spec.keys.map((key) => (input as Schema)[key]?.type as SqlType);
		const key = keyLayout(this.#keyTypes);
		const layout = new RowLayout(key.bytes);
		this.#mark = layout.reserve(4);
		const grouped = spec.keys.length > 0;
		const options = { calls: spec.calls, updates: spec.inputUpdates, grouped, merged: false, functions };
		this.#aggregates = new Aggregates(region, owner, layout, options);
		this.#rowCount = spec.inputUpdates ? this.#aggregates.rowCount() : undefined;
		this.#groups = new GroupIndex(region, owner, key, layout.stride);
		this.#alwaysChanges =
			!spec.inputUpdates &&
			(spec.addsRowCounts === true || spec.calls.some((call) => call.function === "COUNT" && isOfAllRows(call)));
	}

	process(batch: Batch, _input: number, out: Output): void {
		const { region } = this.#context;
		const n = batch.length;
		if (n === 0) return;
		const keys = this.#spec.keys.map((key) => batch.columns[key] as Column);
		const { rows, numbered } = this.#groups.find(keys, n);
		const input = new BatchWeights(region, batch, rows, numbered);
		if (this.#spec.final && !this.#rowCount) {
			this.#aggregates.update(input);
			this.#aggregates.settle(rows, n);
			return;
		}
		const touched = region.arena.allocate(n * 4);
		const fresh = region.arena.allocate(n);
		const count = region.kernels.changelogTouch(rows, n, this.#mark, ++this.#epoch, touched, fresh);
		const needsBefore = this.#spec.updateBefore || !this.#alwaysChanges;
		const before = needsBefore ? this.#aggregates.results(touched, count) : undefined;
		this.#aggregates.update(input);
		this.#emitChanges(touched, count, fresh, before, out);
	}

	finish(_input: number, out: Output): void {
		if (!this.#spec.final) return;
		if (this.#groups.size === 0 && this.#spec.emitEmpty && this.#spec.keys.length === 0) this.#groups.find([], 1);
		for (const { rows, count } of this.#groups.scan(BATCH_ROWS)) {
			const columns = [...this.#groups.gatherKeys(rows, count), ...this.#aggregates.results(rows, count)];
			out.emit({ length: count, columns, kinds: 0 });
		}
	}

	snapshot(writer: StateWriter): void {
		const types = [...this.#keyTypes, ...this.#aggregates.saved];
		const schema = types.map((type, i) => ({ name: `f${i}`, type }));
		const keys = this.#spec.distributedBy ?? [...this.#keyTypes.keys()];
		writer.table(TABLE, schema, this.#savedBatches(), keys);
		const { sets } = this.#aggregates;
		writeSets(writer, TABLE, { types: this.#keyTypes, keys }, sets, (index) =>
			savedEntries(sets[index]!, (rows, n) => this.#groups.gatherKeys(rows, n)),
		);
	}

	restore(reader: StateReader): void {
		const { region } = this.#context;
		for (const { columns, length } of reader.table(TABLE)) {
			const width = this.#keyTypes.length;
			const { rows } = this.#groups.find(columns.slice(0, width), length);
			this.#aggregates.load(columns.slice(width), rows, length);
			const scratch = region.arena.allocate(length * 5);
			region.kernels.changelogTouch(rows, length, this.#mark, 1, scratch, scratch + length * 4);
		}
		readSets(reader, TABLE, this.#aggregates.sets, (index, { columns, length }) => {
			const width = this.#keyTypes.length;
			const { rows } = this.#groups.find(columns.slice(0, width), length);
			this.#aggregates.sets[index]!.load(columns.slice(width), rows, length);
		});
	}

	dispose(): void {
		this.#groups.dispose();
		this.#aggregates.dispose();
	}

	#emitChanges(rows: number, count: number, fresh: number, before: readonly Column[] | undefined, out: Output): void {
		const { region } = this.#context;
		const empty = region.arena.allocate(count);
		const emptyRows = region.arena.allocate(count * 4);
		const emptyCount = this.#markEmpty(rows, count, empty, emptyRows);
		const touched = { rows, count, fresh, empty };
		const keys = this.#groups.gatherKeys(rows, count);
		const after = this.#aggregates.results(rows, count);
		if (!this.#spec.final) {
			const changes = before
				? changesBetween(region, touched, keys, before, after, this.#spec.updateBefore)
				: changesAfter(region, touched, [...keys, ...after]);
			if (changes.length > 0) out.emit(changes);
		}
		this.#aggregates.settle(rows, count);
		this.#aggregates.release(emptyRows, emptyCount);
		this.#groups.remove(emptyRows, emptyCount);
	}

	/** Marks the groups that hold no rows any more and collects them; returns how many. */
	#markEmpty(rows: number, count: number, empty: number, emptyRows: number): number {
		const { kernels } = this.#context.region;
		if (this.#rowCount) return kernels.changelogEmpty(rows, count, this.#rowCount.field.offset, empty, emptyRows);
		kernels.fillBytes(empty, 0, count);
		return 0;
	}

	*#savedBatches(): Generator<Batch> {
		for (const { rows, count } of this.#groups.scan(BATCH_ROWS)) {
			const columns = [...this.#groups.gatherKeys(rows, count), ...this.#aggregates.save(rows, count)];
			yield { length: count, columns, kinds: 0 };
		}
	}
}

const isOfAllRows = ({ args, filter, distinct }: AggregateCall) =>
	args.length === 0 && filter === undefined && !distinct;

export const groupAggregate: OperatorDefinition<"GroupAggregate"> = {
	name: "GroupAggregate",
	create: (spec, context) => (hasKernels(spec.calls) ? new GroupAggregate(spec, context) : undefined),
};
