// Writing JSON text: JSON_OBJECT, JSON_ARRAY, JSON_STRING, JSON_QUOTE. Names of objects are sorted.
import { EngineError } from "../../errors.js";
import { isCharacter, notNull, type SqlType, STRING } from "../../types/sql-type.js";
import type { Value } from "../../types/value.js";
import { ANY, family, hasBareNull, TEXT } from "../define.js";
import type { Argument, BoundCall, Resolution, ScalarImplementation } from "../function.js";
import { clausesOf } from "../json/clauses.js";
import { type JsonNode, jsonText, parseJson, quoteAscii } from "../json/document.js";
import { nodeWriter } from "../json/value-node.js";

/** RAW marks text that is JSON already: what JSON() gives to JSON_OBJECT and JSON_ARRAY. */
const JSON_TEXT: SqlType = { kind: "RAW", nullable: true };

const resolveConstructor = (args: readonly Argument[]): Resolution | undefined =>
	hasBareNull(args) ? undefined : { parameters: args.map((arg) => arg.type), result: notNull(STRING) };

function resolveObject(args: readonly Argument[]): Resolution | undefined {
	const { values } = clausesOf(args);
	if (values % 2 === 1) return undefined;
	for (let i = 0; i < values; i += 2) if (!isCharacter((args[i] as Argument).type)) return undefined;
	return resolveConstructor(args);
}

function implementObject({ args }: BoundCall): ScalarImplementation {
	const { values, onNull } = clausesOf(args);
	const writers = args.slice(0, values).map((arg) => nodeWriter(arg.type));
	const absent = onNull === "ABSENT";
	return (...items) => {
		const fields = new Map<string, JsonNode>();
		for (let i = 0; i < values; i += 2) {
			const name = items[i];
			const value = items[i + 1] as Value;
			if (name === null) throw new EngineError("INVALID_ARGUMENT", "JSON_OBJECT has a NULL name");
			if (value !== null || !absent) fields.set(name as string, (writers[i + 1] as (value: Value) => JsonNode)(value));
		}
		return jsonText(fields);
	};
}

function implementArray({ args }: BoundCall): ScalarImplementation {
	const { values, onNull } = clausesOf(args);
	const writers = args.slice(0, values).map((arg) => nodeWriter(arg.type));
	const keep = onNull === "NULL";
	return (...items) => {
		const nodes: JsonNode[] = [];
		for (const [i, write] of writers.entries()) {
			const item = items[i] as Value;
			if (item !== null || keep) nodes.push(write(item));
		}
		return jsonText(nodes);
	};
}

function unquote(text: string): string {
	if (text.length < 2 || !text.startsWith('"') || !text.endsWith('"')) return text;
	const node = parseJson(text);
	return typeof node === "string" ? node : text;
}

export const jsonConstructFunctions = family("json", [
	{
		name: "JSON_OBJECT",
		signatures: "JSON_OBJECT([KEY] name VALUE value, ... [{NULL | ABSENT} ON NULL]) -> STRING NOT NULL",
		doc: "A JSON object; NULLs are kept unless ABSENT ON NULL is said.",
		example: "JSON_OBJECT('a' VALUE 1) = '{\"a\":1}'",
		nulls: "custom",
		resolve: resolveObject,
		implement: implementObject,
	},
	{
		name: "JSON_ARRAY",
		signatures: "JSON_ARRAY(value, ... [{NULL | ABSENT} ON NULL]) -> STRING NOT NULL",
		doc: "A JSON array; NULLs are left out unless NULL ON NULL is said.",
		example: "JSON_ARRAY(1, 'a') = '[1,\"a\"]'",
		nulls: "custom",
		resolve: resolveConstructor,
		implement: implementArray,
	},
	{
		name: "JSON",
		signatures: "JSON(string) inside JSON_OBJECT and JSON_ARRAY",
		doc: "Text to be taken as JSON.",
		example: "JSON_ARRAY(JSON('{\"a\": 1}')) = '[{\"a\":1}]'",
		parameters: [TEXT],
		result: JSON_TEXT,
		run: (text) => {
			if (parseJson(text as string) !== undefined) return text as string;
			throw new EngineError("INVALID_ARGUMENT", `JSON: '${text}' is no JSON`);
		},
	},
	{
		name: "JSON_STRING",
		signatures: "JSON_STRING(any) -> STRING",
		doc: "A value as JSON text; NULL stays NULL.",
		example: "JSON_STRING(TRUE) = 'true'",
		parameters: [ANY],
		result: STRING,
		implement: ({ args }) => {
			const write = nodeWriter((args[0] as Argument).type);
			return (value) => jsonText(write(value as Value));
		},
	},
	{
		name: "JSON_QUOTE",
		signatures: "JSON_QUOTE(string) -> STRING",
		doc: "The text as a JSON string in ASCII.",
		example: "JSON_QUOTE('a\"b') = '\"a\\\"b\"'",
		parameters: [TEXT],
		result: STRING,
		run: (text) => quoteAscii(text as string),
	},
	{
		name: "JSON_UNQUOTE",
		signatures: "JSON_UNQUOTE(string) -> STRING",
		doc: "The text of a JSON string; other text as it is.",
		example: "JSON_UNQUOTE('\"abc\"') = 'abc'",
		parameters: [TEXT],
		result: STRING,
		run: (text) => unquote(text as string),
	},
]);
