// SQL values → JSON text, by Flink's rules for each type.
import { EngineError } from "../../errors.js";
import { dateText } from "../../types/datetime-text.js";
import { doubleText, floatText } from "../../types/double-text.js";
import type { Field, SqlType } from "../../types/sql-type.js";
import { typeText } from "../../types/type-text.js";
import type { Row, Value } from "../../types/value.js";
import { encodeBase64 } from "../base64.js";
import { clockText, decimalDigits, timestampDigits } from "../value-digits.js";
import type { JsonOptions } from "./options.js";

export type JsonWriter = (value: Value) => string;

/** A writer of a type's values, NULL included. */
export function jsonWriter(type: SqlType, options: JsonOptions): JsonWriter {
	const write = writer(type, options);
	return (value) => (value === null ? "null" : write(value));
}

/** A writer of rows as JSON objects. */
export function jsonRowWriter(fields: readonly Field[], options: JsonOptions): (row: Row) => string {
	const names = fields.map(({ name }) => `${JSON.stringify(name)}:`);
	const writers = fields.map(({ type }) => jsonWriter(type, options));
	const skipsNulls = options["encode.ignore-null-fields"];
	return (row) => {
		let text = "";
		for (let i = 0; i < names.length; i++) {
			const value = row[i] as Value;
			if (skipsNulls && value === null) continue;
			text += `${text === "" ? "" : ","}${names[i]}${(writers[i] as JsonWriter)(value)}`;
		}
		return `{${text}}`;
	};
}

function writer(type: SqlType, options: JsonOptions): JsonWriter {
	switch (type.kind) {
		case "BOOLEAN":
		case "TINYINT":
		case "SMALLINT":
		case "INTEGER":
		case "BIGINT":
			return String;
		case "FLOAT":
			return (value) => finite(value as number, floatText);
		case "DOUBLE":
			return (value) => finite(value as number, doubleText);
		case "DECIMAL": {
			const plain = options["encode.decimal-as-plain-number"];
			return (value) => decimalDigits(value as bigint, type.scale, plain);
		}
		case "CHAR":
		case "VARCHAR":
			return (value) => JSON.stringify(value);
		case "BINARY":
		case "VARBINARY":
			return (value) => `"${encodeBase64(value as Uint8Array)}"`;
		case "DATE":
			return (value) => `"${dateText(value as number)}"`;
		case "TIME":
			return (value) => `"${clockText(value as number)}"`;
		case "TIMESTAMP":
		case "TIMESTAMP_LTZ": {
			const separator = options["timestamp-format.standard"] === "SQL" ? " " : "T";
			return (value) => `"${timestampDigits(value, type).replace(" ", separator)}"`;
		}
		default:
			return nestedWriter(type, options);
	}
}

const finite = (value: number, text: (value: number) => string) =>
	Number.isFinite(value) ? text(value) : `"${text(value)}"`;

function nestedWriter(type: SqlType, options: JsonOptions): JsonWriter {
	switch (type.kind) {
		case "ARRAY": {
			const write = jsonWriter(type.element, options);
			return (value) => `[${(value as readonly Value[]).map(write).join(",")}]`;
		}
		case "ROW": {
			const write = jsonRowWriter(type.fields, options);
			return (value) => write(value as Row);
		}
		case "MAP":
			return entriesWriter(type, type.key, jsonWriter(type.value, options), options);
		case "MULTISET":
			return entriesWriter(type, type.element, String, options);
		default:
			throw new EngineError("INVALID_SCHEMA", `JSON has no values of type ${typeText(type)}`);
	}
}

function entriesWriter(type: SqlType, key: SqlType, write: JsonWriter, options: JsonOptions): JsonWriter {
	if (key.kind !== "CHAR" && key.kind !== "VARCHAR") {
		throw new EngineError(
			"INVALID_SCHEMA",
			`keys of JSON objects cannot be ${typeText(key)}, as in ${typeText(type)}`,
			{
				expected: "a character type",
			},
		);
	}
	return (value) => {
		const members = (value as readonly (readonly [Value, Value])[]).flatMap(([name, member]) => {
			const known = name === null ? nullKey(options) : (name as string);
			return known === undefined ? [] : [`${JSON.stringify(known)}:${write(member)}`];
		});
		return `{${members.join(",")}}`;
	};
}

function nullKey(options: JsonOptions): string | undefined {
	if (options["map-null-key.mode"] === "LITERAL") return options["map-null-key.literal"];
	if (options["map-null-key.mode"] === "DROP") return undefined;
	throw new EngineError("INVALID_ARGUMENT", "a map with a NULL key cannot be written as JSON", {
		remedy: "Set 'map-null-key.mode' to 'DROP' or 'LITERAL'",
	});
}
