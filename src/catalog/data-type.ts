// Data types as written → SQL types, with Flink's default lengths and limits.
import { EngineError } from "../errors.js";
import type { DataType, IntervalType, RowField, SimpleType } from "../sql/ast.js";
import {
	MAX_DECIMAL_PRECISION,
	MAX_LENGTH,
	type Schema,
	type SimpleKind,
	type SqlType,
	withNullability,
} from "../types/sql-type.js";

/** The SQL type that a type in DDL or CAST means; nullable unless it says NOT NULL. */
export function sqlType(type: DataType): SqlType {
	return withNullability(nullableType(type), type.nullable);
}

function nullableType(type: DataType): SqlType {
	switch (type.kind) {
		case "SimpleType":
			return simpleType(type);
		case "IntervalType":
			return intervalType(type);
		case "ArrayType":
			return { kind: "ARRAY", element: sqlType(type.element), nullable: true };
		case "MultisetType":
			return { kind: "MULTISET", element: sqlType(type.element), nullable: true };
		case "MapType":
			return { kind: "MAP", key: sqlType(type.key), value: sqlType(type.value), nullable: true };
		case "RowType":
			return { kind: "ROW", fields: rowFields(type.fields), nullable: true };
		case "StructuredType":
			return { kind: "ROW", fields: rowFields(type.fields), nullable: true };
		case "RawType":
			throw new EngineError("UNSUPPORTED", "RAW types of Java classes are not supported", { position: type.position });
		case "NamedType": {
			const name = type.name.names.map((part) => part.text).join(".");
			throw new EngineError("UNKNOWN_TYPE", `unknown data type '${name}'`, { position: type.position });
		}
	}
}

function rowFields(fields: readonly RowField[]): Schema {
	const seen = new Set<string>();
	return fields.map((field) => {
		if (seen.has(field.name.text)) {
			throw new EngineError("INVALID_SCHEMA", `field '${field.name.text}' is there twice`, {
				position: field.position,
			});
		}
		seen.add(field.name.text);
		const description = field.comment?.value;
		const plain = { name: field.name.text, type: sqlType(field.type) };
		return description === undefined ? plain : { ...plain, description };
	});
}

const SIMPLE: Readonly<Record<string, SimpleKind>> = {
	NULL: "NULL",
	BOOLEAN: "BOOLEAN",
	TINYINT: "TINYINT",
	SMALLINT: "SMALLINT",
	INT: "INTEGER",
	BIGINT: "BIGINT",
	FLOAT: "FLOAT",
	DOUBLE: "DOUBLE",
	DATE: "DATE",
	VARIANT: "VARIANT",
	BITMAP: "BITMAP",
};

function simpleType(type: SimpleType): SqlType {
	const simple = SIMPLE[type.name];
	if (simple !== undefined) return { kind: simple, nullable: true };
	const given = type.precision;
	switch (type.name) {
		case "DECIMAL":
			return decimalType(type);
		case "STRING":
		case "BYTES":
			return { kind: type.name === "STRING" ? "VARCHAR" : "VARBINARY", length: MAX_LENGTH, nullable: true };
		case "CHAR":
		case "BINARY":
			return { kind: type.name, length: inRange(type, given ?? 1, 1, MAX_LENGTH), nullable: true };
		case "VARCHAR":
		case "VARBINARY":
			return { kind: type.name, length: inRange(type, given ?? MAX_LENGTH, 1, MAX_LENGTH), nullable: true };
		case "TIME":
			return { kind: "TIME", precision: inRange(type, given ?? 0, 0, 9), nullable: true };
		case "TIMESTAMP":
		case "TIMESTAMP_LTZ":
			return { kind: type.name, precision: inRange(type, given ?? 6, 0, 9), nullable: true };
		default:
			throw new EngineError("UNSUPPORTED", `type ${type.name.replace("_TZ", " WITH TIME ZONE")} is not supported`, {
				position: type.position,
				remedy: "Use TIMESTAMP or TIMESTAMP_LTZ",
			});
	}
}

function inRange(type: SimpleType, value: number, least: number, most: number): number {
	if (value >= least && value <= most) return value;
	const what = type.name.startsWith("TIME") ? "precision" : "length";
	throw new EngineError("INVALID_SCHEMA", `${type.name} cannot have ${what} ${value}`, {
		position: type.position,
		expected: `${least} to ${most}`,
	});
}

/** More than 38 digits are cut to 38, as Flink does. */
function decimalType(type: SimpleType): SqlType {
	const precision = Math.min(type.precision ?? 10, MAX_DECIMAL_PRECISION);
	const scale = type.scale ?? 0;
	if (precision < 1 || scale > precision) {
		throw new EngineError("INVALID_SCHEMA", `DECIMAL(${type.precision ?? 10}, ${scale}) is not a type`, {
			position: type.position,
			expected: "a precision from 1 to 38 and a scale from 0 to the precision",
		});
	}
	return { kind: "DECIMAL", precision, scale, nullable: true };
}

function intervalType({ qualifier }: IntervalType): SqlType {
	const { start, end } = qualifier;
	const unit = end === undefined ? start : `${start} TO ${end}`;
	const precision = qualifier.precision ?? 2;
	if (start === "YEAR" || start === "MONTH" || start === "QUARTER") {
		return { kind: "INTERVAL_YEAR_MONTH", unit, precision, nullable: true };
	}
	return { kind: "INTERVAL_DAY_TIME", unit, precision, fraction: qualifier.fractionalPrecision ?? 3, nullable: true };
}
