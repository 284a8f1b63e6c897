// The functions on arrays. Elements are equal as in GROUP BY: NULL equals NULL.
import { canCastImplicitly } from "../../types/cast.js";
import { leastCommonType } from "../../types/coercion.js";
import { keyText, orderComparator } from "../../types/compare.js";
import {
	array,
	BOOLEAN,
	INTEGER,
	isCharacter,
	type SqlType,
	STRING,
	type TypeOf,
	withNullability,
	withoutAttribute,
} from "../../types/sql-type.js";
import type { Value } from "../../types/value.js";
import { AS_INTEGER, anyNullable, type Definition, family, LIST, parameter, sameAs, TEXT, TRUTH } from "../define.js";
import type { Argument, BoundCall, Resolution, ScalarImplementation } from "../function.js";

type Items = readonly Value[];

const elementOf = (type: SqlType | undefined): SqlType => (type as TypeOf<"ARRAY">).element;

/** (array, element): the element is cast to that of the array. `result` gets the array's type. */
const resolveWithElement =
	(result: (type: TypeOf<"ARRAY">, element: SqlType) => SqlType, nullable: (args: readonly Argument[]) => boolean) =>
	(args: readonly Argument[]): Resolution | undefined => {
		const [list, item] = args;
		if (list?.type.kind !== "ARRAY" || item === undefined || args.length !== 2) return undefined;
		const { type } = list;
		if (!canCastImplicitly(item.type, type.element)) return undefined;
		const element = withNullability(type.element, item.type.nullable);
		return { parameters: [type, element], result: withNullability(result(type, element), nullable(args)) };
	};

const arrayNullable = (args: readonly Argument[]) => args[0]?.type.nullable ?? true;

/** Several arrays in their common type. */
function resolveArrays(args: readonly Argument[]): Resolution | undefined {
	const common = args.length === 0 ? undefined : leastCommonType(args.map((arg) => withoutAttribute(arg.type)));
	if (common?.kind !== "ARRAY") return undefined;
	return {
		parameters: args.map((arg) => withNullability(common, arg.type.nullable)),
		result: withNullability(common, anyNullable(args)),
	};
}

const keyOf = ({ args }: BoundCall): ((item: Value) => string) => {
	const types = [elementOf(args[0]?.type)];
	return (item) => keyText([item], types);
};

/** The first of equal items. */
function distinct(items: Iterable<Value>, key: (item: Value) => string): Value[] {
	const found = new Map<string, Value>();
	for (const item of items) {
		const text = key(item);
		if (!found.has(text)) found.set(text, item);
	}
	return [...found.values()];
}

const setFunction = (
	name: string,
	doc: string,
	example: string,
	combine: (left: Items, right: Items, key: (item: Value) => string) => Value[],
): Definition => ({
	name,
	signatures: `${name}(array, array) -> ARRAY`,
	doc,
	example,
	resolve: (args) => (args.length === 2 ? resolveArrays(args) : undefined),
	implement: (call) => {
		const key = keyOf(call);
		return (left, right) => combine(left as Items, right as Items, key);
	},
});

/** Whether Flink has a smaller and a greater of the type: not of truth values or anything nested. */
const isOrdered = (type: SqlType) => !["BOOLEAN", "ARRAY", "MAP", "MULTISET", "ROW"].includes(type.kind);

const ORDERED_LIST = parameter((type) => type.kind === "ARRAY" && isOrdered(type.element), LIST.fallback);

const extreme = (name: string, descending: boolean, doc: string, example: string): Definition => ({
	name,
	signatures: `${name}(array) -> element`,
	doc,
	example,
	parameters: [ORDERED_LIST],
	result: ([type]) => elementOf(type),
	nullable: true,
	implement: ({ args }) => {
		const compare = orderComparator(elementOf(args[0]?.type), descending);
		return (items) => {
			let best: Value = null;
			for (const item of items as Items) {
				if (item === null || Number.isNaN(item)) best ??= item;
				else if (best === null || (!Number.isNaN(best) && compare(item, best) < 0)) best = item;
			}
			return best;
		};
	},
});

