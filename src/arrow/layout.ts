// What an Arrow column must hold before its buffers are read: the layout of its type, and as much as its rows need. Looks at no row but the
// first and the last; what is between is checked as it is read.
import type * as arrow from "apache-arrow";
import type { SqlType } from "../types/sql-type.js";
import { typeText } from "../types/type-text.js";
import { scalarTypeOf } from "./arrow-type.js";
import { holdsSame } from "./batch-schema.js";
import { DataType } from "./data-type.js";
import { DateUnit, IntervalUnit, Precision, Type } from "./enumerations.js";
import { fieldOf, malformed, type Place, withinRows } from "./malformed.js";
import { offsetsOf } from "./offsets.js";

/** apache-arrow counts NULLs when somebody asks, and notes the number, which data that is frozen cannot take. */
export const thawed = (source: arrow.Data): arrow.Data => (Object.isFrozen(source) ? source.clone() : source);

/** Whether no row has a value: then there may be no buffers. */
export const isAllNull = (source: arrow.Data): boolean =>
	DataType.isNull(source.type) || source.nullCount === source.length;

/** Throws INVALID_ARGUMENT unless importColumn may read the column, its children apart. */
export function checkLayout(source: arrow.Data, type: SqlType, place: Place): void {
	checkIsData(source, place);
	if (!isLaidOutAs(source.type, type)) {
		throw malformed(place, undefined, `its data is of the Arrow type ${source.type}`, `data of ${typeText(type)}`);
	}
	checkValidity(source, place);
	if (isAllNull(source)) return;
	const bits = bitsPerRow(source.type);
	if (bits !== undefined) checkFixed(source, bits, place);
	else if (isOfOffsets(source.type)) offsetsOf(source, elementsOf(source, place), place);
	else for (const [child, perRow] of rowChildren(source)) checkChild(source, child, perRow, place);
}

/** Throws INVALID_ARGUMENT unless it is what apache-arrow has the values of a column in. */
export function checkIsData(source: unknown, place: Place): asserts source is arrow.Data {
	const { length, offset, type, getValid } = (source ?? {}) as arrow.Data;
	const isCounted = Number.isSafeInteger(length) && length >= 0 && Number.isSafeInteger(offset) && offset >= 0;
	if (isCounted && typeof type?.typeId === "number" && typeof getValid === "function") return;
	throw malformed(place, undefined, "it has no data", "a Data of apache-arrow per column, as makeData makes it");
}

/** Like checkLayout, for the children too. */
export function checkLayouts(given: arrow.Data, type: SqlType, place: Place): void {
	const source = thawed(given);
	checkLayout(source, type, place);
	if (isAllNull(source)) return;
	for (const child of childrenOf(source, type, place)) checkLayouts(...child);
}

/** What a type was last found to be laid out as: parts of a column share its type. */
const known = new WeakMap<arrow.DataType, SqlType>();

function isLaidOutAs(found: arrow.DataType, type: SqlType): boolean {
	if (known.get(found) === type) return true;
	const isAlike = DataType.isNull(found) || isOfKind(found, type);
	if (isAlike) known.set(found, type);
	return isAlike;
}

function isOfKind(found: arrow.DataType, type: SqlType): boolean {
	switch (type.kind) {
		case "ROW":
			return DataType.isStruct(found);
		case "ARRAY":
			return DataType.isList(found) || DataType.isLargeList(found) || DataType.isFixedSizeList(found);
		case "MAP":
		case "MULTISET":
			return DataType.isMap(found);
		default: {
			const scalar = scalarTypeOf(found);
			return scalar !== undefined && holdsSame(scalar, type);
		}
	}
}

/** Before anything asks for the number of NULLs, which apache-arrow counts in the bitmap. */
function checkValidity({ nullBitmap, offset, length }: arrow.Data, place: Place): void {
	const bits = (nullBitmap?.byteLength ?? 0) * 8;
	if (bits === 0 || bits >= offset + length) return;
	throw malformed(
		place,
		Math.max(bits - offset, 0),
		`its validity bitmap has ${bits} bits`,
		`${offset + length} of them`,
	);
}

function checkFixed(source: arrow.Data, bits: number, place: Place): void {
	const bytes = (source.values as Uint8Array | undefined)?.byteLength ?? 0;
	const skipped = bits === 1 ? source.offset : 0;
	const held = bits === 0 ? source.length : Math.floor((bytes * 8) / bits) - skipped;
	const needed = Math.ceil(((skipped + source.length) * bits) / 8);
	checkHeld(source, held, `its values have ${bytes} bytes`, `${needed}`, place);
}

