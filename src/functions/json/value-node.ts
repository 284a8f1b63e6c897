// SQL values as JSON trees, as JSON_OBJECT and its kin write them.
import { EngineError } from "../../errors.js";
import { timestampText } from "../../types/datetime-text.js";
import { decimalText } from "../../types/decimal.js";
import { doubleText } from "../../types/double-text.js";
import { isCharacter, type SqlType } from "../../types/sql-type.js";
import { typeText } from "../../types/type-text.js";
import type { Value } from "../../types/value.js";
import { encodeBase64 } from "../base64.js";
import { bigDecimalText, type JsonNode, JsonNumber, parseJson } from "./document.js";

type ToNode = (value: Value) => JsonNode;

/**
 * How values of a type become JSON: timestamps in ISO form, bytes in Base64. The text of a RAW value (what JSON() gives) is
 * JSON already. Dates, times and intervals have no JSON form.
 */
export function nodeWriter(type: SqlType): ToNode {
	const write = writerOf(type);
	return (value) => (value === null ? null : write(value));
}

function writerOf(type: SqlType): ToNode {
	switch (type.kind) {
		case "NULL":
			return () => null;
		case "CHAR":
		case "VARCHAR":
		case "BOOLEAN":
			return (value) => value as string | boolean;
		case "TINYINT":
		case "SMALLINT":
		case "INTEGER":
		case "BIGINT":
			return (value) => new JsonNumber(String(value));
		case "FLOAT":
		case "DOUBLE":
			return (value) => new JsonNumber(bigDecimalText(doubleText(value as number)));
		case "DECIMAL":
			return (value) => new JsonNumber(bigDecimalText(decimalText(value as bigint, type.scale)));
		case "TIMESTAMP":
			return (value) => isoText(value, type.precision);
		case "TIMESTAMP_LTZ":
			return (value) => `${isoText(value, type.precision)}Z`;
		case "BINARY":
		case "VARBINARY":
			return (value) => encodeBase64(value as Uint8Array);
		case "RAW":
			return (value) => parseJson(value as string) ?? null;
		default:
			return nestedWriter(type);
	}
}

const isoText = (value: Value, precision: number) =>
	timestampText(value, precision)
		.replace(" ", "T")
		.replace(/\.?0+$/, (zeros) => (zeros.startsWith(".") ? "" : precision === 0 ? zeros : ""));

function nestedWriter(type: SqlType): ToNode {
	switch (type.kind) {
		case "ARRAY": {
			const write = nodeWriter(type.element);
			return (value) => (value as readonly Value[]).map(write);
		}
		case "MAP": {
			if (!isCharacter(type.key)) {
				throw new EngineError("TYPE_MISMATCH", `${typeText(type)} has no JSON form`, {
					expected: "a map whose keys are text",
					remedy: "Cast the map to MAP<STRING, …>",
				});
			}
			const write = nodeWriter(type.value);
			return (value) =>
				new Map((value as readonly (readonly [Value, Value])[]).map(([key, item]) => [key as string, write(item)]));
		}
		case "ROW": {
			const writers = type.fields.map((field) => [field.name, nodeWriter(field.type)] as const);
			return (value) =>
				new Map(writers.map(([name, write], i) => [name, write((value as readonly Value[])[i] as Value)]));
		}
		default:
			throw new EngineError("TYPE_MISMATCH", `${typeText(type)} has no JSON form`, {
				remedy: "Cast the value to STRING",
			});
	}
}
