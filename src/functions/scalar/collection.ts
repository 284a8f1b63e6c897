// Constructors of ARRAY, MAP and ROW, access to their parts, and the functions on maps.
import { EngineError } from "../../errors.js";
import { leastCommonType } from "../../types/coercion.js";
import { keyText } from "../../types/compare.js";
import {
	array,
	INTEGER,
	isCharacter,
	isInteger,
	map,
	multiset,
	notNull,
	row,
	type SqlType,
	type TypeOf,
	withNullability,
	withoutAttribute,
} from "../../types/sql-type.js";
import type { Value } from "../../types/value.js";
import { family, LIST, MAPPING, parameter } from "../define.js";
import type { Argument, BoundCall, Resolution, ScalarImplementation } from "../function.js";

type Entries = readonly (readonly [Value, Value])[];

const typesOf = (args: readonly Argument[]): SqlType[] => args.map((arg) => withoutAttribute(arg.type));

function resolveArray(args: readonly Argument[]): Resolution | undefined {
	const element = args.length === 0 ? undefined : leastCommonType(typesOf(args));
	if (element === undefined || element.kind === "NULL") return undefined;
	return {
		parameters: args.map((arg) => withNullability(element, arg.type.nullable)),
		result: notNull(array(element)),
	};
}

function resolveMap(args: readonly Argument[]): Resolution | undefined {
	if (args.length === 0) return undefined;
	if (args.length % 2 === 1) throw new EngineError("INVALID_ARGUMENT", "MAP needs a value for every key");
	const types = typesOf(args);
	const key = leastCommonType(types.filter((_, i) => i % 2 === 0));
	const value = leastCommonType(types.filter((_, i) => i % 2 === 1));
	if (key === undefined || value === undefined) return undefined;
	return {
		parameters: args.map((arg, i) => withNullability(i % 2 === 0 ? key : value, arg.type.nullable)),
		result: notNull(map(key, value)),
	};
}

/** The element's own type, nullable also where the array is. */
function resolveElement(args: readonly Argument[]): Resolution | undefined {
	const type = args[0]?.type;
	if (type?.kind !== "ARRAY" || args.length !== 1) return undefined;
	return { parameters: [type], result: withNullability(type.element, type.nullable || type.element.nullable) };
}

/** Entries with distinct keys; of equal keys the last value counts, at the place of the first. */
export function distinctEntries(entries: Iterable<readonly [Value, Value]>, keyType: SqlType): [Value, Value][] {
	const found = new Map<string, [Value, Value]>();
	for (const [key, value] of entries) found.set(keyText([key], [keyType]), [key, value]);
	return [...found.values()];
}

/** What Flink gives for a part that is not there when its type is NOT NULL; NULL otherwise. */
function absentValue(type: SqlType): Value {
	if (type.nullable) return null;
	switch (type.kind) {
		case "CHAR":
			return " ".repeat(type.length);
		case "VARCHAR":
			return "";
		case "BOOLEAN":
			return false;
		case "BIGINT":
			return -1n;
		case "TINYINT":
		case "SMALLINT":
		case "INTEGER":
		case "FLOAT":
		case "DOUBLE":
		case "DATE":
		case "INTERVAL_YEAR_MONTH":
		case "INTERVAL_DAY_TIME":
			return -1;
		default:
			return null;
	}
}

function resolveItem(args: readonly Argument[]): Resolution | undefined {
	const [collection, index] = args;
	if (collection === undefined || index === undefined || args.length !== 2) return undefined;
	const { type } = collection;
	if (type.kind === "ARRAY") {
		if (!isInteger(index.type)) return undefined;
		if (typeof index.literal === "number" && index.literal < 1) {
			throw new EngineError("INVALID_ARGUMENT", `An array has no element ${index.literal}`, {
				expected: "an index from 1",
			});
		}
		return {
			parameters: [type, withNullability(INTEGER, index.type.nullable)],
			result: withNullability(type.element, true),
		};
	}
	if (type.kind === "MAP" && index.type.kind !== "NULL" && isCharacter(type.key) === isCharacter(index.type)) {
		return {
			parameters: [type, withNullability(type.key, index.type.nullable)],
			result: withNullability(type.value, true),
		};
	}
	return undefined;
}

const elementType = (type: SqlType): SqlType => (type as TypeOf<"ARRAY">).element;

function implementItem({ args }: BoundCall): ScalarImplementation {
	const { type } = args[0] as Argument;
	if (type.kind === "MAP") {
		const absent = absentValue(type.value);
		return (entries, key) => {
			const wanted = keyText([key as Value], [type.key]);
			const found = (entries as Entries).find((entry) => keyText([entry[0]], [type.key]) === wanted);
			return found === undefined ? absent : found[1];
		};
	}
	const absent = absentValue(elementType(type));
	return (items, index) => {
		const item = (items as readonly Value[])[(index as number) - 1];
		return item === undefined ? absent : item;
	};
}

const COLLECTION = parameter(
	(type) => type.kind === "ARRAY" || type.kind === "MAP" || type.kind === "MULTISET",
	multiset(INTEGER),
);

function cardinality(value: Value | undefined, type: SqlType): number {
	const items = value as readonly Value[];
	if (type.kind !== "MULTISET") return items.length;
	return (items as Entries).reduce((sum, [, count]) => sum + (count as number), 0);
}

const mapOf = (types: readonly SqlType[], index = 0) => types[index] as TypeOf<"MAP">;

/** The common type of maps, each cast to it. */
function resolveUnion(args: readonly Argument[]): Resolution | undefined {
	const common = args.length === 0 ? undefined : leastCommonType(typesOf(args));
	if (common?.kind !== "MAP") return undefined;
	return { parameters: args.map((arg) => withNullability(common, arg.type.nullable)), result: common };
}

