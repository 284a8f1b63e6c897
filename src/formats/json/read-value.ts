// Parsed JSON → SQL values, by Flink's rules for each type.
import { EngineError } from "../../errors.js";
import { daysInMonth } from "../../types/datetime.js";
import { localTimestampValue, parseDate, parseTime, parseTimestamp } from "../../types/datetime-text.js";
import { exactToDecimal, parseDecimal } from "../../types/decimal.js";
import { parseDouble } from "../../types/double-text.js";
import type { SqlType, TypeOf } from "../../types/sql-type.js";
import { typeText } from "../../types/type-text.js";
import type { Value } from "../../types/value.js";
import { decodeBase64 } from "../base64.js";
import type { JsonOptions } from "./options.js";
import { type Json, JsonNumber } from "./parse.js";

/** Thrown for a value that does not fit its type. */
export class JsonMismatch extends Error {}

/** Thrown when a number lost digits that matter: the text has to be parsed again, exactly. */
export class NeedsExactNumbers extends Error {}

export type JsonReader = (json: Json | undefined) => Value;

/** A reader for a type. With `ignore-parse-errors` it gives NULL for what does not fit. */
export function jsonReader(type: SqlType, options: JsonOptions): JsonReader {
	const read = reader(type, options);
	const ignore = options["ignore-parse-errors"];
	return (json) => {
		if (json === null || json === undefined) return null;
		try {
			return read(json);
		} catch (error) {
			if (ignore && error instanceof JsonMismatch) return null;
			throw error;
		}
	};
}

type Read = (json: Exclude<Json, null>) => Value;

function reader(type: SqlType, options: JsonOptions): Read {
	switch (type.kind) {
		case "BOOLEAN":
			return (json) => json === true || (typeof json === "string" && json.trim().toLowerCase() === "true");
		case "TINYINT":
			return integerReader(type, 2 ** 7, false);
		case "SMALLINT":
			return integerReader(type, 2 ** 15, false);
		case "INTEGER":
			return integerReader(type, 2 ** 31, true);
		case "BIGINT":
			return bigintReader(type);
		case "FLOAT":
			return (json) => Math.fround(doubleOf(json, type));
		case "DOUBLE":
			return (json) => doubleOf(json, type);
		case "DECIMAL":
			return decimalReader(type);
		case "CHAR":
		case "VARCHAR":
			return textOf;
		case "BINARY":
		case "VARBINARY":
			return (json) => decodeBase64(stringOf(json, type)) ?? mismatch(json, type);
		case "DATE":
			return (json) => dateOf(stringOf(json, type)) ?? mismatch(json, type);
		case "TIME":
			return (json) => timeOf(stringOf(json, type)) ?? mismatch(json, type);
		case "TIMESTAMP":
		case "TIMESTAMP_LTZ":
			return timestampReader(type, options);
		default:
			return nestedReader(type, options);
	}
}

function mismatch(json: Json, type: SqlType): never {
	const text = json instanceof JsonNumber ? json.text : JSON.stringify(json);
	throw new JsonMismatch(`${text} is no ${typeText(type)}`);
}

const numberText = (json: number | JsonNumber) => (json instanceof JsonNumber ? json.text : String(json));
const isNumber = (json: Json): json is number | JsonNumber => typeof json === "number" || json instanceof JsonNumber;

function stringOf(json: Json, type: SqlType): string {
	return typeof json === "string" ? json : mismatch(json, type);
}

/** Numbers may have a fraction, which is cut (`truncates`); strings may not. */
function integerReader(type: SqlType, limit: number, truncates: boolean): Read {
	return (json) => {
		let value: number;
		if (isNumber(json)) value = Number(numberText(json));
		else value = integerText(json) ? Number(json) : mismatch(json, type);
		if (!Number.isInteger(value) && !truncates) mismatch(json, type);
		value = Math.trunc(value) + 0;
		return value >= -limit && value < limit ? value : mismatch(json, type);
	};
}

const integerText = (json: Json): json is string => typeof json === "string" && /^\s*[+-]?\d+\s*$/.test(json);

function bigintReader(type: SqlType): Read {
	return (json) => {
		let value: bigint;
		if (isNumber(json)) value = wholeOf(json);
		else value = integerText(json) ? BigInt(json.trim().replace("+", "")) : mismatch(json, type);
		return value === BigInt.asIntN(64, value) ? value : mismatch(json, type);
	};
}

function wholeOf(json: number | JsonNumber): bigint {
	const text = numberText(json);
	if (json instanceof JsonNumber && /^-?\d+$/.test(text)) return BigInt(text);
	const value = Math.trunc(Number(text));
	if (!(json instanceof JsonNumber) && !Number.isSafeInteger(value)) throw new NeedsExactNumbers();
	return Number.isFinite(value) ? BigInt(value) : 2n ** 64n;
}

function doubleOf(json: Json, type: SqlType): number {
	if (isNumber(json)) return Number(numberText(json));
	const value = typeof json === "string" ? parseDouble(json) : undefined;
	return value ?? mismatch(json, type);
}

