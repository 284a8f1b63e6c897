// SQL values as users of the API see them. The table of docs/values.md is this file.
import { dateText, timestampText, timeText } from "../types/datetime-text.js";
import { decimalText } from "../types/decimal.js";
import type { Schema, SqlType } from "../types/sql-type.js";
import type { Row, Value } from "../types/value.js";

/** What `toArray`, `changes` and user functions hand out: bigint for BIGINT, exact text for DECIMAL and times, objects for ROW, Map for MAP. */
export type PublicValue =
	| null
	| boolean
	| number
	| bigint
	| string
	| Uint8Array
	| PublicValue[]
	| Map<PublicValue, PublicValue>
	| { readonly [field: string]: PublicValue };

export type PublicRow = Record<string, PublicValue>;

/** Makes the conversion of a schema's rows; resolve types once, convert many. */
export function rowConverter(schema: Schema): (row: Row) => PublicRow {
	const converters = schema.map((field) => [field.name, valueConverter(field.type)] as const);
	return (row) => {
		const result: PublicRow = {};
		for (let i = 0; i < converters.length; i++) {
			const [name, convert] = converters[i]!;
			const value = row[i] as Value;
			result[name] = value === null ? null : convert(value);
		}
		return result;
	};
}

/** Makes the conversion of one type's values. */
export const publicReader = (type: SqlType): ((value: Value) => PublicValue) => orNull(valueConverter(type));

function valueConverter(type: SqlType): (value: Value) => PublicValue {
	switch (type.kind) {
		case "DECIMAL":
			return (value) => decimalText(value as bigint, type.scale);
		case "DATE":
			return (value) => dateText(value as number);
		case "TIME":
			return (value) => timeText(value as number, type.precision);
		case "TIMESTAMP":
			return (value) => timestampText(value, type.precision);
		case "TIMESTAMP_LTZ":
			return (value) => `${timestampText(value, type.precision).replace(" ", "T")}Z`;
		case "ARRAY":
			return arrayConverter(type.element);
		case "ROW":
			return objectConverter(type.fields);
		case "MAP":
			return mapConverter(type.key, type.value);
		case "MULTISET":
			return mapConverter(type.element, { kind: "INTEGER", nullable: false });
		default:
			return (value) => value as PublicValue;
	}
}

function arrayConverter(element: SqlType): (value: Value) => PublicValue {
	const convert = orNull(valueConverter(element));
	return (value) => (value as readonly Value[]).map(convert);
}

function objectConverter(fields: Schema): (value: Value) => PublicValue {
	const convert = rowConverter(fields);
	return (value) => convert(value as Row);
}

function mapConverter(key: SqlType, value: SqlType): (value: Value) => PublicValue {
	const convertKey = orNull(valueConverter(key));
	const convertValue = orNull(valueConverter(value));
	return (entries) =>
		new Map(
			(entries as readonly (readonly [Value, Value])[]).map(([entryKey, entryValue]) => [
				convertKey(entryKey),
				convertValue(entryValue),
			]),
		);
}

const orNull =
	(convert: (value: Value) => PublicValue) =>
	(value: Value): PublicValue =>
		value === null ? null : convert(value);
