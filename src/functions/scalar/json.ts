// Reading JSON text: JSON_VALUE, JSON_QUERY, JSON_EXISTS, IS JSON. A path without `lax` is strict: what is missing is an
// error, not empty. JSON null counts as missing, and so does with `lax` a text that is no JSON.
import { EngineError } from "../../errors.js";
import { array, BOOLEAN, isCharacter, notNull, type SqlType, STRING, withNullability } from "../../types/sql-type.js";
import { typeText } from "../../types/type-text.js";
import type { Value } from "../../types/value.js";
import { type Definition, family, TEXT } from "../define.js";
import type { Argument, BoundCall, Resolution, ScalarImplementation } from "../function.js";
import { type Clause, clausesOf } from "../json/clauses.js";
import { isScalar, type JsonNode, JsonNumber, jsonText, parseJson } from "../json/document.js";
import { jsonPathOf } from "../json/path.js";

/** What a path finds in a document; `problem` when it cannot be read. */
type Found = { readonly lax: boolean; readonly node: JsonNode } | { readonly problem: string };

/** The documents read last: several functions often read the same text. */
const documents = new Map<string, JsonNode | undefined>();

function documentOf(text: string): JsonNode | undefined {
	if (documents.has(text)) return documents.get(text);
	if (documents.size >= 16) documents.clear();
	const document = parseJson(text);
	documents.set(text, document);
	return document;
}

function find(text: string, pathText: string): Found {
	const path = jsonPathOf(pathText);
	if (path === null) return { problem: `'${pathText}' is no JSON path` };
	const root = documentOf(text);
	if (root === undefined) return path.lax ? { lax: true, node: null } : { problem: "the text is no JSON" };
	if (root === null) return { problem: "the document is null" };
	const result = path.read(root);
	if (result.found && (path.lax || result.node !== null)) return { lax: path.lax, node: result.node };
	if (!path.lax) return { problem: `nothing is at ${pathText}` };
	return { lax: true, node: path.definite ? null : [] };
}

const jsonError = (name: string, problem: string) =>
	new EngineError("INVALID_ARGUMENT", `${name}: ${problem}`, {
		remedy: "NULL ON ERROR and NULL ON EMPTY give NULL instead",
	});

/** (json, path) and clauses; operands of DEFAULT are cast to the result. */
function resolveRead(args: readonly Argument[], result: SqlType): Resolution | undefined {
	const { values, onEmpty, onError } = clausesOf(args);
	const [text, path] = args;
	if (values !== 2 || text === undefined || path === undefined) return undefined;
	if (!isCharacter(text.type) || !isCharacter(path.type)) return undefined;
	const defaults = [onEmpty.argument, onError.argument];
	const parameters = args.map((arg, i) => {
		if (i < 2) return arg.type;
		return defaults.includes(i) ? withNullability(result, arg.type.nullable) : arg.type;
	});
	return { parameters, result };
}

const VALUE_TYPES = ["VARCHAR", "CHAR", "BOOLEAN", "INTEGER", "DOUBLE"];

function resolveValue(args: readonly Argument[]): Resolution | undefined {
	const type = withNullability(clausesOf(args).returning ?? STRING, true);
	if (!VALUE_TYPES.includes(type.kind)) {
		throw new EngineError("TYPE_MISMATCH", `JSON_VALUE cannot return ${typeText(type)}`, {
			expected: "STRING, BOOLEAN, INTEGER or DOUBLE",
		});
	}
	return resolveRead(args, type);
}

/** A scalar as the type of RETURNING; there is no conversion between kinds. */
function scalarValue(node: JsonNode, type: SqlType): Value {
	switch (type.kind) {
		case "BOOLEAN":
			if (typeof node === "boolean") return node;
			break;
		case "INTEGER":
			if (node instanceof JsonNumber && /^-?\d{1,10}$/.test(node.text) && Math.abs(Number(node.text)) < 2 ** 31) {
				return Number(node.text);
			}
			break;
		case "DOUBLE":
			if (node instanceof JsonNumber) return Number(node.text);
			break;
		default:
			return String(node);
	}
	throw jsonError("JSON_VALUE", `${jsonText(node)} is not of type ${typeText(type)}`);
}

function behave(name: string, clause: Clause, args: readonly Value[], problem: string): Value {
	switch (clause.behavior) {
		case "ERROR":
			throw jsonError(name, problem);
		case "DEFAULT":
			return args[clause.argument as number] as Value;
		case "TRUE":
			return true;
		case "FALSE":
			return false;
		default:
			return null;
	}
}

function implementValue({ args, result }: BoundCall): ScalarImplementation {
	const { onEmpty, onError } = clausesOf(args);
	return (...values) => {
		const [text, path] = values;
		if (text === null || path === null) return null;
		const found = find(text as string, path as string);
		if ("problem" in found) return behave("JSON_VALUE", onError, values, found.problem);
		const { node, lax } = found;
		if (node === null || (lax && !isScalar(node))) return behave("JSON_VALUE", onEmpty, values, "nothing is there");
		if (!isScalar(node)) return behave("JSON_VALUE", onError, values, "an object or array is there");
		return scalarValue(node, result);
	};
}

