// How the values of a flat column are written: the physical type in the file, and the bounds that its statistics tell.
import type { Statistics } from "hyparquet";
import type { SqlType } from "../../types/sql-type.js";
import { physicalType } from "../../types/value.js";
import type { Region } from "../../wasm/region.js";

/** Codes of castTo…. */
const SOURCE = { i8: 0, i16: 1, i64: 3 } as const;

export interface WrittenValues {
	readonly form: "bits" | "i32" | "i64" | "f32" | "f64" | "i128" | "texts";
	/** What must be made i32 first: the code of castToI32. */
	readonly narrowFrom?: number;
	readonly isDecimal: boolean;
}

/** Undefined: nested. */
export function writtenValues(type: SqlType): WrittenValues | undefined {
	const isDecimal = type.kind === "DECIMAL";
	switch (type.kind) {
		case "ARRAY":
		case "MAP":
		case "MULTISET":
		case "ROW":
			return undefined;
		case "DECIMAL":
			if (type.precision <= 9) return { form: "i32", narrowFrom: SOURCE.i64, isDecimal };
			break;
	}
	switch (physicalType(type)) {
		case "bool":
			return { form: "bits", isDecimal };
		case "i8":
			return { form: "i32", narrowFrom: SOURCE.i8, isDecimal };
		case "i16":
			return { form: "i32", narrowFrom: SOURCE.i16, isDecimal };
		case "view":
			return { form: "texts", isDecimal };
		default:
			return { form: physicalType(type) as WrittenValues["form"], isDecimal };
	}
}

/** Bytes of a value before it is written. */
export const FORM_WIDTH = { bits: 1, i32: 4, i64: 8, f32: 4, f64: 8, i128: 16, texts: 16 } as const;

export interface ValueBounds {
	readonly min: Statistics["min_value"];
	readonly max: Statistics["max_value"];
}

/** The least and greatest of what has been taken in. */
export class Bounds {
	readonly #values: WrittenValues;
	#least: bigint | number | Uint8Array | undefined;
	#greatest: bigint | number | Uint8Array | undefined;

	constructor(values: WrittenValues) {
		this.#values = values;
	}

	/** Takes in `n` > 0 values in the form that is written. */
	add(region: Region, values: number, n: number): void {
		const { form } = this.#values;
		if (form === "texts") this.#addTexts(region, values, n);
		else if (form !== "bits") this.#addNumbers(region, form, values, n);
	}

	addBits(ones: number, n: number): void {
		this.#include(ones === n ? 1 : 0);
		this.#include(ones > 0 ? 1 : 0);
	}

	addText(bytes: Uint8Array): void {
		if (this.#least === undefined || compare(bytes, this.#least as Uint8Array) < 0) this.#least = bytes.slice();
		if (this.#greatest === undefined || compare(bytes, this.#greatest as Uint8Array) > 0)
			this.#greatest = bytes.slice();
	}

	get(): ValueBounds | undefined {
		if (this.#least === undefined || this.#greatest === undefined) return undefined;
		const { form, isDecimal } = this.#values;
		const [min, max] = [this.#least, this.#greatest];
		if (form === "bits") return { min: min === 1, max: max === 1 };
		if (isDecimal) return { min: BigInt(min as number), max: BigInt(max as number) };
		// Zeros of both signs are equal, and the bounds must hold both.
		if (form === "f32" || form === "f64")
			return { min: min === 0 ? -0 : (min as number), max: max === 0 ? 0 : (max as number) };
		return { min, max };
	}

	reset(): void {
		this.#least = undefined;
		this.#greatest = undefined;
	}

	#addNumbers(region: Region, form: keyof typeof NUMBERS, values: number, n: number): void {
		const { arena, kernels } = region;
		const { kernel, width, least, greatest, read, write } = NUMBERS[form];
		const mark = arena.mark();
		const bounds = arena.allocate(width * 2);
		write(region.data, bounds, greatest);
		write(region.data, bounds + width, least);
		kernels[kernel](values, n, bounds);
		const found = [read(region.data, bounds), read(region.data, bounds + width)] as const;
		arena.release(mark);
		// NaN alone.
		if (found[0] > found[1]) return;
		this.#include(found[0]);
		this.#include(found[1]);
	}

	#include(value: bigint | number): void {
		if (this.#least === undefined || value < (this.#least as number)) this.#least = value;
		if (this.#greatest === undefined || value > (this.#greatest as number)) this.#greatest = value;
	}

	#addTexts(region: Region, views: number, n: number): void {
		const { arena, kernels } = region;
		const mark = arena.mark();
		const rows = arena.allocate(8);
		kernels.parquetBoundsTexts(views, n, rows);
		for (const row of region.u32.slice(rows / 4, rows / 4 + 2)) {
			const view = views + row * 16;
			const length = region.data.getUint32(view, true);
			const bytes = length <= 12 ? view + 4 : region.data.getUint32(view + 12, true);
			this.addText(region.u8.subarray(bytes, bytes + length));
		}
		arena.release(mark);
	}
}

type Read = (data: DataView, at: number) => number | bigint;
type Write = (data: DataView, at: number, value: number | bigint) => void;

const wide = (data: DataView, at: number) => (data.getBigInt64(at + 8, true) << 64n) | data.getBigUint64(at, true);

const NUMBERS = {
	i32: {
		kernel: "parquetBoundsI32",
		width: 4,
		least: -(2 ** 31),
		greatest: 2 ** 31 - 1,
		read: (data, at) => data.getInt32(at, true),
		write: (data, at, value) => data.setInt32(at, Number(value), true),
	},
	i64: {
		kernel: "parquetBoundsI64",
		width: 8,
		least: -(2n ** 63n),
		greatest: 2n ** 63n - 1n,
		read: (data, at) => data.getBigInt64(at, true),
		write: (data, at, value) => data.setBigInt64(at, BigInt(value), true),
	},
	f32: {
		kernel: "parquetBoundsF32",
		width: 4,
		least: Number.NEGATIVE_INFINITY,
		greatest: Number.POSITIVE_INFINITY,
		read: (data, at) => data.getFloat32(at, true),
		write: (data, at, value) => data.setFloat32(at, Number(value), true),
	},
	f64: {
		kernel: "parquetBoundsF64",
		width: 8,
		least: Number.NEGATIVE_INFINITY,
		greatest: Number.POSITIVE_INFINITY,
		read: (data, at) => data.getFloat64(at, true),
		write: (data, at, value) => data.setFloat64(at, Number(value), true),
	},
	i128: {
		kernel: "parquetBoundsI128",
		width: 16,
		least: -(2n ** 127n),
		greatest: 2n ** 127n - 1n,
		read: wide,
		write: (data, at, value) => {
			data.setBigInt64(at, BigInt(value), true);
			data.setBigInt64(at + 8, BigInt(value) >> 64n, true);
		},
	},
} as const satisfies Record<
	string,
	{ kernel: string; width: number; least: unknown; greatest: unknown; read: Read; write: Write }
>;

function compare(left: Uint8Array, right: Uint8Array): number {
	const length = Math.min(left.length, right.length);
	for (let i = 0; i < length; i++) {
		const difference = (left[i] as number) - (right[i] as number);
		if (difference !== 0) return difference;
	}
	return left.length - right.length;
}
