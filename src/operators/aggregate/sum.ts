// COUNT and SUM: totals that take rows back exactly (floats as well as floats do).
import type { Column } from "../../arrow/batch.js";
import { BIGINT, notNull, type SqlType } from "../../types/sql-type.js";
import { PHYSICAL_WIDTH, type PhysicalType, physicalType } from "../../types/value.js";
import type { Kernels } from "../../wasm/kernels.js";
import type { Region } from "../../wasm/region.js";
import type { NumberedRows } from "../state/group-index.js";
import { gatherColumn, scatterColumn } from "../state/row-columns.js";
import type { RowField, RowLayout } from "../state/row-layout.js";
import type { Accumulator, AggregateInput, Weighing } from "./accumulator.js";
import { safeDecimals } from "./few-groups.js";

const fieldOf = (type: SqlType, offset: number): RowField => ({
	type: notNull(type),
	physical: physicalType(type),
	offset,
	nullOffset: 0,
	nullMask: 0,
});

/** How many rows count, in an i64. */
export class Count implements Accumulator {
	readonly #region: Region;
	readonly #weighing: Weighing;
	readonly field: RowField;
	readonly saved = [notNull(BIGINT)];

	constructor(region: Region, layout: RowLayout, weighing: Weighing) {
		this.#region = region;
		this.#weighing = weighing;
		this.field = fieldOf(BIGINT, layout.reserve(8));
	}

	update(input: AggregateInput, few?: NumberedRows): void {
		const { kernels } = this.#region;
		const { rows, batch } = input;
		const weights = this.#weighing(input);
		const { offset } = this.field;
		if (few && weights === 0) {
			kernels.fewCounts(few.numbers, batch.length, few.groups, few.count, offset, few.scratch);
		} else kernels.countRows(rows, batch.length, offset, weights);
	}

	run(input: AggregateInput, snaps: number): void {
		const { rows, batch } = input;
		this.#region.kernels.runningCount(rows, batch.length, this.field.offset, this.#weighing(input), snaps);
	}

	merge(into: number, from: number, n: number): void {
		const counts = gatherColumn(this.#region, from, n, this.field);
		this.#region.kernels.sumI64(into, n, this.field.offset, counts.data, 0);
	}

	save(rows: number, n: number): Column[] {
		return [gatherColumn(this.#region, rows, n, this.field)];
	}

	load([counts]: readonly Column[], rows: number, n: number): void {
		scatterColumn(this.#region, counts as Column, n, rows, this.field);
	}
}

const SUM_KERNEL = {
	i8: "sumI8",
	i16: "sumI16",
	i32: "sumI32",
	i64: "sumI64",
	f32: "sumF32",
	f64: "sumF64",
	i128: "sumI128",
} as const;

const RUNNING = {
	sumI8: "runningSumI8",
	sumI16: "runningSumI16",
	sumI32: "runningSumI32",
	sumI64: "runningSumI64",
	sumF32: "runningSumF32",
	sumF32Wide: "runningSumF32Wide",
	sumF64: "runningSumF64",
	sumI64Wide: "runningSumI64Wide",
	sumI128: "runningSumI128",
} as const;

type Summable = keyof typeof SUM_KERNEL;

/** The running total of a column, in `total`'s type: BIGINT for integers (narrower results are its low bytes), DOUBLE, FLOAT, DECIMAL(38). */
export class Sum implements Accumulator {
	readonly #region: Region;
	readonly #weighing: Weighing;
	readonly #arg: number;
	readonly #add: Kernels["sumI64"];
	readonly #addRunning: Kernels["runningSumI64"];
	readonly #addTotals: Kernels["sumI64"];
	readonly field: RowField;
	readonly saved: readonly SqlType[];

	constructor(region: Region, layout: RowLayout, weighing: Weighing, arg: number, type: SqlType, total: SqlType) {
		this.#region = region;
		this.#weighing = weighing;
		this.#arg = arg;
		const from = physicalType(type) as Summable;
		const into = physicalType(total) as Summable;
		const { kernels } = region;
		const kernel = kernelOf(from, into);
		this.#add = kernels[kernel];
		this.#addRunning = kernels[RUNNING[kernel]];
		this.#addTotals = kernels[SUM_KERNEL[into]];
		this.field = fieldOf(total, layout.reserve(PHYSICAL_WIDTH[into]));
		this.saved = [this.field.type];
	}

	/** Whether rows may be added in any order. */
	get isExact(): boolean {
		return this.field.physical === "i64" || this.field.physical === "i128";
	}

	update(input: AggregateInput, few?: NumberedRows): void {
		const values = input.batch.columns[this.#arg] as Column;
		const weights = this.#weighing(input);
		const { kernels } = this.#region;
		const { offset } = this.field;
		if (few && weights === 0 && this.#updateFew(values, input.batch.length, few)) return;
		if (weights === 0 && this.#isOfOnes(values)) kernels.countRows(input.rows, input.batch.length, offset, 0);
		else if (values.narrow) kernels.sumI64Wide(input.rows, input.batch.length, offset, values.narrow.data, weights);
		else this.#add(input.rows, input.batch.length, offset, values.data, weights);
	}

	/** What counts of single rows are, added up. */
	#isOfOnes({ same, physical, data }: Column): boolean {
		return same === true && physical === "i32" && this.field.physical === "i64" && this.#region.i32[data >>> 2] === 1;
	}

	#updateFew(values: Column, n: number, { numbers, groups, count, scratch }: NumberedRows): boolean {
		const { kernels } = this.#region;
		const { offset, physical } = this.field;
		if (physical === "i128") {
			const data = safeDecimals(values, n, count);
			if (data !== 0) kernels.fewSumsWide(numbers, n, data, groups, count, offset, scratch);
			return data !== 0;
		}
		if (physical === "f64" && values.physical === "f64" && count === 1) {
			kernels.fewSumF64(n, values.data, groups, offset);
			return true;
		}
		if (physical !== "i64" || (values.physical !== "i64" && values.physical !== "i32")) return false;
		const kernel = values.physical === "i64" ? kernels.fewSumsI64 : kernels.fewSumsI32;
		kernel(numbers, n, values.data, groups, count, offset, scratch);
		return true;
	}

	run(input: AggregateInput, snaps: number): void {
		const values = input.batch.columns[this.#arg] as Column;
		const add = values.narrow ? this.#region.kernels.runningSumI64Wide : this.#addRunning;
		const { data } = values.narrow ?? values;
		const weights = this.#weighing(input);
		add(input.rows, input.batch.length, this.field.offset, data, weights, snaps);
	}

	merge(into: number, from: number, n: number): void {
		const totals = gatherColumn(this.#region, from, n, this.field);
		this.#addTotals(into, n, this.field.offset, totals.data, 0);
	}

	save(rows: number, n: number): Column[] {
		return [gatherColumn(this.#region, rows, n, this.field)];
	}

	load([totals]: readonly Column[], rows: number, n: number): void {
		scatterColumn(this.#region, totals as Column, n, rows, this.field);
	}
}

function kernelOf(from: Summable, into: PhysicalType) {
	if (into === "i128" && from === "i64") return "sumI64Wide";
	if (into === "f64" && from === "f32") return "sumF32Wide";
	return SUM_KERNEL[from];
}
