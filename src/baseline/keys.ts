// Keys of Maps, row equality and row order: how operators find rows by the values of some columns.
import type { SortKey } from "../job/specs.js";
import { comparatorOf, keyText, nullsFirst, orderComparator } from "../types/compare.js";
import { isNested, type Schema, type SqlType } from "../types/sql-type.js";
import type { Row, Value } from "../types/value.js";

/** Equal (by SameValueZero) exactly when the columns are equal as GROUP BY has it: NULLs equal, NaNs equal, zeros equal. */
export type Key = string | number | bigint | boolean | null;
export type KeyOf = (row: Row) => Key;

const typeAt = (schema: Schema, column: number): SqlType => schema[column]!.type;
const isPlain = (type: SqlType) =>
	!isNested(type) && type.kind !== "BINARY" && type.kind !== "VARBINARY" && type.kind !== "BITMAP";

/** A Map finds small integers faster as numbers. Columns that have bigints have no numbers, so no two values become one key. */
function plainKey(value: Key): Key {
	if (typeof value !== "bigint") return value;
	const small = Number(value);
	return Number.isSafeInteger(small) ? small : value;
}

export function keyOf(columns: readonly number[], schema: Schema): KeyOf {
	const types = columns.map((column) => typeAt(schema, column));
	const [only] = columns;
	if (only === undefined) return () => null;
	if (columns.length === 1 && isPlain(types[0]!)) return (row) => plainKey(row[only] as Key);
	return (row) => keyText(pick(row, columns), types);
}

/** As keyOf, but `undefined`, which equals nothing, when a column is NULL that is not compared by IS NOT DISTINCT FROM. */
export function joinKeyOf(
	columns: readonly number[],
	nullSafe: readonly boolean[],
	schema: Schema,
): (row: Row) => Key | undefined {
	const key = keyOf(columns, schema);
	const strict = columns.filter((_, i) => nullSafe[i] !== true);
	const [only] = strict;
	if (only === undefined) return key;
	if (strict.length === 1) return (row) => (row[only] === null ? undefined : key(row));
	return (row) => (strict.some((column) => row[column] === null) ? undefined : key(row));
}

/** The key of a whole row. */
export const rowKeyOf = (schema: Schema): KeyOf => keyOf([...schema.keys()], schema);

export function pick(row: Row, columns: readonly number[]): Value[] {
	return columns.map((column) => row[column]!);
}

export function equalRows(types: readonly SqlType[]): (left: Row, right: Row) => boolean {
	const comparators = types.map((type) => nullsFirst(comparatorOf(type)));
	return (left, right) => {
		if (left === right) return true;
		for (let i = 0; i < comparators.length; i++) if (comparators[i]!(left[i]!, right[i]!) !== 0) return false;
		return true;
	};
}

export type RowComparator = (left: Row, right: Row) => number;

export function orderOf(order: readonly SortKey[], schema: Schema): RowComparator {
	const keys = order.map(({ column, ascending, nullsFirst: first }) => ({
		column,
		compare: orderComparator(typeAt(schema, column), !ascending, !first),
	}));
	return (left, right) => {
		for (const { column, compare } of keys) {
			const result = compare(left[column]!, right[column]!);
			if (result !== 0) return result;
		}
		return 0;
	};
}

type Compare<T> = (left: T, right: T) => number;

/** Where `item` goes in a sorted list: after those equal to it. */
export const insertionPoint = <T>(list: readonly T[], item: T, compare: Compare<T>): number =>
	partitionPoint(list, (other) => compare(other, item) <= 0);

/** Where the items equal to `item` begin in a sorted list. */
export const firstPeer = <T>(list: readonly T[], item: T, compare: Compare<T>): number =>
	partitionPoint(list, (other) => compare(other, item) < 0);

/** The first place of a list from which on `isBefore` does not hold. */
export function partitionPoint<T>(list: readonly T[], isBefore: (item: T) => boolean): number {
	let low = 0;
	let high = list.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (isBefore(list[middle]!)) low = middle + 1;
		else high = middle;
	}
	return low;
}

/** The value of `map` at `key`, made when absent. */
export function getOrCreate<K, V>(map: Map<K, V>, key: K, create: () => V): V {
	let value = map.get(key);
	if (value === undefined) {
		value = create();
		map.set(key, value);
	}
	return value;
}
