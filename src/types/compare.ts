// Order and equality of values by type, as ORDER BY, GROUP BY and the comparison operators need them.
// Strings compare by UTF-8 bytes (equals code points); in order and grouping NaN equals itself and lies above
// Infinity, and -0.0 equals 0.0.
import type { SqlType } from "./sql-type.js";
import type { Row, Value } from "./value.js";

export type Comparator = (left: Value, right: Value) => number;

/** By code points, which is the order of the UTF-8 bytes; UTF-16 units differ where surrogates meet U+E000–U+FFFF. */
export function compareStrings(left: string, right: string): number {
	const length = Math.min(left.length, right.length);
	for (let i = 0; i < length; i++) {
		const a = left.charCodeAt(i);
		const b = right.charCodeAt(i);
		if (a !== b) return a >= 0xd800 && b >= 0xd800 ? surrogatesLast(a) - surrogatesLast(b) : a - b;
	}
	return left.length - right.length;
}

const surrogatesLast = (unit: number) => (unit >= 0xe000 ? unit - 0x800 : unit + 0x2000);

export function compareBytes(left: Uint8Array, right: Uint8Array): number {
	const length = Math.min(left.length, right.length);
	for (let i = 0; i < length; i++) {
		const difference = (left[i] as number) - (right[i] as number);
		if (difference !== 0) return difference;
	}
	return left.length - right.length;
}

/** Total order of doubles: NaN last, the zeros equal. */
export function compareDoubles(left: number, right: number): number {
	if (left < right) return -1;
	if (left > right) return 1;
	if (left === right) return 0;
	return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
}

/** Order of two values that are not NULL. */
export function comparatorOf(type: SqlType): Comparator {
	switch (type.kind) {
		case "CHAR":
		case "VARCHAR":
		case "SYMBOL":
			return (left, right) => compareStrings(left as string, right as string);
		case "BINARY":
		case "VARBINARY":
		case "BITMAP":
			return (left, right) => compareBytes(left as Uint8Array, right as Uint8Array);
		case "FLOAT":
		case "DOUBLE":
			return (left, right) => compareDoubles(left as number, right as number);
		case "ARRAY":
			return lists(nullsFirst(comparatorOf(type.element)));
		case "ROW":
			return rows(type.fields.map((field) => nullsFirst(comparatorOf(field.type))));
		case "MAP":
			return entries(comparatorOf(type.key), nullsFirst(comparatorOf(type.value)));
		case "MULTISET":
			return entries(comparatorOf(type.element), scalars);
		default:
			return scalars;
	}
}

const scalars: Comparator = (left, right) => {
	const a = left as number | bigint | boolean;
	const b = right as number | bigint | boolean;
	return a < b ? -1 : a > b ? 1 : 0;
};

/** Adds Flink's default place of NULL: first when ascending (so last when the result is negated for DESC). */
export function nullsFirst(compare: Comparator): Comparator {
	return (left, right) => {
		if (left === null) return right === null ? 0 : -1;
		return right === null ? 1 : compare(left, right);
	};
}

/** One key of an ORDER BY. `nullsLast` is the clause, or Flink's default: first ascending, last descending. */
export function orderComparator(type: SqlType, descending: boolean, nullsLast = descending): Comparator {
	const compare = comparatorOf(type);
	const nullRank = nullsLast ? 1 : -1;
	return (left, right) => {
		if (left === null) return right === null ? 0 : nullRank;
		if (right === null) return -nullRank;
		return descending ? compare(right, left) : compare(left, right);
	};
}

function lists(compare: Comparator): Comparator {
	return (left, right) => {
		const a = left as readonly Value[];
		const b = right as readonly Value[];
		for (let i = 0; i < a.length && i < b.length; i++) {
			const order = compare(a[i] as Value, b[i] as Value);
			if (order !== 0) return order;
		}
		return a.length - b.length;
	};
}

function rows(compare: readonly Comparator[]): Comparator {
	return (left, right) => {
		for (const [i, field] of compare.entries()) {
			const order = field((left as Row)[i] as Value, (right as Row)[i] as Value);
			if (order !== 0) return order;
		}
		return 0;
	};
}

/** Maps have no order in SQL; sorted entries make one, so that equal maps are equal whatever their order. */
function entries(compareKeys: Comparator, compareValues: Comparator): Comparator {
	const keys = nullsFirst(compareKeys);
	const byKey = (left: Value, right: Value) => keys((left as Row)[0] as Value, (right as Row)[0] as Value);
	const compareEntries = lists(rows([keys, compareValues]));
	return (left, right) =>
		compareEntries([...(left as readonly Value[])].sort(byKey), [...(right as readonly Value[])].sort(byKey));
}

/** Whether two values are the same for GROUP BY, DISTINCT and joins IS NOT DISTINCT FROM: NULL equals NULL. */
export function equalValues(left: Value, right: Value, type: SqlType): boolean {
	return nullsFirst(comparatorOf(type))(left, right) === 0;
}

/** A canonical string of a key: equal exactly when all values are equal in the sense of equalValues. For Map keys. */
export function keyText(values: Row, types: readonly SqlType[]): string {
	let text = "";
	for (let i = 0; i < values.length; i++) text += keyPart(values[i] as Value, types[i] as SqlType);
	return text;
}

/** Self-delimiting: strings carry their length, all else ends with `;`. */
function keyPart(value: Value, type: SqlType): string {
	if (value === null) return "~;";
	if (typeof value === "string") return `${value.length}:${value};`;
	if (typeof value === "number") return value === 0 ? "0;" : `${value};`;
	if (typeof value === "bigint" || typeof value === "boolean") return `${value};`;
	if (value instanceof Uint8Array) return `${value.join(",")};`;
	const items = value as readonly Value[];
	switch (type.kind) {
		case "ARRAY":
			return `[${items.map((item) => keyPart(item, type.element)).join("")}];`;
		case "ROW":
			return `(${items.map((item, i) => keyPart(item, (type.fields[i] as { type: SqlType }).type)).join("")});`;
		case "MAP":
			return mapKey(items, type.key, type.value);
		case "MULTISET":
			return mapKey(items, type.element, { kind: "INTEGER", nullable: false });
		default:
			return `${items.length};`;
	}
}

function mapKey(items: readonly Value[], key: SqlType, value: SqlType): string {
	const parts = items.map(
		(entry) => keyPart((entry as Row)[0] as Value, key) + keyPart((entry as Row)[1] as Value, value),
	);
	return `{${parts.sort().join("")}};`;
}
