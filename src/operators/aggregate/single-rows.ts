// The aggregates of groups of one row each: for most calls the row's own values, as they lie there.
import { asSame, BATCH_ROWS, type Batch, type Column } from "../../arrow/batch.js";
import type { AggregateCall } from "../../job/specs.js";
import { physicalType } from "../../types/value.js";
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import { RowLayout } from "../state/row-layout.js";
import { Aggregates, type AggregatesOptions } from "./aggregates.js";
import { BatchWeights } from "./batch-weights.js";

/** With what kernels may read behind the last. */
const onesBytes = (rows: number) => rows * 4 + 16;

type Direct = (batch: Batch) => Column;

export class SingleRows {
	readonly #region: Region;
	readonly #owner: MemoryOwner;
	/** A column per call, where all are so simple. */
	readonly #direct: readonly Direct[] | undefined;
	readonly #aggregates: Aggregates;
	readonly #layout = new RowLayout(0);
	/** The counts of as many rows as a batch has had yet: a 1 each. */
	#ones = 0;
	#onesRows = 0;

	constructor(region: Region, owner: MemoryOwner, options: AggregatesOptions) {
		this.#region = region;
		this.#owner = owner;
		const direct = options.calls.map((call) => this.#directOf(call));
		this.#direct = direct.every((one) => one !== undefined) ? (direct as Direct[]) : undefined;
		this.#aggregates = new Aggregates(region, owner, this.#layout, options);
	}

	/** A column per call, valid as long as the batch, in whose columns or in the arena it lies, or until the next call. */
	results(batch: Batch): Column[] {
		if (this.#direct && batch.kinds === 0) return this.#direct.map((column) => column(batch));
		const { arena, kernels } = this.#region;
		const n = batch.length;
		const { stride } = this.#layout;
		const states = arena.allocate(n * stride);
		kernels.fillBytes(states, 0, n * stride);
		const rows = arena.allocate(n * 4);
		kernels.rowsIota(states, stride, n, rows);
		this.#aggregates.update(new BatchWeights(this.#region, batch, rows));
		return this.#aggregates.results(rows, n);
	}

	dispose(): void {
		this.#aggregates.dispose();
		this.#dropOnes();
	}

	/** Undefined where the result is more than a value of the row or a 1. */
	#directOf({ function: name, args, argTypes, filter, type }: AggregateCall): Direct | undefined {
		if (filter !== undefined) return undefined;
		const [arg] = args;
		if (name === "COUNT" && type.kind === "INTEGER" && argTypes.every((one) => !one.nullable)) {
			return ({ length }) => asSame({ type, physical: "i32", data: this.#onesFor(length), validity: 0 });
		}
		const isSame = arg !== undefined && physicalType(argTypes[0]!) === physicalType(type);
		if (!isSame || (name !== "SUM" && name !== "MIN" && name !== "MAX")) return undefined;
		return ({ columns }) => {
			const { physical, data, validity } = columns[arg]!;
			return { type, physical, data, validity };
		};
	}

	#onesFor(rows: number): number {
		if (rows > this.#onesRows) {
			this.#dropOnes();
			const count = Math.max(rows, BATCH_ROWS);
			this.#ones = this.#region.heap.allocate(onesBytes(count), this.#owner);
			this.#onesRows = count;
			this.#region.kernels.rowsIota(1, 0, count, this.#ones);
		}
		return this.#ones;
	}

	#dropOnes(): void {
		if (this.#ones !== 0) this.#region.heap.free(this.#ones, onesBytes(this.#onesRows), this.#owner);
		this.#ones = 0;
		this.#onesRows = 0;
	}
}