/** Rows behind the first `held` must be NULL, as where apache-arrow has made a column as long as others. */
function checkHeld(source: arrow.Data, held: number, problem: string, needed: string, place: Place): void {
	for (let row = Math.max(held, 0); row < source.length; row++) {
		if (source.getValid(row)) throw malformed(place, row, problem, `${needed} for ${source.length} rows`);
	}
}

function checkChild(source: arrow.Data, child: arrow.Data | undefined, perRow: number, place: Place): void {
	checkIsData(child, place);
	const held = perRow === 0 ? source.length : Math.floor(child.length / perRow);
	checkHeld(source, held, `a child of it has ${child.length} values`, `${source.length * perRow}`, place);
}

/** Bits of a value of fixed width; undefined: the type has no buffer of such values. */
function bitsPerRow(type: arrow.DataType): number | undefined {
	if (DataType.isDictionary(type)) return type.indices.bitWidth;
	if (DataType.isInt(type) || DataType.isDecimal(type) || DataType.isTime(type)) return type.bitWidth;
	switch (type.typeId) {
		case Type.Bool:
			return 1;
		case Type.Float:
			return { [Precision.HALF]: 16, [Precision.SINGLE]: 32, [Precision.DOUBLE]: 64 }[(type as arrow.Float).precision];
		case Type.Date:
			return (type as arrow.Date_).unit === DateUnit.MILLISECOND ? 64 : 32;
		case Type.Interval:
			return (type as arrow.Interval).unit === IntervalUnit.YEAR_MONTH ? 32 : 64;
		case Type.Timestamp:
		case Type.Duration:
			return 64;
		case Type.FixedSizeBinary:
			return (type as arrow.FixedSizeBinary).byteWidth * 8;
		case Type.Utf8View:
		case Type.BinaryView:
			return 128;
		default:
			return undefined;
	}
}

/** Bytes of a value of fixed width. */
export const bytesPerRow = (type: arrow.DataType): number => (bitsPerRow(type) ?? 0) / 8;

const OF_OFFSETS: readonly number[] = [
	Type.Utf8,
	Type.LargeUtf8,
	Type.Binary,
	Type.LargeBinary,
	Type.List,
	Type.LargeList,
	Type.Map,
];

const isOfOffsets = (type: arrow.DataType): boolean => OF_OFFSETS.includes(type.typeId);

/** How many bytes, or elements of the child, offsets may point at. */
export function elementsOf({ type, values, children }: arrow.Data, place: Place): number {
	if (!isNested(type)) return (values as Uint8Array | undefined)?.byteLength ?? 0;
	const [child] = children;
	checkIsData(child, place);
	if (!DataType.isMap(type)) return child.length;
	const [keys, items] = child.children ?? [];
	checkIsData(keys, place);
	checkIsData(items, place);
	return Math.min(keys.length, items.length);
}

const isNested = (type: arrow.DataType): boolean =>
	DataType.isMap(type) || DataType.isList(type) || DataType.isLargeList(type);

/** The children of a Struct or FixedSizeList, and how many of their values make a row. */
function rowChildren({ type, children }: arrow.Data): (readonly [child: arrow.Data | undefined, perRow: number])[] {
	if (DataType.isFixedSizeList(type)) return [[children[0], type.listSize]];
	return type.children.map((_, index) => [children[index], 1]);
}

type Child = readonly [source: arrow.Data, type: SqlType, place: Place];

/** What importColumn reads besides; the column's own layout has been checked. */
function childrenOf(source: arrow.Data, type: SqlType, place: Place): Child[] {
	const { children } = source;
	if (DataType.isDictionary(source.type)) {
		const values = withinRows(place, " (dictionary)");
		return (source.dictionary?.data ?? []).map((chunk) => [chunk, type, values]);
	}
	if (type.kind === "ROW") {
		return type.fields.map((field, index) => [children[index] as arrow.Data, field.type, fieldOf(place, field.name)]);
	}
	if (type.kind === "ARRAY") return [[children[0] as arrow.Data, type.element, withinRows(place, "[]")]];
	if (type.kind !== "MAP") return [];
	const [keys, values] = (children[0] as arrow.Data).children as [arrow.Data, arrow.Data];
	return [
		[keys, type.key, withinRows(place, ".key")],
		[values, type.value, withinRows(place, ".value")],
	];
}
