// SQL types ⇄ Arrow types. The table of docs: every pair is here and nowhere else.
//
// | Arrow                                   | SQL                          | back                        |
// |-----------------------------------------|------------------------------|-----------------------------|
// | Null                                    | NULL                         | same                        |
// | Bool                                    | BOOLEAN                      | same                        |
// | Int8 Int16 Int32 Int64                  | TINYINT … BIGINT             | same                        |
// | Uint8 Uint16 Uint32 Uint64              | SMALLINT INT BIGINT DECIMAL(20, 0) | as those types        |
// | Float16 Float32 Float64                 | FLOAT FLOAT DOUBLE           | Float32 Float64             |
// | Decimal (32, 64, 128 bits)              | DECIMAL(p, s)                | Decimal128                  |
// | Utf8 LargeUtf8 Utf8View                 | STRING                       | Utf8                        |
// | Binary LargeBinary BinaryView           | BYTES                        | Binary                      |
// | FixedSizeBinary(n)                      | BINARY(n)                    | Binary                      |
// | Date32 Date64                           | DATE                         | Date32                      |
// | Time (s, ms, µs, ns)                    | TIME(0), TIME(3): to the ms  | Time32 ms                   |
// | Timestamp (s, ms, µs, ns)               | TIMESTAMP(0, 3, 6, 9)        | ms, ms, µs, ns              |
// | Timestamp with time zone                | TIMESTAMP_LTZ(0, 3, 6, 9)    | with time zone UTC          |
// | Duration (s, ms, µs, ns)                | INTERVAL SECOND(3): to the ms | Duration ms                |
// | Interval YEAR_MONTH, DAY_TIME           | INTERVAL MONTH, SECOND(3)    | Interval YEAR_MONTH, Duration ms |
// | Dictionary                              | the type of its values       | not a dictionary            |
// | Struct                                  | ROW                          | same                        |
// | List LargeList FixedSizeList            | ARRAY                        | List                        |
// | Map                                     | MAP                          | same; MULTISET: Map to Int32 |
import type * as arrow from "apache-arrow";
import { EngineError } from "../errors.js";
import type { Schema, SqlType } from "../types/sql-type.js";
import * as sql from "../types/sql-type.js";
import { typeText } from "../types/type-text.js";
import { timestampUnit } from "../types/value.js";
import { DataType } from "./data-type.js";
import { IntervalUnit, Precision, TimeUnit, Type } from "./enumerations.js";
import { arrowLibrary } from "./library.js";

export const INTERVAL_SECOND: SqlType = {
	kind: "INTERVAL_DAY_TIME",
	unit: "SECOND",
	precision: 2,
	fraction: 3,
	nullable: true,
};
export const INTERVAL_MONTH: SqlType = { kind: "INTERVAL_YEAR_MONTH", unit: "MONTH", precision: 2, nullable: true };

/** Throws UNSUPPORTED_ARROW_TYPE naming the column. */
export const schemaOfArrow = (schema: arrow.Schema): Schema =>
	schema.fields.map((field) => ({ name: field?.name, type: sqlTypeOf(field, String(field?.name)) }));

/** Deeper types are refused: nobody has them, and reading one takes a call per level. */
const MAX_DEPTH = 100;

/** The SQL type of a field's values; `column` is the path to it, for the error; `depth`: in how many others it lies. */
export function sqlTypeOf(field: arrow.Field, column: string, depth = 0): SqlType {
	if (typeof field?.type?.typeId !== "number" || typeof field.name !== "string") throw noField(column);
	if (depth > MAX_DEPTH) throw tooDeep(column);
	const type = scalarTypeOf(field.type) ?? nestedTypeOf(field.type, column, depth + 1);
	if (type !== undefined) return sql.withNullability(type, field.nullable || type.kind === "NULL");
	throw new EngineError("UNSUPPORTED_ARROW_TYPE", `Column '${column}' has the Arrow type ${field.type}`, {
		expected:
			"Null, Bool, Int, Float, Decimal up to 38 digits, Utf8, Binary, Date, Time, Timestamp, Duration, Interval, Dictionary, Struct, List or Map",
		remedy: "Cast the column to one of these before passing it in",
	});
}

