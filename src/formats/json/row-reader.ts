// Lines of JSON → rows of the wanted columns. Shared by the JSON formats.
import type { Schema, SqlType } from "../../types/sql-type.js";
import type { Value } from "../../types/value.js";
import type { JsonOptions } from "./options.js";
import { type Json, parseExact } from "./parse.js";
import { isObject, JsonMismatch, type JsonObject, jsonReader, memberOf, NeedsExactNumbers } from "./read-value.js";

/** Reads the wanted columns of a row from the object that holds it. */
export type JsonRowReader = (row: JsonObject) => Value[];

export function jsonRowReader(
	schema: Schema,
	projection: readonly (readonly number[])[],
	options: JsonOptions,
): JsonRowReader {
	const columns = projection.map((path) => pathReader(schema, path, options));
	if (!options["fail-on-missing-field"]) return (row) => columns.map((read) => read(row));
	// Missing fields are errors also where nobody reads them.
	const all = schema.map((_, index) => pathReader(schema, [index], options));
	return (row) => {
		for (const read of all) read(row);
		return columns.map((read) => read(row));
	};
}

function pathReader(
	fields: readonly { readonly name: string; readonly type: SqlType }[],
	path: readonly number[],
	options: JsonOptions,
): (row: JsonObject) => Value {
	const [index, ...rest] = path;
	const field = fields[index as number] as { name: string; type: SqlType };
	if (rest.length === 0) {
		const read = jsonReader(field.type, options);
		return (row) => read(memberOf(row, field.name, options));
	}
	const inner = pathReader(field.type.kind === "ROW" ? field.type.fields : [], rest, options);
	return (row) => {
		const member = memberOf(row, field.name, options);
		if (member === null || member === undefined) return null;
		if (isObject(member)) return inner(member);
		if (options["ignore-parse-errors"]) return null;
		throw new JsonMismatch(`${JSON.stringify(member)} is no ROW`);
	};
}

/** Digits that a double may not hold, in a line of a table with DECIMAL columns. */
const LONG_NUMBER = /[\d.]{16}/;

export const hasDecimal = (type: SqlType): boolean => JSON.stringify(type).includes('"DECIMAL"');

/** Parses a line and reads it; parses it again with exact numbers when they turn out to matter. Throws SyntaxError or JsonMismatch. */
export function readLine<T>(line: string, exactDecimals: boolean, read: (json: Json) => T): T {
	if (exactDecimals && LONG_NUMBER.test(line)) return read(parseExact(line));
	let json: Json;
	try {
		json = JSON.parse(line) as Json;
	} catch {
		return read(parseExact(line));
	}
	try {
		return read(json);
	} catch (error) {
		if (error instanceof NeedsExactNumbers) return read(parseExact(line));
		throw error;
	}
}
