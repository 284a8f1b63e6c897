// Sort keys of a batch as words whose unsigned order is the order of the rows, see assembly/order/words.ts.
import type { Batch, Column } from "../../arrow/batch.js";
import type { SortKey } from "../../job/specs.js";
import type { Schema } from "../../types/sql-type.js";
import { type PhysicalType, physicalType } from "../../types/value.js";
import type { Region } from "../../wasm/region.js";

const SUFFIX = {
	bool: "I8",
	i8: "I8",
	i16: "I16",
	i32: "I32",
	i64: "I64",
	i128: "I128",
	f32: "F32",
	f64: "F64",
} as const satisfies Partial<Record<PhysicalType, string>>;

interface WordKey extends SortKey {
	readonly suffix: (typeof SUFFIX)[keyof typeof SUFFIX];
	/** NULLs have a word of their own. */
	readonly nullable: boolean;
}

export class OrderWords {
	readonly #keys: readonly WordKey[];
	/** Words per row. */
	readonly count: number;

	private constructor(keys: readonly WordKey[]) {
		this.#keys = keys;
		this.count = keys.reduce((sum, { suffix, nullable }) => sum + (suffix === "I128" ? 2 : 1) + Number(nullable), 0);
	}

	/** Undefined: a key has no words (strings, nested values). */
	static of(order: readonly SortKey[], input: Schema): OrderWords | undefined {
		const keys: WordKey[] = [];
		for (const key of order) {
			const type = input[key.column]!.type;
			const physical = physicalType(type);
			if (physical === "view") return undefined;
			keys.push({ ...key, suffix: SUFFIX[physical], nullable: type.nullable });
		}
		return new OrderWords(keys);
	}

	/** Address of the words of all rows, row by row, in the arena. */
	compute({ arena, kernels }: Region, { columns, length: n }: Batch): number {
		const stride = this.count * 8;
		const words = arena.allocate(n * stride);
		let at = words;
		for (const { column, ascending, nullsFirst, suffix, nullable } of this.#keys) {
			const { data, validity } = columns[column] as Column;
			if (nullable) {
				kernels.orderNulls(validity, n, nullsFirst, at, stride);
				at += 8;
			}
			kernels[`orderWords${suffix}`](data, validity, n, !ascending, at, stride);
			at += suffix === "I128" ? 16 : 8;
		}
		return words;
	}
}
