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

export function keyOf(columns: readonly number[], schema: Schema): KeyOf {
	const types = columns.map((column) => typeAt(schema, column));
	const [only] = columns;
	if (only === undefined) return () => null;
	if (columns.length === 1 && isPlain(types[0]!)) return (row) => row[only] as Key;
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

/** Where `row` goes in a sorted list: after the rows equal to it. */
export function insertionPoint<T>(list: readonly T[], item: T, compare: (left: T, right: T) => number): number {
	let low = 0;
	let high = list.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (compare(list[middle]!, item) <= 0) low = middle + 1;
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
