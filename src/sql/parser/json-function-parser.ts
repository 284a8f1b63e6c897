// The SQL/JSON functions: arguments, then clauses (RETURNING, WRAPPER, ON EMPTY, ON ERROR, ON NULL) inside the parentheses.
import type { Expression, FunctionCall, Identifier, JsonBehavior, JsonClauses } from "../ast.js";
import type { Token } from "../token.js";
import type { Cursor } from "./cursor.js";
import { parseDataType } from "./data-type-parser.js";
import { parseExpression } from "./expression-parser.js";
import { parseOrderBy } from "./query-parser.js";

type Clauses = { -readonly [Key in keyof JsonClauses]?: JsonClauses[Key] };

const parsers: Readonly<Record<string, (cursor: Cursor, clauses: Clauses) => Expression[]>> = {
	JSON_VALUE: parseJsonValue,
	JSON_QUERY: parseJsonQuery,
	JSON_EXISTS: parseJsonExists,
	JSON_OBJECT: parseJsonObject,
	JSON_ARRAY: parseJsonArray,
	JSON_OBJECTAGG: (cursor, clauses) => onNull(cursor, clauses, parseJsonPair(cursor)),
	JSON_ARRAYAGG: (cursor, clauses) => onNull(cursor, clauses, [parseJsonItem(cursor)]),
};

export function isJsonFunction(word: string): boolean {
	return Object.hasOwn(parsers, word);
}

/** Behind the opening parenthesis. */
export function parseJsonCall(cursor: Cursor, name: Identifier): FunctionCall {
	const start = cursor.token;
	const clauses: Clauses = {};
	const args = parsers[name.names[0]?.text ?? ""]?.(cursor, clauses) ?? [];
	const orderBy = name.names[0]?.text === "JSON_ARRAYAGG" && cursor.is("ORDER") ? parseOrderBy(cursor) : undefined;
	const json = finishClauses(cursor, clauses, start);
	cursor.expect(")");
	return {
		kind: "FunctionCall",
		name,
		args,
		...(orderBy && { orderBy }),
		...(json && { json }),
		position: cursor.from(name.position),
	};
}

/** Undefined where there are none. */
function finishClauses(cursor: Cursor, clauses: Clauses, start: Token): JsonClauses | undefined {
	const { returning, wrapper, onEmpty, onError, onNull } = clauses;
	if (!returning && !wrapper && !onEmpty && !onError && !onNull) return undefined;
	return {
		kind: "JsonClauses",
		...(returning && { returning }),
		...(wrapper && { wrapper }),
		...(onEmpty && { onEmpty }),
		...(onError && { onError }),
		...(onNull && { onNull }),
		position: cursor.from(start),
	};
}

/** A value, perhaps with FORMAT JSON. */
function parseJsonItem(cursor: Cursor): Expression {
	const operand = parseExpression(cursor);
	if (!cursor.acceptAll("FORMAT", "JSON")) return operand;
	if (cursor.accept("ENCODING")) cursor.expectOneOf("UTF8", "UTF16", "UTF32");
	return { kind: "FormatJson", operand, position: cursor.from(operand.position) };
}

/** The document and the path. */
function parseDocumentAndPath(cursor: Cursor): Expression[] {
	const document = parseJsonItem(cursor);
	cursor.expect(",");
	const args = [document, parseExpression(cursor)];
	if (cursor.accept("PASSING")) cursor.list(() => skipPassedValue(cursor));
	return args;
}

/** Flink reads the values for a path's variables and never uses them. */
function skipPassedValue(cursor: Cursor): void {
	parseJsonItem(cursor);
	cursor.expect("AS");
	cursor.name();
}

function parseReturning(cursor: Cursor, clauses: Clauses): void {
	if (cursor.accept("RETURNING")) clauses.returning = parseDataType(cursor, false);
}

function parseJsonValue(cursor: Cursor, clauses: Clauses): Expression[] {
	const args = parseDocumentAndPath(cursor);
	parseReturning(cursor, clauses);
	parseBehaviors(cursor, clauses);
	return args;
}

