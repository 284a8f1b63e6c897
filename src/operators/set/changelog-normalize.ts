// ChangelogNormalize: an upsert stream becomes a retract stream by keeping the last row of each key, without what changes nothing. Sends
// once per key and batch.
import { BATCH_ROWS, type Batch, type Column } from "../../arrow/batch.js";
import { takeBatch, takeColumn } from "../../arrow/take.js";
import type { ChangelogNormalizeSpec } from "../../job/specs.js";
import { RowKind } from "../../types/row-kind.js";
import { changesBetween } from "../aggregate/changes.js";
import type { Operator, OperatorContext, OperatorDefinition, Output, StateReader, StateWriter } from "../operator.js";
import { GroupIndex } from "../state/group-index.js";
import { keyLayout } from "../state/key-layout.js";
import { gatherColumn, scatterColumn } from "../state/row-columns.js";
import { packFields, type RowField, RowLayout } from "../state/row-layout.js";
import { StringHeap } from "../state/string-heap.js";

/** The last changes of the keys in a batch. Addresses are in the arena. */
interface Last {
	readonly targets: number;
	readonly indices: number;
	readonly fresh: number;
	readonly gone: number;
	readonly count: number;
}

class ChangelogNormalize implements Operator {
	readonly #spec: ChangelogNormalizeSpec;
	readonly #context: OperatorContext;
	readonly #index: GroupIndex;
	readonly #strings: StringHeap;
	/** By column. */
	readonly #fields: readonly RowField[];
	readonly #rest: readonly number[];
	readonly #present: number;
	readonly #mark: number;
	#epoch = 0;

	constructor(spec: ChangelogNormalizeSpec, context: OperatorContext) {
		this.#spec = spec;
		this.#context = context;
		const { region, owner, inputs } = context;
		const types = inputs[0]!.map(({ type }) => type);
		this.#rest = [...types.keys()].filter((column) => !spec.keys.includes(column));
		const key = keyLayout(spec.keys.map((column) => types[column]!));
		const rest = packFields(
			this.#rest.map((column) => types[column]!),
			key.bytes,
		);
		const layout = new RowLayout(key.bytes + rest.bytes);
		this.#present = layout.reserve(4);
		this.#mark = layout.reserve(4);
		this.#index = new GroupIndex(region, owner, key, layout.stride);
		this.#strings = new StringHeap(region, owner);
		this.#fields = types.map((_, column) => {
			const at = spec.keys.indexOf(column);
			return at >= 0 ? key.fields[at]! : rest.fields[this.#rest.indexOf(column)]!;
		});
	}

	process(all: Batch, _input: number, out: Output): void {
		const batch = this.#withoutUpdateBefore(all);
		if (batch.length === 0) return;
		const last = this.#lastOf(batch);
		const { region } = this.#context;
		const after = batch.columns.map((column) => takeColumn(region, column, last.indices, last.count));
		const touched = { rows: last.targets, count: last.count, fresh: last.fresh, empty: last.gone };
		const before = this.#read(last.targets, last.count);
		const changes = changesBetween(region, touched, [], before, after, this.#spec.updateBefore);
		if (changes.length > 0) out.emit(changes);
		this.#write(last, after);
	}

	snapshot(writer: StateWriter): void {
		writer.table("rows", this.#context.inputs[0]!, this.#saved(), this.#spec.keys);
	}

	restore(reader: StateReader): void {
		for (const batch of reader.table("rows")) this.#write(this.#lastOf(batch), batch.columns, true);
	}

	dispose(): void {
		this.#index.dispose();
		this.#strings.dispose();
	}

	#withoutUpdateBefore(batch: Batch): Batch {
		if (batch.kinds === 0) return batch;
		const { region } = this.#context;
		const indices = region.arena.allocate(batch.length * 4);
		const n = region.kernels.kindsOtherThan(batch.kinds, batch.length, RowKind.UPDATE_BEFORE, indices);
		return n === batch.length ? batch : takeBatch(region, batch, indices, n);
	}

	#lastOf({ columns, length: n, kinds }: Batch): Last {
		const { arena, kernels } = this.#context.region;
		const keys = this.#spec.keys.map((column) => columns[column] as Column);
		const { rows } = this.#index.find(keys, n);
		const [targets, indices] = [arena.allocate(n * 4), arena.allocate(n * 4)];
		const [fresh, gone] = [arena.allocate(n), arena.allocate(n)];
		const [present, mark] = [this.#present, this.#mark];
		// biome-ignore format: the kernel's parameters
		const count = kernels.normalizeLast(rows, n, kinds, present, mark, ++this.#epoch, targets, indices, fresh, gone);
		return { targets, indices, fresh, gone, count };
	}

	#read(rows: number, n: number): Column[] {
		return this.#fields.map((field, column) =>
			gatherColumn(this.#context.region, rows, n, field, this.#spec.keys.includes(column)),
		);
	}

	/** Keeps the new rows; `inBatchOrder`: the columns are those of the batch rather than of the targets. */
	#write({ targets, indices, gone, count }: Last, columns: readonly Column[], inBatchOrder = false): void {
		const { region } = this.#context;
		const { kernels, arena } = region;
		for (const column of this.#rest) {
			const field = this.#fields[column]!;
			if (field.physical === "view") this.#strings.drop(targets, count, field.offset);
			if (field.nullMask !== 0) kernels.keepClearBits(targets, count, field.nullOffset, field.nullMask);
			const values = inBatchOrder ? takeColumn(region, columns[column]!, indices, count) : columns[column]!;
			scatterColumn(region, values, count, targets, field);
			if (field.physical === "view") this.#strings.keep(targets, count, field.offset);
		}
		const removed = arena.allocate(count * 4);
		const n = kernels.normalizeSettle(targets, count, gone, this.#present, removed);
		for (const column of this.#rest) {
			const field = this.#fields[column]!;
			if (field.physical === "view") this.#strings.drop(removed, n, field.offset);
		}
		this.#index.remove(removed, n);
	}

	*#saved(): Generator<Batch> {
		for (const { rows, count } of this.#index.scan(BATCH_ROWS)) {
			yield { length: count, columns: this.#read(rows, count), kinds: 0 };
		}
	}
}

export const changelogNormalize: OperatorDefinition<"ChangelogNormalize"> = {
	name: "ChangelogNormalize",
	create: (spec, context) => new ChangelogNormalize(spec, context),
};
