// Struct, List and Map columns → JavaScript values, from which their encoding is written. Children are imported as columns first.
import type * as arrow from "apache-arrow";
import { EngineError } from "../errors.js";
import type { SqlType } from "../types/sql-type.js";
import type { Value } from "../types/value.js";
import { DataType } from "./data-type.js";
import { elementsOf, isAllNull } from "./layout.js";
import { fieldOf, type Place, withinRows } from "./malformed.js";
import { checkOffsets, offsetsOf } from "./offsets.js";

/** The values of a child of a nested column. */
export type ChildValues = (source: arrow.Data, type: SqlType, place: Place) => readonly Value[];

/** Throws INVALID_ARGUMENT where offsets fall. The column's layout has been checked. */
export function nestedValues(source: arrow.Data, type: SqlType, place: Place, childValues: ChildValues): Value[] {
	// Of a column without any value apache-arrow may have made no children.
	if (isAllNull(source)) return Array.from({ length: source.length }, () => null);
	const values = presentValues(source, type, place, childValues);
	if (source.nullCount > 0) for (let row = 0; row < source.length; row++) if (!source.getValid(row)) values[row] = null;
	return values;
}

function presentValues(source: arrow.Data, type: SqlType, place: Place, childValues: ChildValues): Value[] {
	const { length, children } = source;
	if (type.kind === "ROW") {
		const fields = type.fields.map(({ name, type: of }, index) =>
			childValues(part(children[index] as arrow.Data, 0, length), of, fieldOf(place, name)),
		);
		return Array.from({ length }, (_, row) => fields.map((values) => values[row] as Value));
	}
	const child = children[0] as arrow.Data;
	const boundary = boundaries(source, place);
	const first = boundary(0);
	checkCount(boundary(length) - first, source, place);
	const used = (of: arrow.Data) => part(of, first, boundary(length));
	let items: readonly Value[];
	if (type.kind === "MAP") {
		const [keyData, valueData] = child.children as [arrow.Data, arrow.Data];
		const keys = childValues(used(keyData), type.key, withinRows(place, ".key"));
		const values = childValues(used(valueData), type.value, withinRows(place, ".value"));
		items = keys.map((key, i) => [key, values[i] as Value]);
	} else items = childValues(used(child), (type as { element: SqlType }).element, withinRows(place, "[]"));
	return Array.from({ length }, (_, row) => items.slice(boundary(row) - first, boundary(row + 1) - first));
}

/** As far as there is something: NULLs at the end may have nothing in the child. */
const part = (child: arrow.Data, from: number, to: number): arrow.Data =>
	from === 0 && child.length <= to ? child : child.slice(from, Math.max(Math.min(to, child.length) - from, 0));

/** Elements are JavaScript values on their way, and those of Arrow's type Null cost their sender nothing: without a bound they could end the process. */
const MAX_ELEMENTS = 1 << 25;

function checkCount(elements: number, { length }: arrow.Data, { column }: Place): void {
	if (elements <= MAX_ELEMENTS) return;
	throw new EngineError("INVALID_ARGUMENT", `Column '${column}' has ${elements} elements in ${length} rows`, {
		expected: `${MAX_ELEMENTS} at most in the rows that are taken at once`,
		remedy: "Push batches of fewer rows, or keep such lists in a column of bytes",
	});
}

/** Where a row begins in the child; lists of fixed size have no offsets. */
function boundaries(source: arrow.Data, place: Place): (row: number) => number {
	const { type } = source;
	if (DataType.isFixedSizeList(type)) return (row) => row * type.listSize;
	const available = elementsOf(source, place);
	const offsets = offsetsOf(source, available, place);
	checkOffsets(offsets, available, place);
	return (row) => Number(offsets[row]);
}