/** Places count from 1, negative ones from the end; 0 counts as 1. */
function slice(items: Items, start: number, end: number): Value[] {
	const from = Math.max(1, start < 0 ? start + items.length + 1 : start);
	const to = Math.max(1, end < 0 ? end + items.length + 1 : end);
	return items.slice(from - 1, to);
}

function implementSort({ args }: BoundCall): ScalarImplementation {
	const element = elementOf(args[0]?.type);
	return (items, ascending = true, nullsFirst = ascending) =>
		[...(items as Items)].sort(orderComparator(element, ascending === false, nullsFirst === false));
}

const TEXTS = parameter((type) => type.kind === "ARRAY" && isCharacter(type.element), array(STRING));

function joinItems(items?: Value, separator?: Value, replacement?: Value): Value {
	if (items === null || separator === null || replacement === null) return null;
	const texts = (items as Items).map((item) => item ?? replacement);
	return texts.filter((text) => text !== undefined).join(separator as string);
}

export const arrayFunctions = family("collection", [
	{
		name: "ARRAY_CONTAINS",
		signatures: "ARRAY_CONTAINS(array, element) -> BOOLEAN",
		doc: "Whether an element is in an array; NULL can be one.",
		example: "ARRAY_CONTAINS(ARRAY[1, 2], 2) = TRUE",
		nulls: "custom",
		resolve: resolveWithElement(() => BOOLEAN, arrayNullable),
		implement: (call) => {
			const key = keyOf(call);
			return (items, sought) => {
				if (items === null) return null;
				const wanted = key(sought as Value);
				return (items as Items).some((item) => key(item) === wanted);
			};
		},
	},
	{
		name: "ARRAY_POSITION",
		signatures: "ARRAY_POSITION(array, element) -> INT",
		doc: "Where an element stands first, counted from 1; 0 when nowhere.",
		example: "ARRAY_POSITION(ARRAY['a', 'b'], 'b') = 2",
		resolve: resolveWithElement(() => INTEGER, anyNullable),
		implement: (call) => {
			const key = keyOf(call);
			return (items, sought) => {
				const wanted = key(sought as Value);
				return (items as Items).findIndex((item) => item !== null && key(item) === wanted) + 1;
			};
		},
	},
	{
		name: "ARRAY_REMOVE",
		signatures: "ARRAY_REMOVE(array, element) -> ARRAY",
		doc: "The array without an element, wherever it stands.",
		example: "ARRAY_REMOVE(ARRAY[1, 2, 1], 1) = ARRAY[2]",
		nulls: "custom",
		resolve: resolveWithElement((type) => type, arrayNullable),
		implement: (call) => {
			const key = keyOf(call);
			return (items, unwanted) => {
				if (items === null) return null;
				const removed = key(unwanted as Value);
				return (items as Items).filter((item) => key(item) !== removed);
			};
		},
	},
	{
		name: "ARRAY_APPEND",
		signatures: "ARRAY_APPEND(array, element) -> ARRAY",
		doc: "The array with an element at its end.",
		example: "ARRAY_APPEND(ARRAY[1], 2) = ARRAY[1, 2]",
		nulls: "custom",
		resolve: resolveWithElement(
			(type, element) => array(withNullability(type.element, type.element.nullable || element.nullable)),
			anyNullable,
		),
		run: (items, item) => (items === null ? null : [...(items as Items), item as Value]),
	},
	{
		name: "ARRAY_PREPEND",
		signatures: "ARRAY_PREPEND(array, element) -> ARRAY",
		doc: "The array with an element at its start.",
		example: "ARRAY_PREPEND(ARRAY[2], 1) = ARRAY[1, 2]",
		nulls: "custom",
		resolve: resolveWithElement(
			(type, element) => array(withNullability(type.element, type.element.nullable || element.nullable)),
			anyNullable,
		),
		run: (items, item) => (items === null ? null : [item as Value, ...(items as Items)]),
	},
	{
		name: "ARRAY_CONCAT",
		signatures: "ARRAY_CONCAT(array, ...) -> ARRAY",
		doc: "The elements of all arrays.",
		example: "ARRAY_CONCAT(ARRAY[1], ARRAY[2]) = ARRAY[1, 2]",
		resolve: resolveArrays,
		run: (...arrays) => (arrays as Items[]).flat(),
	},
	{
		name: "ARRAY_DISTINCT",
		signatures: "ARRAY_DISTINCT(array) -> ARRAY",
		doc: "Each element once, in order of first place.",
		example: "ARRAY_DISTINCT(ARRAY[1, 2, 1]) = ARRAY[1, 2]",
		parameters: [LIST],
		result: sameAs(0),
		implement: (call) => {
			const key = keyOf(call);
			return (items) => distinct(items as Items, key);
		},
	},
	setFunction(
		"ARRAY_UNION",
		"The elements of both arrays, each once.",
		"ARRAY_UNION(ARRAY[1, 2], ARRAY[2, 3]) = ARRAY[1, 2, 3]",
		(left, right, key) => distinct([...left, ...right], key),
	),
	setFunction(
		"ARRAY_EXCEPT",
		"The elements of the first array that are not in the second, each once.",
		"ARRAY_EXCEPT(ARRAY[1, 2], ARRAY[2]) = ARRAY[1]",
		(left, right, key) => {
			const removed = new Set(right.map(key));
			return distinct(
				left.filter((item) => !removed.has(key(item))),
				key,
			);
		},
	),
	setFunction(
		"ARRAY_INTERSECT",
		"The elements that are in both arrays, each once.",
		"ARRAY_INTERSECT(ARRAY[1, 2], ARRAY[2, 3]) = ARRAY[2]",
		(left, right, key) => {
			const kept = new Set(right.map(key));
			return distinct(
				left.filter((item) => kept.has(key(item))),
				key,
			);
		},
	),
	{
		name: "ARRAY_REVERSE",
		signatures: "ARRAY_REVERSE(array) -> ARRAY",
		doc: "The elements in reverse order.",
		example: "ARRAY_REVERSE(ARRAY[1, 2]) = ARRAY[2, 1]",
		parameters: [LIST],
		result: sameAs(0),
		run: (items) => [...(items as Items)].reverse(),
	},
	{
		name: "ARRAY_SLICE",
		signatures: "ARRAY_SLICE(array, start[, end]) -> ARRAY",
		doc: "The elements from one place to another, both included; negative places count from the end.",
		example: "ARRAY_SLICE(ARRAY[1, 2, 3], 2, 3) = ARRAY[2, 3]",
		parameters: [LIST, AS_INTEGER, AS_INTEGER],
		optional: 1,
		result: sameAs(0),
		run: (items, start, end = -1) => slice(items as Items, start as number, end as number),
	},
	{
		name: "ARRAY_SORT",
		signatures: "ARRAY_SORT(array[, ascending[, nulls first]]) -> ARRAY",
		doc: "The elements in order; NULLs first when ascending and last when descending, unless said.",
		example: "ARRAY_SORT(ARRAY[2, 1]) = ARRAY[1, 2]",
		parameters: [ORDERED_LIST, TRUTH, TRUTH],
		optional: 2,
		result: sameAs(0),
		implement: implementSort,
	},
	extreme("ARRAY_MAX", true, "The greatest element that is not NULL.", "ARRAY_MAX(ARRAY[1, 3, 2]) = 3"),
	extreme("ARRAY_MIN", false, "The smallest element that is not NULL.", "ARRAY_MIN(ARRAY[3, 1, 2]) = 1"),
	{
		name: "ARRAY_JOIN",
		signatures: "ARRAY_JOIN(array, separator[, null text]) -> STRING",
		doc: "The elements joined as text; NULLs are left out or written as a given text.",
		example: "ARRAY_JOIN(ARRAY['a', 'b'], '-') = 'a-b'",
		nulls: "custom",
		parameters: [TEXTS, TEXT, TEXT],
		optional: 1,
		result: STRING,
		run: joinItems,
	},
]);
