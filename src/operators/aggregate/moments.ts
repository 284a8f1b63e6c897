// VAR_POP, VAR_SAMP, STDDEV_POP and STDDEV_SAMP of one argument keep the same state. They are computed as DOUBLE and cast.
import { type Column, validityBytes } from "../../arrow/batch.js";
import { type CompiledExpressions, compileExpressions } from "../../expr/compile.js";
import { column } from "../../types/expr.js";
import type { FunctionContext } from "../../types/function-context.js";
import { asNullable, BIGINT, DOUBLE, notNull, type SqlType } from "../../types/sql-type.js";
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import { gatherColumn, scatterColumn } from "../state/row-columns.js";
import type { RowField, RowLayout } from "../state/row-layout.js";
import type { Accumulator, AggregateInput, ResultReader, Weighing } from "./accumulator.js";

/** Function name → of a sample, and root. */
export const SPREADS: Readonly<Record<string, readonly [sample: boolean, root: boolean]>> = {
	VAR_POP: [false, false],
	VAR_SAMP: [true, false],
	STDDEV_POP: [false, true],
	STDDEV_SAMP: [true, true],
};

export class Moments implements Accumulator {
	readonly #region: Region;
	readonly #owner: MemoryOwner;
	readonly #functions: FunctionContext;
	readonly #weighing: Weighing;
	readonly #arg: number;
	readonly #offset: number;
	/** Of the argument to DOUBLE, then of results. */
	readonly #casts: CompiledExpressions[] = [];
	readonly #toDouble: (values: Column, n: number) => Column;
	readonly saved = [notNull(BIGINT), notNull(DOUBLE), notNull(DOUBLE)];

	constructor(
		region: Region,
		owner: MemoryOwner,
		functions: FunctionContext,
		layout: RowLayout,
		weighing: Weighing,
		arg: number,
		type: SqlType,
	) {
		this.#region = region;
		this.#owner = owner;
		this.#functions = functions;
		this.#weighing = weighing;
		this.#arg = arg;
		this.#toDouble = this.#cast(type, DOUBLE);
		this.#offset = layout.reserve(8);
		layout.reserve(8);
		layout.reserve(8);
	}

	update(input: AggregateInput): void {
		const { length } = input.batch;
		const values = this.#toDouble(input.batch.columns[this.#arg] as Column, length);
		this.#region.kernels.momentsAdd(input.rows, length, this.#offset, values.data, this.#weighing(input));
	}

	run(input: AggregateInput, snaps: number): void {
		const { length } = input.batch;
		const { data } = this.#toDouble(input.batch.columns[this.#arg] as Column, length);
		this.#region.kernels.runningMoments(input.rows, length, this.#offset, data, this.#weighing(input), snaps);
	}

	merge(into: number, from: number, n: number): void {
		this.#region.kernels.momentsMerge(into, from, n, this.#offset);
	}

	reader(sample: boolean, root: boolean, type: SqlType): ResultReader {
		const cast = this.#cast(DOUBLE, asNullable(type));
		return (rows, n) => {
			const { arena, kernels } = this.#region;
			const data = arena.allocate(n * 8);
			const validity = arena.allocate(validityBytes(n));
			const nulls = kernels.momentsSpread(rows, n, this.#offset, sample, root, data, validity);
			return cast({ type: DOUBLE, physical: "f64", data, validity: nulls === 0 ? 0 : validity }, n);
		};
	}

	save(rows: number, n: number): Column[] {
		return this.#fields().map((field) => gatherColumn(this.#region, rows, n, field));
	}

	load(columns: readonly Column[], rows: number, n: number): void {
		for (const [i, field] of this.#fields().entries()) {
			scatterColumn(this.#region, columns[i] as Column, n, rows, field);
		}
	}

	dispose(): void {
		for (const cast of this.#casts) cast.dispose();
	}

	#fields(): RowField[] {
		return this.saved.map((type, i) => {
			const physical = i === 0 ? "i64" : "f64";
			return { type, physical, offset: this.#offset + i * 8, nullOffset: 0, nullMask: 0 };
		});
	}

	#cast(from: SqlType, to: SqlType): (values: Column, n: number) => Column {
		if (from.kind === to.kind && from.kind === "DOUBLE") return (values) => values;
		const expr = { kind: "cast", input: column(0, from), type: to, safe: false } as const;
		const options = { owner: this.#owner };
		const cast = compileExpressions([expr], [{ name: "x", type: from }], this.#region, this.#functions, options);
		this.#casts.push(cast);
		return (values, n) => cast.evaluate({ length: n, columns: [values], kinds: 0 })[0] as Column;
	}
}
