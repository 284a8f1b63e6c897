// How keys lie at the beginning of a row of an index, and the kernels for those that are one narrow value.
import type { SqlType } from "../../types/sql-type.js";
import type { PhysicalType } from "../../types/value.js";
import type { Kernels } from "../../wasm/kernels.js";
import { type PackedFields, packFields } from "./row-layout.js";

type FixedSuffix = "I8" | "I16" | "I32" | "I64" | "F32" | "F64";

const FIXED_SUFFIX: Partial<Record<PhysicalType, FixedSuffix>> = {
	bool: "I8",
	i8: "I8",
	i16: "I16",
	i32: "I32",
	i64: "I64",
	f32: "F32",
	f64: "F64",
};

export type FixedKernels = NonNullable<ReturnType<typeof fixedKernels>>;

/** Of keys of one narrow column; undefined for others. */
export function fixedKernels(kernels: Kernels, physical: PhysicalType) {
	const suffix = FIXED_SUFFIX[physical];
	if (suffix === undefined) return undefined;
	const near =
		suffix === "I32" || suffix === "I64"
			? { find: kernels[`nearFind${suffix}`], add: kernels[`nearAdd${suffix}`] }
			: undefined;
	return { find: kernels[`find${suffix}`], lookup: kernels[`lookup${suffix}`], near };
}

/** Of an owner and one narrow value; undefined for others. */
export function ownedKernel(kernels: Kernels, physical: PhysicalType): Kernels["findOwnedI64"] | undefined {
	const suffix = FIXED_SUFFIX[physical];
	return suffix && kernels[`findOwned${suffix}`];
}

/** The layout of a key: a single narrow one is widened to 8 bytes, with a whole word that says whether it is NULL. */
export function keyLayout(types: readonly SqlType[]): PackedFields {
	const packed = packFields(types);
	const [only] = packed.fields;
	if (packed.fields.length !== 1 || only === undefined || FIXED_SUFFIX[only.physical] === undefined) return packed;
	const { nullable } = only.type;
	const field = { ...only, nullOffset: nullable ? 8 : 0, nullMask: nullable ? 1 : 0 };
	return { fields: [field], bytes: nullable ? 16 : 8, nullOffset: 8, views: 0 };
}

/** The layout of a u32 owner and values that are never NULL: the owner's field comes first. A single narrow value is widened to 8 bytes. */
export function ownedLayout(owner: SqlType, types: readonly SqlType[]): PackedFields {
	const packed = packFields([owner, ...types]);
	const [first, only] = packed.fields;
	if (packed.fields.length !== 2 || !first || !only || FIXED_SUFFIX[only.physical] === undefined) return packed;
	return {
		fields: [
			{ ...first, offset: 8 },
			{ ...only, offset: 0 },
		],
		bytes: 16,
		nullOffset: 16,
		views: 0,
		isOwned: true,
	};
}
