// Sort keys of a batch as words whose unsigned order is the order of the rows, see assembly/order/words.ts.
import type { Batch, Column } from "../../arrow/batch.js";
import type { SortKey } from "../../job/specs.js";
import { isNested, type Schema } from "../../types/sql-type.js";
import { type PhysicalType, physicalType } from "../../types/value.js";
import type { MemoryOwner } from "../../wasm/heap.js";
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
	view: "View",
} as const satisfies Partial<Record<PhysicalType, string>>;

interface WordKey extends SortKey {
	readonly suffix: (typeof SUFFIX)[keyof typeof SUFFIX];
	/** NULLs have a word of their own. */
	readonly nullable: boolean;
}

export interface Texts {
	readonly address: number;
	readonly bytes: number;
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
		return OrderWords.#of(order, input, false);
	}

	/** Texts have words too, which tell apart those that begin differently: see `textsOf`. */
	static withTexts(order: readonly SortKey[], input: Schema): OrderWords | undefined {
		return OrderWords.#of(order, input, true);
	}

	static #of(order: readonly SortKey[], input: Schema, texts: boolean): OrderWords | undefined {
		const keys: WordKey[] = [];
		for (const key of order) {
			const type = input[key.column]!.type;
			const physical = physicalType(type);
			if (physical === "view" && (!texts || isNested(type))) return undefined;
			keys.push({ ...key, suffix: SUFFIX[physical], nullable: type.nullable });
		}
		return new OrderWords(keys);
	}

	/** For each word how texts that begin alike are compared, see assembly/order/sort.ts; undefined when no key is a text. */
	textsOf(offsetOf: (column: number) => number): Uint32Array | undefined {
		if (!this.#keys.some(({ suffix }) => suffix === "View")) return undefined;
		const texts = this.#keys.flatMap(({ column, ascending, nullsFirst, suffix, nullable }) => {
			const nulls = nullable ? (1 << 30) | (nullsFirst ? 0 : 1 << 29) : 0;
			const value = suffix === "View" ? ((ascending ? 0 : 1 << 31) | nulls | offsetOf(column)) >>> 0 : 0;
			return [...(nullable ? [0] : []), value, ...(suffix === "I128" ? [0] : [])];
		});
		return Uint32Array.from(texts);
	}

	/** `textsOf` in memory that stays, for rows whose columns lie at `offsetOf`; `bytes` 0: there are none. */
	textsIn(region: Region, owner: MemoryOwner, offsetOf: (column: number) => number): Texts {
		const texts = this.textsOf(offsetOf);
		if (!texts) return { address: 0, bytes: 0 };
		// One word more, which is no text.
		const bytes = texts.byteLength + 8;
		const address = region.heap.allocateZeroed(bytes, owner);
		region.u32.set(texts, address >>> 2);
		return { address, bytes };
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

	/** Writes the words of all rows into the rows at `rows`, from `offset` on. */
	write(region: Region, batch: Batch, rows: number, offset: number): void {
		const { arena, kernels } = region;
		const mark = arena.mark();
		kernels.sortWords(rows, batch.length, this.compute(region, batch), this.count, offset);
		arena.release(mark);
	}
}
