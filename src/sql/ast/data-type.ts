// Data types as written in DDL and CAST. Aliases are resolved to Flink's name (INTEGER is INT, NUMERIC is DECIMAL,
// DOUBLE PRECISION is DOUBLE, TIMESTAMP WITH LOCAL TIME ZONE is TIMESTAMP_LTZ); default lengths and precisions stay absent.
import type { SourcePosition } from "../../errors.js";
import type { Identifier, Name, StringLiteral } from "./expression.js";

export type SimpleTypeName =
	| "NULL"
	| "BOOLEAN"
	| "TINYINT"
	| "SMALLINT"
	| "INT"
	| "BIGINT"
	| "FLOAT"
	| "DOUBLE"
	| "DECIMAL"
	| "CHAR"
	| "VARCHAR"
	| "STRING"
	| "BINARY"
	| "VARBINARY"
	| "BYTES"
	| "DATE"
	| "TIME"
	| "TIMESTAMP"
	| "TIMESTAMP_TZ"
	| "TIMESTAMP_LTZ"
	| "VARIANT"
	| "BITMAP";

interface TypeNode {
	/** False after NOT NULL. */
	readonly nullable: boolean;
	readonly position: SourcePosition;
}

export interface SimpleType extends TypeNode {
	readonly kind: "SimpleType";
	readonly name: SimpleTypeName;
	/** Length of CHAR…VARBINARY, precision of DECIMAL and of the times. */
	readonly precision?: number;
	readonly scale?: number;
}

export interface IntervalType extends TypeNode {
	readonly kind: "IntervalType";
	readonly qualifier: IntervalQualifier;
}

export interface ArrayType extends TypeNode {
	readonly kind: "ArrayType";
	readonly element: DataType;
}

export interface MultisetType extends TypeNode {
	readonly kind: "MultisetType";
	readonly element: DataType;
}

export interface MapType extends TypeNode {
	readonly kind: "MapType";
	readonly key: DataType;
	readonly value: DataType;
}

export interface RowType extends TypeNode {
	readonly kind: "RowType";
	readonly fields: readonly RowField[];
}

export interface RawType extends TypeNode {
	readonly kind: "RawType";
	readonly className: StringLiteral;
	readonly serializer: StringLiteral;
}

export interface StructuredType extends TypeNode {
	readonly kind: "StructuredType";
	readonly className: StringLiteral;
	readonly fields: readonly RowField[];
}

/** A type from the catalog, by name. */
export interface NamedType extends TypeNode {
	readonly kind: "NamedType";
	readonly name: Identifier;
}

export type DataType =
	| SimpleType
	| IntervalType
	| ArrayType
	| MultisetType
	| MapType
	| RowType
	| RawType
	| StructuredType
	| NamedType;

export interface RowField {
	readonly kind: "RowField";
	readonly name: Name;
	readonly type: DataType;
	readonly comment?: StringLiteral;
	readonly position: SourcePosition;
}

/** Singular: HOURS is read as HOUR. */
export type IntervalUnit = "YEAR" | "QUARTER" | "MONTH" | "WEEK" | "DAY" | "HOUR" | "MINUTE" | "SECOND";

/** `DAY(3) TO SECOND(2)`; `end` is absent for a single unit. */
export interface IntervalQualifier {
	readonly kind: "IntervalQualifier";
	readonly start: IntervalUnit;
	readonly end?: IntervalUnit;
	/** Digits of the leading field. */
	readonly precision?: number;
	/** Digits of the fraction of a second. */
	readonly fractionalPrecision?: number;
	readonly position: SourcePosition;
}
