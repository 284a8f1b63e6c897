// Which Arrow type a type is, by its id: true also of types of another copy of apache-arrow, and without loading one.
import type * as arrow from "apache-arrow";
import { Type } from "./enumerations.js";

const is =
	<T extends arrow.DataType>(id: arrow.Type) =>
	(type: arrow.DataType): type is T =>
		type.typeId === id;

export const DataType = {
	isNull: is<arrow.Null>(Type.Null),
	isBool: is<arrow.Bool>(Type.Bool),
	isInt: is<arrow.Int>(Type.Int),
	isFloat: is<arrow.Float>(Type.Float),
	isDecimal: is<arrow.Decimal>(Type.Decimal),
	isUtf8View: is<arrow.Utf8View>(Type.Utf8View),
	isBinaryView: is<arrow.BinaryView>(Type.BinaryView),
	isFixedSizeBinary: is<arrow.FixedSizeBinary>(Type.FixedSizeBinary),
	isDate: is<arrow.Date_>(Type.Date),
	isTime: is<arrow.Time>(Type.Time),
	isTimestamp: is<arrow.Timestamp>(Type.Timestamp),
	isDuration: is<arrow.Duration>(Type.Duration),
	isInterval: is<arrow.Interval>(Type.Interval),
	isDictionary: is<arrow.Dictionary>(Type.Dictionary),
	isStruct: is<arrow.Struct>(Type.Struct),
	isMap: is<arrow.Map_>(Type.Map),
	isList: is<arrow.List>(Type.List),
	isLargeList: is<arrow.LargeList>(Type.LargeList),
	isFixedSizeList: is<arrow.FixedSizeList>(Type.FixedSizeList),
};
