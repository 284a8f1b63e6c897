// BITMAP: sets of 32-bit integers.
import { EngineError } from "../../errors.js";
import { bitmapOf, bitmapText, bitmapValues } from "../../types/bitmap.js";
import { array, BIGINT, BYTES, INTEGER, isInteger, type SqlType, STRING } from "../../types/sql-type.js";
import type { Value } from "../../types/value.js";
import { BINARY_STRING, type Definition, family, parameter } from "../define.js";

const BITMAP: SqlType = { kind: "BITMAP", nullable: true };
export const BITMAP_VALUE = parameter((type) => type.kind === "BITMAP", BITMAP);
const INTEGERS = parameter(
	(type) => type.kind === "ARRAY" && isInteger(type.element) && type.element.kind !== "BIGINT",
	array(INTEGER),
	() => array(INTEGER),
);

const members = (bitmap: Value | undefined): Uint32Array => bitmapValues(bitmap as Uint8Array) ?? new Uint32Array();

export type SetOperation = (left: ReadonlySet<number>, right: ReadonlySet<number>) => Iterable<number>;

export const SET_OPERATIONS = {
	AND: (left, right) => [...left].filter((value) => right.has(value)),
	OR: (left, right) => [...left, ...right],
	XOR: (left, right) => [
		...[...left].filter((value) => !right.has(value)),
		...[...right].filter((value) => !left.has(value)),
	],
	ANDNOT: (left, right) => [...left].filter((value) => !right.has(value)),
} as const satisfies Record<string, SetOperation>;

const operation = (name: keyof typeof SET_OPERATIONS, doc: string, example: string): Definition => ({
	name: `BITMAP_${name}`,
	signatures: `BITMAP_${name}(bitmap, bitmap) -> BITMAP`,
	doc,
	example,
	parameters: [BITMAP_VALUE, BITMAP_VALUE],
	result: BITMAP,
	run: (left, right) => bitmapOf(SET_OPERATIONS[name](new Set(members(left)), new Set(members(right)))),
});

export const bitmapFunctions = family("bitmap", [
	{
		name: "BITMAP_BUILD",
		signatures: "BITMAP_BUILD(array of integers) -> BITMAP",
		doc: "The set of an array's integers, taken as unsigned; NULLs are skipped.",
		example: "BITMAP_TO_STRING(BITMAP_BUILD(ARRAY[3, 1])) = '{1,3}'",
		parameters: [INTEGERS],
		result: BITMAP,
		run: (items) => bitmapOf((items as readonly (number | null)[]).filter((item) => item !== null)),
	},
	{
		name: "BITMAP_CARDINALITY",
		signatures: "BITMAP_CARDINALITY(bitmap) -> BIGINT",
		doc: "How many integers are in a set.",
		example: "BITMAP_CARDINALITY(BITMAP_BUILD(ARRAY[3, 1, 3])) = 2",
		parameters: [BITMAP_VALUE],
		result: BIGINT,
		run: (bitmap) => BigInt(members(bitmap).length),
	},
	operation(
		"AND",
		"The integers in both sets.",
		"BITMAP_TO_STRING(BITMAP_AND(BITMAP_BUILD(ARRAY[1, 2]), BITMAP_BUILD(ARRAY[2]))) = '{2}'",
	),
	operation(
		"OR",
		"The integers in one or both sets.",
		"BITMAP_TO_STRING(BITMAP_OR(BITMAP_BUILD(ARRAY[1]), BITMAP_BUILD(ARRAY[2]))) = '{1,2}'",
	),
	operation(
		"XOR",
		"The integers in exactly one of the sets.",
		"BITMAP_TO_STRING(BITMAP_XOR(BITMAP_BUILD(ARRAY[1, 2]), BITMAP_BUILD(ARRAY[2]))) = '{1}'",
	),
	operation(
		"ANDNOT",
		"The integers in the first set but not in the second.",
		"BITMAP_TO_STRING(BITMAP_ANDNOT(BITMAP_BUILD(ARRAY[1, 2]), BITMAP_BUILD(ARRAY[2]))) = '{1}'",
	),
	{
		name: "BITMAP_FROM_BYTES",
		signatures: "BITMAP_FROM_BYTES(binary) -> BITMAP",
		doc: "The set of bytes in the portable Roaring format.",
		example: "BITMAP_CARDINALITY(BITMAP_FROM_BYTES(BITMAP_TO_BYTES(BITMAP_BUILD(ARRAY[1])))) = 1",
		parameters: [BINARY_STRING],
		result: BITMAP,
		run: (bytes) => {
			const values = bitmapValues(bytes as Uint8Array);
			if (values !== undefined) return bitmapOf(values);
			throw new EngineError("INVALID_ARGUMENT", "BITMAP_FROM_BYTES: the bytes are no Roaring bitmap");
		},
	},
	{
		name: "BITMAP_TO_BYTES",
		signatures: "BITMAP_TO_BYTES(bitmap) -> BYTES",
		doc: "A set in the portable Roaring format.",
		example: "BITMAP_TO_BYTES(BITMAP_BUILD(ARRAY[1, 2])) = x'3a30000001000000000001001000000001000200'",
		parameters: [BITMAP_VALUE],
		result: BYTES,
		run: (bitmap) => bitmap as Uint8Array,
	},
	{
		name: "BITMAP_TO_ARRAY",
		signatures: "BITMAP_TO_ARRAY(bitmap) -> ARRAY<INT>",
		doc: "The integers of a set in ascending order.",
		example: "BITMAP_TO_ARRAY(BITMAP_BUILD(ARRAY[2, 1])) = ARRAY[1, 2]",
		parameters: [BITMAP_VALUE],
		result: array(INTEGER),
		run: (bitmap) => Array.from(members(bitmap), (value) => value | 0),
	},
	{
		name: "BITMAP_TO_STRING",
		signatures: "BITMAP_TO_STRING(bitmap) -> STRING",
		doc: "The integers of a set as text.",
		example: "BITMAP_TO_STRING(BITMAP_BUILD(ARRAY[2, 1])) = '{1,2}'",
		parameters: [BITMAP_VALUE],
		result: STRING,
		run: (bitmap) => bitmapText(bitmap as Uint8Array),
	},
]);