const noField = (column: string) =>
	new EngineError("UNSUPPORTED_ARROW_TYPE", `Column '${column}' is no Arrow field`, {
		expected: "a Field of apache-arrow, with a name and a type",
		remedy: "Take the schema of a Table or RecordBatch",
	});

const tooDeep = (column: string) =>
	new EngineError("UNSUPPORTED_ARROW_TYPE", `Column '${column.slice(0, 60)}…' is nested too deep`, {
		expected: `${MAX_DEPTH} levels at most`,
		remedy: "Flatten the column before passing it in",
	});

/** The SQL type of values that are not nested; undefined when there is none. */
export function scalarTypeOf(type: arrow.DataType): SqlType | undefined {
	if (DataType.isInt(type)) return integerType(type);
	if (DataType.isDecimal(type)) return decimalType(type);
	if (DataType.isTimestamp(type)) return timestampType(type);
	switch (type.typeId) {
		case Type.Null:
			return sql.NULL;
		case Type.Bool:
			return sql.BOOLEAN;
		case Type.Float:
			return (type as arrow.Float).precision === Precision.DOUBLE ? sql.DOUBLE : sql.FLOAT;
		case Type.Utf8:
		case Type.LargeUtf8:
		case Type.Utf8View:
			return sql.STRING;
		case Type.Binary:
		case Type.LargeBinary:
		case Type.BinaryView:
			return sql.BYTES;
		case Type.FixedSizeBinary:
			return fixedBinaryType(type as arrow.FixedSizeBinary);
		case Type.Date:
			return sql.DATE;
		case Type.Time:
			return isUnit(type) ? sql.time((type as arrow.Time).unit === TimeUnit.SECOND ? 0 : 3) : undefined;
		case Type.Duration:
			return isUnit(type) ? INTERVAL_SECOND : undefined;
		case Type.Interval:
			return intervalType(type as arrow.Interval);
		case Type.Dictionary:
			return dictionaryType(type as arrow.Dictionary);
		default:
			return undefined;
	}
}

const isUnit = (type: arrow.DataType): boolean => UNIT_PRECISION[(type as arrow.Time).unit] !== undefined;

function fixedBinaryType({ byteWidth }: arrow.FixedSizeBinary): SqlType | undefined {
	return isSize(byteWidth) ? { kind: "BINARY", length: byteWidth, nullable: true } : undefined;
}

const isSize = (size: number): boolean => Number.isInteger(size) && size >= 0 && size < 2 ** 31;

function dictionaryType({ dictionary, indices }: arrow.Dictionary): SqlType | undefined {
	if (!dictionary || !indices || DataType.isDictionary(dictionary) || !DataType.isInt(indices)) return undefined;
	return integerType(indices) && scalarTypeOf(dictionary);
}

function integerType({ isSigned, bitWidth }: arrow.Int): SqlType | undefined {
	switch (bitWidth) {
		case 8:
			return isSigned ? sql.TINYINT : sql.SMALLINT;
		case 16:
			return isSigned ? sql.SMALLINT : sql.INTEGER;
		case 32:
			return isSigned ? sql.INTEGER : sql.BIGINT;
		case 64:
			return isSigned ? sql.BIGINT : sql.decimal(20, 0);
		default:
			return undefined;
	}
}

function decimalType({ precision, scale, bitWidth }: arrow.Decimal): SqlType | undefined {
	const isWhole = Number.isInteger(precision) && Number.isInteger(scale) && [32, 64, 128].includes(bitWidth);
	const fits = isWhole && precision >= 1 && precision <= sql.MAX_DECIMAL_PRECISION && scale >= 0 && scale <= precision;
	return fits ? sql.decimal(precision, scale) : undefined;
}

const UNIT_PRECISION = [0, 3, 6, 9];

function timestampType({ unit, timezone }: arrow.Timestamp): SqlType | undefined {
	const precision = UNIT_PRECISION[unit];
	if (precision === undefined) return undefined;
	return timezone ? sql.timestampLtz(precision) : sql.timestamp(precision);
}

function intervalType({ unit }: arrow.Interval): SqlType | undefined {
	if (unit === IntervalUnit.YEAR_MONTH) return INTERVAL_MONTH;
	return unit === IntervalUnit.DAY_TIME ? INTERVAL_SECOND : undefined;
}

