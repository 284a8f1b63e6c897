// Flink's SQL data types as plain data, and the schemas made of them.

/** Marks a TIMESTAMP(3)/TIMESTAMP_LTZ(3) column as event time or processing time; lost in any expression but a column reference. */
export type TimeAttribute = "rowtime" | "proctime";

export type SimpleKind =
	| "NULL"
	| "BOOLEAN"
	| "TINYINT"
	| "SMALLINT"
	| "INTEGER"
	| "BIGINT"
	| "FLOAT"
	| "DOUBLE"
	| "DATE"
	| "RAW"
	| "VARIANT"
	| "BITMAP"
	| "DESCRIPTOR"
	| "SYMBOL";

/** One member of the union per kind, so that `TypeOf<"VARCHAR">` narrows. */
type Kind<K extends string, Parameters = unknown> = K extends string
	? { readonly kind: K; readonly nullable: boolean } & Parameters
	: never;

export type SqlType =
	| Kind<SimpleKind>
	| Kind<"DECIMAL", { readonly precision: number; readonly scale: number }>
	| Kind<"CHAR" | "VARCHAR" | "BINARY" | "VARBINARY", { readonly length: number }>
	| Kind<"TIME", { readonly precision: number }>
	| Kind<"TIMESTAMP" | "TIMESTAMP_LTZ", { readonly precision: number; readonly attribute?: TimeAttribute | undefined }>
	/** Value: number of months. `unit` is the qualifier as written, e.g. "YEAR", "YEAR TO MONTH". */
	| Kind<"INTERVAL_YEAR_MONTH", { readonly unit: string; readonly precision: number }>
	/** Value: milliseconds. `unit` e.g. "DAY", "DAY TO SECOND". `fraction` is the precision of seconds. */
	| Kind<"INTERVAL_DAY_TIME", { readonly unit: string; readonly precision: number; readonly fraction: number }>
	| Kind<"ARRAY" | "MULTISET", { readonly element: SqlType }>
	| Kind<"MAP", { readonly key: SqlType; readonly value: SqlType }>
	| Kind<"ROW", { readonly fields: readonly Field[] }>;

export type TypeKind = SqlType["kind"];
export type TypeOf<K extends TypeKind> = Extract<SqlType, { readonly kind: K }>;

/** A named column of a schema or field of a ROW. */
export interface Field {
	readonly name: string;
	readonly type: SqlType;
	readonly description?: string | undefined;
}

export type Schema = readonly Field[];

/** The length of STRING = VARCHAR(2147483647) and BYTES = VARBINARY(2147483647). */
export const MAX_LENGTH = 2_147_483_647;
export const MAX_DECIMAL_PRECISION = 38;

const simple = (kind: SimpleKind) => ({ kind, nullable: true }) as const;

/** Nullable types without parameters, and the usual parameterised ones. `notNull(BIGINT)` makes the NOT NULL variant. */
export const NULL = simple("NULL");
export const BOOLEAN = simple("BOOLEAN");
export const TINYINT = simple("TINYINT");
export const SMALLINT = simple("SMALLINT");
export const INTEGER = simple("INTEGER");
export const BIGINT = simple("BIGINT");
export const FLOAT = simple("FLOAT");
export const DOUBLE = simple("DOUBLE");
export const DATE = simple("DATE");
export const STRING: TypeOf<"VARCHAR"> = { kind: "VARCHAR", length: MAX_LENGTH, nullable: true };
export const BYTES: TypeOf<"VARBINARY"> = { kind: "VARBINARY", length: MAX_LENGTH, nullable: true };

export const decimal = (precision: number, scale: number): TypeOf<"DECIMAL"> => ({
	kind: "DECIMAL",
	precision,
	scale,
	nullable: true,
});
export const char = (length: number): TypeOf<"CHAR"> => ({ kind: "CHAR", length, nullable: true });
export const varchar = (length: number): TypeOf<"VARCHAR"> => ({ kind: "VARCHAR", length, nullable: true });
export const time = (precision = 0): TypeOf<"TIME"> => ({ kind: "TIME", precision, nullable: true });
export const timestamp = (precision = 6): TypeOf<"TIMESTAMP"> => ({ kind: "TIMESTAMP", precision, nullable: true });
export const timestampLtz = (precision = 6): TypeOf<"TIMESTAMP_LTZ"> => ({
	kind: "TIMESTAMP_LTZ",
	precision,
	nullable: true,
});
export const array = (element: SqlType): TypeOf<"ARRAY"> => ({ kind: "ARRAY", element, nullable: true });
export const multiset = (element: SqlType): TypeOf<"MULTISET"> => ({ kind: "MULTISET", element, nullable: true });
export const map = (key: SqlType, value: SqlType): TypeOf<"MAP"> => ({ kind: "MAP", key, value, nullable: true });
export const row = (fields: readonly Field[]): TypeOf<"ROW"> => ({ kind: "ROW", fields, nullable: true });

export function withNullability<T extends SqlType>(type: T, nullable: boolean): T {
	return type.nullable === nullable ? type : { ...type, nullable };
}
export const notNull = <T extends SqlType>(type: T): T => withNullability(type, false);
export const asNullable = <T extends SqlType>(type: T): T => withNullability(type, true);

/** The type without its time attribute: what an expression over a time column yields. */
export function withoutAttribute(type: SqlType): SqlType {
	if ((type.kind !== "TIMESTAMP" && type.kind !== "TIMESTAMP_LTZ") || type.attribute === undefined) return type;
	const { attribute: _, ...plain } = type;
	return plain;
}

export function timeAttributeOf(type: SqlType): TimeAttribute | undefined {
	return type.kind === "TIMESTAMP" || type.kind === "TIMESTAMP_LTZ" ? type.attribute : undefined;
}

export const isInteger = (type: SqlType) =>
	type.kind === "TINYINT" || type.kind === "SMALLINT" || type.kind === "INTEGER" || type.kind === "BIGINT";
export const isApproximate = (type: SqlType) => type.kind === "FLOAT" || type.kind === "DOUBLE";
export const isNumeric = (type: SqlType) => isInteger(type) || isApproximate(type) || type.kind === "DECIMAL";
export const isCharacter = (type: SqlType) => type.kind === "CHAR" || type.kind === "VARCHAR";
export const isBinary = (type: SqlType) => type.kind === "BINARY" || type.kind === "VARBINARY";
export const isTimestamp = (type: SqlType) => type.kind === "TIMESTAMP" || type.kind === "TIMESTAMP_LTZ";
export const isDatetime = (type: SqlType) => isTimestamp(type) || type.kind === "DATE" || type.kind === "TIME";
export const isInterval = (type: SqlType) => type.kind === "INTERVAL_YEAR_MONTH" || type.kind === "INTERVAL_DAY_TIME";
export const isNested = (type: SqlType) =>
	type.kind === "ARRAY" || type.kind === "MAP" || type.kind === "MULTISET" || type.kind === "ROW";
