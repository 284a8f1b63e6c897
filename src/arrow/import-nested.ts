// Struct, List and Map columns → JavaScript values, from which their encoding is written. Children are imported as columns first.
import type * as arrow from "apache-arrow";
import type { SqlType } from "../types/sql-type.js";
import type { Value } from "../types/value.js";
import { offsetsOf } from "./offsets.js";

/** The values of a child of a nested column. */
export type ChildValues = (source: arrow.Data, type: SqlType) => readonly Value[];

export function nestedValues(source: arrow.Data, type: SqlType, childValues: ChildValues): Value[] {
	// Of a column without any value apache-arrow may have made no children.
	if (source.nullCount === source.length) return Array.from({ length: source.length }, () => null);
	const values = presentValues(source, type, childValues);
	if (source.nullCount > 0) for (let row = 0; row < source.length; row++) if (!source.getValid(row)) values[row] = null;
	return values;
}

function presentValues(source: arrow.Data, type: SqlType, childValues: ChildValues): Value[] {
	const { length, children } = source;
	if (type.kind === "ROW") {
		const fields = type.fields.map((field, index) => childValues(children[index] as arrow.Data, field.type));
		return Array.from({ length }, (_, row) => fields.map((values) => values[row] as Value));
	}
	if (type.kind === "MAP") {
		const entries = rangeOf(source);
		const keys = childValues(entries.children[0] as arrow.Data, type.key);
		const values = childValues(entries.children[1] as arrow.Data, type.value);
		return slices(
			source,
			keys.map((key, i) => [key, values[i] as Value]),
		);
	}
	return slices(source, childValues(rangeOf(source), (type as { element: SqlType }).element));
}

/** The part of the child that the rows use. */
function rangeOf(source: arrow.Data): arrow.Data {
	const child = source.children[0] as arrow.Data;
	const boundary = boundaries(source);
	return child.slice(boundary(0), boundary(source.length) - boundary(0));
}

/** Where a row begins in the child; lists of fixed size have no offsets. */
function boundaries(source: arrow.Data): (row: number) => number {
	const { valueOffsets, stride } = source;
	if (!valueOffsets) return (row) => row * stride;
	const offsets = offsetsOf(source);
	return (row) => Number(offsets[row]);
}

function slices(source: arrow.Data, items: readonly Value[]): Value[] {
	const boundary = boundaries(source);
	const first = boundary(0);
	return Array.from({ length: source.length }, (_, row) =>
		items.slice(boundary(row) - first, boundary(row + 1) - first),
	);
}
