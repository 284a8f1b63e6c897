// LocalGroupAggregate: sums up each batch by itself, so that what goes over an exchange is one row per group and batch instead of
// one per row. Keeps nothing between batches. Where it hardly reduces, it sends each row as a group of its own, without looking for
// equal keys, and tries again later.
import type { Batch, Column } from "../../arrow/batch.js";
import type { LocalGroupAggregateSpec } from "../../job/specs.js";
import type { Operator, OperatorContext, OperatorDefinition, Output } from "../operator.js";
import { GroupIndex, keyLayout } from "../state/group-index.js";
import { RowLayout } from "../state/row-layout.js";
import { nullRowtime, sliceParts, unitsPerMs } from "../window/slice-parts.js";
import { slicingOf } from "../window/slicing.js";
import { Aggregates, hasKernels } from "./aggregates.js";
import { BatchWeights } from "./batch-weights.js";

/** Fewer rows than this are not worth a hash table. */
const FEW_ROWS = 32;
/** After so many rows it is decided whether to go on. */
const SAMPLE_ROWS = 16_384;
/** More groups than this share of the rows do not pay for finding them. */
const WORTHWHILE = 0.6;
/** Rows that are passed on before the next try. */
const SKIPPED_ROWS = 262_144;

class LocalGroupAggregate implements Operator {
	readonly #spec: LocalGroupAggregateSpec;
	readonly #context: OperatorContext;
	/** Empty between batches. */
	readonly #groups: GroupIndex;
	readonly #aggregates: Aggregates;
	/** Offset of the mark of groups that have been seen. */
	readonly #mark: number;
	/** The same calls over groups of one row, which live for one batch. */
	readonly #single: Aggregates;
	readonly #singleLayout = new RowLayout(0);
	readonly #used: ReadonlySet<number>;
	#sampledRows = 0;
	#sampledGroups = 0;
	#rowsToSkip = 0;

	constructor(spec: LocalGroupAggregateSpec, context: OperatorContext) {
		this.#spec = spec;
		this.#context = context;
		const { region, owner, functions } = context;
		const options = { calls: spec.calls, updates: false, grouped: true, merged: false, functions };
		const input = context.inputs[0]!;
		const keyTypes = spec.keys.map((key) => input[key]!.type);
		const key = keyLayout(keyTypes);
		const layout = new RowLayout(key.bytes);
		this.#mark = layout.reserve(4);
		this.#aggregates = new Aggregates(region, owner, layout, options);
		this.#groups = new GroupIndex(region, owner, key, layout.stride);
		this.#single = new Aggregates(region, owner, this.#singleLayout, options);
		const filters = spec.calls.flatMap(({ filter }) => (filter === undefined ? [] : [filter]));
		this.#used = new Set([...spec.keys, ...spec.calls.flatMap(({ args }) => args), ...filters]);
	}

	process(batch: Batch, _input: number, out: Output): void {
		const { window } = this.#spec;
		if (window === undefined) {
			this.#reduce(batch, undefined, out);
			return;
		}
		const { unit, offset } = slicingOf(window);
		const times = batch.columns[window.time]!;
		const parts = sliceParts(this.#context.region, batch, times, unit, offset, this.#used);
		if (times.validity !== 0 && parts.reduce((sum, part) => sum + part.batch.length, 0) < batch.length) {
			throw nullRowtime();
		}
		for (const part of parts) this.#reduce(part.batch, { start: part.slice, times }, out);
	}

	dispose(): void {
		this.#groups.dispose();
		this.#aggregates.dispose();
		this.#single.dispose();
	}

	#reduce(batch: Batch, slice: Slice | undefined, out: Output): void {
		const { arena } = this.#context.region;
		const mark = arena.mark();
		if (this.#rowsToSkip > 0 || batch.length < FEW_ROWS) this.#passOn(batch, slice, out);
		else this.#group(batch, slice, out);
		arena.release(mark);
	}

	#group(batch: Batch, slice: Slice | undefined, out: Output): void {
		const { region } = this.#context;
		const { arena, kernels } = region;
		const n = batch.length;
		const keys = this.#spec.keys.map((key) => batch.columns[key]!);
		const { rows } = this.#groups.find(keys, n);
		const touched = arena.allocate(n * 4);
		const fresh = arena.allocate(n);
		const count = kernels.changelogTouch(rows, n, this.#mark, 1, touched, fresh);
		try {
			this.#aggregates.update(new BatchWeights(region, batch, rows));
			const results = this.#aggregates.results(touched, count);
			this.#emit(this.#groups.gatherKeys(touched, count), slice, results, count, out);
		} finally {
			this.#aggregates.settle(touched, count);
			this.#aggregates.release(touched, count);
			this.#groups.remove(touched, count);
		}
		this.#sampledRows += n;
		this.#sampledGroups += count;
		if (this.#sampledRows < SAMPLE_ROWS) return;
		if (this.#sampledGroups > this.#sampledRows * WORTHWHILE) this.#rowsToSkip = SKIPPED_ROWS;
		this.#sampledRows = 0;
		this.#sampledGroups = 0;
	}

	#passOn(batch: Batch, slice: Slice | undefined, out: Output): void {
		const { region } = this.#context;
		const { arena, kernels } = region;
		const n = batch.length;
		this.#rowsToSkip = Math.max(0, this.#rowsToSkip - n);
		const { stride } = this.#singleLayout;
		const states = arena.allocate(n * stride);
		kernels.fillBytes(states, 0, n * stride);
		const rows = arena.allocate(n * 4);
		kernels.rowsIota(states, stride, n, rows);
		this.#single.update(new BatchWeights(region, batch, rows));
		const keys = this.#spec.keys.map((key) => batch.columns[key]!);
		this.#emit(keys, slice, this.#single.results(rows, n), n, out);
	}

	#emit(keys: readonly Column[], slice: Slice | undefined, results: readonly Column[], n: number, out: Output): void {
		const time = slice === undefined ? [] : [this.#sliceColumn(slice, n)];
		out.emit({ length: n, columns: [...keys, ...time, ...results], kinds: 0 });
	}

	#sliceColumn({ start, times }: Slice, n: number): Column {
		const { arena, kernels } = this.#context.region;
		const data = arena.allocate(n * 8);
		kernels.sliceFill(data, n, start * unitsPerMs(times.type));
		return { ...times, data, validity: 0 };
	}
}

interface Slice {
	/** Ms. */
	readonly start: number;
	readonly times: Column;
}

export const localGroupAggregate: OperatorDefinition<"LocalGroupAggregate"> = {
	name: "LocalGroupAggregate",
	create: (spec, context) => (hasKernels(spec.calls) ? new LocalGroupAggregate(spec, context) : undefined),
};
