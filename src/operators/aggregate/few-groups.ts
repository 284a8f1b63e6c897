// Finds the batches whose rows belong to few groups, which COUNT and SUM then add up by the groups' numbers (assembly/aggregate/few.ts).
import type { Column } from "../../arrow/batch.js";
import type { DecimalType } from "../../types/decimal.js";
import type { Region } from "../../wasm/region.js";
import type { NumberedRows } from "../state/group-index.js";
import type { AggregateInput } from "./accumulator.js";

const MAX_FEW_GROUPS = 64;
const FEW_SCRATCH_BYTES = 8192;
/** Fewer rows are not worth it; and so many batches are passed by after one with many groups. */
const MIN_ROWS = 128;
const PASSED_BATCHES = 63;

export class FewGroups {
	readonly #region: Region;
	#toPass = 0;

	constructor(region: Region) {
		this.#region = region;
	}

	/** Undefined when the groups are many. Of one alone there are no numbers. */
	of({ batch, rows, numbered }: AggregateInput): NumberedRows | undefined {
		if (numbered) return numbered;
		if (batch.length < MIN_ROWS) return undefined;
		if (this.#toPass > 0) {
			this.#toPass--;
			return undefined;
		}
		const { arena, kernels } = this.#region;
		const scratch = arena.allocate(FEW_SCRATCH_BYTES);
		const numbers = arena.allocate(batch.length);
		const groups = arena.allocate(MAX_FEW_GROUPS * 4);
		const count = kernels.fewGroups(rows, batch.length, scratch, numbers, groups);
		if (count === 0) this.#toPass = PASSED_BATCHES;
		if (count === 1) return { numbers: 0, groups: rows, count, scratch };
		return count === 0 ? undefined : { numbers, groups, count, scratch };
	}
}

/** Address of a column of DECIMALs in 64 bits if totals of `rows` of them by group can be gathered, else 0. */
export function safeDecimals(column: Column, rows: number, groups: number): number {
	const { type, physical, narrow } = column;
	if (physical !== "i64" && !narrow) return 0;
	if (groups === 1) return narrow?.data ?? column.data;
	const bits = narrow?.bits ?? Math.ceil((type as DecimalType).precision * Math.log2(10));
	return bits + Math.ceil(Math.log2(rows)) > 63 ? 0 : (narrow?.data ?? column.data);
}
