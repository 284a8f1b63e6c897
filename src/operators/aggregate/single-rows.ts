// The aggregates of groups of one row each: for most calls the row's own values, as they lie there.
import type { Batch, Column } from "../../arrow/batch.js";
import type { AggregateCall } from "../../job/specs.js";
import { physicalType } from "../../types/value.js";
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import { RowLayout } from "../state/row-layout.js";
import { Aggregates, type AggregatesOptions } from "./aggregates.js";
import { BatchWeights } from "./batch-weights.js";

type Direct = (batch: Batch) => Column;

export class SingleRows {
	readonly #region: Region;
	/** A column per call, where all are so simple. */
	readonly #direct: readonly Direct[] | undefined;
	readonly #aggregates: Aggregates;
	readonly #layout = new RowLayout(0);

	constructor(region: Region, owner: MemoryOwner, options: AggregatesOptions) {
		this.#region = region;
		const direct = options.calls.map((call) => directOf(region, call));
		this.#direct = direct.every((one) => one !== undefined) ? (direct as Direct[]) : undefined;
		this.#aggregates = new Aggregates(region, owner, this.#layout, options);
	}

	/** A column per call, valid as long as the batch, in whose columns or in the arena it lies. */
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
	}
}

/** Undefined where the result is more than a value of the row or a 1. */
function directOf({ arena, kernels }: Region, { function: name, args, argTypes, filter, type }: AggregateCall) {
	if (filter !== undefined) return undefined;
	const [arg] = args;
	if (name === "COUNT" && argTypes.every((one) => !one.nullable)) {
		return (batch: Batch): Column => {
			const data = arena.allocate(batch.length * 8);
			kernels.sliceFill(data, batch.length, 1);
			return { type, physical: "i64", data, validity: 0 };
		};
	}
	const isSame = arg !== undefined && physicalType(argTypes[0]!) === physicalType(type);
	if (!isSame || (name !== "SUM" && name !== "MIN" && name !== "MAX")) return undefined;
	return (batch: Batch): Column => {
		const { physical, data, validity } = batch.columns[arg]!;
		return { type, physical, data, validity };
	};
}