function nestedTypeOf(type: arrow.DataType, column: string, depth: number): SqlType | undefined {
	const children: readonly arrow.Field[] = type.children ?? [];
	if (DataType.isStruct(type)) {
		const fields = children.map((child) => ({
			name: child?.name,
			type: sqlTypeOf(child, `${column}.${child?.name}`, depth),
		}));
		return sql.row(fields);
	}
	const [child] = children;
	if (child === undefined) return undefined;
	if (DataType.isMap(type)) {
		const [key, value] = (child.type?.children ?? []) as [arrow.Field, arrow.Field];
		return sql.map(sqlTypeOf(key, `${column}.key`, depth), sqlTypeOf(value, `${column}.value`, depth));
	}
	if (DataType.isFixedSizeList(type) && !isSize(type.listSize)) return undefined;
	const isList = DataType.isList(type) || DataType.isLargeList(type) || DataType.isFixedSizeList(type);
	return isList ? sql.array(sqlTypeOf(child, `${column}[]`, depth)) : undefined;
}

export const arrowSchemaOf = (schema: Schema): arrow.Schema =>
	new (arrowLibrary().Schema)(schema.map(({ name, type }) => arrowFieldOf(name, type, name)));

/** The Arrow field that holds values of a SQL type; `column` is the path to it, for the error. */
export const arrowFieldOf = (name: string, type: SqlType, column: string): arrow.Field =>
	new (arrowLibrary().Field)(name, arrowTypeOf(type, column), type.nullable);

function arrowTypeOf(type: SqlType, column: string): arrow.DataType {
	const arrow = arrowLibrary();
	switch (type.kind) {
		case "NULL":
			return new arrow.Null();
		case "BOOLEAN":
			return new arrow.Bool();
		case "TINYINT":
			return new arrow.Int8();
		case "SMALLINT":
			return new arrow.Int16();
		case "INTEGER":
			return new arrow.Int32();
		case "BIGINT":
			return new arrow.Int64();
		case "FLOAT":
			return new arrow.Float32();
		case "DOUBLE":
			return new arrow.Float64();
		case "DECIMAL":
			return new arrow.Decimal(type.scale, type.precision, 128);
		case "CHAR":
		case "VARCHAR":
			return new arrow.Utf8();
		case "BINARY":
		case "VARBINARY":
			return new arrow.Binary();
		case "DATE":
			return new arrow.DateDay();
		case "TIME":
			return new arrow.TimeMillisecond();
		case "TIMESTAMP":
			return new arrow.Timestamp(arrowUnit(type.precision));
		case "TIMESTAMP_LTZ":
			return new arrow.Timestamp(arrowUnit(type.precision), "UTC");
		case "INTERVAL_YEAR_MONTH":
			return new arrow.IntervalYearMonth();
		case "INTERVAL_DAY_TIME":
			return new arrow.Duration(TimeUnit.MILLISECOND);
		default:
			return nestedArrowType(type, column);
	}
}

const arrowUnit = (precision: number): arrow.TimeUnit =>
	({ ms: TimeUnit.MILLISECOND, us: TimeUnit.MICROSECOND, ns: TimeUnit.NANOSECOND })[timestampUnit(precision)];

function nestedArrowType(type: SqlType, column: string): arrow.DataType {
	const arrow = arrowLibrary();
	switch (type.kind) {
		case "ROW":
			return new arrow.Struct(
				type.fields.map((field) => arrowFieldOf(field.name, field.type, `${column}.${field.name}`)),
			);
		case "ARRAY":
			return new arrow.List(arrowFieldOf("element", type.element, `${column}[]`));
		case "MAP":
			return mapType(type.key, type.value, column);
		case "MULTISET":
			return mapType(type.element, sql.notNull(sql.INTEGER), column);
		default:
			throw new EngineError(
				"UNSUPPORTED_ARROW_TYPE",
				`Column '${column}' of type ${typeText(type)} has no Arrow type`,
				{
					remedy: "Cast it to STRING",
				},
			);
	}
}

function mapType(key: SqlType, value: SqlType, column: string): arrow.DataType {
	const arrow = arrowLibrary();
	const entries = new arrow.Struct<{ key: arrow.DataType; value: arrow.DataType }>([
		arrowFieldOf("key", sql.notNull(key), `${column}.key`),
		arrowFieldOf("value", value, `${column}.value`),
	]);
	return new arrow.Map_(new arrow.Field("entries", entries, false));
}
