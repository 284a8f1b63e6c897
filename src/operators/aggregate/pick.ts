// MIN, MAX, FIRST_VALUE, LAST_VALUE of rows that are only added: one value of the group is kept.
import { type Column, VIEW_BYTES, validityBytes, withValidity } from "../../arrow/batch.js";
import { asNullable, type SqlType } from "../../types/sql-type.js";
import { PHYSICAL_WIDTH, physicalType } from "../../types/value.js";
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Kernels } from "../../wasm/kernels.js";
import type { Region } from "../../wasm/region.js";
import { gatherColumn } from "../state/row-columns.js";
import type { RowField, RowLayout } from "../state/row-layout.js";
import { StringHeap } from "../state/string-heap.js";
import type { Accumulator, AggregateInput, Weighing } from "./accumulator.js";

/** As in assembly/aggregate/pick.ts. */
export const PickMode = { FIRST: 0, LAST: 1, MIN: 2, MAX: 3, LEAST: 4, GREATEST: 5 } as const;
export type PickMode = (typeof PickMode)[keyof typeof PickMode];

const PICK_KERNEL = {
	bool: "pickI8",
	i8: "pickI8",
	i16: "pickI16",
	i32: "pickI32",
	i64: "pickI64",
	f32: "pickF32",
	f64: "pickF64",
	i128: "pickI128",
} as const;

const RUNNING_KERNEL = {
	bool: "runningPickI8",
	i8: "runningPickI8",
	i16: "runningPickI16",
	i32: "runningPickI32",
	i64: "runningPickI64",
	f32: "runningPickF32",
	f64: "runningPickF64",
	i128: "runningPickI128",
} as const;

const LOST_KERNEL = {
	bool: "pickLost1",
	i8: "pickLost1",
	i16: "pickLost2",
	i32: "pickLost4",
	i64: "pickLost8",
	f32: "pickLostF32",
	f64: "pickLostF64",
	i128: "pickLost16",
} as const;

type PickKernels = ReturnType<typeof pickKernels>;

const pickKernels = (kernels: Kernels, physical: keyof typeof PICK_KERNEL) => ({
	pick: kernels[PICK_KERNEL[physical]],
	run: kernels[RUNNING_KERNEL[physical]],
	lose: kernels[LOST_KERNEL[physical]],
});

export class Pick implements Accumulator {
	readonly #region: Region;
	readonly #weighing: Weighing;
	readonly #arg: number;
	readonly #mode: PickMode;
	readonly #field: RowField;
	/** Offset of the flag byte: 0 while nothing was picked. */
	readonly #flag: number;
	readonly #strings: StringHeap | undefined;
	/** Of values that are no views. */
	readonly #kernels: PickKernels | undefined;
	/** Long strings given up since the last settle: views in the arena. */
	#replaced: { readonly views: number; readonly count: number }[] = [];
	readonly saved: readonly SqlType[];

	constructor(
		region: Region,
		owner: MemoryOwner,
		layout: RowLayout,
		weighing: Weighing,
		arg: number,
		type: SqlType,
		mode: PickMode,
	) {
		this.#region = region;
		this.#weighing = weighing;
		this.#arg = arg;
		this.#mode = mode;
		const physical = physicalType(type);
		const offset = layout.reserve(PHYSICAL_WIDTH[physical]);
		this.#field = { type: asNullable(type), physical, offset, nullOffset: 0, nullMask: 0 };
		this.#flag = layout.reserve(1);
		this.#strings = physical === "view" ? new StringHeap(region, owner) : undefined;
		this.#kernels = physical === "view" ? undefined : pickKernels(region.kernels, physical);
		this.saved = [asNullable(type)];
	}

