// The weights of a batch's rows for all aggregates of an operator: computed once per combination of arguments and filter.
import type { Batch } from "../../arrow/batch.js";
import type { Region } from "../../wasm/region.js";
import type { NumberedRows } from "../state/group-index.js";
import type { AggregateInput } from "./accumulator.js";

export class BatchWeights implements AggregateInput {
	readonly #region: Region;
	#known: Map<string, number> | undefined;
	readonly batch: Batch;
	readonly rows: number;
	readonly numbered: NumberedRows | undefined;

	constructor(region: Region, batch: Batch, rows: number, numbered?: NumberedRows) {
		this.#region = region;
		this.batch = batch;
		this.rows = rows;
		this.numbered = numbered;
	}

	weights(args: readonly number[], filter: number | undefined): number {
		const { batch } = this;
		if (filter === undefined && batch.kinds === 0 && !this.#hasNulls(args)) return 0;
		const nullable = args.filter((arg) => batch.columns[arg]?.validity !== 0);
		const key = `${nullable.join(",")};${filter ?? ""}`;
		this.#known ??= new Map();
		let weights = this.#known.get(key);
		if (weights === undefined) {
			weights = this.#compute(nullable, filter);
			this.#known.set(key, weights);
		}
		return weights;
	}

	#hasNulls(args: readonly number[]): boolean {
		for (const arg of args) if (this.batch.columns[arg]?.validity !== 0) return true;
		return false;
	}

	#compute(nullable: readonly number[], filter: number | undefined): number {
		const { kernels, arena } = this.#region;
		const { columns, length, kinds } = this.batch;
		const weights = arena.allocate(length);
		kernels.weightsOfKinds(kinds, length, weights);
		for (const arg of nullable) kernels.weightsOfValid(columns[arg]?.validity ?? 0, length, weights);
		const condition = filter === undefined ? undefined : columns[filter];
		if (condition) kernels.weightsOfFilter(condition.data, condition.validity, length, weights);
		return weights;
	}
}