function resolveQuery(args: readonly Argument[]): Resolution | undefined {
	const type = withNullability(clausesOf(args).returning ?? STRING, true);
	if (isCharacter(type)) return resolveRead(args, type);
	if (type.kind === "ARRAY" && isCharacter(type.element)) return resolveRead(args, array(type.element));
	throw new EngineError("TYPE_MISMATCH", `JSON_QUERY cannot return ${typeText(type)}`, {
		expected: "STRING or ARRAY<STRING>",
	});
}

function wrapped(node: JsonNode, wrapper: string): JsonNode {
	if (wrapper === "UNCONDITIONAL") return [node];
	return wrapper === "CONDITIONAL" && !Array.isArray(node) ? [node] : node;
}

const elementText = (node: JsonNode): string | null =>
	node === null ? null : isScalar(node) ? String(node) : jsonText(node);

function implementQuery({ args, result }: BoundCall): ScalarImplementation {
	const { onEmpty, onError, wrapper } = clausesOf(args);
	const asArray = result.kind === "ARRAY";
	const fallback = (clause: Clause, values: readonly Value[], problem: string): Value => {
		if (clause.behavior === "EMPTY ARRAY") return asArray ? [] : "[]";
		if (clause.behavior === "EMPTY OBJECT" && !asArray) return "{}";
		if (clause.behavior === "EMPTY OBJECT") throw jsonError("JSON_QUERY", "an object is no array");
		return behave("JSON_QUERY", clause, values, problem);
	};
	return (...values) => {
		const [text, path] = values;
		if (text === null || path === null) return null;
		const found = find(text as string, path as string);
		if ("problem" in found) return fallback(onError, values, found.problem);
		const node = found.node === null ? null : wrapped(found.node, wrapper);
		if (node === null || (found.lax && isScalar(node))) return fallback(onEmpty, values, "nothing is there");
		if (isScalar(node)) return fallback(onError, values, "a scalar is there");
		if (!asArray) return jsonText(node);
		return Array.isArray(node) ? node.map(elementText) : fallback(onError, values, "an object is there");
	};
}

function implementExists({ args }: BoundCall): ScalarImplementation {
	const { onError } = clausesOf(args, { onError: "FALSE" });
	return (...values) => {
		const [text, path] = values;
		if (text === null || path === null) return null;
		const found = find(text as string, path as string);
		return "problem" in found ? behave("JSON_EXISTS", onError, values, found.problem) : found.node !== null;
	};
}

const isJson = (name: string, what: string, example: string, fits: (node: JsonNode) => boolean): Definition => ({
	name: `IS JSON ${name}`,
	signatures: `string IS JSON ${name} -> BOOLEAN NOT NULL`,
	doc: `Whether a text is JSON${what}; FALSE for NULL.`,
	example,
	nulls: "custom",
	parameters: [TEXT],
	result: notNull(BOOLEAN),
	nullable: false,
	run: (text) => {
		const node = text === null ? undefined : documentOf(text as string);
		return node !== undefined && fits(node);
	},
});

export const jsonFunctions = family("json", [
	{
		name: "JSON_VALUE",
		signatures:
			"JSON_VALUE(json, path [RETURNING type] [{NULL | ERROR | DEFAULT value} ON EMPTY] [{NULL | ERROR | DEFAULT value} ON ERROR]) -> type",
		doc: "The scalar at a path, as STRING unless another type is asked for.",
		example: "JSON_VALUE('{\"a\": 1}', '$.a') = '1'",
		nulls: "custom",
		resolve: resolveValue,
		implement: implementValue,
	},
	{
		name: "JSON_QUERY",
		signatures:
			"JSON_QUERY(json, path [RETURNING type] [wrapper] [behavior ON EMPTY] [behavior ON ERROR]) -> STRING or ARRAY<STRING>",
		doc: "The object or array at a path as JSON text.",
		example: "JSON_QUERY('{\"a\": [1, 2]}', '$.a') = '[1,2]'",
		nulls: "custom",
		resolve: resolveQuery,
		implement: implementQuery,
	},
	{
		name: "JSON_EXISTS",
		signatures: "JSON_EXISTS(json, path [{TRUE | FALSE | UNKNOWN | ERROR} ON ERROR]) -> BOOLEAN",
		doc: "Whether something is at a path.",
		example: "JSON_EXISTS('{\"a\": 1}', '$.a') = TRUE",
		nulls: "custom",
		resolve: (args) => resolveRead(args, BOOLEAN),
		implement: implementExists,
	},
	isJson("VALUE", "", "('{}' IS JSON VALUE) = TRUE", () => true),
	isJson("OBJECT", " and an object", "('{}' IS JSON OBJECT) = TRUE", (node) => node instanceof Map),
	isJson("ARRAY", " and an array", "('[]' IS JSON ARRAY) = TRUE", (node) => Array.isArray(node)),
	isJson("SCALAR", " and a scalar", "('1' IS JSON SCALAR) = TRUE", isScalar),
]);