	update(input: AggregateInput): void {
		const values = input.batch.columns[this.#arg] as Column;
		this.#pick(input.rows, input.batch.length, values.data, this.#weighing(input));
	}

	run(input: AggregateInput, snaps: number): void {
		const { kernels, arena } = this.#region;
		const { data } = input.batch.columns[this.#arg] as Column;
		const { rows, batch } = input;
		const n = batch.length;
		const weights = this.#weighing(input);
		const { offset } = this.#field;
		if (this.#kernels) {
			this.#kernels.run(this.#mode, rows, n, offset, this.#flag, data, weights, snaps);
			return;
		}
		const views = arena.allocate(n * VIEW_BYTES);
		const count = kernels.runningPickView(this.#mode, rows, n, offset, this.#flag, data, weights, views, snaps);
		if (count > 0) this.#replaced.push({ views, count });
	}

	/** Forgets the value of groups that lost it (weight −1): their rows, in the arena. */
	lose(rows: number, n: number, values: Column, weights: number): { readonly rows: number; readonly count: number } {
		const { arena, kernels } = this.#region;
		const { offset } = this.#field;
		const lost = arena.allocate(n * 4);
		if (this.#kernels) {
			const count = this.#kernels.lose(rows, n, offset, this.#flag, values.data, weights, lost);
			return { rows: lost, count };
		}
		const views = arena.allocate(n * VIEW_BYTES);
		const viewCount = arena.allocate(4);
		const count = kernels.pickLostView(rows, n, offset, this.#flag, values.data, weights, lost, views, viewCount);
		this.#replaced.push({ views, count: this.#region.u32[viewCount >>> 2] as number });
		return { rows: lost, count };
	}

	/** Looks at `n` more values; rows with a weight of 0 do not count. */
	see(rows: number, n: number, values: Column, weights: number): void {
		this.#pick(rows, n, values.data, weights);
	}

	merge(into: number, from: number, n: number): void {
		const flags = this.#region.arena.allocate(n);
		this.#region.kernels.rowsRead1(from, n, this.#flag, flags);
		this.#pick(into, n, gatherColumn(this.#region, from, n, this.#field).data, flags);
	}

	result(rows: number, n: number): Column {
		const column = gatherColumn(this.#region, rows, n, this.#field);
		const validity = this.#region.arena.allocate(validityBytes(n));
		const nulls = this.#region.kernels.resultFlagged(rows, n, this.#flag, validity);
		return nulls === 0 ? column : withValidity(column, validity);
	}

	save(rows: number, n: number): Column[] {
		return [this.result(rows, n)];
	}

	load([values]: readonly Column[], rows: number, n: number): void {
		const { data, validity } = values as Column;
		const weights = this.#region.arena.allocate(n);
		this.#region.kernels.weightsOfKinds(0, n, weights);
		if (validity !== 0) this.#region.kernels.weightsOfValid(validity, n, weights);
		this.#pick(rows, n, data, weights);
		this.settle(rows, n);
	}

	settle(rows: number, n: number): void {
		if (!this.#strings) return;
		const borrowed = this.#region.arena.allocate(n * 4);
		const count = this.#region.kernels.pickBorrowed(rows, n, this.#flag, borrowed);
		this.#strings.keep(borrowed, count, this.#field.offset);
		for (const { views, count } of this.#replaced) this.#strings.free(views, count);
		this.#replaced = [];
	}

	release(rows: number, n: number): void {
		this.#strings?.drop(rows, n, this.#field.offset);
	}

	clear(): void {
		this.#strings?.clear();
	}

	dispose(): void {
		this.#strings?.dispose();
	}

	#pick(rows: number, n: number, values: number, weights: number): void {
		const { kernels, arena } = this.#region;
		const { offset } = this.#field;
		if (this.#kernels) {
			this.#kernels.pick(this.#mode, rows, n, offset, this.#flag, values, weights);
			return;
		}
		const views = arena.allocate(n * VIEW_BYTES);
		const count = kernels.pickView(this.#mode, rows, n, offset, this.#flag, values, weights, views);
		if (count > 0) this.#replaced.push({ views, count });
	}
}
