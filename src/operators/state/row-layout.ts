// Where the fields of a state row lie: packed keys first, then whatever the operator adds. See assembly/row and assembly/hash/packed.ts.
import type { SqlType } from "../../types/sql-type.js";
import { PHYSICAL_WIDTH, type PhysicalType, physicalType } from "../../types/value.js";

/** A column's place in a row. */
export interface RowField {
	readonly type: SqlType;
	readonly physical: PhysicalType;
	readonly offset: number;
	/** The bit that is set when the value is NULL: byte and mask; mask 0: never NULL. */
	readonly nullOffset: number;
	readonly nullMask: number;
}

/**
 * Fields without gaps between them, widest first (views before i128), then one bit per nullable field, then zeros up to a
 * multiple of 8. Rows with equal values have equal bytes, long strings apart.
 */
export interface PackedFields {
	/** In the order of the types given. */
	readonly fields: readonly RowField[];
	readonly bytes: number;
	/** Offset of the null bits and the bytes they take, rounded to the end. */
	readonly nullOffset: number;
	readonly views: number;
	/** Two words: a value and the owner that it belongs to. See assembly/hash/fixed.ts. */
	readonly isOwned?: boolean;
}

const RANK: Readonly<Record<PhysicalType, number>> = {
	view: 0,
	i128: 1,
	i64: 2,
	f64: 2,
	i32: 3,
	f32: 3,
	i16: 4,
	i8: 5,
	bool: 5,
};

export const roundUp = (bytes: number, multiple: number) => Math.ceil(bytes / multiple) * multiple;

/** Lays fields out from `start` (a multiple of 8) on. */
export function packFields(types: readonly SqlType[], start = 0): PackedFields {
	const physicals = types.map(physicalType);
	const order = [...types.keys()].sort((a, b) => rankOf(physicals, a) - rankOf(physicals, b) || a - b);
	const offsets = new Array<number>(types.length);
	let at = start;
	for (const index of order) {
		offsets[index] = at;
		at += PHYSICAL_WIDTH[physicals[index] as PhysicalType];
	}
	const nullOffset = at;
	let nullBit = 0;
	const fields = types.map((type, index): RowField => {
		const bit = type.nullable ? nullBit++ : -1;
		return {
			type,
			physical: physicals[index] as PhysicalType,
			offset: offsets[index] as number,
			nullOffset: bit < 0 ? 0 : nullOffset + (bit >>> 3),
			nullMask: bit < 0 ? 0 : 1 << (bit & 7),
		};
	});
	const end = roundUp(nullOffset + ((nullBit + 7) >>> 3), 8);
	return { fields, bytes: end - start, nullOffset, views: physicals.filter((type) => type === "view").length };
}

const rankOf = (physicals: readonly PhysicalType[], index: number) => RANK[physicals[index] as PhysicalType];

/** Assigns offsets after the keys: what an operator keeps per row. */
export class RowLayout {
	#bytes: number;

	constructor(start: number) {
		this.#bytes = start;
	}

	/** An offset for a value of `bytes` bytes, aligned to its own width (at most 8). */
	reserve(bytes: number): number {
		const offset = roundUp(this.#bytes, Math.min(bytes, 8));
		this.#bytes = offset + bytes;
		return offset;
	}

	/** Bytes of a whole row. */
	get stride(): number {
		return roundUp(this.#bytes, 8);
	}
}
