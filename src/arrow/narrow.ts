// 128-bit columns whose values all fit 64 bits, kept as 64-bit ones: decimals are that small nearly always, whatever their types allow.
import type { SqlType } from "../types/sql-type.js";
import type { Region } from "../wasm/region.js";
import type { Column } from "./batch.js";

/** Values of a column in the arena, with the memory for the 128-bit ones: these are made when somebody asks for them first. */
export class NarrowValues {
	readonly #region: Region;
	readonly #rows: number;
	readonly #wide: number;
	#isWidened = false;
	/** Address of i64 values. */
	readonly data: number;
	/** All values but those of NULLs are in [-2^bits, 2^bits - 1]. */
	readonly bits: number;

	constructor(region: Region, rows: number, data: number, bits: number) {
		this.#region = region;
		this.#rows = rows;
		this.#wide = region.arena.allocate(rows * 16);
		this.data = data;
		this.bits = bits;
	}

	/** Address of the same values in 128 bits. */
	get wide(): number {
		if (!this.#isWidened) {
			this.#region.kernels.widenI64(this.data, this.#rows, this.#wide);
			this.#isWidened = true;
		}
		return this.#wide;
	}
}

const DATA: PropertyDescriptor & ThisType<NarrowColumn> = {
	enumerable: true,
	get() {
		return this.narrow.wide;
	},
};

/** `narrow` is no property of the object itself: a copy of the column with other data must not have it. */
export class NarrowColumn implements Column {
	readonly type: SqlType;
	readonly physical = "i128";
	declare readonly data: number;
	readonly validity: number;
	readonly #narrow: NarrowValues;

	constructor(type: SqlType, validity: number, narrow: NarrowValues) {
		this.type = type;
		this.validity = validity;
		this.#narrow = narrow;
		Object.defineProperty(this, "data", DATA);
	}

	get narrow(): NarrowValues {
		return this.#narrow;
	}
}
