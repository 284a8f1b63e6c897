// Keys of short strings and small integers, told apart by a word per row (assembly/hash/codes.ts): of a batch with few keys only one row of
// each is looked up.
import { type Column, isSame } from "../../arrow/batch.js";
import type { PhysicalType } from "../../types/value.js";
import type { Kernels } from "../../wasm/kernels.js";
import type { Region } from "../../wasm/region.js";

/** A u8 number per row, and the first row of each number. */
export interface NumberedKeys {
	readonly numbers: number;
	readonly firsts: number;
	readonly count: number;
	/** Memory that is free to be used again. */
	readonly scratch: number;
}

export const MAX_FEW_KEYS = 64;
const SCRATCH_BYTES = 8192;
/** Fewer rows are not worth it; and so many batches are passed by after one with other keys. */
const MIN_ROWS = 128;
const PASSED_BATCHES = 63;

const CODE_BITS: Partial<Record<PhysicalType, number>> = { bool: 8, i8: 8, i16: 16, i32: 32, view: 32 };
const CODES = { bool: "codesI8", i8: "codesI8", i16: "codesI16", i32: "codesI32", view: "codesView" } as const;

/** Fewer rows are looked up one by one. */
const SAME_ROWS = 16;

/** Whether all rows, of which there are some, have the same key, byte for byte. */
export const areSame = (region: Region, keys: readonly Column[], n: number): boolean =>
	n >= SAME_ROWS && keys.every((key) => isSame(region, key, n));

export class KeyCodes {
	readonly #region: Region;
	readonly #types: readonly (keyof typeof CODES)[];
	readonly #kernels: readonly Kernels[(typeof CODES)[keyof typeof CODES]][];
	#toPass = 0;

	/** Undefined when 64 bits do not hold such keys. */
	static of(region: Region, types: readonly PhysicalType[]): KeyCodes | undefined {
		const bits = types.reduce((sum, type) => sum + (CODE_BITS[type] ?? 65), 0);
		return bits === 0 || bits > 64 ? undefined : new KeyCodes(region, types as readonly (keyof typeof CODES)[]);
	}

	private constructor(region: Region, types: readonly (keyof typeof CODES)[]) {
		this.#region = region;
		this.#types = types;
		this.#kernels = types.map((type) => region.kernels[CODES[type]]);
	}

	/** Undefined when there are NULLs, longer strings or many keys. */
	number(keys: readonly Column[], n: number): NumberedKeys | undefined {
		if (n < MIN_ROWS || keys.some(({ validity }) => validity !== 0)) return undefined;
		if (this.#toPass > 0) {
			this.#toPass--;
			return undefined;
		}
		const { arena, kernels } = this.#region;
		const codes = arena.allocate(n * 8);
		const scratch = arena.allocate(SCRATCH_BYTES);
		const numbers = arena.allocate(n);
		const firsts = arena.allocate(MAX_FEW_KEYS * 4);
		const count = this.#encode(keys, n, codes) ? kernels.codesNumber(codes, n, scratch, numbers, firsts) : 0;
		if (count === 0) this.#toPass = PASSED_BATCHES;
		return count === 0 ? undefined : { numbers, firsts, count, scratch };
	}

	#encode(keys: readonly Column[], n: number, codes: number): boolean {
		const { kernels } = this.#region;
		if (this.#types.length === 1 && this.#types[0] === "view") {
			return Boolean(kernels.codesOnlyView(keys[0]!.data, n, codes));
		}
		let shift = 0;
		let fits = true;
		for (let i = 0; i < this.#types.length; i++) {
			const type = this.#types[i]!;
			const result = this.#kernels[i]!(keys[i]!.data, n, shift, codes);
			if (type === "view") fits &&= Boolean(result);
			shift += CODE_BITS[type]!;
		}
		return fits;
	}
}