export const collectionFunctions = family("collection", [
	{
		name: "ARRAY",
		signatures: "ARRAY[any, ...] -> ARRAY",
		doc: "An array of the values, in their common type.",
		example: "CARDINALITY(ARRAY[1, 2]) = 2",
		nulls: "custom",
		resolve: resolveArray,
		run: (...items) => items,
	},
	{
		name: "MAP",
		signatures: "MAP[key, value, ...] -> MAP",
		doc: "A map of keys and values; of equal keys the last counts.",
		example: "MAP['a', 1]['a'] = 1",
		nulls: "custom",
		resolve: resolveMap,
		implement: ({ result }) => {
			const { key } = result as TypeOf<"MAP">;
			return (...items) => {
				const pairs: [Value, Value][] = [];
				for (let i = 0; i < items.length; i += 2) pairs.push([items[i] as Value, items[i + 1] as Value]);
				return distinctEntries(pairs, key);
			};
		},
	},
	{
		name: "ROW",
		signatures: "ROW(any, ...) -> ROW",
		doc: "A row of the values.",
		example: "ROW(1, 'a') = ROW(1, 'a')",
		nulls: "custom",
		resolve: (args) => ({
			parameters: typesOf(args),
			result: notNull(row(typesOf(args).map((type, i) => ({ name: `EXPR$${i}`, type })))),
		}),
		run: (...items) => items,
	},
	{
		name: "ITEM",
		signatures: ["array[index] -> element", "map[key] -> value"],
		doc: "The element at a place (from 1), or the value of a key; NULL when there is none.",
		example: "ARRAY['a', 'b'][2] = 'b'",
		resolve: resolveItem,
		implement: implementItem,
	},
	{
		name: "CARDINALITY",
		signatures: ["CARDINALITY(array) -> INT", "CARDINALITY(map) -> INT"],
		doc: "How many elements or entries there are.",
		example: "CARDINALITY(ARRAY[1, 2, 3]) = 3",
		parameters: [COLLECTION],
		result: INTEGER,
		implement: ({ args }) => {
			const { type } = args[0] as Argument;
			return (value) => cardinality(value, type);
		},
	},
	{
		name: "ELEMENT",
		signatures: "ELEMENT(array) -> element",
		doc: "The only element of an array; NULL of an empty one, an error of a longer one.",
		example: "ELEMENT(ARRAY[7]) = 7",
		resolve: resolveElement,
		run: (items) => {
			const [first, ...rest] = items as readonly Value[];
			if (rest.length === 0) return first ?? null;
			throw new EngineError("INVALID_ARGUMENT", "ELEMENT of an array with more than one element");
		},
	},
	{
		name: "MAP_KEYS",
		signatures: "MAP_KEYS(map) -> ARRAY",
		doc: "The keys of a map.",
		example: "MAP_KEYS(MAP['a', 1]) = ARRAY['a']",
		parameters: [MAPPING],
		result: (types) => array(mapOf(types).key),
		run: (entries) => (entries as Entries).map(([key]) => key),
	},
	{
		name: "MAP_VALUES",
		signatures: "MAP_VALUES(map) -> ARRAY",
		doc: "The values of a map.",
		example: "MAP_VALUES(MAP['a', 1]) = ARRAY[1]",
		parameters: [MAPPING],
		result: (types) => array(mapOf(types).value),
		run: (entries) => (entries as Entries).map(([, value]) => value),
	},
	{
		name: "MAP_ENTRIES",
		signatures: "MAP_ENTRIES(map) -> ARRAY<ROW<key, value>>",
		doc: "The entries of a map as rows.",
		example: "CARDINALITY(MAP_ENTRIES(MAP['a', 1])) = 1",
		parameters: [MAPPING],
		result: (types) => {
			const { key, value } = mapOf(types);
			return array(
				row([
					{ name: "key", type: key },
					{ name: "value", type: value },
				]),
			);
		},
		run: (entries) => (entries as Entries).map(([key, value]) => [key, value]),
	},
	{
		name: "MAP_FROM_ARRAYS",
		signatures: "MAP_FROM_ARRAYS(keys, values) -> MAP",
		doc: "The map of an array of keys and an array of values, which are equally long.",
		example: "MAP_FROM_ARRAYS(ARRAY['a'], ARRAY[1])['a'] = 1",
		parameters: [LIST, LIST],
		result: ([keys, values]) =>
			keys?.kind === "ARRAY" && values?.kind === "ARRAY" ? map(keys.element, values.element) : undefined,
		implement: ({ result }) => {
			const { key } = result as TypeOf<"MAP">;
			return (keys, values) => {
				const [names, items] = [keys as readonly Value[], values as readonly Value[]];
				if (names.length !== items.length) {
					throw new EngineError(
						"INVALID_ARGUMENT",
						`MAP_FROM_ARRAYS got ${names.length} keys and ${items.length} values`,
					);
				}
				return distinctEntries(
					names.map((name, i) => [name, items[i] as Value] as const),
					key,
				);
			};
		},
	},
	{
		name: "MAP_UNION",
		signatures: "MAP_UNION(map, ...) -> MAP",
		doc: "The entries of all maps; of equal keys the last counts.",
		example: "MAP_UNION(MAP['a', 1], MAP['a', 2])['a'] = 2",
		resolve: resolveUnion,
		implement: ({ result }) => {
			const { key } = result as TypeOf<"MAP">;
			return (...maps) => distinctEntries((maps as Entries[]).flat(), key);
		},
	},
]);