function parseJsonQuery(cursor: Cursor, clauses: Clauses): Expression[] {
	const args = parseDocumentAndPath(cursor);
	parseReturning(cursor, clauses);
	if (cursor.accept("WITHOUT")) {
		clauses.wrapper = "WITHOUT";
	} else if (cursor.accept("WITH")) {
		clauses.wrapper = cursor.acceptOneOf("CONDITIONAL", "UNCONDITIONAL") ?? "UNCONDITIONAL";
	}
	if (clauses.wrapper !== undefined) {
		cursor.accept("ARRAY");
		cursor.expect("WRAPPER");
	}
	parseBehaviors(cursor, clauses);
	return args;
}

function parseJsonExists(cursor: Cursor, clauses: Clauses): Expression[] {
	const args = parseDocumentAndPath(cursor);
	const start = cursor.token;
	const behavior = cursor.acceptOneOf("TRUE", "FALSE", "UNKNOWN", "ERROR");
	if (behavior !== undefined) {
		clauses.onError = { kind: "JsonBehavior", behavior, position: cursor.from(start) };
		cursor.expect("ON", "ERROR");
	}
	return args;
}

/** Any number of behaviours ON EMPTY and ON ERROR; as in Flink the last of each counts. */
function parseBehaviors(cursor: Cursor, clauses: Clauses): void {
	for (let behavior = acceptBehavior(cursor); behavior; behavior = acceptBehavior(cursor)) {
		cursor.expect("ON");
		if (cursor.expectOneOf("EMPTY", "ERROR") === "EMPTY") clauses.onEmpty = behavior;
		else clauses.onError = behavior;
	}
}

function acceptBehavior(cursor: Cursor): JsonBehavior | undefined {
	const start = cursor.token;
	if (cursor.accept("DEFAULT")) {
		const value = parseExpression(cursor);
		return { kind: "JsonBehavior", behavior: "DEFAULT", value, position: cursor.from(start) };
	}
	if (cursor.accept("EMPTY")) {
		const behavior = `EMPTY ${cursor.expectOneOf("ARRAY", "OBJECT")}` as const;
		return { kind: "JsonBehavior", behavior, position: cursor.from(start) };
	}
	const behavior = cursor.acceptOneOf("NULL", "ERROR");
	return behavior && { kind: "JsonBehavior", behavior, position: cursor.from(start) };
}

/** `[KEY] name VALUE value` or `name : value`. */
function parseJsonPair(cursor: Cursor): Expression[] {
	if (cursor.peek().word !== ":" && cursor.peek().word !== "VALUE") cursor.accept("KEY");
	const first = cursor.index;
	const key = parseExpression(cursor);
	cursor.lead(cursor.index - first);
	if (!cursor.accept("VALUE")) cursor.expect(":");
	return [key, parseJsonItem(cursor)];
}

function parseJsonObject(cursor: Cursor, clauses: Clauses): Expression[] {
	const args = isAtOnNull(cursor) || cursor.is(")") ? [] : cursor.list(() => parseJsonPair(cursor)).flat();
	return onNull(cursor, clauses, args);
}

function parseJsonArray(cursor: Cursor, clauses: Clauses): Expression[] {
	const args = isAtOnNull(cursor) || cursor.is(")") ? [] : cursor.list(() => parseJsonItem(cursor));
	return onNull(cursor, clauses, args);
}

function isAtOnNull(cursor: Cursor): boolean {
	return cursor.areNext("NULL", "ON") || cursor.areNext("ABSENT", "ON");
}

function onNull(cursor: Cursor, clauses: Clauses, args: Expression[]): Expression[] {
	const treatment = cursor.acceptOneOf("NULL", "ABSENT");
	if (treatment !== undefined) {
		clauses.onNull = treatment;
		cursor.expect("ON", "NULL");
	}
	return args;
}