function decimalReader(type: TypeOf<"DECIMAL">): Read {
	return (json) => {
		const text = isNumber(json) ? numberText(json) : stringOf(json, type).trim();
		if (typeof json === "number" && text.length > 15) throw new NeedsExactNumbers();
		const exact = parseDecimal(text);
		return exact ? exactToDecimal(exact, type) : mismatch(json, type);
	};
}

/** Anything has a text: numbers as written, objects and arrays as JSON. */
function textOf(json: Json): string {
	if (typeof json === "string") return json;
	if (json instanceof JsonNumber) return json.text;
	if (typeof json === "number") throw new NeedsExactNumbers();
	return compactText(json);
}

function compactText(json: Json): string {
	if (json instanceof JsonNumber) return json.text;
	if (Array.isArray(json)) return `[${json.map(compactText).join(",")}]`;
	if (typeof json === "number") throw new NeedsExactNumbers();
	if (json === null || typeof json !== "object") return JSON.stringify(json);
	const members = Object.entries(json).map(([name, value]) => `${JSON.stringify(name)}:${compactText(value as Json)}`);
	return `{${members.join(",")}}`;
}

/** ISO dates only: yyyy-MM-dd with a day that exists. */
export const dateOf = (text: string) => (/^\d{4}-\d\d-\d\d$/.test(text) ? parseDate(text) : undefined);

/** HH:mm:ss with an optional fraction. */
export const timeOf = (text: string) => (/^\d\d:\d\d:\d\d(\.\d{0,9})?$/.test(text) ? parseTime(text) : undefined);

const SQL_TIMESTAMP = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{0,9})?$/;
const ISO_TIMESTAMP = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):\d\d(:\d\d(\.\d{1,9})?)?$/;

/** `yyyy-MM-dd HH:mm:ss[.f]`; a day past the end of its month is its last day. */
export const sqlTimestamp = (text: string) => (SQL_TIMESTAMP.test(text) ? parseTimestamp(text) : undefined);

/** `yyyy-MM-ddTHH:mm[:ss[.f]]`; the day must exist. */
function isoTimestamp(text: string) {
	const match = ISO_TIMESTAMP.exec(text);
	if (!match) return undefined;
	const [, year, month, day, hour, seconds] = match;
	if (Number(day) > daysInMonth(Number(year), Number(month)) || Number(hour) > 23) return undefined;
	return parseTimestamp(`${text.replace("T", " ")}${seconds === undefined ? ":00" : ""}`);
}

function timestampReader(type: TypeOf<"TIMESTAMP" | "TIMESTAMP_LTZ">, options: JsonOptions): Read {
	const parse = options["timestamp-format.standard"] === "SQL" ? sqlTimestamp : isoTimestamp;
	const isInstant = type.kind === "TIMESTAMP_LTZ";
	return (json) => {
		const text = stringOf(json, type);
		if (isInstant && !text.endsWith("Z")) mismatch(json, type);
		const parsed = parse(isInstant ? text.slice(0, -1) : text);
		return parsed ? localTimestampValue(parsed, type.precision) : mismatch(json, type);
	};
}

function nestedReader(type: SqlType, options: JsonOptions): Read {
	switch (type.kind) {
		case "ARRAY": {
			const element = jsonReader(type.element, options);
			return (json) => (Array.isArray(json) ? json.map(element) : mismatch(json, type));
		}
		case "MAP":
			return entriesReader(type, type.key, type.value, options);
		case "MULTISET":
			return entriesReader(type, type.element, { kind: "INTEGER", nullable: false }, options);
		case "ROW": {
			const fields = type.fields.map(({ name, type: fieldType }) => ({ name, read: jsonReader(fieldType, options) }));
			return (json) => {
				const members = objectOf(json, type);
				return fields.map(({ name, read }) => read(memberOf(members, name, options)));
			};
		}
		default:
			throw new EngineError("INVALID_SCHEMA", `JSON has no values of type ${typeText(type)}`);
	}
}

function entriesReader(type: SqlType, key: SqlType, value: SqlType, options: JsonOptions): Read {
	if (key.kind !== "CHAR" && key.kind !== "VARCHAR") {
		throw new EngineError(
			"INVALID_SCHEMA",
			`keys of JSON objects cannot be ${typeText(key)}, as in ${typeText(type)}`,
			{
				expected: "a character type",
			},
		);
	}
	const read = jsonReader(value, options);
	return (json) => Object.entries(objectOf(json, type)).map(([name, member]) => [name, read(member)]);
}

export interface JsonObject {
	readonly [name: string]: Json;
}

export const isObject = (json: Json | undefined): json is JsonObject =>
	typeof json === "object" && json !== null && !Array.isArray(json) && !(json instanceof JsonNumber);

function objectOf(json: Json, type: SqlType): JsonObject {
	return isObject(json) ? json : mismatch(json, type);
}

export function memberOf(members: JsonObject, name: string, options: JsonOptions): Json | undefined {
	if (Object.hasOwn(members, name)) return members[name];
	if (options["fail-on-missing-field"]) throw new JsonMismatch(`field '${name}' is missing`);
	return undefined;
}
